"""Whether a locked package is the subject of a security advisory: a finding fails, silence of whoever publishes them does not.

tools/advisories.py .venv/bin/pip-audit requirements.lock
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

PATIENCE = 5
"""Seconds for one package."""
LONGEST = 180
"""Seconds for all of them."""
CACHE = Path(".cache/advisories")


def main(pip_audit: str, lock: Path) -> int:
    """0: no advisory is known, or nobody could be asked; 1: there is one."""
    locked = lock.read_text(encoding="utf-8")
    # The first package alone, so that a machine without a way out waits for one answer and not for a hundred.
    if not _audited(_ask(pip_audit, first_of(locked))):
        print("Advisories were not checked: nobody who publishes them can be reached from here.")
        return 0
    answers = _ask(pip_audit, locked)
    audited = _audited(answers)
    if len(audited) < len(answers) or not answers:
        print(f"Advisories were checked for {len(audited)} of {len(answers)} packages; the others are not known there.")
    findings = list(findings_in(audited))
    for finding in findings:
        print(finding)
    return 1 if findings else 0


def first_of(locked: str) -> str:
    """The first requirement, with its hashes: those are the lines that are indented."""
    first, *others = (line for line in locked.splitlines() if line and not line.startswith("#"))
    hashes = []
    for line in others:
        if not line.startswith(" "):
            break
        hashes.append(line)
    return "\n".join([first, *hashes]) + "\n"


def findings_in(audited: list[dict[str, Any]]) -> list[str]:
    return [
        f"{each['name']} {each['version']}: {vulnerability['id']}"
        f" (mended in {', '.join(vulnerability['fix_versions']) or 'no version yet'})"
        for each in audited
        for vulnerability in each["vulns"]
    ]


def _audited(answers: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [each for each in answers if "vulns" in each]


def _ask(pip_audit: str, requirements: str) -> list[dict[str, Any]]:
    """What is known of each package. Nothing of any, where pip-audit has no answer."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as file:
        file.write(requirements)
        file.flush()
        command = [pip_audit, "--requirement", file.name, "--require-hashes", "--disable-pip", "--format", "json"]
        command += ["--progress-spinner", "off", "--timeout", str(PATIENCE), "--cache-dir", str(CACHE)]
        try:
            asked = subprocess.run(command, capture_output=True, text=True, timeout=LONGEST, check=False)  # noqa: S603 - our own words
            return list(json.loads(asked.stdout)["dependencies"])
        except (subprocess.TimeoutExpired, ValueError, KeyError):
            return []


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2])))
