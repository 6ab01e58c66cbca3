"""Looking after a store: what `promptbits db` calls."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from promptbits.facts.fields import KINDS
from promptbits.facts.sqlite import backups, validation
from promptbits.facts.sqlite.embedded import SqliteStore
from promptbits.facts.sqlite.failures import failed
from promptbits.facts.sqlite.summaries import add_up
from promptbits.facts.sqlite.transactions import reading, writing
from promptbits.facts.sqlite.versions import version_of
from promptbits.facts.store import DamagedStoreError, StoreError
from promptbits.facts.times import time_of

# Told what is done and what there is in all.
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that is wrong with a store; one line for people. Damage is in the file, the rest in what it says."""

    text: str
    is_damage: bool = False


@dataclass(frozen=True, slots=True)
class Overview:
    """What is in a store. Times are RFC 3339, sizes in bytes."""

    path: Path
    schema_version: int
    facts: dict[str, int]
    archived: int
    prompts: int
    texts: int
    summaries: int
    first: str | None
    last: str | None
    size: int


def check(store: SqliteStore, progress: Progress | None = None) -> list[Problem]:
    """What is wrong: damage of the file, and every summary that differs from a recount of the facts.

    Raises:
        StoreError: the file cannot be read at all.
    """
    with store.connections.lend() as (connection, _):
        try:
            with reading(connection):
                found = validation.problems_of(connection, progress)
                return [Problem(text, text.startswith(validation.DAMAGED)) for text in found]
        except sqlite3.DatabaseError as problem:
            # So damaged that not even a recount comes to its end. Anything else is for the caller.
            failure = failed(store.path, problem, 0)
            if not isinstance(failure, DamagedStoreError):
                raise
            return [Problem(str(failure), is_damage=True)]


def optimize(store: SqliteStore, progress: Progress | None = None, *, rebuild: bool = False) -> None:
    """Let SQLite look at its tables and empty its log.

    Args:
        store: the store.
        progress: told facts done and facts in all, while summaries are made anew.
        rebuild: make all summaries anew from the facts. Writers wait meanwhile.

    Raises:
        StoreError: it cannot be written.
    """
    _be_writable(store)
    with store.connections.lend() as (connection, _):
        if rebuild:
            with writing(connection):
                changes, _misplaced = validation.recounted(connection, progress)
                connection.execute("DELETE FROM summary")
                add_up(connection, changes)
                connection.execute("UPDATE meta SET value = value + 1 WHERE key = 'changes'")
        connection.execute("PRAGMA analysis_limit = 1000")
        connection.execute("ANALYZE")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def compact(store: SqliteStore) -> tuple[int, int]:
    """Give back the space that is no longer used. Size before and after, in bytes.

    Raises:
        StoreError: it cannot be written, or there is no room for a second copy.
    """
    _be_writable(store)
    before = size_of(store.path)
    with store.connections.lend() as (connection, _):
        connection.execute("VACUUM")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return before, size_of(store.path)


def backup(store: SqliteStore, to: Path, progress: Progress | None = None) -> None:
    """Copy a store that may be in use. The copy is of one moment, and private.

    Args:
        store: the store.
        to: a file that is not there.
        progress: told pages done and pages in all.

    Raises:
        StoreError: the copy cannot be written.
    """
    with store.connections.lend() as (connection, _):
        backups.copy_to(connection, to, replace=False, progress=progress)


def stats(store: SqliteStore) -> Overview:
    """What is in a store.

    Raises:
        StoreError: it cannot be read.
    """
    with store.connections.lend() as (connection, _), reading(connection):

        def number(query: str) -> int:
            return int(connection.execute(query).fetchone()[0] or 0)

        kinds = dict(connection.execute("SELECT kind, count(*) FROM fact WHERE archived IS NULL GROUP BY kind"))
        first, last = _ends(connection)
        return Overview(
            path=store.path,
            schema_version=version_of(connection),
            facts={name: kinds.get(index, 0) for index, name in enumerate(KINDS)},
            archived=number("SELECT count(*) FROM fact") - sum(kinds.values()),
            prompts=number("SELECT count(DISTINCT prompt_id) FROM summary"),
            texts=number("SELECT count(*) FROM template"),
            summaries=number("SELECT count(*) FROM summary"),
            first=first,
            last=last,
            size=size_of(store.path),
        )


def size_of(path: Path) -> int:
    """Bytes of a store with its log."""
    files = (path, path.with_name(f"{path.name}-wal"))
    return sum(each.stat().st_size for each in files if each.exists())


def _ends(connection: sqlite3.Connection) -> tuple[str | None, str | None]:
    """The times of the first and of the last fact."""
    ends: list[list[int]] = []
    for function in ("min", "max"):
        query = f"SELECT {function}(time) FROM fact WHERE kind = ? AND archived IS NULL"  # noqa: S608 - ours
        found = [connection.execute(query, (kind,)).fetchone()[0] for kind in range(len(KINDS))]
        ends.append([time for time in found if time is not None])
    first, last = ends
    return (time_of(min(first)), time_of(max(last))) if first else (None, None)


def _be_writable(store: SqliteStore) -> None:
    if store.read_only:
        raise StoreError(f"{store.path}: opened for reading only")
