"""Who acts in the synthetic register: heads, preparers, coordinators, the authority, and the staff who give support."""

from functools import cache

from app.demo.figures import Topic
from app.demo.schools import School
from app.domain.actors import Actor, Role
from app.domain.ids import InstitutionId
from app.domain.participations import Partner

AUTHORITY = Actor(subject="demo-authority", role=Role.PROGRAMME_AUTHORITY)


def head(school: School) -> Actor:
    return Actor(subject=f"demo-head-{school.id}", role=Role.SCHOOL_HEAD, institution_ids=frozenset({school.id}))


def preparer(school: School) -> Actor:
    return Actor(subject=f"demo-preparer-{school.id}", role=Role.PLAN_PREPARER, institution_ids=frozenset({school.id}))


def coordinator(partner: Partner) -> Actor:
    return Actor(subject=f"demo-coordinator-{partner.id}", role=Role.MUNICIPALITY_COORDINATOR, partner_id=partner.id)


def provider(school: School, topic: Topic) -> str:
    """The staff member who gives this support there: one for each subject and each kind of specialist."""
    return _reference(school.institution.id, topic)


@cache
def _reference(identity: InstitutionId, topic: Topic) -> str:
    return f"{identity:03}-{(topic.subject or topic.specialist or '').lower().replace('_', '-')}"


def purser(school: School) -> str:
    """The staff member who sees to economic support."""
    return f"{school.id:03}-office"
