"""What must never be found in the catalogues of PostgreSQL: each query returns what breaks its rule, and nothing where all is well.

A table is taken to hold students' data unless it is in `PUBLIC_FACTS`: so a new one that nobody thought about is found.
"""
# ruff: noqa: S608 - every query is put together from the words of this file alone

from dataclasses import dataclass

from app.db.scopes import DatabaseRole

LOGIN, OWNER, KEEPER = "register_app", "register_owner", "register_keeper"
TAKEN = tuple(str(role) for role in DatabaseRole)
"""The roles that the login may take, one for each purpose."""
ROLES = (LOGIN, KEEPER, *TAKEN)

PUBLIC_FACTS = (
    "alembic_version",
    "audit_head",
    "change_head",
    "code",
    "institution",
    "institution_location",
    "institution_registration",
    "municipality",
    "municipality_region",
    "municipality_succession",
    "participation",
    "partner",
    "programme",
    "programme_rule",
    "region",
    "release",
    "retention_rule",
    "school_calendar",
    "semester",
    "semester_closing",
    "statistics_era",
    *(MADE_OF_RECORDS := ("statistics_place",)),
)
"""Tables without a word about any student. Whatever is added here speaks of none, not even by a number; everything else is sealed.

What is made of records tells by a row being there that somebody recorded something: those alone read it who count records exactly.
"""
COUNTERS = ("register_statistics", "register_statistics_wide", "register_authority", KEEPER)

SEE_EVERYTHING = (
    "register_authority",  # the state
    "register_keeper",  # owns the definer functions, and is nobody's to take
    "register_keys",  # sealed persons, to seal them anew
    "register_matcher",  # hashes of persons
    "register_sealer",  # the audit
    "register_auditor",  # the audit
    "register_sequencer",  # which records have changed, and to whom they were handed over
    "register_releaser",  # what releases are made of
    "register_retention",  # erases what is due, and reads no more than says what that is
    "register_gate",  # clients, to find out which of them is calling
    "register_operator",  # clients, to keep them
)
"""Roles with a policy that asks for no institution: each has its reason in docs/threat-model.md or in the migration that made it."""


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(f"'{each}'" for each in names)


OURS = "!~ '^(pg_|information_schema)'"
RELATIONS = f"pg_class AS c WHERE c.relnamespace::regnamespace::text {OURS}"
FUNCTIONS = f"pg_proc AS p WHERE p.pronamespace::regnamespace::text {OURS}"
DEFINERS = f"SELECT p.proname FROM {FUNCTIONS} AND p.prosecdef"
ACL_OF = {
    "relations": f"SELECT c.oid::regclass::text, c.relowner, (aclexplode(c.relacl)).* FROM {RELATIONS}",
    "columns": (
        "SELECT c.oid::regclass || '.' || a.attname, c.relowner, (aclexplode(a.attacl)).* FROM pg_attribute AS a"
        f" JOIN pg_class AS c ON c.oid = a.attrelid WHERE c.relnamespace::regnamespace::text {OURS}"
    ),
    "functions": (
        "SELECT p.oid::regprocedure::text, p.proowner, (aclexplode(coalesce(p.proacl, acldefault('f', p.proowner)))).*"
        f" FROM {FUNCTIONS}"
    ),
    "schemas": f"SELECT n.nspname, n.nspowner, (aclexplode(n.nspacl)).* FROM pg_namespace AS n WHERE n.nspname {OURS}",
}
RIGHTS = " UNION ALL ".join(f"(SELECT * FROM ({query}) AS {kind})" for kind, query in ACL_OF.items())
GRANTED = f"(SELECT * FROM ({RIGHTS}) AS rights (name, owner, grantor, grantee, privilege, grantable))"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lint:
    """`found`: what breaks the rule, one text a row. `broken`: statements after which the query must find something."""

    rule: str
    found: str
    broken: str

    def __str__(self) -> str:
        return self.rule


TABLES = (
    Lint(
        rule="every table is sealed even against its owner, unless it is in the list of public facts",
        found=(
            f"SELECT c.oid::regclass::text FROM {RELATIONS} AND c.relkind IN ('r', 'p', 'm', 'f')"
            f" AND NOT (c.relrowsecurity AND c.relforcerowsecurity) AND c.oid::regclass::text NOT IN ({_listed(PUBLIC_FACTS)})"
        ),
        broken="CREATE TABLE forgotten (child int); ALTER TABLE forgotten ENABLE ROW LEVEL SECURITY",
    ),
    Lint(
        rule="no public fact has a column that speaks of students",
        found=(
            "SELECT a.attrelid::regclass || '.' || a.attname FROM pg_attribute AS a"
            f" WHERE a.attrelid::regclass::text IN ({_listed(PUBLIC_FACTS)}) AND a.attnum > 0 AND NOT a.attisdropped"
            " AND a.attname ~ 'student|person|enrolment|risk|plan|pseudonym|birth|given_name|family_name'"
        ),
        broken="ALTER TABLE institution ADD COLUMN best_student_ids uuid[]",
    ),
    Lint(
        rule="every view looks with the eyes of whoever asks",
        found=(
            f"SELECT c.oid::regclass::text FROM {RELATIONS} AND c.relkind = 'v'"
            " AND NOT coalesce(c.reloptions::text[] && ARRAY['security_invoker=true', 'security_invoker=on'], false)"
        ),
        broken="CREATE VIEW peephole AS SELECT * FROM risk",
    ),
    Lint(
        rule="a policy without a condition is for a role that sees everything by its purpose",
        found=(
            "SELECT tablename || '.' || policyname FROM pg_policies WHERE cmd <> 'INSERT' AND qual = 'true'"
            f" AND NOT roles::text[] <@ ARRAY[{_listed(SEE_EVERYTHING)}]"
        ),
        broken="CREATE POLICY oops ON risk FOR SELECT TO register_school USING (true)",
    ),
    Lint(
        rule="a policy is for a named role, but for the audit, to which everybody appends",
        found=(
            "SELECT tablename || '.' || policyname FROM pg_policies WHERE roles = '{public}'"
            " AND (tablename, policyname, cmd) <> ('audit_inbox', 'append', 'INSERT')"
        ),
        broken="CREATE POLICY oops ON risk FOR SELECT USING (student_id IS NULL)",
    ),
    Lint(
        rule="no trigger and no rule acts behind a statement",
        found=(
            "SELECT tgrelid::regclass || '.' || tgname FROM pg_trigger WHERE NOT tgisinternal"
            " UNION ALL SELECT evtname::text FROM pg_event_trigger"
            " UNION ALL SELECT tablename || '.' || rulename FROM pg_rules WHERE schemaname " + OURS
        ),
        broken="CREATE RULE hidden AS ON DELETE TO semester DO ALSO NOTHING",
    ),
)

FUNCTION_RULES = (
    Lint(
        rule="a function that runs as its owner says why",
        found=(
            f"SELECT p.oid::regprocedure::text FROM {FUNCTIONS} AND p.prosecdef"
            " AND coalesce(obj_description(p.oid, 'pg_proc'), '') NOT LIKE 'Definer: %'"
        ),
        broken="CREATE FUNCTION why() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'",
    ),
    Lint(
        rule="a function that runs as its owner is the keeper's",
        found=f"SELECT p.oid::regprocedure::text FROM {FUNCTIONS} AND p.prosecdef AND p.proowner::regrole::text <> '{KEEPER}'",
        broken="CREATE FUNCTION mighty() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'",
    ),
    Lint(
        rule="every function has a fixed search path, and looks in pg_temp last",
        found=(
            f"SELECT p.oid::regprocedure::text FROM {FUNCTIONS}"
            " AND NOT coalesce(p.proconfig @> ARRAY['search_path=pg_catalog, pg_temp'], false)"
        ),
        broken="CREATE FUNCTION astray() RETURNS int LANGUAGE sql SET search_path = public AS 'SELECT 1'",
    ),
)

RIGHTS_RULES = (
    Lint(
        rule="everybody (PUBLIC) has no right to anything of ours",
        found=f"SELECT name || ' ' || privilege FROM {GRANTED} WHERE grantee = 0",
        broken="CREATE FUNCTION open() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    ),
    Lint(
        rule="nobody but the owner may truncate, refer to, trigger on or maintain a table",
        found=(
            f"SELECT name || ' ' || privilege || ' ' || grantee::regrole FROM {GRANTED}"
            " WHERE privilege IN ('TRUNCATE', 'REFERENCES', 'TRIGGER', 'MAINTAIN') AND grantee <> owner"
        ),
        broken="GRANT TRUNCATE ON risk TO register_school",
    ),
    Lint(
        rule="nobody but the owner makes things in a schema",
        found=f"SELECT name || ' ' || grantee::regrole FROM {GRANTED} WHERE privilege = 'CREATE' AND grantee <> owner",
        broken="GRANT CREATE ON SCHEMA person TO register_keeper",
    ),
    Lint(
        rule="nobody passes a right on",
        found=f"SELECT name || ' ' || privilege FROM {GRANTED} WHERE grantable AND grantee <> owner",
        broken="GRANT SELECT ON semester TO register_school WITH GRANT OPTION",
    ),
    Lint(
        rule="nobody has a right to a sequence: identity columns need none",
        found=f"SELECT c.oid::regclass::text FROM {RELATIONS} AND c.relkind = 'S' AND c.relacl IS NOT NULL",
        broken="GRANT USAGE ON SEQUENCE institution_id_seq TO register_authority",
    ),
    Lint(
        rule="what is made later is granted to nobody by itself",
        found=(
            "SELECT defaclobjtype::text || ' ' || given.grantee::regrole FROM pg_default_acl AS d, aclexplode(d.defaclacl) AS given"
            " WHERE given.grantee <> d.defaclrole"
        ),
        broken="ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO register_school",
    ),
    Lint(
        rule="what is made of records is read by those who count them, and by nobody else",
        found=(
            f"SELECT name || ' ' || privilege || ' ' || grantee::regrole FROM {GRANTED} WHERE name IN ({_listed(MADE_OF_RECORDS)})"
            f" AND grantee <> owner AND grantee::regrole::text NOT IN ({_listed(COUNTERS)})"
        ),
        broken="GRANT SELECT ON statistics_place TO register_analyst",
    ),
    Lint(
        rule="without a role the login reads public facts and appends to the audit",
        found=(
            f"SELECT name || ' ' || privilege FROM {GRANTED} WHERE grantee = '{LOGIN}'::regrole AND NOT"
            f" (privilege = 'SELECT' AND name IN ({_listed(PUBLIC_FACTS)}) OR (privilege, name) = ('INSERT', 'audit_inbox')"
            " OR (privilege, name) = ('USAGE', 'public'))"
        ),
        broken="GRANT SELECT ON risk TO register_app",
    ),
)

ROLE_RULES = (
    Lint(
        rule="no role of the service may anything special, and only the login logs in",
        found=(
            f"SELECT rolname FROM pg_roles WHERE rolname IN ({_listed(ROLES)}) AND (rolsuper OR rolbypassrls OR rolcreaterole"
            f" OR rolcreatedb OR rolreplication OR rolcanlogin <> (rolname = '{LOGIN}'))"
        ),
        broken="ALTER ROLE register_statistics BYPASSRLS",
    ),
    Lint(
        rule="no role of the service owns anything, but for the keeper's functions",
        found=(
            "SELECT refobjid::regrole || ' ' || classid::regclass || ' ' || objid FROM pg_shdepend WHERE deptype = 'o'"
            " AND dbid IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))"
            f" AND refobjid::regrole::text IN ({_listed(ROLES)})"
            f" AND NOT (refobjid::regrole::text = '{KEEPER}' AND classid = 'pg_proc'::regclass)"
        ),
        broken="CREATE TABLE given (id int); ALTER TABLE given OWNER TO register_app",
    ),
    Lint(
        rule="the login takes the known roles, inherits nothing of them, and no role is a member of another",
        found=(
            "SELECT member::regrole || ' of ' || roleid::regrole FROM pg_auth_members"
            f" WHERE member::regrole::text IN ({_listed(ROLES)}) AND NOT (member::regrole::text = '{LOGIN}'"
            f" AND roleid::regrole::text IN ({_listed(TAKEN)}) AND NOT inherit_option AND set_option AND NOT admin_option)"
        ),
        broken="GRANT pg_read_all_data TO register_app WITH INHERIT FALSE",
    ),
    Lint(
        rule="the login may take every known role",
        found=(
            f"SELECT known FROM unnest(ARRAY[{_listed(TAKEN)}]) AS known WHERE NOT EXISTS (SELECT FROM pg_auth_members"
            f" WHERE member = '{LOGIN}'::regrole AND roleid::regrole::text = known)"
        ),
        broken="REVOKE register_sync FROM register_app",
    ),
    Lint(
        rule="no setting of a role or a database changes what the service has set itself",
        found=(
            "SELECT coalesce(r.rolname, 'every role') || ' ' || s.setconfig::text FROM pg_db_role_setting AS s"
            f" LEFT JOIN pg_roles AS r ON r.oid = s.setrole WHERE r.rolname IN ({_listed(ROLES)}) OR s.setrole = 0"
        ),
        broken="ALTER ROLE register_app SET row_security = off",
    ),
)

LINTS = (*TABLES, *FUNCTION_RULES, *RIGHTS_RULES, *ROLE_RULES)
