"""The measures of the catalogue, each with what exactly is counted, when, and from which states."""

from app.domain.statistics.definitions import Grain, Measure, MeasureDefinition, MeasureUnit

_OVERLAP_LV = (
    " Sadalījumā pēc riska plāns ir pie katra riska, uz kuru tas vērsts; pēc atbalsta pasākuma, mācību priekšmeta, speciālista vai"
    " norises veida pie katra, kurā ir vismaz viens apmeklēts pasākums, un, ja jautāts arī pēc riska, pasākums vērsts uz šo risku."
    " Grupas tad pārklājas, bet kopsummā katrs ir vienreiz."
)
_OVERLAP_EN = (
    " Asked by risk, a plan belongs to every risk it answers; by support measure, subject, specialist or delivery mode, to every one in"
    " which at least one attended intervention was delivered, answering that risk if a risk is asked as well."
    " Groups then overlap, but each is in the total once."
)
_DELIVERED_LV = " Pieder plāna semestrim un vietai, kur iestāde atradās plāna pirmajā dienā."
_DELIVERED_EN = " It belongs to the plan's semester and to where the institution lay on the plan's first day."

_ALL = (
    MeasureDefinition(
        code=Measure.STUDENTS,
        name_lv="izglītojamie",
        name_en="students",
        definition_lv="Dažādi izglītojamie, kuriem bija vismaz viens spēkā stājies individuālais atbalsta plāns. Katru grupā un kopsummā"
        " skaita vienreiz, arī ja plānu ir vairāki; tāpēc grupu summa var pārsniegt kopsummu." + _OVERLAP_LV,
        definition_en="Distinct students with at least one plan that was put into force. Each counts once in a group and once in the"
        " total, however many plans there were; so groups may add up to more than the total." + _OVERLAP_EN,
        unit=MeasureUnit.STUDENT,
        grain=Grain.PLAN,
    ),
    MeasureDefinition(
        code=Measure.PLANS,
        name_lv="individuālie atbalsta plāni",
        name_en="plans",
        definition_lv="Plāni, kas stājušies spēkā (ir aktivizēšanas diena), neatkarīgi no tā, vai tie vēl ir spēkā, pabeigti vai"
        " pārtraukti. Skaita plāna semestrī. Izglītojamo ar diviem plāniem skaita divreiz." + _OVERLAP_LV,
        definition_en="Plans that were put into force (they have a day of activation), whether still active, completed or discontinued."
        " Counted in the plan's semester. A student with two plans counts twice." + _OVERLAP_EN,
        unit=MeasureUnit.PLAN,
        grain=Grain.PLAN,
    ),
    MeasureDefinition(
        code=Measure.PLANS_CONTINUED,
        name_lv="turpinātie plāni",
        name_en="plans continued",
        definition_lv="No spēkā stājušajiem plāniem tie, kas turpina kādu agrāku tā paša izglītojamā plānu."
        + _OVERLAP_LV,
        definition_en="Of the plans put into force, those that continue an earlier plan of the same student."
        + _OVERLAP_EN,
        unit=MeasureUnit.PLAN,
        grain=Grain.PLAN,
    ),
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

MEASURES: dict[Measure, MeasureDefinition] = {each.code: each for each in _ALL}
