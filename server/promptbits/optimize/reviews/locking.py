"""A lock between processes and threads: that of a file, which the system gives back when its holder dies.

The packages for this cost more to import than a whole command (80 ms), for what are two calls of the system.
"""

from __future__ import annotations

import contextlib
import errno
import os
import sys
import time
from collections.abc import Generator
from pathlib import Path
from typing import Final

_HELD: Final = frozenset({errno.EACCES, errno.EAGAIN, errno.EDEADLK})
_FIRST_PAUSE: Final = 0.001
_LONGEST_PAUSE: Final = 0.05


class HeldError(Exception):
    """Somebody else holds the lock, and has for as long as one was ready to wait."""


@contextlib.contextmanager
def held(path: Path, seconds: float) -> Generator[None]:
    """Hold the lock of a file, which is made if it is not there and stays.

    Args:
        path: the file; nothing is ever written into it.
        seconds: for how long to wait.

    Raises:
        HeldError: somebody else held it for all that time.
        OSError: the file cannot be made, or its file system has no locks.
    """
    handle = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600)
    try:
        _wait(handle, path, seconds)
        try:
            yield
        finally:
            _unlock(handle)  # a child of a fork may have the file open still, and would keep the lock
    finally:
        os.close(handle)


def _wait(handle: int, path: Path, seconds: float) -> None:
    end = time.monotonic() + seconds
    pause = _FIRST_PAUSE
    while True:
        try:
            _lock(handle)
        except OSError as error:
            if error.errno not in _HELD:
                raise OSError(error.errno, error.strerror, os.fspath(path)) from error
            if time.monotonic() >= end:
                raise HeldError from None
            time.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)
        else:
            return


if sys.platform == "win32":

    def _lock(handle: int) -> None:
        import msvcrt

        os.lseek(handle, 0, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)

    def _unlock(handle: int) -> None:
        import msvcrt

        os.lseek(handle, 0, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)

else:

    def _lock(handle: int) -> None:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _unlock(handle: int) -> None:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_UN)
