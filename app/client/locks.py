"""One process at a time: a night that lasts longer than a day meets the next one."""

import sys
from typing import IO

if sys.platform != "win32":
    import fcntl


def taken(file: IO[bytes]) -> bool:
    """Whether another process holds the file; if not, this one does until it is closed, however the process ends. Windows has no such
    lock, and a second process is not noticed there.
    """
    if sys.platform != "win32":
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return True
    return False
