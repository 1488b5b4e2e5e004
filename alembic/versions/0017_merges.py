"""Aliases of merged students, and the role that merges: it sees and rewrites two students, named when its transaction begins."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0017"
down_revision: str | None = "0016"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

LOGIN, AUTHORITY = "register_app", "register_authority"
MERGER, DISCLOSER, MATCHER = "register_merger", "register_discloser", "register_matcher"
RETENTION, KEEPER = "register_retention", "register_keeper"
READERS = (
    "register_school",
    "register_sync",
    "register_provider",
    "register_partner",
    "register_partner_wide",
    AUTHORITY,
)

VERSIONED = ("enrolment", "risk", "plan", "intervention", "outcome")
PARTS = ("plan_risk", "planned_measure", "plan_provider", "plan_step", "outcome_result")
OTHERS = ("identity_disclosure", "person.personal_code", "person.stated_code")
OF_STUDENT = (*VERSIONED, *PARTS, *OTHERS, "student", "student_access", "person.person", "student_alias")

SETTLE = "public.settle_transfers(uuid, date, text, text, text, text)"
TWO = "= ANY ((SELECT string_to_array(NULLIF(current_setting('register.students', true), ''), ',')::uuid[])::uuid[])"
ALIVE = (
    "SELECT d.student_id FROM identity_disclosure AS d"
    " WHERE d.id = (SELECT NULLIF(current_setting('register.disclosure', true), '')::uuid)"
)
SEEN = "EXISTS (SELECT FROM student AS s WHERE s.student_id = student_alias.student_id)"
FOREIGN_KEYS = {
    "plan": ("fk_plan_enrolment", "fk_plan_continues"),
    "plan_risk": ("fk_plan_risk_plan", "fk_plan_risk_risk"),
    "planned_measure": ("fk_planned_measure_plan_risk",),
    "plan_provider": ("fk_plan_provider_plan",),
    "plan_step": ("fk_plan_step_plan",),
    "intervention": ("fk_intervention_plan_risk",),
    "outcome": ("fk_outcome_plan",),
    "outcome_result": ("fk_outcome_result_outcome", "fk_outcome_result_risk"),
}
"""Those that name the student on both ends. They are judged at once, as ever, but where a merge asks for it."""


def upgrade() -> None:
    op.create_table(
        "student_alias",
        sa.Column("alias_id", sa.Uuid(), nullable=False),
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["student_id"], ["student.student_id"], name=op.f("fk_student_alias_student_student_id")
        ),
        sa.PrimaryKeyConstraint("alias_id", name=op.f("pk_student_alias")),
    )
    op.create_index(op.f("ix_student_alias_student_id"), "student_alias", ["student_id"], unique=False)
    op.execute("ALTER TABLE student_alias ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
    for table, constraints in FOREIGN_KEYS.items():
        for name in constraints:
            op.execute(f"ALTER TABLE {table} ALTER CONSTRAINT {name} DEFERRABLE INITIALLY IMMEDIATE")
    _readers()
    _merger()


def _readers() -> None:
    op.execute(f"GRANT SELECT ON student_alias TO {', '.join((*READERS, DISCLOSER, MATCHER, RETENTION))}")
    # Whoever sees the student sees its aliases: the policies of `student` are asked, whatever they are.
    op.execute(f"CREATE POLICY reader_select ON student_alias FOR SELECT TO {', '.join(READERS)} USING ({SEEN})")
    op.execute(
        f"CREATE POLICY discloser_select ON student_alias FOR SELECT TO {DISCLOSER} USING (student_id = ({ALIVE}))"
    )
    for role in (MATCHER, RETENTION):
        name = role.removeprefix("register_")
        op.execute(f"CREATE POLICY {name}_select ON student_alias FOR SELECT TO {role} USING (true)")
    # Who is erased has no aliases either.
    op.execute(f"GRANT DELETE ON student_alias TO {RETENTION}")
    op.execute(f"CREATE POLICY retention_delete ON student_alias FOR DELETE TO {RETENTION} USING (true)")


def _merger() -> None:
    # Roles belong to the whole server: another database of the same server may have made them already.
    op.execute(
        f"""DO $$ BEGIN
            IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{MERGER}') THEN
                CREATE ROLE {MERGER} NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
            END IF;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
        END $$"""
    )
    op.execute(f"GRANT {MERGER} TO {LOGIN} WITH INHERIT FALSE, SET TRUE")
    op.execute(f"GRANT USAGE ON SCHEMA public, person TO {MERGER}")
    op.execute(f"GRANT SELECT ON {', '.join(OF_STUDENT)} TO {MERGER}")
    op.execute(f"GRANT UPDATE (student_id, version) ON {', '.join(VERSIONED)} TO {MERGER}")
    op.execute(f"GRANT UPDATE (student_id) ON {', '.join((*PARTS, *OTHERS))}, student_alias TO {MERGER}")
    op.execute(f"GRANT UPDATE (version), DELETE ON student TO {MERGER}")
    op.execute(f"GRANT INSERT, UPDATE (valid_from), DELETE ON student_access TO {MERGER}")
    op.execute(f"GRANT INSERT, UPDATE, DELETE ON person.person TO {MERGER}")
    op.execute(f"GRANT INSERT ON student_alias, audit_inbox TO {MERGER}")
    _as_keeper(f"GRANT EXECUTE ON FUNCTION {SETTLE} TO {MERGER}")
    for table in OF_STUDENT:
        op.execute(f"CREATE POLICY merger_all ON {table} TO {MERGER} USING (student_id {TWO})")


def _as_keeper(statement: str) -> None:
    # An owner that is no superuser may become the keeper, and has none of its rights until then.
    op.execute(f"SET LOCAL ROLE {KEEPER}")
    op.execute(statement)
    op.execute("RESET ROLE")


def downgrade() -> None:
    for table in OF_STUDENT:
        op.execute(f"DROP POLICY merger_all ON {table}")
    _as_keeper(f"REVOKE ALL ON FUNCTION {SETTLE} FROM {MERGER}")
    op.execute(f"REVOKE ALL ON {', '.join(OF_STUDENT)}, audit_inbox FROM {MERGER}")
    op.execute(f"REVOKE ALL ON SCHEMA public, person FROM {MERGER}")
    for table, constraints in FOREIGN_KEYS.items():
        for name in constraints:
            op.execute(f"ALTER TABLE {table} ALTER CONSTRAINT {name} NOT DEFERRABLE")
    op.drop_table("student_alias")
