"""Add facts and, in the same transaction, what they change in the summaries."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Sequence
from typing import Any, Final

from promptbits.facts.sqlite import conversations
from promptbits.facts.sqlite.counting import Changes, at
from promptbits.facts.sqlite.names import Names
from promptbits.facts.sqlite.places import Ran, execution_of, place_of_execution, place_of_rating, subject_of
from promptbits.facts.sqlite.records import (
    INSERT,
    INSERT_OTHER,
    OUTCOMES,
    execution_row,
    other_row,
    packed_id,
    packed_word,
    time_in,
)
from promptbits.facts.sqlite.summaries import add_up
from promptbits.facts.sqlite.transactions import writing
from promptbits.facts.store import Appended, Fact
from promptbits.facts.times import MILLISECONDS_A_DAY, day_of

_WAITING: Final = "SELECT seq, id, time, prompt, subject, conversation, outcome, rest FROM fact WHERE awaits = ?"
_LAY: Final = "UPDATE fact SET subject = ?, conversation = ?, model = ?, outcome = ?, awaits = ? WHERE seq = ?"
_SIGN: Final = "UPDATE fact SET signature = ? WHERE seq = ?"
_NAME: Final = "INSERT INTO technology (name, time, fact) VALUES (?, ?, ?)"


def append(
    connection: sqlite3.Connection, names: Names, facts: Sequence[Fact], guard: Callable[[sqlite3.Connection], None]
) -> Appended:
    """Add facts in canonical form, if the guard, which is asked under the lock, lets them in."""
    changes: Changes = {}
    try:
        with writing(connection):
            guard(connection)
            writer = _Writer(connection, names, changes)
            added = 0
            for fact in facts:
                added += writer.add(fact)
            if changes:
                add_up(connection, changes)
    except BaseException:
        names.forget()
        raise
    return Appended(added, len(facts) - added)


class _Writer:
    """The state of one transaction."""

    def __init__(self, connection: sqlite3.Connection, names: Names, changes: Changes) -> None:
        self._connection = connection
        self._names = names
        self._changes = changes

    def add(self, fact: Fact) -> bool:
        """Add a fact, unless it is there."""
        kind, time = fact["kind"], time_in(fact)
        if kind == "execution":
            return self._execution(fact, time)
        row = other_row(self._connection, self._names, fact, time)
        cursor = self._connection.execute(INSERT_OTHER, row)
        if not cursor.rowcount:
            return False
        if kind == "feedback":
            self._feedback(fact, row[0], cursor.lastrowid)
        elif kind == "tech_stack":
            named = {technology["name"].casefold() for technology in fact["technologies"]}
            self._connection.executemany(_NAME, [(name, time, cursor.lastrowid) for name in named])
        elif kind == "context_signature":
            self._connection.execute(_SIGN, (fact["signature"], cursor.lastrowid))
        return True

    def _execution(self, fact: Fact, time: int) -> bool:
        connection, names = self._connection, self._names
        within = subject_of(fact)
        subject = names.subject(connection, within)
        row = execution_row(connection, names, fact, subject, time)
        if not connection.execute(INSERT, row).rowcount:
            return False
        at(self._changes, place_of_execution(fact)).execution(fact, time)
        identity, conversation, outcome = row[0], row[6], row[7]
        key = identity if conversation is None else conversation
        if outcome is not None:
            conversations.came(connection, names, self._changes, subject, key, identity)
        waiting = connection.execute(_WAITING, (identity,)).fetchall()
        for feedback in waiting:
            self._move(feedback, Ran(subject, within, key, fact.get("model")))
        return True

    def _feedback(self, fact: Fact, identity: bytes, seq: int | None) -> None:
        """Count what a feedback says, where it belongs by now."""
        ran = execution_of(self._connection, self._names, fact)
        if "rating" in fact:
            place = place_of_rating(fact, fact["timestamp"][:10], ran)
            at(self._changes, place).rating(fact["rating"], 1)
        self._lay(fact, identity, seq, OUTCOMES.get(fact.get("outcome", "")), ran)

    def _move(self, waiting: tuple[Any, ...], ran: Ran) -> None:
        """Bring a feedback to its execution, which has come."""
        seq, identity, time, prompt, old_subject, old_key, outcome, rest = waiting
        feedback: Fact = json.loads(rest)
        feedback["prompt_id"] = self._names.text(self._connection, prompt)
        if "rating" in feedback:
            day = day_of(time // MILLISECONDS_A_DAY)
            at(self._changes, place_of_rating(feedback, day, None)).rating(feedback["rating"], -1)
            at(self._changes, place_of_rating(feedback, day, ran)).rating(feedback["rating"], 1)
        if old_subject is not None:
            conversations.goes(self._connection, self._names, self._changes, old_subject, old_key, identity)
        self._lay(feedback, identity, seq, outcome, ran)

    def _lay(self, feedback: Fact, identity: bytes, seq: int | None, outcome: int | None, ran: Ran | None) -> None:
        """Write down what the outcome of a feedback counts for, and count it."""
        connection, names = self._connection, self._names
        subject: int | None = None
        key: conversations.Key | None = None
        if outcome is not None and ran is not None:
            subject, key = ran.subject, ran.key
        elif outcome is not None and "conversation_id" in feedback:
            subject = names.subject(connection, subject_of(feedback))
            key = packed_word(feedback["conversation_id"])
        model = (ran and ran.model) or feedback.get("model")
        named = feedback.get("execution_id")
        values = (
            subject,
            key,
            None if model is None else names.word(connection, model),
            outcome,
            packed_id(named) if named and ran is None else None,
        )
        connection.execute(_LAY, (*values, seq))
        if subject is not None and key is not None:
            conversations.came(connection, names, self._changes, subject, key, identity)
