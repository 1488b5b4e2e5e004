"""The two questions that no scope may answer for itself. Each runs as the keeper and answers no more than it must."""

from collections.abc import Sequence

from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

KEEPER = "register_keeper"
CALLERS = "register_school, register_sync, register_authority"
FUNCTIONS = ("person.claim(bytea, uuid)", "public.settle_transfers(uuid, date)")


def upgrade() -> None:
    op.execute(f"GRANT SELECT, INSERT ON person.personal_code, student_access TO {KEEPER}")
    op.execute(f"GRANT SELECT ON enrolment TO {KEEPER}")
    for table in ("person.personal_code", "student_access"):
        op.execute(f"CREATE POLICY keeper_select ON {table} FOR SELECT TO {KEEPER} USING (true)")
        op.execute(f"CREATE POLICY keeper_insert ON {table} FOR INSERT TO {KEEPER} WITH CHECK (true)")
    op.execute(f"CREATE POLICY keeper_select ON enrolment FOR SELECT TO {KEEPER} USING (true)")
    op.execute(
        """CREATE FUNCTION person.claim(hash bytea, candidate uuid) RETURNS uuid
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
        BEGIN
            INSERT INTO person.personal_code (code_hash, student_id) VALUES (hash, candidate) ON CONFLICT DO NOTHING;
            RETURN (SELECT student_id FROM person.personal_code WHERE code_hash = hash);
        END $$"""
    )
    op.execute(
        "COMMENT ON FUNCTION person.claim IS 'Definer: which pseudonym belongs to a personal code, the candidate if none did."
        " The caller cannot tell the two apart, since it has never seen either id.'"
    )
    op.execute(
        """CREATE FUNCTION public.settle_transfers(student uuid, today date) RETURNS void
        LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
        BEGIN ATOMIC
            INSERT INTO public.student_access (student_id, owner_id, institution_id, reason, valid_from)
            SELECT student, past.institution_id, present.institution_id, 'TRANSFER', today
            FROM (SELECT institution_id FROM public.enrolment WHERE student_id = student
                  GROUP BY institution_id HAVING bool_and(valid_to IS NOT NULL)) AS past
            CROSS JOIN (SELECT DISTINCT institution_id FROM public.enrolment WHERE student_id = student AND valid_to IS NULL) AS present
            ON CONFLICT DO NOTHING;
        END"""
    )
    op.execute(
        "COMMENT ON FUNCTION public.settle_transfers IS 'Definer: opens what institutions wrote that have ended all their enrolments of"
        " the student to those where it is enrolled. It follows from the old institution''s own act and returns nothing.'"
    )
    for schema in ("person", "public"):
        op.execute(f"GRANT CREATE ON SCHEMA {schema} TO {KEEPER}")
    for function in FUNCTIONS:
        op.execute(f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC")
        op.execute(f"GRANT EXECUTE ON FUNCTION {function} TO {CALLERS}")
        op.execute(f"ALTER FUNCTION {function} OWNER TO {KEEPER}")
    for schema in ("person", "public"):
        op.execute(f"REVOKE CREATE ON SCHEMA {schema} FROM {KEEPER}")


def downgrade() -> None:
    for function in FUNCTIONS:
        op.execute(f"DROP FUNCTION {function}")
    for table in ("person.personal_code", "student_access"):
        op.execute(f"DROP POLICY keeper_insert ON {table}")
    for table in ("person.personal_code", "student_access", "enrolment"):
        op.execute(f"DROP POLICY keeper_select ON {table}")
        op.execute(f"REVOKE ALL ON {table} FROM {KEEPER}")
