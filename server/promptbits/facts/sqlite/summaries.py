"""The summaries in the file: added to, and read."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import Any, Final

from promptbits.facts.sqlite.counting import ADDED, MOST, Changes, Place, at
from promptbits.facts.sqlite.latency import packed, unpacked
from promptbits.facts.sqlite.transactions import reading
from promptbits.facts.store import Summary

KEY: Final = "prompt_id, content_sha256, variant, model, day"
# In the order of `Sums.values`.
NAMES: Final = ("revision", *ADDED, "last_seen")
_COLUMNS: Final = f"{KEY}, {', '.join(NAMES)}, latency"
_MARKS: Final = ", ".join("?" * len(_COLUMNS.split(", ")))

# Only names of tables and columns are put into these.
_ADD: Final = f"""
INSERT INTO {{table}} ({_COLUMNS}) VALUES ({_MARKS})
ON CONFLICT ({KEY}) DO UPDATE SET
  {", ".join(f"{name} = min({name} + excluded.{name}, {MOST})" for name in ADDED)},
  revision = max(ifnull(revision, excluded.revision), ifnull(excluded.revision, revision)),
  last_seen = max(last_seen, excluded.last_seen),
  latency = CASE WHEN excluded.latency IS NULL THEN latency ELSE merged_latency(latency, excluded.latency) END
"""  # noqa: S608 - as above
_ADD_TO: Final = {table: _ADD.format(table=table) for table in ("summary", "archived_summary")}
_TIDY: Final = (
    "DELETE FROM summary WHERE prompt_id = ? AND content_sha256 = ? AND variant = ? AND model = ? AND day = ?"
    " AND executions = 0 AND successes = 0 AND failures = 0 AND rated = 0"
)
_READ: Final = f"SELECT {_COLUMNS} FROM summary"  # noqa: S608 - as above
_ONE: Final = f"{_READ} WHERE prompt_id = ? ORDER BY {KEY}"
_ALL: Final = f"{_READ} ORDER BY {KEY}"


def add_up(connection: sqlite3.Connection, changes: Changes, table: str = "summary") -> None:
    """Add what facts have changed, within their transaction."""
    rows = [(*place, *sums.values(), packed(sums.latency)) for place, sums in changes.items()]
    connection.executemany(_ADD_TO[table], rows)
    # What was taken back may leave nothing.
    emptied = [place for place, sums in changes.items() if sums.may_empty()]
    if emptied:
        connection.executemany(_TIDY, emptied)


def merge_into(connection: sqlite3.Connection, changes: Changes, table: str) -> None:
    """Add to some sums, in memory, what a table holds."""
    for row in connection.execute(f"SELECT {_COLUMNS} FROM {table}"):  # noqa: S608 - as above
        at(changes, Place(*row[:5])).merge(row[5:-1], unpacked(row[-1]) or {})


def read(connection: sqlite3.Connection, prompt_ids: Iterable[str] | None) -> list[Summary]:
    """The summaries of some prompts, or of all."""
    if prompt_ids is None:
        return [_summary(row) for row in connection.execute(_ALL)]
    wanted = sorted(set(prompt_ids))
    if len(wanted) == 1:
        return [_summary(row) for row in connection.execute(_ONE, wanted)]
    with reading(connection):
        return [_summary(row) for prompt_id in wanted for row in connection.execute(_ONE, (prompt_id,))]


def _summary(row: tuple[Any, ...]) -> Summary:
    # All come in the order of the class but the histogram, which stands in the middle of it.
    ordered: tuple[Any, ...] = (*row[:9], unpacked(row[-1]), *row[9:-1])
    return Summary(*ordered)
