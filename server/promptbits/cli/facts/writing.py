"""Files that are there whole or not at all."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from collections.abc import Generator
from pathlib import Path
from typing import BinaryIO

_PRIVATE = 0o600


@contextlib.contextmanager
def written_whole(path: Path, *, private: bool = False) -> Generator[BinaryIO]:
    """A file to write, put in its place at the end if nothing went wrong. A pipe or a device is written as it goes.

    Args:
        path: the place; a symbolic link stays one. What lies there is replaced.
        private: for nobody else to read.

    Raises:
        OSError: it cannot be written; the error names the path.
    """
    target = Path(os.path.realpath(path))
    try:
        if target.exists() and not target.is_file():
            with target.open("wb") as file:  # fails on a folder
                yield file
            return
        with _beside(target, private=private) as file:
            yield file
    except OSError as error:
        if error.filename is None or os.fspath(target.parent) in str(error.filename):
            raise OSError(error.errno, error.strerror, os.fspath(path)) from error
        raise


@contextlib.contextmanager
def _beside(target: Path, *, private: bool) -> Generator[BinaryIO]:
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name[:100]}.", suffix=".tmp")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(_PRIVATE if private else _mode(target))
        temporary.replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise


def _mode(target: Path) -> int:
    """The mode of what lies there, or that of any new file."""
    with contextlib.suppress(OSError):
        return stat.S_IMODE(target.stat().st_mode)
    current = os.umask(0o077)
    os.umask(current)
    return 0o666 & ~current
