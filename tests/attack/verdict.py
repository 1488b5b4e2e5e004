"""What was promised, what came out, and whether it was kept."""

from dataclasses import dataclass, field

from rich.console import Console
from rich.table import Table


@dataclass(slots=True, kw_only=True)
class Verdict:
    """Lines are told at the end, each with the bound it is held to; None: it is told and not judged."""

    lines: list[tuple[str, str, str, bool | None]] = field(default_factory=list)

    def at_most(self, name: str, number: float, bound: float, unit: str = "") -> None:
        self.lines.append((name, f"{number:,.2f}{unit}", f"at most {bound:g}{unit}", number <= bound))

    def at_least(self, name: str, number: float, bound: float, unit: str = "") -> None:
        self.lines.append((name, f"{number:,.2f}{unit}", f"at least {bound:g}{unit}", number >= bound))

    def told(self, name: str, number: str) -> None:
        self.lines.append((name, number, "", None))

    @property
    def kept(self) -> bool:
        return all(kept is not False for *_, kept in self.lines)

    def show(self, console: Console) -> None:
        table = Table("what", "found", "promised", "")
        for name, number, bound, kept in self.lines:
            table.add_row(name, number, bound, "" if kept is None else "kept" if kept else "[red]BROKEN")
        console.print(table)
