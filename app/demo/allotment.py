"""Who gets which consultations and which economic support, so that a semester of a block holds exactly what its targets say."""

from collections.abc import Mapping, Sequence
from random import Random

from app.demo import figures
from app.demo.apportionment import apportion, overlaid
from app.demo.blocks import Targets, consultations
from app.demo.cases import Case, Consultation
from app.demo.exchange import exchange
from app.demo.figures import Topic

SUPPORTED_IN_EUR = 0.42
_SPECIALISTS_TO_THE_END = 0.8


def allot(cases: Sequence[Case], targets: Targets, random: Random) -> None:
    """Fill in the cases' consultations and economic support. Each case gets them by the days on which it can have them."""
    able = [case for case in cases if case.days]
    if not able:
        return
    weights = [max(1, round(len(case.days) * random.uniform(60, 140))) for case in able]
    parts = _with_topics(able, apportion(targets.consultations, weights), targets, random)
    _with_risks(parts, targets.risks, random)
    exchange(able)
    _set_hours(able, targets.quarters, random)
    _economic(able, targets.economic, random)


Part = tuple[Case, Topic, int]


def _with_topics(cases: Sequence[Case], sizes: Sequence[int], targets: Targets, random: Random) -> list[Part]:
    """Each case is about two or three topics: cut into pieces, which are laid along the line of all topics in a random order."""
    pieces: list[tuple[Case, int]] = []
    for case, size in zip(cases, sizes, strict=True):
        many = min(size, random.choices((1, 2, 3), (2, 5, 3))[0]) or 1
        pieces.extend((case, part) for part in apportion(size, [random.randint(2, 5) for _ in range(many)]) if part)
    random.shuffle(pieces)
    line = [(topic, consultations(quarters)) for topic, quarters in targets.quarters.items()]
    return list(overlaid(pieces, line))


def _with_risks(parts: list[Part], risks: Mapping[str, int], random: Random) -> None:
    """Parts along the line of all risks: specialists mostly at the far end, where behaviour, health and family are."""
    order = {id(part): random.random() + _SPECIALISTS_TO_THE_END * (part[1].specialist is not None) for part in parts}
    parts.sort(key=lambda part: order[id(part)])
    position = 0
    for (case, topic), risk, many in overlaid((((case, topic), size) for case, topic, size in parts), risks.items()):
        for _ in range(many):
            position += 1
            # Every 25th along the line: so the share of what was missed is the same for each risk.
            missed = (
                position * figures.MISSED_PERCENT % 100 < figures.MISSED_PERCENT and risk not in figures.NEVER_MISSED
            )
            case.consultations.append(Consultation(topic, risk, 0, missed))


def _set_hours(cases: Sequence[Case], quarters: Mapping[Topic, int], random: Random) -> None:
    by_topic: dict[Topic, list[Consultation]] = {topic: [] for topic in quarters}
    for case in cases:
        for each in case.consultations:
            by_topic[each.topic].append(each)
    for topic, all_of_topic in by_topic.items():
        attended = [each for each in all_of_topic if not each.missed]
        lengths = _lengths(len(attended), quarters[topic])
        random.shuffle(lengths)
        for consultation, length in zip(attended, lengths, strict=True):
            consultation.quarters = length
        for consultation in all_of_topic:
            consultation.quarters = consultation.quarters or random.choice((2, 3, 4))


def _lengths(many: int, quarters: int) -> list[int]:
    """So many lengths of half, three quarters and one hour that sum to `quarters`, as far as that can be done."""
    surplus = min(max(quarters - 2 * many, 0), 2 * many)
    whole = max(min(many // 6, surplus // 2), surplus - many)
    three = surplus - 2 * whole
    return [4] * whole + [3] * three + [2] * (many - whole - three)


def _economic(cases: Sequence[Case], risks: Mapping[str, int], random: Random) -> None:
    chosen = [case for case in cases if random.random() < SUPPORTED_IN_EUR] or list(cases)
    random.shuffle(chosen)
    sizes = apportion(sum(risks.values()), [max(1, round(len(case.days) * random.uniform(50, 150))) for case in chosen])
    position = 0
    for case, risk, many in overlaid(zip(chosen, sizes, strict=True), risks.items()):
        missed = ((position + many) * figures.MISSED_PERCENT) // 100 - (position * figures.MISSED_PERCENT) // 100
        position += many
        case.economic.append((risk, many - missed, missed))
