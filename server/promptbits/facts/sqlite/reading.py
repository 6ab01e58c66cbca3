"""Questions to the facts themselves. Each is answered by an index; long answers are read page by page."""

from __future__ import annotations

import heapq
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from promptbits.facts.fields import KINDS
from promptbits.facts.sqlite.names import Names
from promptbits.facts.sqlite.records import COLUMNS, NUMBER_OF_KIND, fact_of, packed_id
from promptbits.facts.sqlite.schema import EXECUTION
from promptbits.facts.store import Fact, Kind

# Between two pages nothing is held, so that a slow reader keeps nobody waiting.
PAGE: Final = 500
_QUALIFIED: Final = ", ".join(f"fact.{name}" for name in COLUMNS.split(", "))

# Only names of columns are put into these.
_BY_ID: Final = f"SELECT {COLUMNS} FROM fact WHERE id = ? AND archived IS NULL"  # noqa: S608 - as above
_BY_TECHNOLOGY: Final = (
    f"SELECT {_QUALIFIED} FROM technology JOIN fact ON fact.seq = technology.fact"  # noqa: S608 - as above
    " WHERE technology.name = ? AND fact.archived IS NULL ORDER BY technology.time DESC, fact.id DESC LIMIT ?"
)
_BY_SIGNATURE: Final = (
    f"SELECT {COLUMNS} FROM fact WHERE signature = ? AND kind = ? AND archived IS NULL"  # noqa: S608 - as above
    " ORDER BY time DESC, id DESC LIMIT ?"
)
_ABOVE: Final = """
SELECT prompt_id, content_sha256, sum(successes) AS won, sum(successes + failures) AS counted FROM summary
WHERE content_sha256 <> '' GROUP BY prompt_id, content_sha256 HAVING counted >= ? AND counted > 0
"""

# A fact behind what it is ordered by.
Placed = tuple[int, bytes, Fact]
Ask = Callable[[str, tuple[Any, ...]], list[Placed]]


def get(connection: sqlite3.Connection, names: Names, fact_id: str) -> Fact | None:
    """A fact by its id."""
    try:
        packed = packed_id(fact_id)
    except ValueError:
        return None
    row = connection.execute(_BY_ID, (packed,)).fetchone()
    return row and fact_of(connection, names, row)


def by_technology(connection: sqlite3.Connection, names: Names, name: str, limit: int) -> list[Fact]:
    """The `tech_stack` facts that name a technology."""
    return [fact_of(connection, names, row) for row in connection.execute(_BY_TECHNOLOGY, (name.casefold(), limit))]


def similar(connection: sqlite3.Connection, names: Names, signature: str, limit: int) -> list[Fact]:
    """The executions with a context signature."""
    rows = connection.execute(_BY_SIGNATURE, (signature, EXECUTION, limit))
    return [fact_of(connection, names, row) for row in rows]


def above(connection: sqlite3.Connection, rate: float, at_least: int) -> list[tuple[str, str]]:
    """Texts with at least this rate."""
    rows = connection.execute(_ABOVE, (at_least,)).fetchall()
    good = [row for row in rows if row[2] / row[3] >= rate]
    good.sort(key=lambda row: (-row[2] / row[3], -row[3], row[0], row[1]))
    return [(row[0], row[1]) for row in good]


def in_order(
    ask: Ask, *, kinds: Iterable[Kind] | None, prompt: int | None, since: int | None, newest_first: bool, page: int
) -> Iterator[Placed]:
    """Facts by time and id: each kind has its own stretch of the index, and they are merged."""
    numbers = range(len(KINDS)) if kinds is None else sorted({NUMBER_OF_KIND[kind] for kind in kinds})
    make = _backward if newest_first else _forward
    streams = [make(ask, kind, prompt, since, page) for kind in numbers]
    return heapq.merge(*streams, key=lambda placed: placed[:2], reverse=newest_first)


def _forward(ask: Ask, kind: int, prompt: int | None, since: int | None, page: int) -> Iterator[Placed]:
    """One kind, page by page: each begins behind the last fact of the one before."""
    head, given = _selected(kind, prompt)
    last = (-(2**63) if since is None else since, b"")
    while True:
        # The first condition is for the index, the second for facts of the same millisecond.
        found = ask(
            f"{head} AND time >= ? AND (time > ? OR id > ?) ORDER BY time, id LIMIT {page}",
            (*given, last[0], *last),
        )
        yield from found
        if len(found) < page:
            return
        last = found[-1][:2]


def _backward(ask: Ask, kind: int, prompt: int | None, since: int | None, page: int) -> Iterator[Placed]:
    head, given = _selected(kind, prompt)
    last, least = (2**63 - 1, b""), -(2**63) if since is None else since
    while True:
        found = ask(
            f"{head} AND time <= ? AND time >= ? AND (time < ? OR id < ?) ORDER BY time DESC, id DESC LIMIT {page}",
            (*given, last[0], least, *last),
        )
        yield from found
        if len(found) < page:
            return
        last = found[-1][:2]


def _selected(kind: int, prompt: int | None) -> tuple[str, tuple[int, ...]]:
    of_prompt, given = ("", (kind,)) if prompt is None else ("prompt = ? AND ", (prompt, kind))
    return f"SELECT {COLUMNS} FROM fact WHERE {of_prompt}kind = ? AND archived IS NULL", given  # noqa: S608 - as above
