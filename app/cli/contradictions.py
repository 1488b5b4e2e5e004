"""Where figures that the programme once published contradict each other, or seem to, and which measure answers each truly."""

from dataclasses import dataclass

from app.domain.statistics.definitions import Measure


@dataclass(frozen=True, slots=True, kw_only=True)
class Contradiction:
    """`published` is what was said, and whether it adds up; `answer` how the measures tell it. Without `measures`, the register has no such
    noun yet, and `answer` says what it has.
    """

    id: str
    about: str
    published: str
    answer: str
    measures: tuple[Measure, ...] = ()


_PARTS = (
    "The published list leaves a rest untold. Asked by risk, every risk is a group, and the total is there beside them."
)

CONTRADICTIONS = (
    Contradiction(
        id="K01",
        about="Plans in Madona, 2020/21",
        published="145 plans in semester I and 141 in semester II, 286 in all, for 181 students. It adds up.",
        answer="Plans by semester add up to the plans of the year. Students do not: who had a plan in both semesters is one student.",
        measures=(Measure.PLANS, Measure.STUDENTS),
    ),
    Contradiction(
        id="K02",
        about="Funding of the programme",
        published="33,840,519 EUR of the European Social Fund and 5,971,857 EUR of the state, 39,812,376 EUR in all. It adds up.",
        answer="The register keeps no accounts of a programme. Its EUR are economic support given to students, and nothing else.",
    ),
    Contradiction(
        id="K03",
        about="Hours of psychologists, 2018/19",
        published="12,053 hours in general and 5,010 in vocational education, 17,063 in all. It adds up.",
        answer="Filtered by specialist, by kind of institution: each intervention is at one institution, so the kinds add up to the total.",
        measures=(Measure.DELIVERED_HOURS,),
    ),
    Contradiction(
        id="K04",
        about="Hours of social pedagogues, 2018/19",
        published="10,053 hours in general and 2,134 in vocational education, 12,187 in all, told as more than 12,000. It fits.",
        answer="As for psychologists, to the hundredth of an hour.",
        measures=(Measure.DELIVERED_HOURS,),
    ),
    Contradiction(
        id="K05",
        about="More than 63,000 students",
        published="6,834, 15,129, 21,732 and 19,757 plans of four school years are 63,452. That many plans were told as that many students;"
        " in the middle of 2020 it had been 23,000 students for 44,000 plans.",
        answer="Plans count a student once for each plan. Students count each once, over all years if no year is asked: less than the sum of"
        " the years. Neither is a participation of institutions, which is a third measure.",
        measures=(Measure.PLANS, Measure.STUDENTS),
    ),
    Contradiction(
        id="K06",
        about="Shares of the risk groups",
        published="74, 21 and 5 per cent are 100, so nothing is left for family risks, which the same text describes.",
        answer="Interventions by risk group: each answers one risk, so the groups, family risks among them, add up to the total. By plan or by"
        " student they overlap, and no share of the whole can be made of them.",
        measures=(Measure.INTERVENTIONS, Measure.RISKS_ANSWERED),
    ),
    Contradiction(
        id="K07",
        about="Share of consultations",
        published="Almost four fifths, or 74 per cent: that is almost three quarters. The same 74 per cent is told of learning risks.",
        answer="Consultations of all interventions are one question, interventions by risk group another: each has its own numerator and"
        " denominator.",
        measures=(Measure.CONSULTATIONS, Measure.INTERVENTIONS),
    ),
    Contradiction(
        id="K08",
        about="Shares of learning risks",
        published="Six risks with 48.4, 17, 15.2, 4.1, 3.6 and 3 per cent are 91.3 per cent of their group.",
        answer=_PARTS,
        measures=(Measure.INTERVENTIONS,),
    ),
    Contradiction(
        id="K09",
        about="Shares of social and health risks",
        published="Four risks with 16.1, 16.1, 13.5 and 10.7 per cent are 56.4 per cent of their group.",
        answer=_PARTS,
        measures=(Measure.INTERVENTIONS,),
    ),
    Contradiction(
        id="K10",
        about="Shares of family risks",
        published="Four risks with 20.3, 14.3, 13.1 and 8.4 per cent are 56.1 per cent of their group.",
        answer=_PARTS,
        measures=(Measure.INTERVENTIONS,),
    ),
    Contradiction(
        id="K11",
        about="Growth of the number of institutions",
        published="From 163 to 438 is 2.687 times; 2.6 was published.",
        answer="Institutions on each of the two days. The register tells both numbers, and rounds no ratio of them.",
        measures=(Measure.INSTITUTIONS_PARTICIPATING,),
    ),
    Contradiction(
        id="K12",
        about="Institutions at the end of 2019",
        published="438 and 90 more are 528, told as more than 500. It fits; a later source has 507 for 2019/20.",
        answer="On a day, in a semester and in a school year are three questions: an institution that left in between is in the longer one.",
        measures=(Measure.INSTITUTIONS_PARTICIPATING,),
    ),
    Contradiction(
        id="K13",
        about="Youth projects to the end of 2019",
        published="78 in 2018 and 97 in 2019 are 175; 176 were told. Those approved are not those carried out.",
        answer="The register knows no youth projects yet.",
    ),
    Contradiction(
        id="K14",
        about="Plans to the end of 2019",
        published="6,834 and 15,129 plans, and semester I of 2019/20, were told as over 30,000: more than 8,037 of that semester. Semester II"
        " had over 11,000 of the year's 21,732. It fits.",
        answer="Plans of the semesters from the first to 2019-1: a plan is in one semester, so semesters add up.",
        measures=(Measure.PLANS,),
    ),
    Contradiction(
        id="K15",
        about="Money of Madona in 2021",
        published="344,875.46 less 283,687.45 EUR is 61,188.01, and 74,695.28 less 29,311.57 EUR is 45,383.71, for the same months. Youth projects"
        " and preventive work are in one of them, it seems.",
        answer="The register keeps no accounts of what a municipality received. What was given to students can be asked by municipality and"
        " semester (EUR), and is neither of the two.",
    ),
    Contradiction(
        id="K16",
        about="Schools of Madona before and after the reform",
        published="12 schools before 2021-07-01 and 15 on 2021-09-01. Both are right: other municipalities' schools had come to Madona, and"
        " Meirāni, which was not Madona's then, had ended on 2021-06-30.",
        answer="Institutions on the day asked, by municipality: at the time, or in the borders of any day (`asOf`). Ask by institution as well,"
        " and there are names to compare, and not only numbers.",
        measures=(Measure.INSTITUTIONS_PARTICIPATING,),
    ),
    Contradiction(
        id="K19",
        about="The first day",
        published="15 or 16 March 2017, or March 2017. The country, a municipality and a school began on different days.",
        answer="Not a figure, but days: the programme's, the agreement's and the participation's are three in the register.",
    ),
    Contradiction(
        id="K20",
        about="The last day",
        published="31 December 2022 in older texts, 31 December 2023 in newer ones: it was extended in the spring of 2021.",
        answer="Not a figure, but a day: reference data has the programme's last one, and beside it the last one of its consultations.",
    ),
    Contradiction(
        id="K21",
        about="The number of Madona's agreement",
        published="P6-13/51 and P6-13/5, both of 26 September 2017: one is a slip.",
        answer="Not a figure, but a number: each participation names its agreement's, with the day on which that was signed.",
    ),
    Contradiction(
        id="K23",
        about="6,409 students of 90 new institutions",
        published="71 of each, where 20,000 of 500 institutions are 40 of each: probably these are all students of that semester.",
        answer="Students by semester, filtered by institutions: those of the new ones and those of all are two questions.",
        measures=(Measure.STUDENTS,),
    ),
    Contradiction(
        id="K24",
        about="The number of the project",
        published="Three spellings of 8.3.4.0/16/I/001.",
        answer="Not a figure, but a number: in the register the programme has one code, PUMPURS.",
    ),
)
