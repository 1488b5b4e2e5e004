"""What a support provider is named in counts at the institution that wrote it, whatever a row of another institution points at.

No request of the service makes a reference to a record that its scope does not see; a foreign key would let one pass that was written past it.
"""

from collections.abc import Sequence

from alembic import op

revision: str = "0013"
down_revision: str | None = "0012"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

PROVIDER = "register_provider"
NARROW = (
    "= ANY ((SELECT string_to_array(NULLIF(current_setting('register.institutions', true), ''), ',')::int[])::int[])"
)
STAFF_MEMBER = "= (SELECT NULLIF(current_setting('register.staff_member', true), ''))"
OWN = f"p.institution_id {NARROW} AND p.staff_member {STAFF_MEMBER}"
PARTS = ("plan_risk", "planned_measure", "plan_step", "outcome")

ANSWERED = "EXISTS (SELECT FROM plan_risk AS r WHERE r.risk_id = risk.id AND r.student_id = risk.student_id)"
HANDED = f"institution_id {NARROW} AND owner_id <> institution_id AND restricted_on IS NULL"
OPEN = (
    f"(institution_id {NARROW} OR EXISTS (SELECT FROM student_access AS a WHERE a.student_id = risk.student_id"
    f" AND a.owner_id = risk.institution_id AND a.institution_id {NARROW} AND a.owner_id <> a.institution_id))"
)


def upgrade() -> None:
    _policies(at_home=True)
    # A plan may answer a risk that was handed over, as long as it is open to the provider's institution.
    op.execute(f"CREATE POLICY provider_handed ON student_access FOR SELECT TO {PROVIDER} USING ({HANDED})")
    op.execute(f"ALTER POLICY provider_select ON risk USING ({ANSWERED} AND {OPEN})")


def downgrade() -> None:
    op.execute(f"ALTER POLICY provider_select ON risk USING ({ANSWERED})")
    op.execute("DROP POLICY provider_handed ON student_access")
    _policies(at_home=False)


def _policies(*, at_home: bool) -> None:
    def named(table: str, column: str) -> str:
        home = f" AND p.institution_id = {table}.institution_id" if at_home else ""
        return (
            f"EXISTS (SELECT FROM plan_provider AS p WHERE p.plan_id = {table}.{column}"
            f" AND p.student_id = {table}.student_id{home} AND {OWN})"
        )

    op.execute(f"ALTER POLICY provider_select ON plan USING ({named('plan', 'id')})")
    op.execute(f"ALTER POLICY provider_lock ON plan USING ({named('plan', 'id')})")
    for table in PARTS:
        op.execute(f"ALTER POLICY provider_select ON {table} USING ({named(table, 'plan_id')})")
    work = named("intervention", "plan_id")
    op.execute(f"ALTER POLICY provider_select ON intervention USING ({work})")
    writing = f"institution_id {NARROW} AND {work}"
    op.execute(f"ALTER POLICY provider_insert ON intervention WITH CHECK ({writing})")
    for command in ("update", "delete"):
        op.execute(f"ALTER POLICY provider_{command} ON intervention USING ({writing})")
