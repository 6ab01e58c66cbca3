"""Writing files: all or nothing, with their mode kept, and never over what somebody else wrote meanwhile."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from pathlib import Path

from promptbits.cli.console import shown_path
from promptbits.cli.errors import CommandError


class ChangedError(CommandError):
    """The file is no longer what was read."""


def replace(path: str | Path, data: bytes, *, expected: bytes) -> None:
    """Write new bytes over a file whose bytes were `expected`. A symbolic link stays one.

    Raises:
        ChangedError: the file holds something else by now.
        CommandError: the file is read-only.
        OSError: it cannot be written.
    """
    target = Path(os.path.realpath(path))
    info = require_writable(path)
    if target.read_bytes() != expected:
        raise ChangedError(f"{shown_path(path)}: the file has changed meanwhile: nothing was written")
    temporary = _write_beside(target, data)
    try:
        temporary.chmod(stat.S_IMODE(info.st_mode))
        temporary.replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise


def require_writable(path: str | Path) -> os.stat_result:
    """What the system says of a file, or of what a symbolic link leads to, that may be written.

    Raises:
        CommandError: it is read-only. Renaming over it would succeed, but its owner did not mean that.
        OSError: it cannot be looked at.
    """
    target = Path(os.path.realpath(path))
    info = target.stat()
    if not info.st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH) or not os.access(target, os.W_OK):
        raise CommandError(f"{shown_path(path)}: the file is read-only: make it writable first")
    return info


def create(path: Path, data: bytes) -> None:
    """Write a new file with the folders above it.

    Raises:
        FileExistsError: there is one already; it stays as it is.
        OSError: it cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = _write_beside(path, data)
    try:
        temporary.chmod(0o666 & ~_umask())
        try:
            os.link(temporary, path)  # unlike a rename it fails if the name is taken
        except FileExistsError:
            raise
        except OSError:  # a file system without hard links
            _create_plainly(path, data)
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink()


def _create_plainly(path: Path, data: bytes) -> None:
    with path.open("xb") as file:
        file.write(data)


def _write_beside(path: Path, data: bytes) -> Path:
    """A temporary file in the same folder, so that renaming it is atomic. Errors name the folder."""
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:100]}.", suffix=".tmp")
    except OSError as error:
        raise OSError(error.errno, error.strerror, os.fspath(path.parent)) from error
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except BaseException as error:
        with contextlib.suppress(OSError):
            temporary.unlink()
        if isinstance(error, OSError) and error.filename is None:
            raise OSError(error.errno, error.strerror, os.fspath(path)) from error
        raise
    return temporary


def _umask() -> int:
    current = os.umask(0o077)
    os.umask(current)
    return current
