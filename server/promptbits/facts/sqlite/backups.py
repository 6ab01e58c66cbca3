"""Copies of a store that is in use: whole, of one moment, and private."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Final

from promptbits.facts.sqlite.transactions import reading
from promptbits.facts.store import StoreError

Progress = Callable[[int, int], None]
_PAGES_AT_ONCE: Final = 2_000


def copy_to(source: sqlite3.Connection, path: Path, *, replace: bool, progress: Progress | None = None) -> None:
    """Copy what a connection sees into a file of its own.

    Args:
        source: not within a transaction.
        path: where to; it appears when it is whole.
        replace: whether a file of this name may be lost.
        progress: told pages done and pages in all.

    Raises:
        StoreError: the file cannot be written.
    """
    if not replace and path.exists():
        raise StoreError(f"{path}: is there already; name another file")
    draft = path.with_name(f"{path.name}.part")
    try:
        draft.unlink(missing_ok=True)
        os.close(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        _copy(source, draft, progress)
        with draft.open("rb+") as file:
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError as problem:
        raise StoreError(f"{path}: cannot be written: {problem.strerror or problem}") from problem
    finally:
        for suffix in ("", "-wal", "-shm", "-journal"):
            draft.with_name(draft.name + suffix).unlink(missing_ok=True)


def _copy(source: sqlite3.Connection, draft: Path, progress: Progress | None) -> None:
    def step(_status: int, remaining: int, total: int) -> None:
        if progress:
            progress(total - remaining, total)

    copy = sqlite3.connect(draft, isolation_level=None)
    try:
        # Reading holds one state, so that writers do not make the copy begin again and again.
        with reading(source):
            source.execute("SELECT count(*) FROM sqlite_master").fetchone()
            source.backup(copy, pages=_PAGES_AT_ONCE, progress=step)
    finally:
        copy.close()
