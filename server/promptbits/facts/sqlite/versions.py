"""Which version a file has, and whether it is one of ours at all."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Final

from promptbits.facts.sqlite.schema import APPLICATION_ID
from promptbits.facts.store import StoreError

_MAGIC: Final = b"SQLite format 3\0"
_HEAD: Final = 100
_VERSION_AT: Final = slice(60, 64)
_APPLICATION_AT: Final = slice(68, 72)


def version_in_head(path: Path) -> int:
    """The version that the first bytes of a file tell, without SQLite, which would leave traces.

    Raises:
        StoreError: it is no fact store, or cannot be read.
    """
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except OSError as problem:
        raise StoreError(f"{path}: cannot be read: {problem.strerror or problem}") from problem
    application = int.from_bytes(head[_APPLICATION_AT], "big")
    if len(head) < _HEAD or not head.startswith(_MAGIC) or application != APPLICATION_ID:
        raise StoreError(f"{path}: the file is damaged or no fact store; put back a backup, or move it away")
    return int.from_bytes(head[_VERSION_AT], "big")


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
