"""`python -m bench [--only NAME]`: run, print, and write bench/results.json."""

import argparse
import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path

from rich.console import Console
from rich.table import Column, Table

from bench.audit_cost import audit_cost
from bench.batches import batches
from bench.bulk_import import bulk_import
from bench.exports import exports
from bench.feed import feed
from bench.graphql_answers import graphql_answers
from bench.house import SCALE, Bench, bench
from bench.measure import Result
from bench.record_read import record_read
from bench.releases import releases
from bench.scope_cost import scope_cost
from bench.statistics_cold import statistics_cold
from bench.statistics_streaming import statistics_streaming
from bench.statistics_warm import statistics_warm
from bench.ten_times import ten_times

BENCHMARKS: dict[str, Callable[[Bench], Awaitable[Result | list[Result]]]] = {
    "record-read": record_read,
    "statistics-cold": statistics_cold,
    "statistics-streaming": statistics_streaming,
    "statistics-warm": statistics_warm,
    "releases": releases,
    "graphql-answers": graphql_answers,
    "bulk-import": bulk_import,
    "batches": batches,
    "scope-cost": scope_cost,
    "audit-cost": audit_cost,
    "feed": feed,
    "exports": exports,
}
ALONE = "ten-times"
"""Only run by its name: it takes long, and needs a register of its own."""
WIDTH = 120
RESULTS = Path(__file__).with_name("results.json")


async def run(names: list[str]) -> list[Result]:
    results: list[Result] = []
    async with bench() as prepared:
        for name in names:
            found = await BENCHMARKS[name](prepared)
            results += found if isinstance(found, list) else [found]
    return results


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--only", choices=sorted({*BENCHMARKS, ALONE}), help="run one")
    only = parser.parse_args().only
    results = asyncio.run(ten_times() if only == ALONE else run([only] if only else list(BENCHMARKS)))
    table = Table(
        Column("benchmark", no_wrap=True),
        *("ours", "limit", "unit", "ratio", "better is"),
        Column("promised", no_wrap=True),
        title=f"SCALE={SCALE}",
    )
    for each in results:
        direction = "more" if each.more_is_better else "less"
        table.add_row(
            each.name,
            f"{each.ours:,.2f}",
            f"{each.limit:,.2f}",
            each.unit,
            f"{each.ratio:.2f}",
            direction,
            each.promise,
        )
    console = Console()
    # Where nobody watches, a line is as long as it needs to be.
    Console(width=None if console.is_terminal else WIDTH).print(table)
    RESULTS.write_text(json.dumps([each.as_json() for each in results], indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
