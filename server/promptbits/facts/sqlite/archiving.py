"""Move old facts out of the file, into a compressed one beside it. Summaries stay, and stay right.

What is left of an archived fact are its id, so that it is not counted again when it comes again, and what its outcome
counts for, so that a late fact of the same conversation still finds it. What it added to runs, latencies, tokens, costs
and ratings is added up in `archived_summary`, so that a recount is still exact.

Each batch is a member of the compressed file of its own, on disk before the facts leave the store. A process killed in
between leaves facts in both, never in neither; the next time the half-written tail is cut off.
"""

from __future__ import annotations

import gzip
import itertools
import json
import os
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from promptbits.facts.fields import KINDS
from promptbits.facts.sqlite.counting import Changes, at
from promptbits.facts.sqlite.embedded import SqliteStore
from promptbits.facts.sqlite.names import Names
from promptbits.facts.sqlite.places import execution_of, place_of_execution, place_of_rating
from promptbits.facts.sqlite.records import COLUMNS, fact_of
from promptbits.facts.sqlite.summaries import add_up
from promptbits.facts.sqlite.transactions import writing
from promptbits.facts.store import Fact, StoreError
from promptbits.facts.times import canonical_time, milliseconds

# A batch holds the file for a small part of what writers wait.
BATCH: Final = 2_000
# A feedback whose execution has not come stays: it will have to be moved.
_OLD: Final = "archived IS NULL AND awaits IS NULL AND time < ? AND kind = ?"
_PAGE: Final = f"SELECT seq, {COLUMNS} FROM fact WHERE {_OLD} ORDER BY time LIMIT {BATCH}"  # noqa: S608 - names of columns
_COUNT: Final = "SELECT count(*) FROM fact WHERE archived IS NULL AND awaits IS NULL AND time < ?"
_STRIP: Final = """
UPDATE fact SET archived = 1, revision = NULL, confidence_score = NULL, execution_time_ms = NULL,
  response_length = NULL, input_tokens = NULL, output_tokens = NULL, cost_usd = NULL, requested = NULL,
  provider = NULL, experiment = NULL, trace = NULL, signature = NULL, rest = NULL
WHERE seq = ? AND archived IS NULL
"""
_FORGET: Final = "DELETE FROM technology WHERE name = ? AND time = ? AND fact = ?"
_NOTE: Final = "INSERT INTO meta VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value"


@dataclass(frozen=True, slots=True)
class Archived:
    """Where facts went, and how many."""

    path: Path
    facts: int


def archive(store: SqliteStore, older_than: str, progress: Callable[[int, int], None] | None = None) -> Archived:
    """Move the facts before a time into `facts-archive-<date>.jsonl.gz` beside the store.

    Args:
        store: the store.
        older_than: an RFC 3339 time, or a date.
        progress: told facts done and facts in all.

    Raises:
        StoreError: a file cannot be written.
        ValueError: no such time.
    """
    if store.read_only:
        raise StoreError(f"{store.path}: opened for reading only")
    limit = canonical_time(f"{older_than}T00:00:00Z" if len(older_than) == len("2026-11-20") else older_than)
    before = milliseconds(limit)
    done = 0
    with store.connections.lend() as (connection, names):
        path = _file(connection, store.path.parent, limit[:10])
        total = connection.execute(_COUNT, (before,)).fetchone()[0]
        for kind in range(len(KINDS)):
            while rows := connection.execute(_PAGE, (before, kind)).fetchall():
                _move(connection, names, path, rows)
                done += len(rows)
                if progress:
                    progress(done, total)
    return Archived(path, done)


def _move(connection: sqlite3.Connection, names: Names, path: Path, rows: list[tuple[Any, ...]]) -> None:
    """Move one batch: first into the archive, then out of the store."""
    facts = [fact_of(connection, names, row[1:]) for row in rows]
    try:
        length = _append(path, _length(connection, path), facts)
    except OSError as problem:
        raise StoreError(f"{path}: cannot be written: {problem.strerror or problem}") from problem
    changes: Changes = {}
    with writing(connection):
        for row, fact in zip(rows, facts, strict=True):
            if connection.execute(_STRIP, (row[0],)).rowcount:
                _remember(connection, names, changes, fact, row[3])
                named = {technology["name"].casefold() for technology in fact.get("technologies", ())}
                connection.executemany(_FORGET, [(name, row[3], row[0]) for name in named])
        add_up(connection, changes, "archived_summary")
        connection.execute(_NOTE, (_key(path), length))
        connection.execute("UPDATE meta SET value = value + 1 WHERE key = 'changes'")


def _file(connection: sqlite3.Connection, folder: Path, date: str) -> Path:
    """An archive to go on with, or one that is not there. What nobody knows of is never touched."""
    for number in itertools.count(1):
        path = folder / f"facts-archive-{date}{'' if number == 1 else f'-{number}'}.jsonl.gz"
        length = _length(connection, path)
        if not path.exists() or 0 < length <= path.stat().st_size:
            return path
    raise AssertionError("numbers do not end")


def _length(connection: sqlite3.Connection, path: Path) -> int:
    """How much of an archive is known to be whole."""
    row = connection.execute("SELECT value FROM meta WHERE key = ?", (_key(path),)).fetchone()
    return row[0] if row and path.exists() else 0


def _key(path: Path) -> str:
    return f"archive:{path.name}"


def _append(path: Path, length: int, facts: list[Fact]) -> int:
    """Write a batch behind what is known to be whole; the new length."""
    lines = "".join(f"{json.dumps(fact, ensure_ascii=False, separators=(',', ':'))}\n" for fact in facts)
    member = gzip.compress(lines.encode("utf-8"), mtime=0)
    with os.fdopen(os.open(path, os.O_CREAT | os.O_RDWR, 0o600), "r+b") as file:
        file.truncate(length)
        file.seek(length)
        file.write(member)
        file.flush()
        os.fsync(file.fileno())
    return length + len(member)


def _remember(connection: sqlite3.Connection, names: Names, changes: Changes, fact: Fact, time: int) -> None:
    """Add up what leaves with a fact."""
    if fact["kind"] == "execution":
        at(changes, place_of_execution(fact)).execution(fact, time)
    elif fact["kind"] == "feedback" and "rating" in fact:
        place = place_of_rating(fact, fact["timestamp"][:10], execution_of(connection, names, fact))
        at(changes, place).rating(fact["rating"], 1)
