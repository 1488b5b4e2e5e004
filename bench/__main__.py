"""`python -m bench [--only NAME]`: run, print, and write bench/results.json."""

import argparse
import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.bulk_import import bulk_import
from bench.house import SCALE, Bench, bench
from bench.measure import Result
from bench.record_read import record_read
from bench.region_semester import region_semester

BENCHMARKS: dict[str, Callable[[Bench], Awaitable[Result]]] = {
    "record-read": record_read,
    "region-semester": region_semester,
    "bulk-import": bulk_import,
}
RESULTS = Path(__file__).with_name("results.json")


async def run(names: list[str]) -> list[Result]:
    async with bench() as prepared:
        return [await BENCHMARKS[name](prepared) for name in names]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--only", choices=sorted(BENCHMARKS), help="run one")
    only = parser.parse_args().only
    results = asyncio.run(run([only] if only else list(BENCHMARKS)))
    table = Table("benchmark", "ours", "limit", "unit", "ratio", title=f"SCALE={SCALE}")
    for each in results:
        table.add_row(each.name, f"{each.ours:,.1f}", f"{each.limit:,.1f}", each.unit, f"{each.ratio:.2f}")
    Console().print(table)
    RESULTS.write_text(json.dumps([each.as_json() for each in results], indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
