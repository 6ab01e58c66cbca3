"""Files that several processes append to and take away, without losing what is written meanwhile."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Generator
from pathlib import Path


def make_folder(folder: Path) -> None:
    """Make a folder, for nobody else to read, inside one that git passes over."""
    if folder.is_dir():
        return
    above = folder.parent
    above.mkdir(parents=True, exist_ok=True)
    if above.name == ".promptbits":
        with contextlib.suppress(FileExistsError), (above / ".gitignore").open("x") as file:
            file.write("*\n")
    with contextlib.suppress(FileExistsError):
        folder.mkdir(0o700)


@contextlib.contextmanager
def opened(path: Path, flags: int) -> Generator[int]:
    """A file, made for nobody else to read if it is new."""
    handle = os.open(path, flags | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0), 0o600)
    try:
        yield handle
    finally:
        os.close(handle)


@contextlib.contextmanager
def opened_to_append(path: Path) -> Generator[int]:
    """The file of this name, locked, and surely not one that was given another name meanwhile."""
    while True:
        with opened(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND) as handle, locked(handle):
            if stands_at(handle, path):
                yield handle
                return


def stands_at(handle: int, path: Path) -> bool:
    """Whether an open file still has this name."""
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except FileNotFoundError:
        return False


@contextlib.contextmanager
def locked(handle: int, *, wait: bool = True) -> Generator[bool]:
    """Hold the lock of an open file; the system gives it back if the process dies. False if somebody else holds it.

    Where there are no such locks it goes without: Windows lets nobody rename a file that is open.
    """
    is_mine, unlock = _lock(handle, wait)
    try:
        yield is_mine
    finally:
        if unlock:
            _unlock(handle)


def _lock(handle: int, wait: bool) -> tuple[bool, bool]:
    """Whether the file may be used, and whether it must be unlocked."""
    try:
        import fcntl
    except ImportError:
        return True, False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False, False
    except OSError:  # a file system without locks
        return True, False
    return True, True


def _unlock(handle: int) -> None:
    import fcntl

    fcntl.flock(handle, fcntl.LOCK_UN)
