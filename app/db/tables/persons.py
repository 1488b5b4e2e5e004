"""The person behind a student, in a schema of its own: sealed fields only, and a keyed hash to find a personal code by."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    DateTime,
    Index,
    LargeBinary,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    func,
)

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
    Index(None, "likeness_hash"),
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
"""Every personal code a student has had, as a keyed hash, whoever stated it. No institution reads it: whose a code is, is asked
through `person.claim` and `person.would_claim` alone."""

stated_code = Table(
    "stated_code",
    metadata,
    institution_id(),
    Column("code_hash", LargeBinary, nullable=False),
    student_id(),
    PrimaryKeyConstraint("institution_id", "code_hash"),
    Index(None, "student_id"),
    schema="person",
)
"""The personal codes that an institution has stated, by registering a student or correcting its statement, whoever they belong to. By
these alone it finds its students: what it finds must not depend on what others state."""

key_check = Table(
    "key_check",
    metadata,
    Column("key_id", SmallInteger, primary_key=True, autoincrement=False),
    Column("check_value", LargeBinary, nullable=False),
    Column("recorded_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    CheckConstraint("key_id >= 0", name="id"),
    CheckConstraint("octet_length(check_value) = 32", name="value"),
    schema="person",
)
"""What tells each key of persons from any other, entered by the first who brought it; under 0 that of the hash key. Never changed."""

identity_disclosure = Table(
    "identity_disclosure",
    metadata,
    Column("id", Uuid, nullable=False),
    student_id(),
    Column("purpose", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("opened_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    PrimaryKeyConstraint("id", "student_id"),
    CheckConstraint("expires_at > opened_at AND expires_at <= opened_at + interval '1 hour'", name="short"),
    Index(None, "student_id"),
)
"""To whom it was disclosed who a student is, why, and until when. While one is alive, and named by the transaction, the database
lets `register_discloser` read the statements of that student."""
