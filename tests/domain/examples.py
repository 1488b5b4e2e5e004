"""Sound records to start from: each test changes the one thing it is about."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from app.db.reference import packaged
from app.domain.actors import Actor, Role
from app.domain.calendar import Semester
from app.domain.code_lists import Founder, InstitutionKind
from app.domain.enrolments import Enrolment
from app.domain.errors import Invalid
from app.domain.ids import EnrolmentId, InstitutionId, ParticipationId, PartnerId, PlanId, RiskId, StudentId
from app.domain.institutions import Institution, Location, RegistrationNumber
from app.domain.participations import Participation
from app.domain.periods import Period
from app.domain.personal_codes import demonstration_personal_code
from app.domain.plan_steps import Circumstances
from app.domain.plans import Consent, Content, Plan, PlannedMeasure, Signatory
from app.domain.students import Person
from app.domain.support import Support

REFERENCE = packaged()
CODES = REFERENCE.code_lists
PROGRAMME = REFERENCE.programmes["PUMPURS"]
TODAY = date(2021, 3, 15)

STUDENT = StudentId(UUID(int=1))
ENROLMENT = EnrolmentId(UUID(int=2))
PLAN = PlanId(UUID(int=3))
LANGUAGE, CONFLICT, FOREIGN = (RiskId(UUID(int=number)) for number in (11, 12, 19))
PARTICIPATION = ParticipationId(UUID(int=4))
SCHOOL = InstitutionId(1)
OLD_MADONA, NEW_MADONA = "0700200", "0038000"

MATHEMATICS = Support(measure="SUBJECT_CONSULTATION", hours=Decimal("20.00"), subject="MATHEMATICS")
MEALS = Support(measure="MEALS", eur=Decimal("45.50"))


def institution(**changes: Any) -> Institution:
    sound = Institution(
        id=SCHOOL,
        name="Saulkalnu pamatskola",
        kind=InstitutionKind.GENERAL,
        founder=Founder.MUNICIPALITY,
        registration_numbers=(RegistrationNumber(number="4412900000", period=Period(date(2010, 1, 1))),),
        locations=(
            Location(municipality=OLD_MADONA, period=Period(date(2010, 1, 1), date(2021, 6, 30))),
            Location(municipality=NEW_MADONA, period=Period(date(2021, 7, 1))),
        ),
        opened_on=date(2010, 1, 1),
    )
    return replace(sound, **changes)


def participation(**changes: Any) -> Participation:
    sound = Participation(
        id=PARTICIPATION,
        institution_id=SCHOOL,
        programme="PUMPURS",
        partner_id=PartnerId(1),
        agreement_number="SL-1",
        agreement_date=date(2018, 8, 20),
        period=Period(date(2018, 9, 1)),
    )
    return replace(sound, **changes)


def person(**changes: Any) -> Person:
    """Fourteen years old on the day of the examples."""
    sound = Person(
        student_id=STUDENT,
        institution_id=SCHOOL,
        given_names="Anna Elīza",
        family_name="Bērziņa-Kalna",
        birth_date=date(2006, 5, 17),
        personal_code=demonstration_personal_code(1),
    )
    return replace(sound, **changes)


def enrolment(**changes: Any) -> Enrolment:
    sound = Enrolment(
        id=ENROLMENT,
        student_id=STUDENT,
        institution_id=SCHOOL,
        grade=8,
        period=Period(date(2020, 9, 1)),
        home_municipality=OLD_MADONA,
    )
    return replace(sound, **changes)


def plan(**changes: Any) -> Plan:
    """A draft for semester II of 2020/21, ready to be submitted."""
    semester = Semester.parse("2020-2")
    sound = Plan(
        id=PLAN,
        student_id=STUDENT,
        institution_id=SCHOOL,
        enrolment_id=ENROLMENT,
        programme="PUMPURS",
        semester=semester,
        period=semester.period,
        content=Content(
            risk_ids=(LANGUAGE,), planned_measures=(PlannedMeasure(risk_id=LANGUAGE, support=MATHEMATICS),)
        ),
        consent=Consent(
            application_signed_on=date(2020, 12, 10),
            application_signed_by=Signatory.GUARDIAN,
            guardian_agreed_on=date(2020, 12, 11),
            student_agreed_on=date(2020, 12, 11),
        ),
    )
    return replace(sound, **changes)


def circumstances(**changes: Any) -> Circumstances:
    sound = Circumstances(
        programme=PROGRAMME,
        kind=InstitutionKind.GENERAL,
        grade=8,
        enrolment_lasts=True,
        participating=True,
        own_partner=False,
        age=14,
    )
    return replace(sound, **changes)


def actor(role: Role) -> Actor:
    return Actor(
        subject="somebody",
        role=role,
        institution_ids=frozenset({SCHOOL}),
        partner_id=PartnerId(1),
        region_code="PR-VIDZEME",
        staff_member="T-1",
    )


def found(error: Invalid) -> set[tuple[str, str]]:
    """Where and what: pointer and code of each violation."""
    return {(each.pointer, each.code) for each in error.violations}


def codes(violations: Iterable[Any]) -> set[str]:
    return {each.code for each in violations}
