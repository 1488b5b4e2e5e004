"""Runs one embedded PostgreSQL for as long as its owner, the parent process, lives.

A script of its own, standard library only and run isolated, so that it starts in a moment and no neighbouring module
can shadow one of the standard library. It reads its order from argv, answers with one line of JSON, and then stops
PostgreSQL as soon as anything, be it the end of file, comes through standard input, or the parent is another.

The lock is inherited by PostgreSQL: it is held until the last process of a cluster has ended, even if this one
was killed.
"""

import ctypes
import fcntl
import json
import os
import pwd
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final

CLONE_NEWUSER: Final = 0x10000000
PR_SET_PDEATHSIG: Final = 1
LONGEST_TEMPORARY_DIR: Final = 60  # bytes; a whole socket path must stay below 104 (macOS) or 108 (Linux)
LAST_LINES: Final = 20  # of the log, shown when PostgreSQL ends before it is ready
SHUTDOWN_SECONDS: Final = 300  # granted to the server that an earlier, dead owner left behind


class Refusal(Exception):
    """Why PostgreSQL cannot run, in words for the person at the keyboard."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Runner:
    """As whom the programs of PostgreSQL run, where that user finds them, and what they hold open."""

    binaries: Path
    lock: int
    log: BinaryIO
    account: pwd.struct_passwd | None = None  # None: as this process

    def popen(self, program: str, *arguments: str, cluster: Path) -> subprocess.Popen[bytes]:
        data, options = str(cluster), dict[str, Any]()
        if self.account:
            hand_over(cluster, self.account.pw_uid, self.account.pw_gid)
            options = {"user": self.account.pw_uid, "group": self.account.pw_gid, "extra_groups": []}
            # The parents of the cluster may be closed to the account: its working directory is the way in.
            data = "/proc/self/cwd" if sys.platform == "linux" else data
        return subprocess.Popen(  # noqa: S603 (a program of the installed package)
            [self.binaries / program, "-D", data, *arguments],
            cwd=cluster,
            env={"PATH": os.defpath, "LC_ALL": "C"},
            stdin=subprocess.DEVNULL,
            stdout=self.log,
            stderr=self.log,
            pass_fds=(self.lock,),
            preexec_fn=end_with_parent,  # noqa: PLW1509 (no second thread exists before the last program is started)
            **options,
        )

    def run(self, program: str, *arguments: str, cluster: Path) -> None:
        start = self.log.seek(0, os.SEEK_END)
        if self.popen(program, *arguments, cluster=cluster).wait() != 0:
            raise Refusal(f"{program} failed:\n{last_lines(Path(self.log.name), start)}")


def choose_runner(binaries: Path, data_dir: Path, runtime: Path, *, lock: int, log: BinaryIO) -> Runner:
    """PostgreSQL refuses to run as root, so root becomes someone else, and opens no folder to anyone for it.

    1. In a user namespace: root by the rights on files, but under another number and without any capability.
    2. Where that is forbidden, or the data belong to an ordinary user: that user, or else nobody, who gets the
       cluster, and a copy of the programs, because the originals may lie where only root may enter.
    """
    same = Runner(binaries=binaries, lock=lock, log=log)
    if os.geteuid() != 0:
        return same
    owner = ordinary_owner(data_dir)
    account = owner or pwd.getpwnam("nobody")
    if not owner and succeeds_in_child(lambda: enter_namespace(account, binaries, data_dir)):
        for cluster in data_dir.glob("cluster*"):
            hand_over(cluster, 0, 0)
        enter_namespace(account, binaries, data_dir)
        return same
    programs = copy_programs(binaries, runtime)
    hand_over(runtime, account.pw_uid, account.pw_gid)
    if owner:
        hand_over(data_dir, account.pw_uid, account.pw_gid)
    return Runner(binaries=programs, lock=lock, log=log, account=account)


def ordinary_owner(folder: Path) -> pwd.struct_passwd | None:
    uid = folder.stat().st_uid
    with suppress(KeyError):  # the owner of a mounted volume may have no name here, and initdb asks for one
        return pwd.getpwuid(uid) if uid else None
    return None


def copy_programs(binaries: Path, target: Path) -> Path:
    """Copy what the programs need to run, in the same arrangement: they find their libraries relative to themselves."""
    installation, package = binaries.parent, binaries.parent.parent
    needed = (installation, package / ".dylibs", package.with_name(f"{package.name}.libs"))
    for folder in filter(Path.is_dir, needed):
        shutil.copytree(folder, target / folder.relative_to(package.parent), symlinks=True)
    return target / binaries.relative_to(package.parent)


def enter_namespace(account: pwd.struct_passwd, binaries: Path, data_dir: Path) -> None:
    """Become `account` by number, in a user namespace of this process; OSError if forbidden or of no use."""
    group = os.getegid()  # unknown inside until it is mapped
    if ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWUSER) != 0:
        raise OSError(ctypes.get_errno(), "unshare")
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{account.pw_uid} 0 1")
    Path("/proc/self/gid_map").write_text(f"{account.pw_gid} {group} 1")
    if not (os.access(binaries / "postgres", os.X_OK) and os.access(data_dir, os.W_OK | os.X_OK)):
        raise PermissionError(data_dir)


def succeeds_in_child(attempt: Callable[[], None]) -> bool:
    child = os.fork()
    if child == 0:
        with suppress(BaseException):
            attempt()
            os._exit(0)
        os._exit(1)
    return os.waitpid(child, 0)[1] == 0


def hand_over(folder: Path, uid: int, gid: int) -> None:
    for path in (folder, *folder.rglob("*")):
        if path.lstat().st_uid != uid:
            os.chown(path, uid, gid, follow_symlinks=False)


def end_with_parent() -> None:
    """Have Linux interrupt this process (to PostgreSQL: a fast shutdown) should the supervisor be killed."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGINT)


def take_lock(data_dir: Path, owner: int) -> int:
    """Lock the folder, or refuse while its holder lives; a server whose owner or supervisor died is awaited."""
    lock = os.open(data_dir / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    deadline = time.monotonic() + SHUTDOWN_SECONDS
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(0.1)
        else:
            os.truncate(lock, 0)
            os.pwrite(lock, f"{owner} {os.getpid()}\n".encode(), 0)
            return lock
        holders = [int(word) for word in os.pread(lock, 100, 0).split()]
        if all(map(is_alive, holders)) and holders:
            raise Refusal(f"Process {holders[0]} is using {data_dir}: stop it first, or choose another folder.")
        if time.monotonic() > deadline:
            raise Refusal(f"An earlier server on {data_dir} does not end: stop its postgres processes, then try again.")
        with suppress(OSError, ValueError, IndexError):
            os.kill(int((data_dir / "cluster" / "postmaster.pid").read_text().split()[0]), signal.SIGINT)


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def create_cluster(runner: Runner, data_dir: Path, *, superuser: str, durable: bool) -> None:
    """Beside its place first: an initdb that was cut short leaves no half cluster behind."""
    unfinished = data_dir / "cluster.new"
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=0o700)
    text = ("--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")
    sync = () if durable else ("--no-sync",)
    runner.run("initdb", f"--username={superuser}", "--auth=trust", *text, *sync, cluster=unfinished)
    unfinished.rename(data_dir / "cluster")


def await_ready(postgres: subprocess.Popen[bytes], cluster: Path, log: Path, log_start: int) -> None:
    """However long a recovery takes: only the end of the server is a failure."""
    while postgres.poll() is None:
        with suppress(FileNotFoundError, IndexError):
            lines = (cluster / "postmaster.pid").read_text().splitlines()
            if int(lines[0]) == postgres.pid and lines[7].strip() == "ready":
                return
        time.sleep(0.02)
    raise Refusal(f"PostgreSQL ended; the end of {log}:\n{last_lines(log, log_start)}")


def last_lines(log: Path, start: int) -> str:
    return "\n".join(log.read_bytes()[start:].decode(errors="replace").splitlines()[-LAST_LINES:])


def stop_after(owner: int, postgres: subprocess.Popen[bytes]) -> None:
    while os.getppid() == owner and not select.select([sys.stdin], [], [], 1.0)[0]:
        pass
    postgres.send_signal(signal.SIGINT)


def supervise(order: dict[str, Any], runtime: Path, answer: Callable[..., None]) -> None:
    data_dir = Path(order["data_dir"])
    data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    lock = take_lock(data_dir, order["owner"])
    with (data_dir / "postgres.log").open("ab") as log:
        runner = choose_runner(Path(order["binaries"]), data_dir, runtime, lock=lock, log=log)
        if not (data_dir / "cluster").exists():
            create_cluster(runner, data_dir, superuser=order["superuser"], durable=order["durable"])
        log_start = log.seek(0, os.SEEK_END)
        settings = {"listen_addresses": "", **order["settings"], "unix_socket_directories": runtime}
        arguments = [f"--{name}={value}" for name, value in settings.items()]
        postgres = runner.popen("postgres", *arguments, cluster=data_dir / "cluster")
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, lambda *_: postgres.send_signal(signal.SIGINT))
        threading.Thread(target=stop_after, args=(order["owner"], postgres), daemon=True).start()
        await_ready(postgres, data_dir / "cluster", Path(log.name), log_start)
        answer(socket_dir=str(runtime))
        postgres.wait()


def main() -> None:
    def answer(**words: str) -> None:
        with suppress(BrokenPipeError):  # the owner may have gone
            os.write(sys.stdout.fileno(), json.dumps(words).encode() + b"\n")

    temporary = tempfile.gettempdir()
    if len(os.fsencode(temporary)) > LONGEST_TEMPORARY_DIR:
        temporary = "/tmp"  # noqa: S108 (only the parent of a folder with a random name and closed to others)
    with tempfile.TemporaryDirectory(prefix="register-", dir=temporary) as runtime:
        try:
            supervise(json.loads(sys.argv[1]), Path(runtime), answer)
        except Refusal as refusal:
            answer(error=str(refusal))
        except OSError as error:
            answer(error=f"{error}. Its folder must belong to the user who starts it, on a disk with space left.")


if __name__ == "__main__":
    main()
