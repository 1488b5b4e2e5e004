"""Progress bars of the demo's loading."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from app.demo.register import Progress as Loading


@contextmanager
def filling(console: Console) -> Iterator[Callable[[Loading], None]]:
    """A bar over all plans of the register, with the rows written so far beside it."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("plans, {task.fields[rows]:,} rows"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console) as bars:
        task = bars.add_task("Making a synthetic register", total=None, rows=0)
        yield lambda loading: bars.update(task, completed=loading.plans, total=loading.of_plans, rows=loading.rows)
