"""The feed of changes: an inbox that writers insert into, a log with positions that one sequencer fills from it, and who reads which.

Nobody reads what was noted for another institution. To whom records were handed over is the sequencer's to look up, which therefore reads
`student_access`; it reads no record.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0022"
down_revision: str | None = "0021"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

LOGIN, KEEPER, SEQUENCER = "register_app", "register_keeper", "register_sequencer"
SCHOOL, SYNC, PROVIDER = "register_school", "register_sync", "register_provider"
PARTNER, PARTNER_WIDE, AUTHORITY = "register_partner", "register_partner_wide", "register_authority"
MERGER, RETENTION = "register_merger", "register_retention"
READERS = (SCHOOL, SYNC, PARTNER, PARTNER_WIDE, AUTHORITY)
WRITERS = (*READERS, PROVIDER, MERGER, RETENTION, KEEPER)

ARRAY = "('{' || current_setting('register.institutions', true) || '}')::int[]"
NARROW = f"institution_id = ANY ((SELECT {ARRAY})::int[])"
WIDE = f"institution_id IN (SELECT unnest({ARRAY}))"
OWN = " AND owner_id = institution_id"
TWO = "student_ids <@ ((SELECT ('{' || current_setting('register.students', true) || '}')::uuid[])::uuid[])"


def _of_a_change(table: str) -> list[sa.Column[object] | sa.CheckConstraint]:
    return [
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("noun", sa.Text(), nullable=False),
        sa.Column("op", sa.Text(), nullable=False),
        sa.Column("record_ids", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("student_ids", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.CheckConstraint("op IN ('UPSERT', 'DELETE', 'MERGE', 'OPEN', 'CLOSE')", name=op.f(f"ck_{table}_op")),
        sa.CheckConstraint("cardinality(record_ids) = cardinality(student_ids)", name=op.f(f"ck_{table}_parallel")),
    ]


def upgrade() -> None:
    op.create_table(
        "change_inbox",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        *_of_a_change("change_inbox"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_inbox")),
    )
    op.create_table(
        "change_log",
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        *_of_a_change("change_log"),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_change_log")),
    )
    op.create_index("ix_change_log_institution_id_position", "change_log", ["institution_id", "position"])
    op.create_table(
        "change_head",
        sa.Column("only", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("epoch", sa.Uuid(), nullable=False),
        sa.Column("database", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("floor", sa.BigInteger(), nullable=False),
        sa.CheckConstraint('"only"', name=op.f("ck_change_head_only")),
        sa.CheckConstraint("floor >= 0 AND floor <= position", name=op.f("ck_change_head_floor")),
        sa.PrimaryKeyConstraint("only", name=op.f("pk_change_head")),
    )
    # Of no database: the first turn of the sequencer begins an epoch of this one.
    op.execute("INSERT INTO change_head (epoch, database, position, floor) VALUES (gen_random_uuid(), '', 0, 0)")
    _rights()
    _writers()
    _settle_transfers(FOLLOW)
    _spread_restrictions(SPREAD)


def _rights() -> None:
    # Roles belong to the whole server: another database of the same server may have made them already.
    op.execute(
        f"""DO $$ BEGIN
            IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{SEQUENCER}') THEN
                CREATE ROLE {SEQUENCER} NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
            END IF;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
        END $$"""
    )
    op.execute(f"GRANT {SEQUENCER} TO {LOGIN} WITH INHERIT FALSE, SET TRUE")
    op.execute(f"GRANT USAGE ON SCHEMA public TO {SEQUENCER}")
    for table in ("change_inbox", "change_log"):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
    for table, commands in {
        "change_inbox": ("SELECT", "DELETE"),
        "change_log": ("SELECT", "INSERT", "DELETE"),
        "student_access": ("SELECT",),
    }.items():
        for command in commands:
            rule = "WITH CHECK (true)" if command == "INSERT" else "USING (true)"
            name = f"sequencer_{command.lower()}"
            op.execute(f"CREATE POLICY {name} ON {table} FOR {command} TO {SEQUENCER} {rule}")
    op.execute(f"GRANT SELECT, DELETE ON change_inbox TO {SEQUENCER}")
    op.execute(f"GRANT SELECT, INSERT, DELETE ON change_log TO {SEQUENCER}")
    op.execute(f"GRANT SELECT (student_id, owner_id, institution_id, restricted_on) ON student_access TO {SEQUENCER}")
    op.execute(f"GRANT SELECT, UPDATE ON change_head TO {SEQUENCER}")
    op.execute(f"GRANT SELECT ON change_head, change_log TO {', '.join(READERS)}")
    for role, rule in {SCHOOL: NARROW, SYNC: NARROW, PARTNER: NARROW, PARTNER_WIDE: WIDE, AUTHORITY: "true"}.items():
        name = role.removeprefix("register_")
        op.execute(f"CREATE POLICY {name}_select ON change_log FOR SELECT TO {role} USING ({rule})")


def _writers() -> None:
    """Each notes what its own institutions wrote; a merge, what concerns the two students; the state and the keeper anything."""
    op.execute(f"GRANT INSERT ON change_inbox TO {', '.join(WRITERS)}")
    rules = dict.fromkeys((SCHOOL, SYNC, PROVIDER, PARTNER), NARROW + OWN) | {PARTNER_WIDE: WIDE + OWN, MERGER: TWO}
    for role in WRITERS:
        name = f"{role.removeprefix('register_')}_insert"
        op.execute(f"CREATE POLICY {name} ON change_inbox FOR INSERT TO {role} WITH CHECK ({rules.get(role, 'true')})")


INTO = "(student_id, owner_id, institution_id, reason, valid_from, restricted_on, restricted_by)"
AUDITED = "(subject, role, organisation, action, noun, student_ids, institution_ids, reason, correlation_id)"
NOTED = "(institution_id, owner_id, noun, op, record_ids, student_ids)"
DONE = """(SELECT 'OPEN' AS op, opened.* FROM opened UNION ALL SELECT 'CLOSE', closed.* FROM closed) AS done"""
NOTE = f"""noted AS (
                INSERT INTO public.change_inbox {NOTED}
                SELECT done.institution_id, done.owner_id, 'access', done.op, ARRAY[student], ARRAY[student] FROM {DONE}
            )"""  # noqa: S608 - written here in full
FOLLOW = f"""
            WITH stay AS (
                SELECT institution_id, bool_or(valid_to IS NULL OR valid_to > today) AS attends,
                    (array_agg(end_reason ORDER BY valid_from DESC))[1] = 'TRANSFERRED' AS moved
                FROM public.enrolment WHERE student_id = student GROUP BY institution_id
            ), past AS (
                SELECT institution_id FROM stay WHERE NOT attends AND moved
            ), present AS (
                SELECT institution_id FROM stay WHERE attends
            ), opened AS (
                INSERT INTO public.student_access {INTO}
                SELECT student, past.institution_id, present.institution_id, 'TRANSFER', today, own.restricted_on, own.restricted_by
                FROM past CROSS JOIN present
                JOIN public.student_access AS own ON own.student_id = student
                    AND own.owner_id = past.institution_id AND own.institution_id = past.institution_id
                ON CONFLICT DO NOTHING
                RETURNING owner_id, institution_id, reason
            ), closed AS (
                DELETE FROM public.student_access AS theirs
                WHERE theirs.student_id = student AND theirs.reason <> 'OWN' AND (
                    NOT EXISTS (SELECT FROM present WHERE present.institution_id = theirs.institution_id)
                    OR theirs.reason = 'TRANSFER'
                        AND NOT EXISTS (SELECT FROM past WHERE past.institution_id = theirs.owner_id))
                RETURNING theirs.owner_id, theirs.institution_id, theirs.reason
            ){{note}}
            INSERT INTO public.audit_inbox {AUDITED}
            SELECT subject, role, organisation, done.op || '_HISTORY', 'student', ARRAY[student],
                ARRAY[done.owner_id, done.institution_id], done.reason, correlation_id
            FROM {DONE};"""  # noqa: S608 - written here in full
MARKED = """UPDATE public.student_access AS theirs
            SET restricted_on = own.restricted_on, restricted_by = own.restricted_by
            FROM public.student_access AS own
            WHERE theirs.student_id = student AND own.student_id = student
              AND own.owner_id = theirs.owner_id AND own.institution_id = own.owner_id
              AND (theirs.restricted_on, theirs.restricted_by) IS DISTINCT FROM (own.restricted_on, own.restricted_by)"""
SPREAD = f"""WITH marked AS (
                {MARKED}
                RETURNING theirs.owner_id, theirs.institution_id, theirs.restricted_on
            )
            INSERT INTO public.change_inbox {NOTED}
            SELECT marked.institution_id, marked.owner_id, 'access',
                CASE WHEN marked.restricted_on IS NULL THEN 'OPEN' ELSE 'CLOSE' END, ARRAY[student], ARRAY[student]
            FROM marked;"""  # noqa: S608 - written here in full


def _settle_transfers(body: str, *, noted: bool = True) -> None:
    # Replaced, not dropped: owner and grants stay as they are.
    signature = "student uuid, today date, subject text, role text, organisation text, correlation_id text"
    kept = "keeps each opening and closing in the audit"
    _as_keeper(
        f"""CREATE OR REPLACE FUNCTION public.settle_transfers({signature}) RETURNS void
        LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
        BEGIN ATOMIC {body.format(note=f", {NOTE}" if noted else "")}
        END""",
        "COMMENT ON FUNCTION public.settle_transfers IS 'Definer: opens what an institution wrote that has ended its last enrolment of"
        " the student as TRANSFERRED to those where it is enrolled, closes what is open to others when that no longer holds, and"
        f" {kept}{' and in the feed of the institution that reads' if noted else ''}. It follows from the institutions'' own acts and"
        " returns nothing.'",
    )


def _spread_restrictions(body: str) -> None:
    _as_keeper(
        f"""CREATE OR REPLACE FUNCTION public.spread_restrictions(student uuid) RETURNS void
        LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
        BEGIN ATOMIC {body}
        END"""
    )


def _as_keeper(*statements: str) -> None:
    # An owner that is no superuser may become the keeper, and has none of its rights until then.
    op.execute(f"GRANT CREATE ON SCHEMA public TO {KEEPER}")
    op.execute(f"SET LOCAL ROLE {KEEPER}")
    for statement in statements:
        op.execute(statement)
    op.execute("RESET ROLE")
    op.execute(f"REVOKE CREATE ON SCHEMA public FROM {KEEPER}")


def downgrade() -> None:
    _settle_transfers(FOLLOW, noted=False)
    _spread_restrictions(f"{MARKED};")
    op.execute("DROP POLICY sequencer_select ON student_access")
    op.execute(f"REVOKE ALL ON student_access FROM {SEQUENCER}")
    op.execute(f"REVOKE ALL (student_id, owner_id, institution_id, restricted_on) ON student_access FROM {SEQUENCER}")
    for table in ("change_head", "change_log", "change_inbox"):
        op.drop_table(table)
    op.execute(f"REVOKE ALL ON SCHEMA public FROM {SEQUENCER}")
