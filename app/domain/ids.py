"""Identifiers, one type each, so that a student's id never passes for a plan's.

Records of students carry UUIDs: a student's is random (version 4) and says nothing of the person or the day; the others are
made by whoever creates the record (PostgreSQL's `uuidv7()` unless given). Institutions and partners are few and public: integers.
"""

from typing import NewType
from uuid import UUID

StudentId = NewType("StudentId", UUID)
EnrolmentId = NewType("EnrolmentId", UUID)
RiskId = NewType("RiskId", UUID)
ReleaseId = NewType("ReleaseId", UUID)
PlanId = NewType("PlanId", UUID)
InterventionId = NewType("InterventionId", UUID)
OutcomeId = NewType("OutcomeId", UUID)
DisclosureId = NewType("DisclosureId", UUID)
ParticipationId = NewType("ParticipationId", UUID)
ClientId = NewType("ClientId", UUID)
CredentialId = NewType("CredentialId", UUID)
GrantId = NewType("GrantId", UUID)
InstitutionId = NewType("InstitutionId", int)
PartnerId = NewType("PartnerId", int)
