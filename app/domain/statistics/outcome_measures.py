"""Measures of what came of plans and of school years: each with what exactly is counted, when, and from which states.

None of them is the EU indicator of early leavers from education and training, which is a survey rate.
"""

from app.domain.statistics.definitions import Grain, Measure, MeasureDefinition, MeasureUnit, Share

_RISK_LV = " Skaita plāna semestrī; vienu un to pašu risku divos plānos skaita divreiz."
_RISK_EN = " Counted in the plan's semester; the same risk in two plans counts twice."
_YEAR_LV = (
    " Skaita tos, kuriem tajā mācību gadā bija spēkā stājies plāns, pēc plāna iestādes ieraksta par plāna mācību gadu. Katru grupā un"
    " kopsummā skaita vienreiz. Tas nav ES rādītājs par priekšlaicīgu izglītības pārtraukšanu."
)
_YEAR_EN = (
    " Of those with a plan put into force in the school year, as the plan's institution recorded it for that year. Each counts once in a"
    " group and once in the total. This is not the EU indicator of early leavers."
)

OUTCOME_MEASURES = (
    MeasureDefinition(
        code=Measure.RISKS_ANSWERED,
        name_lv="riski, uz kuriem plāni vērsti",
        name_en="risks answered",
        definition_lv="Plāna un riska pāri: katrs risks, uz kuru vērsts spēkā stājies plāns." + _RISK_LV,
        definition_en="Pairs of plan and risk: each risk that a plan put into force answers." + _RISK_EN,
        unit=MeasureUnit.RISK,
        grain=Grain.PLAN_RISK,
    ),
    MeasureDefinition(
        code=Measure.RISKS_WITH_RESULT,
        name_lv="riski ar rezultātu",
        name_en="risks with a result",
        definition_lv="Tie no riskiem, uz kuriem plāni vērsti, kuriem plāna izvērtējumā ierakstīts rezultāts."
        + _RISK_LV,
        definition_en="Of the risks answered, those for which the plan's outcome records a result." + _RISK_EN,
        unit=MeasureUnit.RISK,
        grain=Grain.PLAN_RISK,
    ),
    MeasureDefinition(
        code=Measure.RISKS_RESOLVED,
        name_lv="novērstie riski",
        name_en="risks resolved",
        definition_lv="Tie no riskiem ar rezultātu, kuru rezultāts ir: novērsts." + _RISK_LV,
        definition_en="Of the risks with a result, those whose result is RESOLVED." + _RISK_EN,
        unit=MeasureUnit.RISK,
        grain=Grain.PLAN_RISK,
    ),
    MeasureDefinition(
        code=Measure.RISKS_REDUCED,
        name_lv="mazinātie riski",
        name_en="risks reduced",
        definition_lv="Tie no riskiem ar rezultātu, kuru rezultāts ir: mazinājies." + _RISK_LV,
        definition_en="Of the risks with a result, those whose result is REDUCED." + _RISK_EN,
        unit=MeasureUnit.RISK,
        grain=Grain.PLAN_RISK,
    ),
    MeasureDefinition(
        code=Measure.RISKS_IMPROVED,
        name_lv="novērstie vai mazinātie riski",
        name_en="risks improved",
        definition_lv="Tie no riskiem ar rezultātu, kuru rezultāts ir: novērsts vai mazinājies." + _RISK_LV,
        definition_en="Of the risks with a result, those whose result is RESOLVED or REDUCED." + _RISK_EN,
        unit=MeasureUnit.RISK,
        grain=Grain.PLAN_RISK,
    ),
    MeasureDefinition(
        code=Measure.RESOLVED_RATE,
        name_lv="novērsto risku īpatsvars",
        name_en="resolved rate",
        definition_lv="Novērstie riski no riskiem ar rezultātu." + _RISK_LV,
        definition_en="Risks resolved, of the risks with a result." + _RISK_EN,
        unit=MeasureUnit.SHARE,
        grain=Grain.PLAN_RISK,
        share=Share(numerator=Measure.RISKS_RESOLVED, denominator=Measure.RISKS_WITH_RESULT),
    ),
    MeasureDefinition(
        code=Measure.IMPROVED_RATE,
        name_lv="novērsto vai mazināto risku īpatsvars",
        name_en="improved rate",
        definition_lv="Novērstie vai mazinātie riski no riskiem ar rezultātu." + _RISK_LV,
        definition_en="Risks resolved or reduced, of the risks with a result." + _RISK_EN,
        unit=MeasureUnit.SHARE,
        grain=Grain.PLAN_RISK,
        share=Share(numerator=Measure.RISKS_IMPROVED, denominator=Measure.RISKS_WITH_RESULT),
    ),
    MeasureDefinition(
        code=Measure.STUDENTS_WITH_YEAR_RESULT,
        name_lv="izglītojamie ar mācību gada iznākumu",
        name_en="students with a year result",
        definition_lv="Dažādi izglītojamie, kuriem ierakstīts mācību gada iznākums." + _YEAR_LV,
        definition_en="Distinct students for whom a result of the school year is recorded." + _YEAR_EN,
        unit=MeasureUnit.STUDENT,
        grain=Grain.PLAN,
    ),
    MeasureDefinition(
        code=Measure.STUDENTS_PROMOTED,
        name_lv="pārceltie izglītojamie",
        name_en="students promoted",
        definition_lv="Dažādi izglītojamie, kas pārcelti nākamajā klasē vai kursā. Izglītības pakāpi pabeigušos neskaita."
        + _YEAR_LV,
        definition_en="Distinct students promoted to the next grade or course. Those who completed the stage of education are not among them."
        + _YEAR_EN,
        unit=MeasureUnit.STUDENT,
        grain=Grain.PLAN,
    ),
    MeasureDefinition(
        code=Measure.STUDENTS_LEFT_EARLY,
        name_lv="izglītojamie, kas pārtrauca mācības",
        name_en="students who left early",
        definition_lv="Dažādi izglītojamie, kas priekšlaicīgi pārtrauca mācības." + _YEAR_LV,
        definition_en="Distinct students who left education early." + _YEAR_EN,
        unit=MeasureUnit.STUDENT,
        grain=Grain.PLAN,
    ),
    MeasureDefinition(
        code=Measure.PROMOTED_RATE,
        name_lv="pārcelto izglītojamo īpatsvars",
        name_en="promoted rate",
        definition_lv="Pārceltie izglītojamie no izglītojamiem ar mācību gada iznākumu." + _YEAR_LV,
        definition_en="Students promoted, of the students with a year result." + _YEAR_EN,
        unit=MeasureUnit.SHARE,
        grain=Grain.PLAN,
        share=Share(numerator=Measure.STUDENTS_PROMOTED, denominator=Measure.STUDENTS_WITH_YEAR_RESULT),
    ),
    MeasureDefinition(
        code=Measure.LEFT_EARLY_RATE,
        name_lv="mācības pārtraukušo īpatsvars",
        name_en="left early rate",
        definition_lv="Izglītojamie, kas pārtrauca mācības, no izglītojamiem ar mācību gada iznākumu." + _YEAR_LV,
        definition_en="Students who left early, of the students with a year result." + _YEAR_EN,
        unit=MeasureUnit.SHARE,
        grain=Grain.PLAN,
        share=Share(numerator=Measure.STUDENTS_LEFT_EARLY, denominator=Measure.STUDENTS_WITH_YEAR_RESULT),
    ),
)
