"""The dimensions of the catalogue: by what figures may be grouped and filtered."""

from app.domain.statistics.definitions import Dimension, DimensionDefinition

_ALL = (
    DimensionDefinition(
        code=Dimension.REGION,
        name_lv="reģions",
        name_en="region",
        definition_lv="Reģions izvēlētajā iedalījumā, kurā attiecīgajā dienā ietilpa iestādes pašvaldība. UNASSIGNED, ja iedalījums"
        " todien nebija spēkā.",
        definition_en="The region, in the scheme asked, to which the institution's municipality belonged on that day. UNASSIGNED where"
        " the scheme was not in force on it.",
        filter_name="regions",
    ),
    DimensionDefinition(
        code=Dimension.MUNICIPALITY,
        name_lv="pašvaldība",
        name_en="municipality",
        definition_lv="Pašvaldība (ATVK kods), kurā iestāde atradās plāna pirmajā dienā, dalībai: pirmajā jautātajā dienā. Pašvaldība"
        " pirms un pēc 2021. gada reformas ir divas dažādas.",
        definition_en="The municipality (ATVK code) in which the institution lay on the plan's first day; for participation, on the first"
        " day asked. A municipality before the reform of 2021 and the one after it are two.",
        filter_name="municipalities",
    ),
    DimensionDefinition(
        code=Dimension.INSTITUTION,
        name_lv="izglītības iestāde",
        name_en="institution",
        definition_lv="Izglītības iestāde, kurai ir plāns vai dalības periods.",
        definition_en="The institution whose plan or participation it is.",
        filter_name="institutions",
    ),
    DimensionDefinition(
        code=Dimension.SEMESTER,
        name_lv="semestris",
        name_en="semester",
        definition_lv="Plāna semestris. I semestris ir no 1. septembra līdz 31. decembrim, II semestris līdz 31. augustam.",
        definition_en="The plan's semester. Semester I runs from 1 September to 31 December, semester II to 31 August.",
        filter_name="semesters",
    ),
    DimensionDefinition(
        code=Dimension.SCHOOL_YEAR,
        name_lv="mācību gads",
        name_en="school year",
        definition_lv="Plāna semestra mācību gads, no 1. septembra līdz 31. augustam.",
        definition_en="The school year of the plan's semester, from 1 September to 31 August.",
        filter_name="schoolYears",
    ),
    DimensionDefinition(
        code=Dimension.INSTITUTION_KIND,
        name_lv="iestādes veids",
        name_en="kind of institution",
        definition_lv="Vispārējās vai profesionālās izglītības iestāde.",
        definition_en="A general or a vocational educational institution.",
        filter_name="kinds",
        code_list="institution-kinds",
    ),
    DimensionDefinition(
        code=Dimension.GRADE,
        name_lv="klase vai kurss",
        name_en="grade or course",
        definition_lv="Klase (1-12), profesionālās izglītības iestādē kurss (1-4), pēc mācību ieraksta, uz kuru plāns attiecas. Lai tos"
        " šķirtu, jautājiet arī pēc iestādes veida.",
        definition_en="The grade (1-12), at a vocational institution the course (1-4), of the enrolment that the plan is for. To tell"
        " the two apart, ask by the kind of institution as well.",
        filter_name="grades",
    ),
    DimensionDefinition(
        code=Dimension.RISK_GROUP,
        name_lv="risku grupa",
        name_en="risk group",
        definition_lv="Tā riska grupa, uz kuru plāns vai atbalsta pasākums vērsts.",
        definition_en="The group of the risk that the plan or the intervention answers.",
        filter_name="riskGroups",
        code_list="risk-groups",
    ),
    DimensionDefinition(
        code=Dimension.RISK,
        name_lv="risks",
        name_en="risk",
        definition_lv="Risks, uz kuru plāns vai atbalsta pasākums vērsts.",
        definition_en="The risk that the plan or the intervention answers.",
        filter_name="risks",
        code_list="risks",
    ),
    DimensionDefinition(
        code=Dimension.SUPPORT_MEASURE,
        name_lv="atbalsta pasākums",
        name_en="support measure",
        definition_lv="Sniegtā atbalsta veids.",
        definition_en="The kind of support delivered.",
        filter_name="supportMeasures",
        code_list="support-measures",
    ),
    DimensionDefinition(
        code=Dimension.SUBJECT,
        name_lv="mācību priekšmets",
        name_en="subject",
        definition_lv="Konsultācijas mācību priekšmets; tukšs atbalstam bez mācību priekšmeta.",
        definition_en="The subject of the consultation; empty for support without a subject.",
        filter_name="subjects",
        code_list="subjects",
    ),
    DimensionDefinition(
        code=Dimension.SPECIALIST,
        name_lv="speciālists",
        name_en="specialist",
        definition_lv="Atbalstu sniegušā speciālista veids; tukšs atbalstam bez speciālista.",
        definition_en="The kind of specialist who delivered the support; empty for support without a specialist.",
        filter_name="specialists",
        code_list="specialists",
    ),
    DimensionDefinition(
        code=Dimension.DELIVERY_MODE,
        name_lv="norises veids",
        name_en="delivery mode",
        definition_lv="Klātienē vai attālināti; tukšs atbalstam EUR.",
        definition_en="In person or remotely; empty for support in EUR.",
        filter_name="deliveryModes",
        code_list="delivery-modes",
    ),
)

DIMENSIONS: dict[Dimension, DimensionDefinition] = {each.code: each for each in _ALL}
