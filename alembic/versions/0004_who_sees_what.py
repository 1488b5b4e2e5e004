"""Who sees what: database roles, their grants, and row-level security on every table with students' data.

The runtime login `register_app` owns nothing and inherits nothing: each transaction takes one of these roles by SET LOCAL ROLE,
and the institutions it is for by `register.institutions`. A session that takes no role sees public facts only.
"""

from collections.abc import Sequence

from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

LOGIN = "register_app"
KEEPER = "register_keeper"  # owns the definer functions, and may do what they do and nothing else

SCHOOL, SYNC, PROVIDER = "register_school", "register_sync", "register_provider"
PARTNER, PARTNER_WIDE = "register_partner", "register_partner_wide"
STATISTICS, STATISTICS_WIDE = "register_statistics", "register_statistics_wide"
AUTHORITY, ANALYST = "register_authority", "register_analyst"
ROLES = (SCHOOL, SYNC, PROVIDER, PARTNER, PARTNER_WIDE, STATISTICS, STATISTICS_WIDE, AUTHORITY, ANALYST)

PUBLIC_FACTS = (
    "region",
    "municipality",
    "municipality_region",
    "municipality_succession",
    "semester",
    "school_calendar",
    "code",
    "programme",
    "programme_rule",
    "institution",
    "institution_registration",
    "institution_location",
    "partner",
    "participation",
)
INSTITUTIONS = ("institution", "institution_registration", "institution_location", "partner", "participation")
RECORDS = (
    "enrolment",
    "risk",
    "plan",
    "plan_risk",
    "planned_measure",
    "plan_provider",
    "plan_step",
    "intervention",
    "outcome",
    "outcome_result",
)
"""Every one has student_id and the institution_id of the institution that wrote it."""
PERSONS = ("person.person", "person.personal_code", "person.stated_code")
STUDENT_DATA = (*RECORDS, "student", "student_access", "audit_event", *PERSONS)

NARROW = (
    "= ANY ((SELECT string_to_array(NULLIF(current_setting('register.institutions', true), ''), ',')::int[])::int[])"
)
WIDE = "IN (SELECT unnest(string_to_array(NULLIF(current_setting('register.institutions', true), ''), ',')::int[]))"
STAFF_MEMBER = "= (SELECT NULLIF(current_setting('register.staff_member', true), ''))"

SCOPES = {SCHOOL: NARROW, SYNC: NARROW, PARTNER: NARROW, PARTNER_WIDE: WIDE}
WRITERS = (SCHOOL, SYNC)


def upgrade() -> None:
    _roles()
    _grants()
    for table in STUDENT_DATA:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
    _authority()
    for role, scope in SCOPES.items():
        _reader(role, scope)
    for role in WRITERS:
        _writer(role, SCOPES[role])
    for role in (PARTNER, PARTNER_WIDE):
        _decider(role, SCOPES[role])
    for role, scope in ((STATISTICS, NARROW), (STATISTICS_WIDE, WIDE)):
        _statistics(role, scope)
    _provider()


def _roles() -> None:
    # Roles belong to the whole server: another database of the same server may have made them already.
    for role in (*ROLES, KEEPER):
        _create_role(role, "NOLOGIN")
    _create_role(LOGIN, "LOGIN")
    for role in ROLES:
        op.execute(f"GRANT {role} TO {LOGIN} WITH INHERIT FALSE, SET TRUE")
    op.execute(f"GRANT {KEEPER} TO CURRENT_USER WITH INHERIT FALSE, SET TRUE")


def _create_role(role: str, login: str) -> None:
    op.execute(
        f"""DO $$ BEGIN
            IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}') THEN
                CREATE ROLE {role} {login} NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
            END IF;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
        END $$"""
    )


def _grants() -> None:
    everybody = ", ".join([LOGIN, *ROLES])
    op.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")
    op.execute(f"GRANT USAGE ON SCHEMA public TO {everybody}, {KEEPER}")
    op.execute(f"GRANT SELECT ON {', '.join(PUBLIC_FACTS)} TO {everybody}")
    op.execute(f"GRANT USAGE ON SCHEMA person TO {SCHOOL}, {SYNC}, {AUTHORITY}, {KEEPER}")
    readers = f"{SCHOOL}, {SYNC}, {PROVIDER}, {PARTNER}, {PARTNER_WIDE}, {AUTHORITY}"
    op.execute(
        f"GRANT SELECT ON {', '.join(RECORDS)}, student, student_access TO {readers}, {STATISTICS}, {STATISTICS_WIDE}"
    )
    writers = f"{SCHOOL}, {SYNC}, {AUTHORITY}"
    op.execute(f"GRANT INSERT, UPDATE ON {', '.join(RECORDS)}, student TO {writers}")
    op.execute(f"GRANT DELETE ON {', '.join(RECORDS)} TO {writers}")
    op.execute(f"GRANT INSERT ON student_access TO {writers}")
    op.execute(f"GRANT SELECT, INSERT, UPDATE ON person.person TO {SCHOOL}, {SYNC}")
    op.execute(f"GRANT SELECT ON person.personal_code TO {SCHOOL}, {SYNC}")
    op.execute(f"GRANT SELECT, INSERT ON person.stated_code TO {SCHOOL}, {SYNC}")
    op.execute(f"GRANT INSERT ON person.person, person.personal_code TO {AUTHORITY}")
    deciders = f"{PARTNER}, {PARTNER_WIDE}"
    op.execute(f"GRANT UPDATE ON plan TO {deciders}")
    op.execute(f"GRANT INSERT ON plan_step TO {deciders}")
    op.execute(f"GRANT INSERT, UPDATE, DELETE ON intervention TO {PROVIDER}")
    # One column is enough to lock a plan while its interventions are counted; no policy lets a provider write it.
    op.execute(f"GRANT UPDATE (version) ON plan TO {PROVIDER}")
    op.execute(f"GRANT INSERT ON audit_event TO {writers}, {deciders}, {PROVIDER}")
    op.execute(f"GRANT INSERT, UPDATE ON {', '.join(INSTITUTIONS)} TO {AUTHORITY}")
    op.execute(f"GRANT DELETE ON institution_registration, institution_location, participation TO {AUTHORITY}")


def _policy(table: str, role: str, command: str, rule: str) -> None:
    name = f"{role.removeprefix('register_')}_{command.lower()}"
    clause = f"WITH CHECK ({rule})" if command == "INSERT" else f"USING ({rule})"
    op.execute(f"CREATE POLICY {name} ON {table} FOR {command} TO {role} {clause}")


def _authority() -> None:
    for table in (*RECORDS, "student", "student_access"):
        for command in ("SELECT", "INSERT", "UPDATE", "DELETE"):
            _policy(table, AUTHORITY, command, "true")
    _policy("person.person", AUTHORITY, "INSERT", "true")
    _policy("person.personal_code", AUTHORITY, "INSERT", "true")
    _policy("audit_event", AUTHORITY, "INSERT", "true")


def _handed(table: str, scope: str) -> str:
    """Rows of institutions whose writing about this student is open to one of the institutions in scope, its own included."""
    return (
        f"EXISTS (SELECT FROM student_access AS a WHERE a.student_id = {table}.student_id"
        f" AND a.owner_id = {table}.institution_id AND a.institution_id {scope})"
    )


def _reader(role: str, scope: str) -> None:
    for table in RECORDS:
        _policy(table, role, "SELECT", _handed(table, scope))
    _policy("student_access", role, "SELECT", f"institution_id {scope}")
    _policy(
        "student",
        role,
        "SELECT",
        f"EXISTS (SELECT FROM student_access AS a WHERE a.student_id = student.student_id AND a.institution_id {scope})",
    )


def _writer(role: str, scope: str) -> None:
    """A school writes what is its own: the row bears its institution, and the student is one it has registered."""
    own = f"institution_id {scope}"
    for table in RECORDS:
        _policy(table, role, "INSERT", f"{own} AND {_handed(table, scope)}")
        _policy(table, role, "UPDATE", own)
        _policy(table, role, "DELETE", own)
    _policy("student", role, "INSERT", "true")
    _policy(
        "student",
        role,
        "UPDATE",
        f"EXISTS (SELECT FROM student_access AS a WHERE a.student_id = student.student_id AND a.institution_id {scope})",
    )
    _policy("student_access", role, "INSERT", f"{own} AND owner_id = institution_id")
    _policy("audit_event", role, "INSERT", "true")
    _policy("person.person", role, "SELECT", _handed("person", scope))
    _policy("person.person", role, "INSERT", own)
    _policy("person.person", role, "UPDATE", own)
    _policy("person.stated_code", role, "SELECT", own)
    _policy("person.stated_code", role, "INSERT", own)
    _policy(
        "person.personal_code",
        role,
        "SELECT",
        "EXISTS (SELECT FROM student_access AS a WHERE a.student_id = personal_code.student_id"
        f" AND a.owner_id = a.institution_id AND a.institution_id {scope})",
    )


def _decider(role: str, scope: str) -> None:
    _policy("plan", role, "UPDATE", f"institution_id {scope}")
    _policy("plan_step", role, "INSERT", f"institution_id {scope}")
    _policy("audit_event", role, "INSERT", "true")


def _statistics(role: str, scope: str) -> None:
    """Exact figures count what the institutions in scope wrote themselves; what was handed over is counted where it was written."""
    for table in RECORDS:
        _policy(table, role, "SELECT", f"institution_id {scope}")


def _provider() -> None:
    """A support provider sees the plans it is named in, what hangs on them, and the students they are for."""
    own = f"p.institution_id {NARROW} AND p.staff_member {STAFF_MEMBER}"
    _policy("plan_provider", PROVIDER, "SELECT", f"institution_id {NARROW} AND staff_member {STAFF_MEMBER}")

    def named(table: str, column: str) -> str:
        return (
            f"EXISTS (SELECT FROM plan_provider AS p WHERE p.plan_id = {table}.{column}"
            f" AND p.student_id = {table}.student_id AND {own})"
        )

    _policy("plan", PROVIDER, "SELECT", named("plan", "id"))
    op.execute(
        f"CREATE POLICY provider_lock ON plan FOR UPDATE TO {PROVIDER} USING ({named('plan', 'id')}) WITH CHECK (false)"
    )
    for table in ("plan_risk", "planned_measure", "plan_step", "intervention", "outcome"):
        _policy(table, PROVIDER, "SELECT", named(table, "plan_id"))
    _policy(
        "risk",
        PROVIDER,
        "SELECT",
        "EXISTS (SELECT FROM plan_risk AS r WHERE r.risk_id = risk.id AND r.student_id = risk.student_id)",
    )
    _policy(
        "outcome_result",
        PROVIDER,
        "SELECT",
        "EXISTS (SELECT FROM outcome AS o WHERE o.id = outcome_result.outcome_id AND o.student_id = outcome_result.student_id)",
    )
    of_student = f"EXISTS (SELECT FROM plan_provider AS p WHERE p.student_id = {{0}}.student_id AND {own})"
    _policy("student", PROVIDER, "SELECT", of_student.format("student"))
    _policy("enrolment", PROVIDER, "SELECT", f"institution_id {NARROW} AND {of_student.format('enrolment')}")
    for command in ("INSERT", "UPDATE", "DELETE"):
        _policy("intervention", PROVIDER, command, f"institution_id {NARROW} AND {named('intervention', 'plan_id')}")
    _policy("audit_event", PROVIDER, "INSERT", "true")


def downgrade() -> None:
    for table in STUDENT_DATA:
        schema, name = table.split(".") if "." in table else ("public", table)
        op.execute(
            f"""DO $$ DECLARE each record; BEGIN
                FOR each IN SELECT policyname FROM pg_policies WHERE schemaname = '{schema}' AND tablename = '{name}' LOOP
                    EXECUTE format('DROP POLICY %I ON {table}', each.policyname);
                END LOOP;
            END $$"""  # noqa: S608 - names of our own tables
        )
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY")
    # The roles stay: they belong to the server, and another database may use them. Their rights here go.
    everybody = ", ".join((LOGIN, *ROLES, KEEPER))
    op.execute(f"REVOKE ALL ON ALL TABLES IN SCHEMA public, person FROM {everybody}")
    op.execute(f"REVOKE ALL ON SCHEMA public, person FROM {everybody}")
    op.execute("GRANT USAGE ON SCHEMA public TO PUBLIC")
