"""Measures of what was planned and delivered, by whom and where: each with what exactly is added up, when, and from which states."""

from app.domain.statistics.definitions import Grain, Measure, MeasureDefinition, MeasureUnit, Share

_DELIVERED_LV = " Skaita plāna semestrī un vietā, kur iestāde atradās plāna pirmajā dienā."
_DELIVERED_EN = " Counted in the plan's semester, and where the institution lay on the plan's first day."
_PLANNED_LV = (
    " Tā, kā plāns to paredz tagad, arī ja tas pārtraukts; apstiprinātās izmaiņas ir iekļautas, ierosinātās nav."
    + _DELIVERED_LV
)
_PLANNED_EN = (
    " As the plan has it now, also where it was discontinued; approved revisions are in it, proposed ones are not."
    + _DELIVERED_EN
)

DELIVERY_MEASURES = (
    MeasureDefinition(
        code=Measure.INTERVENTIONS,
        name_lv="īstenotie atbalsta pasākumi",
        name_en="interventions",
        definition_lv="Īstenotie (apmeklētie) atbalsta pasākumi stundās un EUR, spēkā stājušos plānu ietvaros."
        + _DELIVERED_LV,
        definition_en="Support measures as delivered (attended), in hours and in EUR, under plans put into force."
        + _DELIVERED_EN,
        unit=MeasureUnit.INTERVENTION,
        grain=Grain.INTERVENTION,
    ),
    MeasureDefinition(
        code=Measure.NOT_ATTENDED,
        name_lv="nenotikušie atbalsta pasākumi",
        name_en="not attended",
        definition_lv="Paredzētie atbalsta pasākumi, kas nenotika: izglītojamais neieradās, slimoja, atteicās vai nebija atbalsta"
        " sniedzēja. Nevienā citā rādītājā tos neskaita." + _DELIVERED_LV,
        definition_en="Support measures that were to take place and did not: the student did not come, was ill or refused, or there was"
        " no provider. No other measure counts them." + _DELIVERED_EN,
        unit=MeasureUnit.INTERVENTION,
        grain=Grain.INTERVENTION,
    ),
    MeasureDefinition(
        code=Measure.DELIVERED_HOURS,
        name_lv="īstenotās stundas",
        name_en="delivered hours",
        definition_lv="Apmeklēto konsultāciju stundu summa; viena stunda ir 40 minūtes." + _DELIVERED_LV,
        definition_en="The hours of attended consultations added up; an hour is a teaching hour of 40 minutes."
        + _DELIVERED_EN,
        unit=MeasureUnit.TEACHING_HOUR,
        grain=Grain.INTERVENTION,
    ),
    MeasureDefinition(
        code=Measure.CONSULTATIONS,
        name_lv="konsultācijas",
        name_en="consultations",
        definition_lv="Apmeklētie atbalsta pasākumi, ko uzskaita stundās." + _DELIVERED_LV,
        definition_en="Attended interventions that are counted in hours." + _DELIVERED_EN,
        unit=MeasureUnit.INTERVENTION,
        grain=Grain.INTERVENTION,
    ),
    MeasureDefinition(
        code=Measure.EUR,
        name_lv="ekonomiskais atbalsts EUR",
        name_en="economic support in EUR",
        definition_lv="Sniegtā ekonomiskā atbalsta summa EUR. Konsultāciju izmaksas tajā neietilpst." + _DELIVERED_LV,
        definition_en="The amounts of economic support given, in EUR. What consultations cost is not in it."
        + _DELIVERED_EN,
        unit=MeasureUnit.EUR,
        grain=Grain.INTERVENTION,
    ),
    MeasureDefinition(
        code=Measure.PLANNED_HOURS,
        name_lv="plānotās stundas",
        name_en="planned hours",
        definition_lv="Spēkā stājušos plānos paredzēto konsultāciju stundu summa; viena stunda ir 40 minūtes."
        + _PLANNED_LV,
        definition_en="The hours of consultations planned in plans put into force, added up; an hour is a teaching hour of 40 minutes."
        + _PLANNED_EN,
        unit=MeasureUnit.TEACHING_HOUR,
        grain=Grain.PLANNED,
    ),
    MeasureDefinition(
        code=Measure.PLANNED_EUR,
        name_lv="plānotais ekonomiskais atbalsts EUR",
        name_en="planned economic support in EUR",
        definition_lv="Spēkā stājušos plānos paredzētā ekonomiskā atbalsta summa EUR." + _PLANNED_LV,
        definition_en="The amounts of economic support planned in plans put into force, in EUR." + _PLANNED_EN,
        unit=MeasureUnit.EUR,
        grain=Grain.PLANNED,
    ),
    MeasureDefinition(
        code=Measure.INTERVENTIONS_SCHEDULED,
        name_lv="paredzētie atbalsta pasākumi",
        name_en="interventions scheduled",
        definition_lv="Visi reģistrētie atbalsta pasākumi spēkā stājušos plānu ietvaros: īstenotie un tie, kas nenotika."
        + _DELIVERED_LV,
        definition_en="All support measures recorded under plans put into force: those attended and those that did not take place."
        + _DELIVERED_EN,
        unit=MeasureUnit.INTERVENTION,
        grain=Grain.INTERVENTION,
    ),
    MeasureDefinition(
        code=Measure.ATTENDANCE_RATE,
        name_lv="apmeklējuma īpatsvars",
        name_en="attendance rate",
        definition_lv="Īstenotie (apmeklētie) atbalsta pasākumi no visiem paredzētajiem." + _DELIVERED_LV,
        definition_en="Interventions attended, of all that were scheduled." + _DELIVERED_EN,
        unit=MeasureUnit.SHARE,
        grain=Grain.INTERVENTION,
        share=Share(numerator=Measure.INTERVENTIONS, denominator=Measure.INTERVENTIONS_SCHEDULED),
    ),
    MeasureDefinition(
        code=Measure.STAFF_INVOLVED,
        name_lv="iesaistītie darbinieki",
        name_en="staff involved",
        definition_lv="Dažādi darbinieki, kas spēkā stājušos plānu ietvaros īstenojuši vismaz vienu apmeklētu atbalsta pasākumu. Darbinieku"
        " pazīst savā iestādē: kas strādā divās iestādēs, ir divi. Pasākumus bez norādīta darbinieka neskaita."
        + _DELIVERED_LV,
        definition_en="Distinct members of staff who delivered at least one attended intervention under plans put into force. They are known"
        " within their institution: who works at two counts twice. Interventions that name nobody do not count."
        + _DELIVERED_EN,
        unit=MeasureUnit.STAFF_MEMBER,
        grain=Grain.STAFF,
    ),
    MeasureDefinition(
        code=Measure.INSTITUTIONS_PARTICIPATING,
        name_lv="iestādes, kas piedalās",
        name_en="institutions participating",
        definition_lv="Dažādas izglītības iestādes, kuru dalības periods aptver jautāto dienu vai vismaz vienu dienu no jautātā semestra"
        " vai mācību gada, līdz šodienai. Iestāde pieder vietai, kur tā atradās pirmajā šādā dienā.",
        definition_en="Distinct institutions with a participation that covers the day asked, or at least one day of the semester or school"
        " year asked, up to today. An institution belongs to where it lay on the first such day.",
        unit=MeasureUnit.INSTITUTION,
        grain=Grain.PARTICIPATION,
    ),
)
