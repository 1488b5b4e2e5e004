"""What the demo prints when it is up: where it is, whom one can be, and what to ask."""

import shlex
import sys
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from rich.console import Console

from app.api.tokens import utc_now
from app.cli.demo_house import House
from app.cli.demo_system import reading, sending
from app.demo.register import Examples
from app.domain.actors import Actor, Role
from app.main import tokens_from

LIFETIME = timedelta(days=30)
QUERY = (
    "{ statistics(by: [REGION, SEMESTER]) { groups { key { region { nameEn } semester { code } }"
    " students plans deliveredHours } } }"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Somebody to be, and a question of theirs."""

    title: str
    actor: Actor
    path: str


def visitors(those: Examples) -> tuple[Visitor, ...]:
    school = frozenset({those.school})
    return (
        Visitor(
            title=f"Head of {those.school_name}",
            actor=Actor(subject="demo-head", role=Role.SCHOOL_HEAD, institution_ids=school),
            path="/v1/plans?semester=2021-1&limit=2",
        ),
        Visitor(
            title=f"Support provider {those.staff_member} of the same school",
            actor=Actor(
                subject="demo-provider",
                role=Role.SUPPORT_PROVIDER,
                institution_ids=school,
                staff_member=those.staff_member,
            ),
            path="/v1/students?limit=2",
        ),
        Visitor(
            title=f"Coordinator of {those.partner_name}, partner {those.partner}",
            actor=Actor(subject="demo-partner", role=Role.MUNICIPALITY_COORDINATOR, partner_id=those.partner),
            path="/v1/plans?state=ACTIVE&limit=2",
        ),
        Visitor(
            title=f"Coordinator of {those.vocational_name}, its own partner",
            actor=Actor(
                subject="demo-vocational", role=Role.VOCATIONAL_COORDINATOR, partner_id=those.vocational_partner
            ),
            path="/v1/risks?limit=2",
        ),
        Visitor(
            title=f"Regional coordinator of {those.region}",
            actor=Actor(subject="demo-region", role=Role.REGIONAL_COORDINATOR, region_code=those.region),
            path="/v1/outcomes?limit=2",
        ),
        Visitor(
            title="Programme authority",
            actor=Actor(subject="demo-authority", role=Role.PROGRAMME_AUTHORITY),
            path="/v1/interventions?limit=2",
        ),
        Visitor(
            title="Analyst (no records; statistics from releases)",
            actor=Actor(subject="demo-analyst", role=Role.ANALYST),
            path="/v1/statistics?by=SEMESTER&measures=STUDENTS,DELIVERED_HOURS",
        ),
    )


def welcome(house: House, url: str, console: Console) -> None:
    tokens = tokens_from(house.settings)

    def token(actor: Actor) -> str:
        return tokens.issue(actor, now=utc_now(), lifetime=LIFETIME)

    def say(text: str = "", style: str | None = None) -> None:
        _say(console, text, style)

    say()
    say(f"The register is at {url}", "bold green")
    say(f"  {url}/docs     REST reference")
    say(f"  {url}/graphql  GraphiQL: paste a token into the header editor")
    say(
        f"Its day is {house.settings.today}. All persons are made up. Ctrl-C ends it; the next start uses the same data."
    )
    for each in visitors(house.examples):
        say()
        say(each.title, "bold")
        say(f"curl -s -H 'Authorization: Bearer {token(each.actor)}' '{url}{each.path}'")
    say()
    say("School information system: it gets a token for ten minutes, and uses it", "bold")
    say(reading(house, url))
    say("A batch of it; sent again it is answered again, and applied once. docs/integrators.md goes on from here")
    say(sending(house, url))
    say()
    say("Statistics by region and semester, as the authority", "bold")
    authority = token(Actor(subject="demo-authority", role=Role.PROGRAMME_AUTHORITY))
    say(
        f"curl -s -H 'Authorization: Bearer {authority}' -H 'Content-Type: application/json'"
        f""" -d '{{"query": "{QUERY}"}}' {url}/graphql"""
    )


def welcome_operator(environment: Path, console: Console) -> None:
    """`environment`: the file with the variables of the running demo."""
    commands = f"(. {shlex.quote(str(environment))}; {shlex.quote(sys.argv[0])} clients list)"
    _say(console)
    _say(console, "Operator, in another shell while this one runs; likewise audit, keys and retention", "bold")
    _say(console, commands)


def _say(console: Console, text: str = "", style: str | None = None) -> None:
    # Never wrapped: lines are there to be copied.
    console.print(text, style=style, soft_wrap=True, highlight=False, markup=False)
