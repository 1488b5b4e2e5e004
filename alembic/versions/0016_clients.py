"""Clients: school information systems, their credentials and grants, and the two roles that have to do with them.

The gate finds out who is calling and keeps assertions from being used twice; the operator keeps the clients. Neither reads anything
about students, and nobody else reads clients.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0016"
down_revision: str | None = "0015"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

LOGIN = "register_app"
GATE, OPERATOR = "register_gate", "register_operator"
KEPT = "client, client_credential, client_grant"


def upgrade() -> None:
    _tables()
    for role in (GATE, OPERATOR):
        # Roles belong to the whole server: another database of the same server may have made them already.
        op.execute(
            f"""DO $$ BEGIN
                IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}') THEN
                    CREATE ROLE {role} NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
                END IF;
            EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
            END $$"""
        )
        op.execute(f"GRANT {role} TO {LOGIN} WITH INHERIT FALSE, SET TRUE")
        op.execute(f"GRANT USAGE ON SCHEMA public TO {role}")
        op.execute(f"GRANT INSERT ON audit_inbox TO {role}")
    op.execute(f"GRANT SELECT ON {KEPT} TO {GATE}, {OPERATOR}")
    op.execute(f"GRANT INSERT ON {KEPT} TO {OPERATOR}")
    op.execute(f"GRANT UPDATE (revoked_at) ON client TO {OPERATOR}")
    op.execute(f"GRANT UPDATE (valid_to, revoked_at) ON client_credential TO {OPERATOR}")
    op.execute(f"GRANT UPDATE (valid_to), DELETE ON client_grant TO {OPERATOR}")
    op.execute(f"GRANT SELECT ON institution, institution_registration, institution_location TO {OPERATOR}")
    _policies()
    _assertions()


def _tables() -> None:
    op.create_table(
        "client",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client")),
    )
    op.create_table(
        "client_credential",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(), nullable=True),
        sa.Column("kid", sa.Text(), nullable=True),
        sa.Column("algorithm", sa.Text(), nullable=True),
        sa.Column("public_key", sa.LargeBinary(), nullable=True),
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_to", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "algorithm IN ('ES256', 'RS256', 'PS256', 'EdDSA')", name=op.f("ck_client_credential_algorithm")
        ),
        sa.CheckConstraint("num_nonnulls(kid, algorithm, public_key) IN (0, 3)", name=op.f("ck_client_credential_key")),
        sa.CheckConstraint(
            "num_nonnulls(secret_hash, public_key) = 1", name=op.f("ck_client_credential_secret_or_key")
        ),
        sa.CheckConstraint("octet_length(secret_hash) = 32", name=op.f("ck_client_credential_secret_hash")),
        sa.CheckConstraint("valid_to >= valid_from", name=op.f("ck_client_credential_period_order")),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_client_credential_client_client_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client_credential")),
        sa.UniqueConstraint("client_id", "kid", name=op.f("uq_client_credential_client_id_kid")),
    )
    op.create_index(op.f("ix_client_credential_client_id"), "client_credential", ["client_id"], unique=False)
    op.create_table(
        "client_grant",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("valid_to >= valid_from", name=op.f("ck_client_grant_period_order")),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_client_grant_client_client_id")),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name=op.f("fk_client_grant_institution_institution_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client_grant")),
        sa.UniqueConstraint(
            "client_id",
            "institution_id",
            "valid_from",
            name=op.f("uq_client_grant_client_id_institution_id_valid_from"),
        ),
    )
    op.create_table(
        "client_assertion",
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("jti", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("client_id", "jti", name=op.f("pk_client_assertion")),
    )
    op.create_index(op.f("ix_client_assertion_expires_at"), "client_assertion", ["expires_at"], unique=False)


def _policies() -> None:
    """Sealed as what concerns students is: whoever could write here could read there."""
    for table in ("client", "client_credential", "client_grant"):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY everything ON {table} FOR SELECT TO {GATE}, {OPERATOR} USING (true)")
        op.execute(f"CREATE POLICY operator_insert ON {table} FOR INSERT TO {OPERATOR} WITH CHECK (true)")
        op.execute(f"CREATE POLICY operator_update ON {table} FOR UPDATE TO {OPERATOR} USING (true)")
    op.execute(f"CREATE POLICY operator_delete ON client_grant FOR DELETE TO {OPERATOR} USING (true)")


def _assertions() -> None:
    """The gate forgets assertions that have expired, and no other: one that could be used again stays."""
    op.execute("ALTER TABLE client_assertion ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
    # UPDATE of no column but one lets it lock the rows that it forgets; no policy lets it write them.
    op.execute(f"GRANT SELECT, INSERT, DELETE, UPDATE (expires_at) ON client_assertion TO {GATE}")
    op.execute(f"CREATE POLICY gate_select ON client_assertion FOR SELECT TO {GATE} USING (true)")
    op.execute(f"CREATE POLICY gate_insert ON client_assertion FOR INSERT TO {GATE} WITH CHECK (true)")
    op.execute(f"CREATE POLICY gate_delete ON client_assertion FOR DELETE TO {GATE} USING (expires_at < now())")
    op.execute(
        f"CREATE POLICY gate_lock ON client_assertion FOR UPDATE TO {GATE} USING (expires_at < now()) WITH CHECK (false)"
    )


def downgrade() -> None:
    for table in ("client_assertion", "client_grant", "client_credential", "client"):
        op.drop_table(table)
    # The roles stay: they belong to the server, and another database may use them. Their rights here go.
    op.execute(f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {GATE}, {OPERATOR}")
    op.execute(f"REVOKE ALL ON SCHEMA public FROM {GATE}, {OPERATOR}")
