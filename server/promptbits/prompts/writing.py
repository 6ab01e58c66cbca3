"""Writing files: all or nothing."""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path


def create(path: Path, data: bytes) -> None:
    """Write a new file with the folders above it.

    Raises:
        FileExistsError: there is one already; it stays as it is.
        OSError: it cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = write_beside(path, data, 0o666)
    try:
        try:
            os.link(temporary, path)  # unlike a rename it fails if the name is taken
        except FileExistsError:
            raise
        except OSError:  # a file system without hard links
            _create_plainly(path, data)
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink()


def write_beside(path: Path, data: bytes, mode: int) -> Path:
    """A temporary file in the same folder, so that renaming it is atomic. Errors name the folder.

    The system takes the umask from the mode: asking for the umask would change it for every other thread.
    """
    temporary = path.with_name(f".{path.name[:100]}.{secrets.token_hex(8)}.tmp")
    try:
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), mode)
    except OSError as error:
        raise OSError(error.errno, error.strerror, os.fspath(path.parent)) from error
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


def _create_plainly(path: Path, data: bytes) -> None:
    with path.open("xb") as file:
        file.write(data)
