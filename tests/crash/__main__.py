"""`make crash`: many runs, and what came of them. RUNS=n for as many, SEED=n for others."""

import argparse
import asyncio
import sys
import time
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.progress import track

from tests.crash.house import house
from tests.crash.memory import LEAST, MEGABYTE, WHOLE, grow
from tests.crash.runs import Summary, scene


async def crash(runs: int, seed: int, megabytes: int, console: Console) -> Summary:
    with TemporaryDirectory(prefix="crash-") as folder:
        async with house(Path(folder) / "data", Random(seed)) as home:
            stage = await scene(home)
            for number in track(range(seed, seed + runs), "Killing and cutting", console=console):
                for fault in await stage.run(number):
                    console.print(fault, style="red", markup=False, highlight=False)
            for kind, zipped in WHOLE if megabytes else ():
                found = await grow(stage, kind, megabytes * MEGABYTE, zipped=zipped)
                told = f"{megabytes} MB {found.kind}: {found.report['items']:,} items in {found.seconds:,.0f} s, {found.grown // MEGABYTE} MB"
                console.print(f"The service grew by so much: {told}.", highlight=False)
                if found.grown >= LEAST:
                    stage.summary.faults.append(told)
            return stage.summary


def told(summary: Summary, seconds: float, console: Console) -> None:
    console.print(f"{summary.runs} runs in {seconds:,.0f} s, {summary.batches:,} batches acknowledged.")
    console.print(
        f"{summary.lost} batches whose client gave up: {summary.lost_and_applied} of them are there as a whole, the others not at all."
    )
    for heading, counts in (("What happened", summary.harm), ("What clients saw", summary.seen)):
        console.print(f"{heading}:")
        for name, times in counts.most_common():
            console.print(f"  {times:6,}  {name}", highlight=False)
    console.print(f"{len(summary.faults)} faults." if summary.faults else "Every acknowledged item is there once.")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1, help="of the first run; each next one has the next")
    parser.add_argument(
        "--megabytes", type=int, default=200, help="of the bodies under which the memory is measured; 0: none"
    )
    asked = parser.parse_args()
    console, started = Console(), time.monotonic()
    summary = asyncio.run(crash(asked.runs, asked.seed, asked.megabytes, console))
    told(summary, time.monotonic() - started, console)
    sys.exit(bool(summary.faults))


if __name__ == "__main__":
    main()
