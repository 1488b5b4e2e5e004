"""The client as a school system installs it: by itself, under its own name, with httpx and nothing of the register."""

import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
CLIENT = ROOT / "app" / "client"
TRY = """
import sys, pathlib
import risk_register_client as installed
assert pathlib.Path(installed.__file__).is_relative_to(sys.argv[1]), installed.__file__
assert (pathlib.Path(installed.__file__).parent / "py.typed").exists()
installed.RegisterClient("http://127.0.0.1:1", installed.FixedToken("t")).close()
strangers = sorted(name for name in sys.modules if name.split(".")[0] in {"app", "fastapi", "pydantic", "sqlalchemy", "jwt"})
assert not strangers, strangers
print(" ".join(sorted(installed.__all__)))
"""


def run(*command: str, cwd: Path) -> str:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)  # noqa: S603 - ours
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_it_is_built_installed_and_imported_alone(tmp_path: Path) -> None:
    target = tmp_path / "site"
    options = ["--quiet", "--no-deps", "--no-build-isolation", "--no-index", "--no-cache-dir", "--target", str(target)]
    run(sys.executable, "-m", "pip", "install", *options, str(CLIENT), cwd=tmp_path)
    package = target / "risk_register_client"
    ours = {each.name for each in CLIENT.iterdir() if each.suffix in {".py", ".typed"}}
    assert {each.name for each in package.iterdir() if each.name != "__pycache__"} == ours
    # -I and -S leave out this checkout and its packages; what the client needs is put back by hand.
    code = f"import sys; sys.path[:0] = [{str(target)!r}, {str(site())!r}]\n{TRY}"
    names = run(sys.executable, "-I", "-S", "-c", code, str(target), cwd=tmp_path).split()
    assert {"RegisterClient", "AsyncRegisterClient", "SqliteStore"} <= set(names)


def site() -> Path:
    import httpx  # noqa: PLC0415 - where it lies

    return Path(httpx.__file__).parents[1]


def test_it_needs_httpx_alone_in_the_version_that_the_register_has() -> None:
    ours = tomllib.loads((CLIENT / "pyproject.toml").read_text())["project"]
    theirs = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert ours["dependencies"] == [each for each in theirs["dependencies"] if each.startswith("httpx")]
