"""Which type of items is what."""

from app.api.sync.kinds.enrolments import Enrolments
from app.api.sync.kinds.institutions import Institutions
from app.api.sync.kinds.interventions import Interventions
from app.api.sync.kinds.outcomes import Outcomes
from app.api.sync.kinds.plans import Plans
from app.api.sync.kinds.risks import Risks
from app.api.sync.kinds.students import Students
from app.api.sync.run import Kind
from app.domain.sync import ItemType

KINDS: dict[ItemType, Kind] = {
    ItemType.INSTITUTION: Institutions(),
    ItemType.STUDENT: Students(),
    ItemType.ENROLMENT: Enrolments(),
    ItemType.RISK: Risks(),
    ItemType.PLAN: Plans(),
    ItemType.INTERVENTION: Interventions(),
    ItemType.OUTCOME: Outcomes(),
}
