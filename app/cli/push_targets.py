"""What `risk-register push` writes, looked at before anything is sent: none of it is what the command reads."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path


class BadTarget(Exception):
    """A file that is not to be written; the message is for whoever named it."""


def rejected_files(target: Path, files: Sequence[Path]) -> Mapping[Path, Path]:
    """Where what was rejected of each file goes: of one into `target`, of several each into one of its name in the folder `target`."""
    return {file: target / file.name if len(files) > 1 else target for file in files}


def check_rejected(target: Path, files: Sequence[Path], read: Iterable[Path]) -> None:
    """Raises BadTarget."""
    if len(files) > 1 and target.exists() and not target.is_dir():
        raise BadTarget(f"{target} is no folder, and rows of several files go back to several files.")
    if len(files) == 1 and not target.parent.is_dir():
        raise BadTarget(f"There is no folder {target.parent}.")
    written: list[Path] = []
    for file, path in rejected_files(target, files).items():
        if any(_same(path, other) for other in written):
            raise BadTarget(f"Rows of two files would go to {path}: push {file} by itself.")
        check_target(path, read)
        written.append(path)


def check_target(path: Path, read: Iterable[Path]) -> None:
    """Raises BadTarget where it is a link, no file, or one of those that are read."""
    if path.is_symlink():
        raise BadTarget(f"{path} is a link: name the file itself.")
    if path.exists() and not path.is_file():
        raise BadTarget(f"{path} is no file.")
    if any(_same(path, other) for other in read):
        raise BadTarget(f"{path} would be written while it is needed as it is: name another file.")


def _same(one: Path, other: Path) -> bool:
    """By whatever names; of two that are not there yet, whether they may be one (there are disks that do not know A from a)."""
    if one.exists() or other.exists():
        return one.exists() and other.exists() and one.samefile(other)
    return str(one.resolve()).casefold() == str(other.resolve()).casefold()
