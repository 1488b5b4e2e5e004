"""A history opens by a transfer alone, and closes again: what is open to others follows the enrolments.

What was opened before stays until an enrolment of the student next changes, and is brought in line then.
"""

from collections.abc import Sequence

from alembic import op

revision: str = "0020"
down_revision: str | None = "0019"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

KEEPER = "register_keeper"
SIGNATURE = "student uuid, today date, subject text, role text, organisation text, correlation_id text"
INTO = "(student_id, owner_id, institution_id, reason, valid_from, restricted_on, restricted_by)"
AUDITED = "(subject, role, organisation, action, noun, student_ids, institution_ids, reason, correlation_id)"

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
            )
            INSERT INTO public.audit_inbox {AUDITED}
            SELECT subject, role, organisation, done.action, 'student', ARRAY[student], ARRAY[done.owner_id, done.institution_id],
                done.reason, correlation_id
            FROM (SELECT 'OPEN_HISTORY' AS action, opened.* FROM opened
                  UNION ALL SELECT 'CLOSE_HISTORY', closed.* FROM closed) AS done;"""  # noqa: S608 - written here in full

OPEN_ALONE = f"""
            WITH opened AS (
                INSERT INTO public.student_access {INTO}
                SELECT student, past.institution_id, present.institution_id, 'TRANSFER', today, own.restricted_on, own.restricted_by
                FROM (SELECT institution_id FROM public.enrolment WHERE student_id = student
                      GROUP BY institution_id HAVING bool_and(valid_to IS NOT NULL)) AS past
                CROSS JOIN (SELECT DISTINCT institution_id FROM public.enrolment WHERE student_id = student AND valid_to IS NULL)
                    AS present
                JOIN public.student_access AS own ON own.student_id = student
                    AND own.owner_id = past.institution_id AND own.institution_id = past.institution_id
                ON CONFLICT DO NOTHING
                RETURNING owner_id, institution_id
            )
            INSERT INTO public.audit_inbox {AUDITED}
            SELECT subject, role, organisation, 'OPEN_HISTORY', 'student', ARRAY[student],
                ARRAY[opened.owner_id, opened.institution_id], 'TRANSFER', correlation_id
            FROM opened;"""  # noqa: S608 - written here in full


def upgrade() -> None:
    op.execute(f"GRANT DELETE ON student_access TO {KEEPER}")
    op.execute(f"CREATE POLICY keeper_delete ON student_access FOR DELETE TO {KEEPER} USING (true)")
    _settle_transfers(
        FOLLOW,
        "opens what an institution wrote that has ended its last enrolment of the student as TRANSFERRED to those where it is enrolled,"
        " closes what is open to others when that no longer holds, and keeps each opening and closing in the audit. It follows from the"
        " institutions'' own acts and returns nothing.",
    )


def downgrade() -> None:
    _settle_transfers(
        OPEN_ALONE,
        "opens what institutions wrote that have ended all their enrolments of the student to those where it is enrolled, and keeps each"
        " opening in the audit. It follows from the old institution''s own act and returns nothing.",
    )
    op.execute("DROP POLICY keeper_delete ON student_access")
    op.execute(f"REVOKE DELETE ON student_access FROM {KEEPER}")


def _settle_transfers(body: str, reason: str) -> None:
    # Replaced, not dropped: owner and grants stay as they are.
    _as_keeper(
        f"""CREATE OR REPLACE FUNCTION public.settle_transfers({SIGNATURE}) RETURNS void
        LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
        BEGIN ATOMIC {body}
        END""",
        f"COMMENT ON FUNCTION public.settle_transfers IS 'Definer: {reason}'",
    )


def _as_keeper(*statements: str) -> None:
    # An owner that is no superuser may become the keeper, and has none of its rights until then.
    op.execute(f"GRANT CREATE ON SCHEMA public TO {KEEPER}")
    op.execute(f"SET LOCAL ROLE {KEEPER}")
    for statement in statements:
        op.execute(statement)
    op.execute("RESET ROLE")
    op.execute(f"REVOKE CREATE ON SCHEMA public FROM {KEEPER}")
