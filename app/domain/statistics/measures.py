"""The measures of the catalogue, in its order."""

from app.domain.statistics.definitions import Measure, MeasureDefinition
from app.domain.statistics.delivery_measures import DELIVERY_MEASURES
from app.domain.statistics.outcome_measures import OUTCOME_MEASURES
from app.domain.statistics.plan_measures import PLAN_MEASURES

_ALL = {each.code: each for each in (*PLAN_MEASURES, *DELIVERY_MEASURES, *OUTCOME_MEASURES)}
MEASURES: dict[Measure, MeasureDefinition] = {code: _ALL[code] for code in Measure}
