"""Which type of items is what."""

from app.api.sync.kinds.institutions import Institutions
from app.api.sync.kinds.interventions import Interventions
from app.api.sync.run import Kind
from app.domain.sync import ItemType

KINDS: dict[ItemType, Kind] = {
    ItemType.INSTITUTION: Institutions(),
    ItemType.INTERVENTION: Interventions(),
}
