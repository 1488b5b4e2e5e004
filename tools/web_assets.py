"""Fetch the published builds behind /docs and GraphiQL, and lay out what is served in app/api/vendor.

The builds carry their own dependencies, so only the four tarballs are fetched: with `npm pack`, which runs no script of
any package. What arrived is compared with the hash in package-lock.json before anything is taken out of it. The folder
appears whole or not at all. Usage: python tools/web_assets.py path/to/npm
"""

import base64
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "app" / "api" / "vendor"
FILES = {
    "graphiql": ("graphiql.min.js", "graphiql.min.css", "LICENSE"),
    "react": ("umd/react.production.min.js", "LICENSE"),
    "react-dom": ("umd/react-dom.production.min.js", "LICENSE"),
    "swagger-ui-dist": ("swagger-ui-bundle.js", "swagger-ui.css", "LICENSE", "NOTICE"),
}


def fetch(npm: str, package: str, version: str, into: Path) -> bytes:
    """The tarball of a package as published, fetched by npm from wherever this machine's npm is set to fetch from."""
    command = [
        npm,
        "pack",
        f"{package}@{version}",
        "--pack-destination",
        str(into),
        "--cache",
        str(ROOT / ".cache" / "npm"),
    ]
    done = subprocess.run(  # noqa: S603  the arguments come from package-lock.json and this file
        [*command, "--ignore-scripts", "--no-update-notifier", "--loglevel=error", "--fetch-retries=1"],
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        cwd=into,
        # Networks that open TLS on the way have their authority in the system's store, which Node else passes by.
        env={"NODE_USE_SYSTEM_CA": "1", **os.environ},
    )
    if done.returncode != 0:
        sys.exit(f"{package} {version}: npm could not fetch it")
    return (into / f"{package}-{version}.tgz").read_bytes()


def check_integrity(package: str, tarball: bytes, expected: str) -> None:
    """Exit when the tarball is not the one in the lock, whose integrity is `sha512-` and a base64 digest."""
    found = "sha512-" + base64.b64encode(hashlib.sha512(tarball).digest()).decode()
    if found != expected:
        sys.exit(f"{package}: the package that was fetched is not the one in package-lock.json ({found})")


def main(npm: str) -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    (ROOT / ".cache").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=ROOT / ".cache") as scratch:
        ready = Path(scratch) / "vendor"
        for package, names in FILES.items():
            locked = lock[f"node_modules/{package}"]
            check_integrity(package, fetch(npm, package, locked["version"], Path(scratch)), locked["integrity"])
            (ready / package).mkdir(parents=True)
            with tarfile.open(Path(scratch) / f"{package}-{locked['version']}.tgz") as archive:
                for name in names:
                    content = archive.extractfile(f"package/{name}")
                    if content is None:
                        sys.exit(f"{package} {locked['version']} has no file {name}")
                    (ready / package / Path(name).name).write_bytes(content.read())
        shutil.rmtree(VENDOR, ignore_errors=True)
        ready.rename(VENDOR)


if __name__ == "__main__":
    main(str(Path(sys.argv[1]).resolve()))
