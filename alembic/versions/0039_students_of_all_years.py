# ruff: noqa: S608 - every statement is put together from the words of this file alone, and of the one that it adds to
"""Over all years, students are counted by their pattern as well: wherever they had plans, whenever that was.

Counted one by one, ten times the students took eighteen times as long. They stand beside the patterns of school years, as of the year 0.
"""

import runpy
from collections.abc import Sequence
from pathlib import Path

from alembic import op

revision: str = "0039"
down_revision: str | None = "0038"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

KEEPER = "register_keeper"
LANDED = runpy.run_path(str(Path(__file__).with_name("0037_statistics_several.py")))
KEY: str = LANDED["KEY"]
EVER = f"""SELECT {KEY}, count(*)::int AS students
FROM (
    SELECT 0::smallint AS category, true AS yearly, 0::smallint AS term, 0::smallint AS code, institution_id, place_id, md5(
        string_agg(institution_id || ':' || place_id, ',') OVER (
            PARTITION BY student_id ORDER BY institution_id, place_id ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
        )
    )::uuid AS pattern
    FROM (SELECT DISTINCT student_id, institution_id, place_id FROM public.statistics_plan{{of}}) AS places
) AS patterns
GROUP BY {KEY}"""
THESE: str = LANDED["THESE"]
MORE = f"{THESE} UNION ALL {EVER.format(of=' WHERE student_id = ANY (students)')}"
"""In the function, of the students that it holds: nobody else puts their plans into force, ends or moves them."""


def upgrade() -> None:
    _view(f"{LANDED['ALL']} UNION ALL {EVER.format(of='')}")
    _rewrite(THESE, MORE)
    _as_keeper("SELECT public.statistics_rebuild()")


def downgrade() -> None:
    _rewrite(MORE, THESE)
    _view(LANDED["ALL"])
    _as_keeper("DELETE FROM public.statistics_several WHERE yearly AND term = 0")


def _view(query: str) -> None:
    op.execute(f"CREATE OR REPLACE VIEW statistics_several_now WITH (security_invoker = true) AS {query}")


def _rewrite(old: str, new: str) -> None:
    """In both functions, at both places: what was there before, and what is there after."""
    _as_keeper(
        f"""DO $do$ DECLARE name text; body text; BEGIN
            FOREACH name IN ARRAY ARRAY['statistics_settle', 'statistics_settle_many'] LOOP
                body := pg_get_functiondef(('public.' || name || '(uuid[], uuid[], int[])')::regprocedure);
                IF position($old${old}$old$ IN body) = 0 THEN RAISE EXCEPTION 'not as it was'; END IF;
                EXECUTE replace(body, $old${old}$old$, $new${new}$new$);
            END LOOP;
        END $do$"""
    )


def _as_keeper(statement: str) -> None:
    # An owner that is no superuser may become the keeper, and has none of its rights until then.
    op.execute(f"GRANT CREATE ON SCHEMA public TO {KEEPER}")
    op.execute(f"SET LOCAL ROLE {KEEPER}")
    op.execute(statement)
    op.execute("RESET ROLE")
    op.execute(f"REVOKE CREATE ON SCHEMA public FROM {KEEPER}")
