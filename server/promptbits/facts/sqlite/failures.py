"""What SQLite says, in one line for people: the file, what is wrong, what to do."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Final

from promptbits.facts.store import DamagedStoreError, StoreError

_DAMAGED: Final = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_BUSY: Final = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def damaged(path: Path) -> DamagedStoreError:
    """The error about a file that is no store of ours."""
    return DamagedStoreError(f"{path}: the file is damaged or no fact store; put back a backup, or move it away")


def failed(path: Path, problem: sqlite3.Error, busy_seconds: float) -> StoreError:
    """The error about a failure of SQLite."""
    return damaged(path) if _code(problem) in _DAMAGED else StoreError(explained(path, problem, busy_seconds))


def explained(path: Path, problem: sqlite3.Error, busy_seconds: float) -> str:
    """One line about a failure."""
    code = _code(problem)
    if code in _BUSY:
        return f"{path}: another process has been writing for more than {busy_seconds:g} s; try again, or end it"
    if code == sqlite3.SQLITE_FULL:
        return f"{path}: the disk is full; nothing was written"
    if code == sqlite3.SQLITE_READONLY:
        return f"{path}: the file or its folder is read-only"
    if code == sqlite3.SQLITE_CANTOPEN:
        return f"{path}: cannot be opened: is it a file, in a folder that can be written?"
    if code == sqlite3.SQLITE_IOERR:
        return f"{path}: cannot be read or written: disk error ({getattr(problem, 'sqlite_errorname', 'I/O')})"
    if code == sqlite3.SQLITE_PERM or code == sqlite3.SQLITE_AUTH:
        return f"{path}: no permission"
    if code in _DAMAGED:
        return str(damaged(path))
    return f"{path}: {problem}"


def _code(problem: sqlite3.Error) -> int:
    """What SQLite says; the upper bits say more than people can use."""
    return getattr(problem, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
