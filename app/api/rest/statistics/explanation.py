"""What a question means and how it is answered, in place of its answer."""

from collections.abc import Collection

from app.api.register import Register
from app.api.rest.statistics.models import (
    DefinitionsOut,
    DimensionDefinitionOut,
    ExplanationOut,
    MeasureDefinitionOut,
    Words,
)
from app.api.standings import Standing
from app.db.scopes import DatabaseRole
from app.db.statistics.plan import plans
from app.domain.releases.wording import counted_en, counted_lv
from app.domain.statistics.catalogue import DIMENSIONS, MEASURES
from app.domain.statistics.definitions import Dimension, DimensionDefinition, Measure, MeasureDefinition
from app.domain.statistics.names import Names
from app.domain.statistics.query import Query
from app.domain.statistics.wording import in_words

_SOURCE = Words(
    lv="Reģistra ieraksti, kas saglabāti līdz šim brīdim, Jūsu redzamības lokā; skaitļi ir precīzi.",
    en="The register's records as they are committed by now, within your scope; the figures are exact.",
)
_RELEASED = Words(
    lv="Apzīmogoti publicējumi par tiem publicētajiem semestriem, par kuriem jautāts: katram skaitlim ir pievienots nejaušs troksnis un"
    f" zināma standartkļūda. {counted_lv()}",
    en="Sealed releases, of those released semesters that the question covers: every figure has noise, and a standard error that is"
    f" known. {counted_en()}",
)
_AT_THE_TIME = Words(
    lv="Plāns un viss, kas no tā izriet, pieder vietai, kur iestāde atradās plāna pirmajā dienā.",
    en="A plan and all that hangs on it belongs to where its institution lay on the plan's first day.",
)


async def explain(register: Register, standing: Standing, query: Query) -> ExplanationOut:
    outside = standing.scope.role is DatabaseRole.ANALYST
    async with register.database.transaction(standing.scope, read_only=True, snapshot=True) as connection:
        plan = await plans(connection, query, reference=register.reference, scope=standing.scope, today=standing.today)
    words = in_words(query.where, Names(reference=register.reference, scheme=query.scheme))
    return ExplanationOut(
        definitions=definitions_of(query.asked, query.dimensions),
        filter=Words(lv=words.lv, en=words.en),
        borders=_AT_THE_TIME if query.as_of is None else _as_of(query),
        source=_RELEASED if outside else _SOURCE,
        plan=list(plan),
    )


def _as_of(query: Query) -> Words:
    return Words(
        lv=f"{query.as_of} robežas visai vēsturei.", en=f"The borders of {query.as_of}, for the whole history."
    )


def definitions_of(measures: Collection[Measure], dimensions: Collection[Dimension]) -> DefinitionsOut:
    """In the order of the catalogue."""
    return DefinitionsOut(
        measures=[_measure(each) for code, each in MEASURES.items() if code in measures],
        dimensions=[_dimension(each) for code, each in DIMENSIONS.items() if code in dimensions],
    )


def _measure(each: MeasureDefinition) -> MeasureDefinitionOut:
    share = each.share
    return MeasureDefinitionOut(
        code=each.code,
        name_lv=each.name_lv,
        name_en=each.name_en,
        definition_lv=each.definition_lv,
        definition_en=each.definition_en,
        unit=each.unit,
        numerator=None if share is None else share.numerator,
        denominator=None if share is None else share.denominator,
        dimensions=[dimension for dimension in Dimension if dimension in each.dimensions],
    )


def _dimension(each: DimensionDefinition) -> DimensionDefinitionOut:
    return DimensionDefinitionOut(
        code=each.code,
        name_lv=each.name_lv,
        name_en=each.name_en,
        definition_lv=each.definition_lv,
        definition_en=each.definition_en,
        filter_name=each.filter_name,
        range_name=each.range_name,
        code_list=each.code_list,
    )
