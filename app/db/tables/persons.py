"""The person behind a student, in a schema of its own: sealed fields only, and a keyed hash to find a personal code by."""

from sqlalchemy import Column, LargeBinary, PrimaryKeyConstraint, SmallInteger, Table, UniqueConstraint, Uuid

from app.db.tables.base import metadata
from app.db.tables.columns import institution_id, student_id, version

person = Table(
    "person",
    metadata,
    student_id(),
    institution_id(),
    Column("key_id", SmallInteger, nullable=False),
    Column("given_names", LargeBinary, nullable=False),
    Column("family_name", LargeBinary, nullable=False),
    Column("birth_date", LargeBinary, nullable=False),
    Column("personal_code", LargeBinary),
    Column("likeness_hash", LargeBinary),
    version(),
    PrimaryKeyConstraint("student_id", "institution_id"),
    schema="person",
)
"""What each institution states of the person: its own row, as any other record of its own. `likeness_hash` is the same for the same
names and birth date; empty in rows older than it, until `risk-register keys rotate` has passed."""

personal_code = Table(
    "personal_code",
    metadata,
    Column("code_hash", LargeBinary, primary_key=True),
    Column("student_id", Uuid, nullable=False),
    UniqueConstraint("student_id", "code_hash"),
    schema="person",
)
"""Every personal code a student has had, as a keyed hash. A school finds by it only the students that it has registered itself;
whether a code belongs to anybody else is asked through `person.claim` alone."""

stated_code = Table(
    "stated_code",
    metadata,
    institution_id(),
    Column("code_hash", LargeBinary, nullable=False),
    student_id(),
    PrimaryKeyConstraint("institution_id", "code_hash"),
    schema="person",
)
"""The personal codes by which an institution has corrected its own statements, whoever they belong to. What it finds by its own
corrections must not depend on who else has the code: see `person.claim`."""
