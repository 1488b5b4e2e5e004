"""Measures that count plans, and those whom and what they are for: each with what exactly is counted, when, and from which states."""

from app.domain.statistics.definitions import Grain, Measure, MeasureDefinition, MeasureUnit, Share

OVERLAP_LV = (
    " Sadalījumā pēc riska plāns ir pie katra riska, uz kuru tas vērsts; pēc atbalsta pasākuma, mācību priekšmeta, speciālista vai"
    " norises veida pie katra, kurā ir vismaz viens apmeklēts pasākums, un, ja jautāts arī pēc riska, pasākums vērsts uz šo risku."
    " Grupas tad pārklājas, bet kopsummā katrs ir vienreiz."
)
OVERLAP_EN = (
    " Asked by risk, a plan belongs to every risk it answers; by support measure, subject, specialist or delivery mode, to every one in"
    " which at least one attended intervention was delivered, answering that risk if a risk is asked as well."
    " Groups then overlap, but each is in the total once."
)

PLAN_MEASURES = (
    MeasureDefinition(
        code=Measure.STUDENTS,
        name_lv="izglītojamie",
        name_en="students",
        definition_lv="Dažādi izglītojamie, kuriem bija vismaz viens spēkā stājies individuālais atbalsta plāns. Katru grupā un kopsummā"
        " skaita vienreiz, arī ja plānu ir vairāki; tāpēc grupu summa var pārsniegt kopsummu." + OVERLAP_LV,
        definition_en="Distinct students with at least one plan that was put into force. Each counts once in a group and once in the"
        " total, however many plans there were; so groups may add up to more than the total." + OVERLAP_EN,
        unit=MeasureUnit.STUDENT,
        grain=Grain.PLAN,
    ),
    MeasureDefinition(
        code=Measure.PLANS,
        name_lv="individuālie atbalsta plāni",
        name_en="plans",
        definition_lv="Plāni, kas stājušies spēkā (ir aktivizēšanas diena), neatkarīgi no tā, vai tie vēl ir spēkā, pabeigti vai"
        " pārtraukti. Skaita plāna semestrī. Izglītojamo ar diviem plāniem skaita divreiz." + OVERLAP_LV,
        definition_en="Plans that were put into force (they have a day of activation), whether still active, completed or discontinued."
        " Counted in the plan's semester. A student with two plans counts twice." + OVERLAP_EN,
        unit=MeasureUnit.PLAN,
        grain=Grain.PLAN,
    ),
    MeasureDefinition(
        code=Measure.PLANS_CONTINUED,
        name_lv="turpinātie plāni",
        name_en="plans continued",
        definition_lv="No spēkā stājušajiem plāniem tie, kas turpina kādu agrāku tā paša izglītojamā plānu."
        + OVERLAP_LV,
        definition_en="Of the plans put into force, those that continue an earlier plan of the same student."
        + OVERLAP_EN,
        unit=MeasureUnit.PLAN,
        grain=Grain.PLAN,
    ),
    MeasureDefinition(
        code=Measure.CONTINUATION_RATE,
        name_lv="turpināto plānu īpatsvars",
        name_en="continuation rate",
        definition_lv="Turpinātie plāni no visiem spēkā stājušajiem plāniem." + OVERLAP_LV,
        definition_en="Plans continued, of all plans put into force." + OVERLAP_EN,
        unit=MeasureUnit.SHARE,
        grain=Grain.PLAN,
        share=Share(numerator=Measure.PLANS_CONTINUED, denominator=Measure.PLANS),
    ),
)
