"""The audit: an inbox that everybody appends to, and a log with a chain of hashes that one sealer fills from it."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0012"
down_revision: str | None = "0011"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

LOGIN, KEEPER = "register_app", "register_keeper"
SEALER, AUDITOR = "register_sealer", "register_auditor"
AUTHORITY, SCHOOL = "register_authority", "register_school"
WRITERS = (
    LOGIN,
    SCHOOL,
    "register_sync",
    "register_provider",
    "register_partner",
    "register_partner_wide",
    "register_keys",
    AUTHORITY,
)
INSTITUTIONS = (
    "((SELECT string_to_array(NULLIF(current_setting('register.institutions', true), ''), ',')::int[])::int[])"
)
STUDENTS = "((SELECT string_to_array(NULLIF(current_setting('register.students', true), ''), ',')::uuid[])::uuid[])"
FIELDS = (
    "id, at, subject, role, organisation, action, noun, record_id, student_ids, institution_ids, outcome, reason,"
    " correlation_id"
)


def _of_an_event(table: str) -> list[sa.Column[object] | sa.CheckConstraint]:
    return [
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=True),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("noun", sa.Text(), nullable=False),
        sa.Column("record_id", sa.Text(), nullable=True),
        sa.Column("student_ids", postgresql.ARRAY(sa.Uuid()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("institution_ids", postgresql.ARRAY(sa.Integer()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("outcome", sa.Text(), server_default=sa.text("'DONE'"), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("correlation_id", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "outcome IN ('DONE', 'FORBIDDEN', 'NOT_FOUND', 'REFUSED')", name=op.f(f"ck_{table}_outcome")
        ),
    ]


def upgrade() -> None:
    op.create_table(
        "audit_inbox", *_of_an_event("audit_inbox"), sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_inbox"))
    )
    op.create_table(
        "audit_log",
        *_of_an_event("audit_log"),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_log")),
        sa.UniqueConstraint("position", name=op.f("uq_audit_log_position")),
    )
    op.create_index("ix_audit_log_student_ids", "audit_log", ["student_ids"], postgresql_using="gin")
    op.create_table(
        "audit_head",
        sa.Column("only", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint('"only"', name=op.f("ck_audit_head_only")),
        sa.PrimaryKeyConstraint("only", name=op.f("pk_audit_head")),
    )
    op.execute("INSERT INTO audit_head (position, hash) VALUES (0, decode(repeat('00', 32), 'hex'))")
    _move_what_there_is()
    both = f"SELECT {FIELDS} FROM audit_inbox UNION ALL SELECT {FIELDS} FROM audit_log"  # noqa: S608 - the columns above
    op.execute(f"CREATE VIEW audit_event WITH (security_invoker = true) AS {both}")
    _rights()
    _settle_transfers_with_an_entry()


def _move_what_there_is() -> None:
    # An owner that is no superuser would find nothing to move, and drop it.
    op.execute("ALTER TABLE audit_event NO FORCE ROW LEVEL SECURITY")
    # In the order in which it was written; the sealer does the rest.
    op.execute(
        """INSERT INTO audit_inbox
            (at, subject, role, action, noun, record_id, student_ids, institution_ids, reason, correlation_id)
        SELECT at, subject, role, action, noun, record_id, array_remove(ARRAY[student_id], NULL),
            array_remove(ARRAY[institution_id], NULL), reason, correlation_id
        FROM audit_event ORDER BY id"""
    )
    # The service stands still while it is migrated: nothing of it uses the old table, or the old function below.
    op.execute("-- squawk-ignore ban-drop-table\nDROP TABLE audit_event")


def _rights() -> None:
    for role in (SEALER, AUDITOR):
        op.execute(
            f"""DO $$ BEGIN
                IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}') THEN
                    CREATE ROLE {role} NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
                END IF;
            EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
            END $$"""
        )
        op.execute(f"GRANT {role} TO {LOGIN} WITH INHERIT FALSE, SET TRUE")
    op.execute(f"GRANT USAGE ON SCHEMA public TO {SEALER}, {AUDITOR}")
    for table in ("audit_inbox", "audit_log"):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
        op.execute(f"GRANT SELECT ON {table} TO {SEALER}, {AUDITOR}, {AUTHORITY}, {SCHOOL}")
        op.execute(f"CREATE POLICY everything ON {table} FOR SELECT TO {SEALER}, {AUDITOR}, {AUTHORITY} USING (true)")
        op.execute(
            f"CREATE POLICY school_select ON {table} FOR SELECT TO {SCHOOL}"
            f" USING (student_ids && {STUDENTS} AND institution_ids && {INSTITUTIONS})"
        )
    op.execute(f"GRANT SELECT ON audit_event TO {AUTHORITY}, {SCHOOL}")
    # Who may append is a matter of grants alone: an entry is not about the scope of whoever writes it.
    op.execute(f"GRANT INSERT ON audit_inbox TO {', '.join(WRITERS)}, {KEEPER}")
    op.execute("CREATE POLICY append ON audit_inbox FOR INSERT TO PUBLIC WITH CHECK (true)")
    op.execute(f"GRANT DELETE ON audit_inbox TO {SEALER}")
    op.execute(f"CREATE POLICY move ON audit_inbox FOR DELETE TO {SEALER} USING (true)")
    op.execute(f"GRANT INSERT ON audit_log TO {SEALER}")
    op.execute(f"CREATE POLICY seal ON audit_log FOR INSERT TO {SEALER} WITH CHECK (true)")
    op.execute(f"GRANT SELECT, UPDATE ON audit_head TO {SEALER}")
    op.execute(f"GRANT SELECT ON audit_head TO {AUDITOR}")


SETTLE = "public.settle_transfers(uuid, date, text, text, text, text)"
SETTLE_OF_BEFORE = "public.settle_transfers(uuid, date)"
CALLERS = f"{SCHOOL}, register_sync, {AUTHORITY}"
OPENED = """
            INSERT INTO public.student_access
                (student_id, owner_id, institution_id, reason, valid_from, restricted_on, restricted_by)
            SELECT student, past.institution_id, present.institution_id, 'TRANSFER', today, own.restricted_on, own.restricted_by
            FROM (SELECT institution_id FROM public.enrolment WHERE student_id = student
                  GROUP BY institution_id HAVING bool_and(valid_to IS NOT NULL)) AS past
            CROSS JOIN (SELECT DISTINCT institution_id FROM public.enrolment WHERE student_id = student AND valid_to IS NULL) AS present
            JOIN public.student_access AS own ON own.student_id = student
                AND own.owner_id = past.institution_id AND own.institution_id = past.institution_id
            ON CONFLICT DO NOTHING"""


def _settle_transfers_with_an_entry() -> None:
    op.execute(f"-- squawk-ignore ban-drop-function\nDROP FUNCTION {SETTLE_OF_BEFORE}")
    op.execute(
        f"""CREATE FUNCTION public.settle_transfers(
            student uuid, today date, subject text, role text, organisation text, correlation_id text) RETURNS void
        LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
        BEGIN ATOMIC
            WITH opened AS ({OPENED} RETURNING owner_id, institution_id)
            INSERT INTO public.audit_inbox
                (subject, role, organisation, action, noun, student_ids, institution_ids, reason, correlation_id)
            SELECT subject, role, organisation, 'OPEN_HISTORY', 'student', ARRAY[student],
                ARRAY[opened.owner_id, opened.institution_id], 'TRANSFER', correlation_id
            FROM opened;
        END"""  # noqa: S608 - written here in full
    )
    op.execute(
        "COMMENT ON FUNCTION public.settle_transfers IS 'Definer: opens what institutions wrote that have ended all their enrolments of"
        " the student to those where it is enrolled, and keeps each opening in the audit. It follows from the old institution''s own act"
        " and returns nothing.'"
    )
    _hand_to_keeper(SETTLE)


def _hand_to_keeper(function: str) -> None:
    op.execute(f"GRANT CREATE ON SCHEMA public TO {KEEPER}")
    op.execute(f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION {function} TO {CALLERS}")
    op.execute(f"ALTER FUNCTION {function} OWNER TO {KEEPER}")
    op.execute(f"REVOKE CREATE ON SCHEMA public FROM {KEEPER}")


def downgrade() -> None:
    op.execute(f"DROP FUNCTION {SETTLE}")
    op.execute(
        f"""CREATE FUNCTION public.settle_transfers(student uuid, today date) RETURNS void
        LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp BEGIN ATOMIC {OPENED}; END"""
    )
    op.execute(
        "COMMENT ON FUNCTION public.settle_transfers IS 'Definer: opens what institutions wrote that have ended all their enrolments of"
        " the student to those where it is enrolled. It follows from the old institution''s own act and returns nothing.'"
    )
    _hand_to_keeper(SETTLE_OF_BEFORE)
    op.execute("DROP VIEW audit_event")
    op.create_table(
        "audit_event",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("noun", sa.Text(), nullable=False),
        sa.Column("record_id", sa.Text(), nullable=True),
        sa.Column("student_id", sa.Uuid(), nullable=True),
        sa.Column("institution_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("correlation_id", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_event")),
    )
    for table in ("audit_inbox", "audit_log"):
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    # What one student and one institution cannot say is left out with the chain.
    op.execute(
        """INSERT INTO audit_event
            (at, subject, role, action, noun, record_id, student_id, institution_id, reason, correlation_id)
        SELECT at, subject, role, action, noun, record_id, student_ids[1], institution_ids[1], reason, correlation_id
        FROM (SELECT * FROM audit_inbox UNION ALL
            SELECT id, at, subject, role, organisation, action, noun, record_id, student_ids, institution_ids, outcome, reason,
                correlation_id FROM audit_log) AS entry
        WHERE outcome = 'DONE' ORDER BY at"""
    )
    for table in ("audit_inbox", "audit_log", "audit_head"):
        op.drop_table(table)
    _rights_of_before()
    for role in (SEALER, AUDITOR):
        op.execute(f"REVOKE ALL ON SCHEMA public FROM {role}")


def _rights_of_before() -> None:
    op.execute("ALTER TABLE audit_event ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
    for role in WRITERS[1:]:
        op.execute(f"GRANT INSERT ON audit_event TO {role}")
        name = f"{role.removeprefix('register_')}_insert"
        op.execute(f"CREATE POLICY {name} ON audit_event FOR INSERT TO {role} WITH CHECK (true)")
