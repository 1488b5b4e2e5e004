"""What `risk-register push` does: items out of files, batches out of items, and what was rejected back to its rows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from pathlib import Path
from typing import Any

from app.api.languages import Language, sentence_and_detail
from app.cli.push_targets import rejected_files
from app.cli.sources.source import Place, Source, Sourced
from app.client import Counts, Progress, RejectedItem, Report, Violation
from app.client.private_files import replacing

UNREADABLE = "unreadable"
"""How items are counted that have no type."""


class Unfit(Exception):
    """What has to be taken as a whole cannot be read as a whole: nothing was sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    source: Source
    place: Place
    item: dict[str, Any]
    violations: tuple[Violation, ...]

    @property
    def reasons(self) -> list[str]:
        return [f"{self.source.field(self.item, each.pointer) or '/'}: {each.told}" for each in self.violations]


@dataclass(slots=True, kw_only=True)
class Pushed:
    """Grows while items are read and batches answered. `whole`: all is to be taken, or nothing."""

    sources: Sequence[Source]
    language: Language
    whole: bool = False
    counts: dict[str, Counts] = field(default_factory=dict)
    rejected: list[Rejected] = field(default_factory=list)
    states: set[str] = field(default_factory=set)
    removed: int | None = None
    _places: list[tuple[int, tuple[int, ...], Path]] = field(default_factory=list)

    def items(self) -> Iterator[dict[str, Any]]:
        """Those that can be sent. Raises Unfit at the end where others cannot, and all would have to be."""
        for number, source in enumerate(self.sources):
            for each in source.items():
                if each.wrong:
                    self._keep_wrong(source, each)
                else:
                    self._places.append((number, each.place.lines, each.place.file))
                    yield each.item
        if self.whole and self.rejected:
            raise Unfit

    def take(self, progress: Progress) -> None:
        self._count(progress.report)
        self.rejected.extend(map(self._located, progress.rejected))

    def take_snapshot(self, report: Report) -> None:
        self._count(report)
        self.removed = report.removed
        for each in report.rejected:
            number, lines, file = self._places[each.line - 1]
            item = {"type": each.type, "external_id": each.external_id}
            self.rejected.append(
                Rejected(source=self.sources[number], place=Place(file, lines), item=item, violations=each.violations)
            )

    def write_rejected(self, target: Path) -> list[Path]:
        """Into one file in the form of what was pushed; of several files, each into one of its name in the folder `target`."""
        files = [file for source in self.sources for file in source.files()]
        targets = rejected_files(target, files)
        written = []
        if len(files) > 1:
            target.mkdir(parents=True, exist_ok=True)
        for file, of_file in groupby(self.in_order(), key=lambda each: each.place.file):
            group = list(of_file)
            reasons = {line: each.reasons for each in group for line in each.place.lines}
            with replacing(targets[file]) as beside:
                group[0].source.write_rejected(file, reasons, beside)
            written.append(targets[file])
        return written

    def in_order(self) -> list[Rejected]:
        """As they stand in their files, whoever found them wrong."""
        return sorted(self.rejected, key=lambda each: (str(each.place.file), each.place.lines))

    def _keep_wrong(self, source: Source, each: Sourced) -> None:
        said = tuple(self._told(it) for it in each.wrong)
        self.rejected.append(Rejected(source=source, place=each.place, item=each.item, violations=said))
        of_type = str(each.item.get("type") or UNREADABLE)
        self.counts[of_type] = self.counts.get(of_type, Counts()) + Counts(rejected=1)

    def _told(self, wrong: Violation) -> Violation:
        message, detail = sentence_and_detail(wrong.code, self.language, wrong.message)
        return replace(wrong, message=message, detail=detail)

    def _count(self, report: Report) -> None:
        self.states.add(report.state)
        for of_type, counts in report.counts.items():
            self.counts[of_type] = self.counts.get(of_type, Counts()) + counts

    def _located(self, each: RejectedItem) -> Rejected:
        number, lines, file = self._places[each.position]
        return Rejected(
            source=self.sources[number], place=Place(file, lines), item=dict(each.item), violations=each.violations
        )
