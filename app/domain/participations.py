"""Participations: when an institution takes part in a programme, under whose agreement."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from app.domain.errors import Invalid, Refused, Violation, check, violation
from app.domain.geography import Geography
from app.domain.ids import InstitutionId, ParticipationId, PartnerId
from app.domain.institutions import Institution
from app.domain.periods import Period
from app.domain.programmes import Programme


@dataclass(frozen=True, slots=True, kw_only=True)
class Partner:
    """Who signed the cooperation agreement: a municipality (ATVK code), or an institution for itself. Never both, never neither."""

    id: PartnerId
    municipality: str | None = None
    institution_id: InstitutionId | None = None


def check_partner(partner: Partner, *, geography: Geography) -> Partner:
    """Raise Invalid unless exactly one signs: a municipality of any time, since agreements outlive borders, or an institution."""
    check(_flaws(partner, geography))
    return partner


def _flaws(partner: Partner, geography: Geography) -> Iterator[Violation]:
    if (partner.municipality is None) == (partner.institution_id is None):
        yield violation("", "one-signatory", "Give either a municipality or an institution.")
    if partner.municipality is not None and geography.municipality(partner.municipality) is None:
        yield violation("/municipality", "unknown-code", f"No municipality {partner.municipality}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Participation:
    id: ParticipationId
    institution_id: InstitutionId
    programme: str
    partner_id: PartnerId
    agreement_number: str
    agreement_date: date
    period: Period
    version: int = 1


def check_participation(
    participation: Participation, *, institution: Institution, programme: Programme, others: Iterable[Participation]
) -> Participation:
    """Raise Invalid unless the period fits the programme, the institution's life and its other periods in the programme.

    `others` are this institution's participations in the same programme, this one excluded.
    """
    check(_violations(participation, institution, programme, others))
    return participation


def _violations(
    participation: Participation, institution: Institution, programme: Programme, others: Iterable[Participation]
) -> Iterator[Violation]:
    period = participation.period
    if period.end is not None and period.end < period.start:
        yield violation("/to", "ends-before-start", "A participation cannot end before it starts.")
    if not period.start >= programme.period.start or not period.overlaps(programme.period):
        yield violation(
            "/from", "outside-programme", f"The programme runs from {programme.period.start} to {programme.period.end}."
        )
    if not period.within(institution.life):
        yield violation(
            "/from", "outside-institution-life", "The institution must be open during the whole participation."
        )
    if participation.agreement_date > period.start:
        yield violation(
            "/agreement_date", "agreement-after-start", "Participation starts on or after the date of its agreement."
        )
    if any(period.overlaps(other.period) for other in others):
        yield violation("/from", "overlap", "The institution already participates in these days.")


def check_signatory(partner: Partner, institution_id: InstitutionId) -> None:
    """Raise Invalid where the partner is another institution: an institution signs for itself alone."""
    if partner.institution_id not in (None, institution_id):
        raise Invalid([violation("/partner_id", "another-institution", "This partner is another institution.")])


def check_life(institution: Institution, participations: Iterable[Participation]) -> None:
    """Raise Refused where the institution's opening or closing would leave a participation outside its life."""
    if any(not each.period.within(institution.life) for each in participations):
        raise Refused(
            "The institution participates outside these dates: end or change that first.",
            code="participation-outside-life",
        )


def takes_part(participations: Iterable[Participation], day: date) -> Participation | None:
    """The participation in force on that day, or None."""
    return next((each for each in participations if day in each.period), None)
