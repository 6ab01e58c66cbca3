"""Count each conversation once: by its first known outcome, whenever that arrives.

An execution belongs to its conversation, or is its own. A feedback belongs to the conversation of its execution, if
that is there; until then to the conversation that it names itself; and else to none. The first outcome by time and id
counts. All outcomes of a conversation lie side by side in an index, so a new one is compared with the first of them.
"""

from __future__ import annotations

import sqlite3
from typing import Final

from promptbits.facts.sqlite.counting import Changes, Place, at
from promptbits.facts.sqlite.names import Names
from promptbits.facts.sqlite.schema import EXECUTION
from promptbits.facts.times import MILLISECONDS_A_DAY, day_of

# A conversation id, or the id of the execution that is its own conversation.
Key = bytes | str

# Time and id come first: the order of candidates. Two are enough to tell what changes when one comes or goes.
_TOGETHER: Final = (
    "SELECT time, id, outcome, model FROM fact WHERE subject = ? AND conversation = ? AND outcome IS NOT NULL"
    " ORDER BY time, id LIMIT 2"
)
_ALONE: Final = (
    "SELECT time, id, outcome, model FROM fact WHERE id = ? AND kind = ? AND subject = ? AND conversation IS NULL"
    " AND outcome IS NOT NULL"
)


# Time, id, outcome, and the number of the model.
Candidate = tuple[int, bytes, int, int | None]


def came(connection: sqlite3.Connection, names: Names, changes: Changes, subject: int, key: Key, fact: bytes) -> None:
    """Count an outcome that was just written, if it is the first."""
    _exchange(connection, names, changes, subject, key, fact, 1)


def goes(connection: sqlite3.Connection, names: Names, changes: Changes, subject: int, key: Key, fact: bytes) -> None:
    """Take back an outcome that is about to be moved elsewhere."""
    _exchange(connection, names, changes, subject, key, fact, -1)


def count(
    connection: sqlite3.Connection, names: Names, changes: Changes, subject: int, candidate: Candidate, times: int
) -> None:
    """Add a conversation to its summary, or take it away."""
    time, _, outcome, model = candidate
    within = names.subject_of(connection, subject)
    place = Place(*within, names.text(connection, model) or "", day_of(time // MILLISECONDS_A_DAY))
    at(changes, place).outcome(succeeded=bool(outcome), times=times)


def _exchange(
    connection: sqlite3.Connection, names: Names, changes: Changes, subject: int, key: Key, fact: bytes, sign: int
) -> None:
    candidates = _candidates(connection, subject, key)
    if candidates[0][1] != fact:
        return
    count(connection, names, changes, subject, candidates[0], sign)
    if len(candidates) > 1:
        count(connection, names, changes, subject, candidates[1], -sign)


def _candidates(connection: sqlite3.Connection, subject: int, key: Key) -> list[Candidate]:
    rows: list[Candidate] = connection.execute(_TOGETHER, (subject, key)).fetchall()
    if isinstance(key, bytes):
        rows += connection.execute(_ALONE, (key, EXECUTION, subject)).fetchall()
        rows.sort(key=lambda row: row[:2])
    return rows
