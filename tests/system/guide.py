"""A guide as a program: its files, its commands, and what it says they answer."""

import asyncio
import json
import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

DOCS = Path(__file__).parents[2] / "docs"
GUIDE = DOCS / "integrators.md"
_BLOCK = re.compile(r"^```(\w+) ?([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ANYTHING = "..."


@dataclass(frozen=True, slots=True)
class Block:
    language: str
    meant: str
    text: str


@dataclass(slots=True)
class Run:
    """A command of the guide, and what it says the answer is."""

    block: Block
    answer: Block | None = None

    def check(self, printed: str) -> None:
        if self.answer is None:
            return
        if self.answer.language == "json":
            check_part(json.loads(self.answer.text), json.loads(printed))
        else:
            assert printed.strip() == self.answer.text.strip()


@dataclass(slots=True)
class Guide:
    """`untried`: what a reader types that a test does not."""

    files: dict[str, str] = field(default_factory=dict)
    runs: list[Run] = field(default_factory=list)
    untried: list[str] = field(default_factory=list)

    @classmethod
    def read(cls, text: str) -> "Guide":
        guide = cls()
        for block in blocks(text):
            match block.meant.split("="):
                case ["run"]:
                    guide.runs.append(Run(block))
                case ["answer"]:
                    assert guide.runs[-1].answer is None, "an answer belongs to the command before it"
                    guide.runs[-1].answer = block
                case ["file", name]:
                    guide.files[name] = block.text
                case _:
                    guide.untried.append(block.text.strip())
        return guide

    def script(self, folder: Path) -> str:
        """All of it in one shell, as a reader would type it; what each command prints is kept in a file of its own."""
        lines = ["set -euo pipefail"]
        for number, run in enumerate(self.runs):
            text = run.block.text
            if run.block.language == "python":
                (folder / f"{number}.py").write_text(text, encoding="utf-8")
                text = f"python -W error {number}.py\n"
            lines.append(f"echo {number} > at\n{{\n{text}}} > {number}.out")
        return "\n".join(lines)


async def follow(guide: Guide, folder: Path, installed: Path, environment: dict[str, str]) -> None:
    """All of it in this folder, with the client under its own name; it prints what it says it prints."""
    for name, text in guide.files.items():
        (folder / name).write_text(text, encoding="utf-8")
    everywhere = {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(installed),
        "HOME": str(folder),
        "LANG": "C.UTF-8",
    }
    shell = await asyncio.create_subprocess_exec(
        "bash",
        "-c",
        guide.script(folder),
        cwd=folder,
        env={**everywhere, **environment},
        stderr=asyncio.subprocess.PIPE,
    )
    _, complaints = await shell.communicate()
    reached = int((folder / "at").read_text())
    for number, run in enumerate(guide.runs[: reached + 1]):
        printed = (folder / f"{number}.out").read_text(encoding="utf-8")
        try:
            run.check(printed)
        except (AssertionError, ValueError) as error:
            message = f"{run.block.text}\nprinted\n{printed}\nand complained\n{complaints.decode()}"
            raise AssertionError(message) from error
    assert shell.returncode == 0, f"{guide.runs[reached].block.text}\n{complaints.decode()}"


def check_part(said: Any, found: Any, at: str = "") -> None:
    """What is said is found; there may be more of it, and `...` is anything."""
    if isinstance(said, dict):
        assert isinstance(found, dict), at
        for name, value in said.items():
            assert name in found, f"{at}/{name}"
            check_part(value, found[name], f"{at}/{name}")
    elif isinstance(said, list):
        assert isinstance(found, list), at
        assert len(said) == len(found), (at, found)
        for number, (one, other) in enumerate(zip(said, found, strict=True)):
            check_part(one, other, f"{at}/{number}")
    else:
        assert said in (found, ANYTHING), (at, said, found)


def blocks(text: str) -> Iterator[Block]:
    return (Block(*found) for found in _BLOCK.findall(text))
