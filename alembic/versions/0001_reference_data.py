"""Public facts: reference data, institutions, partners and participations."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0001"
down_revision: str | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "code",
        sa.Column("list", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("id", sa.SmallInteger(), nullable=False),
        sa.Column("name_lv", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("parent", sa.Text(), nullable=True),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint("unit IN ('HOUR', 'EUR')", name=op.f("ck_code_unit")),
        sa.CheckConstraint("id > 0", name=op.f("ck_code_id_positive")),
        sa.CheckConstraint("valid_to >= valid_from", name=op.f("ck_code_period_order")),
        sa.PrimaryKeyConstraint("list", "code", name=op.f("pk_code")),
        sa.UniqueConstraint("list", "id", name=op.f("uq_code_list_id")),
    )
    op.create_table(
        "institution",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sort_key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("founder", sa.Text(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("merged_into", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint("kind IN ('GENERAL', 'VOCATIONAL')", name=op.f("ck_institution_kind")),
        sa.CheckConstraint("closed_on >= opened_on", name=op.f("ck_institution_life_order")),
        sa.ForeignKeyConstraint(
            ["merged_into"], ["institution.id"], name=op.f("fk_institution_institution_merged_into")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_institution")),
    )
    op.create_table(
        "municipality",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("iso_code", sa.Text(), nullable=False),
        sa.Column("name_lv", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("sort_key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint("code ~ '^[0-9]{7}$'", name=op.f("ck_municipality_code_format")),
        sa.CheckConstraint("valid_to >= valid_from", name=op.f("ck_municipality_period_order")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_municipality")),
    )
    op.create_table(
        "programme",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name_lv", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("consultations_from", sa.Date(), nullable=False),
        sa.Column("consultations_to", sa.Date(), nullable=True),
        sa.CheckConstraint("consultations_to <= valid_to", name=op.f("ck_programme_consultations_within")),
        sa.CheckConstraint(
            "consultations_to >= consultations_from AND consultations_from >= valid_from",
            name=op.f("ck_programme_consultations_order"),
        ),
        sa.CheckConstraint("valid_to >= valid_from", name=op.f("ck_programme_period_order")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_programme")),
    )
    op.create_table(
        "region",
        sa.Column("scheme", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name_lv", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint("valid_to >= valid_from", name=op.f("ck_region_period_order")),
        sa.PrimaryKeyConstraint("scheme", "code", name=op.f("pk_region")),
    )
    op.create_table(
        "school_calendar",
        sa.Column("school_year", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("grade_from", sa.SmallInteger(), nullable=False),
        sa.Column("grade_to", sa.SmallInteger(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_school_calendar_date_order")),
        sa.CheckConstraint(
            "grade_from BETWEEN 1 AND grade_to AND grade_to <= 12", name=op.f("ck_school_calendar_grades")
        ),
        sa.PrimaryKeyConstraint("school_year", "kind", "grade_from", name=op.f("pk_school_calendar")),
    )
    op.create_table(
        "semester",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("school_year", sa.Text(), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.CheckConstraint("ends_on > starts_on", name=op.f("ck_semester_date_order")),
        sa.CheckConstraint("number IN (1, 2)", name=op.f("ck_semester_number")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_semester")),
        sa.UniqueConstraint("ends_on", name=op.f("uq_semester_ends_on")),
        sa.UniqueConstraint("school_year", "number", name=op.f("uq_semester_school_year_number")),
        sa.UniqueConstraint("starts_on", name=op.f("uq_semester_starts_on")),
    )
    op.create_table(
        "institution_location",
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.Column("municipality", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        postgresql.ExcludeConstraint(
            (sa.literal_column("int4range(institution_id, institution_id, '[]')"), "&&"),
            (sa.literal_column("daterange(valid_from, valid_to, '[]')"), "&&"),
            using="gist",
            name="ex_institution_location_overlap",
        ),
        sa.CheckConstraint("valid_to >= valid_from", name=op.f("ck_institution_location_period_order")),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name=op.f("fk_institution_location_institution_institution_id")
        ),
        sa.ForeignKeyConstraint(
            ["municipality"], ["municipality.code"], name=op.f("fk_institution_location_municipality_municipality")
        ),
        sa.PrimaryKeyConstraint("institution_id", "valid_from", name=op.f("pk_institution_location")),
    )
    op.create_table(
        "institution_registration",
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        postgresql.ExcludeConstraint(
            (sa.literal_column("int4range(institution_id, institution_id, '[]')"), "&&"),
            (sa.literal_column("daterange(valid_from, valid_to, '[]')"), "&&"),
            using="gist",
            name="ex_institution_registration_overlap",
        ),
        sa.CheckConstraint("valid_to >= valid_from", name=op.f("ck_institution_registration_period_order")),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name=op.f("fk_institution_registration_institution_institution_id")
        ),
        sa.PrimaryKeyConstraint("institution_id", "valid_from", name=op.f("pk_institution_registration")),
        sa.UniqueConstraint("number", "valid_from", name=op.f("uq_institution_registration_number_valid_from")),
    )
    op.create_table(
        "municipality_region",
        sa.Column("municipality", sa.Text(), nullable=False),
        sa.Column("scheme", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint("valid_to >= valid_from", name=op.f("ck_municipality_region_period_order")),
        sa.ForeignKeyConstraint(
            ["municipality"], ["municipality.code"], name=op.f("fk_municipality_region_municipality_municipality")
        ),
        sa.ForeignKeyConstraint(
            ["scheme", "region"], ["region.scheme", "region.code"], name="fk_municipality_region_region"
        ),
        sa.PrimaryKeyConstraint("municipality", "scheme", "valid_from", name=op.f("pk_municipality_region")),
    )
    op.create_table(
        "municipality_succession",
        sa.Column("predecessor", sa.Text(), nullable=False),
        sa.Column("successor", sa.Text(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("relation", sa.Text(), nullable=False),
        sa.Column("is_main_successor", sa.Boolean(), nullable=False),
        sa.Column("is_main_predecessor", sa.Boolean(), nullable=False),
        sa.Column("part_lv", sa.Text(), nullable=True),
        sa.Column("part_en", sa.Text(), nullable=True),
        sa.CheckConstraint("predecessor <> successor", name=op.f("ck_municipality_succession_another")),
        sa.ForeignKeyConstraint(
            ["predecessor"], ["municipality.code"], name=op.f("fk_municipality_succession_municipality_predecessor")
        ),
        sa.ForeignKeyConstraint(
            ["successor"], ["municipality.code"], name=op.f("fk_municipality_succession_municipality_successor")
        ),
        sa.PrimaryKeyConstraint("predecessor", "successor", name=op.f("pk_municipality_succession")),
    )
    op.create_index(
        "uq_municipality_succession_main_predecessor",
        "municipality_succession",
        ["successor"],
        unique=True,
        postgresql_where="is_main_predecessor",
    )
    op.create_index(
        "uq_municipality_succession_main_successor",
        "municipality_succession",
        ["predecessor"],
        unique=True,
        postgresql_where="is_main_successor",
    )
    op.create_table(
        "partner",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("municipality", sa.Text(), nullable=True),
        sa.Column("institution_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("num_nonnulls(municipality, institution_id) = 1", name=op.f("ck_partner_one_signatory")),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name=op.f("fk_partner_institution_institution_id")
        ),
        sa.ForeignKeyConstraint(
            ["municipality"], ["municipality.code"], name=op.f("fk_partner_municipality_municipality")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner")),
        sa.UniqueConstraint("institution_id", name=op.f("uq_partner_institution_id")),
        sa.UniqueConstraint("municipality", name=op.f("uq_partner_municipality")),
    )
    op.create_table(
        "programme_rule",
        sa.Column("programme", sa.Text(), nullable=False),
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.Column("grade_from", sa.SmallInteger(), nullable=True),
        sa.Column("grade_to", sa.SmallInteger(), nullable=True),
        sa.Column("mode", sa.Text(), nullable=True),
        sa.Column("value", sa.Numeric(precision=6, scale=2), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint("topic <> 'MODE' OR mode IS NOT NULL", name=op.f("ck_programme_rule_mode_of_delivery")),
        sa.CheckConstraint("grade_to >= grade_from", name=op.f("ck_programme_rule_grade_order")),
        sa.CheckConstraint("valid_to >= valid_from", name=op.f("ck_programme_rule_period_order")),
        sa.ForeignKeyConstraint(["programme"], ["programme.code"], name=op.f("fk_programme_rule_programme_programme")),
        sa.PrimaryKeyConstraint("programme", "id", name=op.f("pk_programme_rule")),
    )
    op.create_table(
        "participation",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.Column("programme", sa.Text(), nullable=False),
        sa.Column("partner_id", sa.Integer(), nullable=False),
        sa.Column("agreement_number", sa.Text(), nullable=False),
        sa.Column("agreement_date", sa.Date(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint("valid_to >= valid_from", name=op.f("ck_participation_period_order")),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name=op.f("fk_participation_institution_institution_id")
        ),
        sa.ForeignKeyConstraint(["partner_id"], ["partner.id"], name=op.f("fk_participation_partner_partner_id")),
        sa.ForeignKeyConstraint(["programme"], ["programme.code"], name=op.f("fk_participation_programme_programme")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_participation")),
        sa.UniqueConstraint(
            "institution_id",
            "programme",
            "valid_from",
            name=op.f("uq_participation_institution_id_programme_valid_from"),
        ),
    )
    op.create_index(op.f("ix_participation_partner_id"), "participation", ["partner_id"], unique=False)


def downgrade() -> None:
    op.drop_table("participation")
    op.drop_table("programme_rule")
    op.drop_table("partner")
    op.drop_table("municipality_succession")
    op.drop_table("municipality_region")
    op.drop_table("institution_registration")
    op.drop_table("institution_location")
    op.drop_table("semester")
    op.drop_table("school_calendar")
    op.drop_table("region")
    op.drop_table("programme")
    op.drop_table("municipality")
    op.drop_table("institution")
    op.drop_table("code")
