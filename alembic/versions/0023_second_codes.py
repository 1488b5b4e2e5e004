"""An institution finds its students by the codes that it has stated itself, and reads no others.

What it has stated was not kept so far, but for corrections, and cannot be known any more where several institutions have registered a
student: former codes stand in no statement. So each is taken to have stated every code that its student has by now, which it could
find the student by until today; it goes on finding by them, and by none that others state from now on.
"""

from collections.abc import Sequence

from alembic import op

revision: str = "0023"
down_revision: str | None = "0022"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

AUTHORITY = "register_authority"
WRITERS = ("register_school", "register_sync")
OWNED, STATED = "person.personal_code", "person.stated_code"
READ_AND_FILLED = (OWNED, STATED, "student_access")
OF_OWN_STUDENTS = (
    "EXISTS (SELECT FROM student_access AS a WHERE a.student_id = personal_code.student_id AND a.owner_id = a.institution_id"
    " AND a.institution_id ="
    " ANY ((SELECT string_to_array(NULLIF(current_setting('register.institutions', true), ''), ',')::int[])::int[]))"
)


def upgrade() -> None:
    # First of all: whoever is registering somebody the former way has ended, and nobody else begins.
    for role in WRITERS:
        op.execute(f"DROP POLICY {role.removeprefix('register_')}_select ON {OWNED}")
    op.execute(f"REVOKE SELECT ON {OWNED} FROM {', '.join(WRITERS)}")  # noqa: S608 - our own names
    _fill()
    # The synthetic register is written in this role.
    op.execute(f"GRANT INSERT ON {STATED} TO {AUTHORITY}")
    op.execute(f"CREATE POLICY authority_insert ON {STATED} FOR INSERT TO {AUTHORITY} WITH CHECK (true)")


def _fill() -> None:
    for table in READ_AND_FILLED:
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    # What an institution has corrected to such a code stays as it is.
    op.execute(
        f"""INSERT INTO {STATED} (institution_id, code_hash, student_id)
        SELECT a.institution_id, c.code_hash, c.student_id FROM {OWNED} AS c
        JOIN student_access AS a ON a.student_id = c.student_id AND a.owner_id = a.institution_id
        ON CONFLICT DO NOTHING"""  # noqa: S608 - our own names
    )
    for table in READ_AND_FILLED:
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")


def downgrade() -> None:
    op.execute(f"DROP POLICY authority_insert ON {STATED}")
    op.execute(f"REVOKE INSERT ON {STATED} FROM {AUTHORITY}")
    op.execute(f"GRANT SELECT ON {OWNED} TO {', '.join(WRITERS)}")
    for role in WRITERS:
        name = f"{role.removeprefix('register_')}_select"
        op.execute(f"CREATE POLICY {name} ON {OWNED} FOR SELECT TO {role} USING ({OF_OWN_STUDENTS})")
