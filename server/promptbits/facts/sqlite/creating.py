"""Make the file: whole, private and in one step, however many processes try at once."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import stat
from pathlib import Path
from typing import Final

from promptbits.facts.locating import STORE_FOLDER
from promptbits.facts.sqlite.schema import APPLICATION_ID, SCHEMA_VERSION, TABLES, VIEWS

_PRIVATE: Final = 0o600


def create(path: Path) -> None:
    """Make an empty store. One that appears meanwhile is left alone.

    Raises:
        OSError: the folder cannot be written.
        sqlite3.Error: nor can the file.
    """
    made_folder = not path.parent.exists()
    path.parent.mkdir(parents=True, exist_ok=True)
    if made_folder or path.parent.name == STORE_FOLDER:
        _ignore(path.parent)
    draft = path.with_name(f"{path.name}.{os.urandom(6).hex()}.new")
    try:
        # SQLite gives the log and the shared memory the mode of the file.
        os.close(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, _PRIVATE))
        _fill(draft)
        _put(draft, path)
    finally:
        for suffix in ("", "-wal", "-shm", "-journal"):
            draft.with_name(draft.name + suffix).unlink(missing_ok=True)


def be_private(path: Path) -> None:
    """Take away what others may do with the file and its companions."""
    for suffix in ("", "-wal", "-shm"):
        each = path.with_name(path.name + suffix)
        with contextlib.suppress(OSError):
            if stat.S_ISREG(mode := each.stat().st_mode) and mode & 0o077:
                each.chmod(_PRIVATE)


def _fill(draft: Path) -> None:
    connection = sqlite3.connect(draft, isolation_level=None)
    try:
        connection.execute("BEGIN IMMEDIATE")
        for statement in f"{TABLES}{VIEWS}".split(";\n"):
            if statement.strip():
                connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        connection.execute("COMMIT")
        # Only now: a log would come into the file when it is closed, where nobody hears that the disk is full.
        connection.execute("PRAGMA journal_mode = WAL")
    finally:
        connection.close()


def _put(draft: Path, path: Path) -> None:
    """Give the finished file its name, unless it is taken."""
    with contextlib.suppress(FileExistsError):
        try:
            os.link(draft, path)
        except (PermissionError, NotImplementedError, OSError) as problem:
            if isinstance(problem, FileExistsError) or path.exists():
                return
            # A file system without links.
            draft.rename(path)


def _ignore(folder: Path) -> None:
    with contextlib.suppress(FileExistsError), (folder / ".gitignore").open("x", encoding="utf-8") as file:
        file.write("*\n")
