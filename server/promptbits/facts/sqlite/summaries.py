"""The summaries in the file: added to, and read."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import Any, Final

from promptbits.facts.sqlite.counting import Changes
from promptbits.facts.sqlite.latency import packed, unpacked
from promptbits.facts.sqlite.transactions import reading
from promptbits.facts.store import Summary

_KEY: Final = "prompt_id, content_sha256, variant, model, day"
_ADDED: Final = (
    "executions",
    "successes",
    "failures",
    "input_tokens",
    "input_counted",
    "output_tokens",
    "output_counted",
    "cost_pico_usd",
    "priced",
    "rating_milli",
    "rated",
)
_COLUMNS: Final = f"{_KEY}, revision, {', '.join(_ADDED)}, last_seen, latency"
_MARKS: Final = ", ".join("?" * len(_COLUMNS.split(", ")))

# Only names of columns are put into these.
_ADD: Final = f"""
INSERT INTO summary ({_COLUMNS}) VALUES ({_MARKS})
ON CONFLICT ({_KEY}) DO UPDATE SET
  {", ".join(f"{name} = {name} + excluded.{name}" for name in _ADDED)},
  revision = max(ifnull(revision, excluded.revision), ifnull(excluded.revision, revision)),
  last_seen = max(last_seen, excluded.last_seen),
  latency = CASE WHEN excluded.latency IS NULL THEN latency ELSE merged_latency(latency, excluded.latency) END
"""  # noqa: S608
_TIDY: Final = (
    "DELETE FROM summary WHERE prompt_id = ? AND content_sha256 = ? AND variant = ? AND model = ? AND day = ?"
    " AND executions = 0 AND successes = 0 AND failures = 0 AND rated = 0"
)
_READ: Final = f"SELECT {_COLUMNS} FROM summary"  # noqa: S608
_ONE: Final = f"{_READ} WHERE prompt_id = ? ORDER BY {_KEY}"
_ALL: Final = f"{_READ} ORDER BY {_KEY}"


def add_up(connection: sqlite3.Connection, changes: Changes) -> None:
    """Add what facts have changed, within their transaction."""
    rows = [(*place, *sums.values(), packed(sums.latency)) for place, sums in changes.items()]
    connection.executemany(_ADD, rows)
    # What was taken back may leave nothing.
    emptied = [
        place for place, sums in changes.items() if not sums.executions and min(sums.successes, sums.failures, sums.rated) <= 0
    ]
    if emptied:
        connection.executemany(_TIDY, emptied)


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
    prompt_id, content, variant, model, day, revision, *added, last_seen, latency = row
    executions, successes, failures, *sums = added
    return Summary(
        prompt_id, content, variant, model, day, revision, executions, successes, failures, unpacked(latency), *sums, last_seen
    )
