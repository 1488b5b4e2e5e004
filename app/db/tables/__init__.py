"""Every table of the register, on one MetaData."""

from app.db.tables.audit import audit_event, audit_head, audit_inbox, audit_log
from app.db.tables.base import metadata
from app.db.tables.changes import change_head, change_inbox, change_log
from app.db.tables.clients import client, client_assertion, client_credential, client_grant
from app.db.tables.closings import semester_closing
from app.db.tables.erasures import erasure_tombstone
from app.db.tables.institutions import (
    institution,
    institution_location,
    institution_registration,
    participation,
    partner,
)
from app.db.tables.interventions import intervention
from app.db.tables.outcomes import outcome, outcome_result
from app.db.tables.persons import identity_disclosure, key_check, person, personal_code, stated_code
from app.db.tables.plans import plan, plan_provider, plan_risk, plan_step, planned_measure
from app.db.tables.reference import (
    municipality,
    municipality_region,
    municipality_succession,
    programme,
    programme_rule,
    region,
    retention_rule,
    school_calendar,
    semester,
)
from app.db.tables.releases import release, release_cell
from app.db.tables.statistics import (
    statistics_cell,
    statistics_delivery,
    statistics_era,
    statistics_pending,
    statistics_place,
    statistics_plan,
    statistics_risk,
    statistics_staff,
    statistics_student,
    statistics_version,
)
from app.db.tables.statistics_several import statistics_several
from app.db.tables.students import enrolment, risk, student, student_access, student_alias
from app.db.tables.sync import source_key, sync_batch, sync_rejection

__all__ = [
    "audit_event",
    "audit_head",
    "audit_inbox",
    "audit_log",
    "change_head",
    "change_inbox",
    "change_log",
    "client",
    "client_assertion",
    "client_credential",
    "client_grant",
    "enrolment",
    "erasure_tombstone",
    "identity_disclosure",
    "institution",
    "institution_location",
    "institution_registration",
    "intervention",
    "key_check",
    "metadata",
    "municipality",
    "municipality_region",
    "municipality_succession",
    "outcome",
    "outcome_result",
    "participation",
    "partner",
    "person",
    "personal_code",
    "plan",
    "plan_provider",
    "plan_risk",
    "plan_step",
    "planned_measure",
    "programme",
    "programme_rule",
    "region",
    "release",
    "release_cell",
    "retention_rule",
    "risk",
    "school_calendar",
    "semester",
    "semester_closing",
    "source_key",
    "stated_code",
    "statistics_cell",
    "statistics_delivery",
    "statistics_era",
    "statistics_pending",
    "statistics_place",
    "statistics_plan",
    "statistics_risk",
    "statistics_several",
    "statistics_staff",
    "statistics_student",
    "statistics_version",
    "student",
    "student_access",
    "student_alias",
    "sync_batch",
    "sync_rejection",
]
