"""Which version a file has, and whether it is one of ours at all."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from promptbits.facts.sqlite.failures import damaged, failed
from promptbits.facts.sqlite.schema import APPLICATION_ID
from promptbits.facts.store import StoreError


def version_in_head(path: Path) -> int:
    """The version that the file itself tells, without its log. SQLite reads it, and leaves no traces.

    Never opened by hand: POSIX gives up all locks of a process on a file when it closes that file, be they of other
    threads. Other processes would then take away the log under them.

    Raises:
        StoreError: it is no fact store, or cannot be read.
    """
    if not os.access(path, os.R_OK):
        raise StoreError(f"{path}: cannot be read: no permission")
    try:
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True, isolation_level=None)
        try:
            application = int(connection.execute("PRAGMA application_id").fetchone()[0])
            version = version_of(connection)
        finally:
            connection.close()
    except sqlite3.Error as problem:
        raise failed(path, problem, 0) from problem
    if application != APPLICATION_ID:
        raise damaged(path)
    return version


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
