"""Which version a file has, and whether it is one of ours at all."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from typing import Final

from promptbits.facts.sqlite.failures import damaged
from promptbits.facts.sqlite.schema import APPLICATION_ID
from promptbits.facts.store import StoreError

_MAGIC: Final = b"SQLite format 3\0"
_HEAD: Final = 100
_VERSION_AT: Final = slice(60, 64)
_APPLICATION_AT: Final = slice(68, 72)

# Files that were opened here, by device and inode. They are never closed: POSIX gives up all locks of a process on a
# file when it closes that file once, those of SQLite in other threads too, and other processes would damage it.
_OPEN: Final[dict[tuple[int, int], int]] = {}


def version_in_head(path: Path) -> int:
    """The version that the first bytes of a file tell, without SQLite, which would leave traces.

    Raises:
        StoreError: it is no fact store, or cannot be read.
    """
    try:
        head = _head(path)
    except OSError as problem:
        raise StoreError(f"{path}: cannot be read: {problem.strerror or problem}") from problem
    application = int.from_bytes(head[_APPLICATION_AT], "big")
    if len(head) < _HEAD or not head.startswith(_MAGIC) or application != APPLICATION_ID:
        raise damaged(path)
    return int.from_bytes(head[_VERSION_AT], "big")


def _head(path: Path) -> bytes:
    if not hasattr(os, "pread"):  # Windows, where locks belong to who took them
        with path.open("rb") as file:
            return file.read(_HEAD)
    status = path.stat()
    handle = _OPEN.get((status.st_dev, status.st_ino))
    if handle is None:
        handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        status = os.fstat(handle)
        _OPEN[status.st_dev, status.st_ino] = handle
    return os.pread(handle, _HEAD, 0)


def version_of(connection: sqlite3.Connection) -> int:
    """The version that a connection sees."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def refuse_newer(path: Path, version: int, known: int) -> None:
    """Leave alone what a later PromptBits has made.

    Raises:
        StoreError: it is newer.
    """
    if version > known:
        raise StoreError(
            f"{path}: made by a newer PromptBits (schema {version}, this one knows {known});"
            " nothing was changed: update PromptBits"
        )
