"""Add facts and, in the same transaction, what they change in the summaries."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from typing import Any, Final

from promptbits.facts.fields import MILLISECONDS_A_DAY, day_of
from promptbits.facts.sqlite import conversations
from promptbits.facts.sqlite.counting import Changes, Place, at
from promptbits.facts.sqlite.names import Names, Subject
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
from promptbits.facts.sqlite.schema import EXECUTION
from promptbits.facts.sqlite.summaries import add_up
from promptbits.facts.sqlite.transactions import writing
from promptbits.facts.store import UNKNOWN_TEXT, Appended, Fact

_WAITING: Final = "SELECT seq, id, time, subject, conversation, outcome, rest FROM fact WHERE awaits = ?"
_EXECUTION_BY_ID: Final = "SELECT subject, conversation, model FROM fact WHERE id = ? AND kind = ?"


def append(connection: sqlite3.Connection, names: Names, facts: Sequence[Fact]) -> Appended:
    """Add facts in canonical form."""
    changes: Changes = {}
    try:
        with writing(connection):
            writer = _Writer(connection, names, changes)
            added = sum(writer.add(fact) for fact in facts)
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
            self._feedback(fact, time, row[0], cursor.lastrowid)
        elif kind == "tech_stack":
            self._technologies(fact, time, cursor.lastrowid)
        elif kind == "context_signature":
            self._connection.execute(
                "UPDATE fact SET signature = ? WHERE seq = ?", (fact["signature"], cursor.lastrowid)
            )
        return True

    def _execution(self, fact: Fact, time: int) -> bool:
        connection, names = self._connection, self._names
        within = Subject(fact["prompt_id"], fact.get("content_sha256", UNKNOWN_TEXT), fact.get("variant", ""))
        subject = names.subject(connection, within)
        row = execution_row(connection, names, fact, subject, time)
        if not connection.execute(INSERT, row).rowcount:
            return False
        place = Place(*within, fact.get("model", ""), fact["timestamp"][:10])
        at(self._changes, place).execution(fact, time)
        identity, model, conversation, outcome = row[0], row[5], row[6], row[7]
        key = identity if conversation is None else conversation
        if outcome is not None:
            conversations.came(connection, names, self._changes, subject, key, identity)
        for waiting in connection.execute(_WAITING, (identity,)).fetchall():
            self._resolve(waiting, fact, within, subject, key, model)
        return True

    def _feedback(self, fact: Fact, time: int, identity: bytes, seq: int | None) -> None:
        """Count what a feedback says, where it belongs by now."""
        connection, names = self._connection, self._names
        execution_id = fact.get("execution_id")
        packed = None if execution_id is None else packed_id(execution_id)
        row = packed and connection.execute(_EXECUTION_BY_ID, (packed, EXECUTION)).fetchone()
        execution: dict[str, Any] = {}
        outcome = OUTCOMES.get(fact.get("outcome", ""))
        subject: int | None = None
        model = key = None
        if row:
            subject, key, model = row[0], packed if row[1] is None else row[1], row[2]
            within = names.subject_of(connection, row[0])
            execution = within._asdict() | {"model": names.text(connection, model)}
        elif fact.get("conversation_id") is not None:
            own = Subject(fact["prompt_id"], fact.get("content_sha256", UNKNOWN_TEXT), fact.get("variant", ""))
            subject, key = names.subject(connection, own), packed_word(fact["conversation_id"])
        if outcome is None:
            subject = key = None
        if model is None and "model" in fact:
            model = names.word(connection, fact["model"])
        connection.execute(
            "UPDATE fact SET subject = ?, conversation = ?, model = ?, outcome = ?, awaits = ? WHERE seq = ?",
            (subject, key, model, outcome, None if row else packed, seq),
        )
        if subject is not None and key is not None:
            conversations.came(connection, names, self._changes, subject, key, identity)
        self._rate(fact, fact["timestamp"][:10], execution, 1)

    def _resolve(
        self, waiting: tuple[Any, ...], fact: Fact, within: Subject, subject: int, key: bytes | str, model: int | None
    ) -> None:
        """Move a feedback to its execution, which has come."""
        connection, names = self._connection, self._names
        seq, identity, time, old_subject, old_key, outcome, rest = waiting
        feedback: Fact = json.loads(rest)
        prompt = connection.execute("SELECT prompt FROM fact WHERE seq = ?", (seq,)).fetchone()[0]
        feedback["prompt_id"] = names.text(connection, prompt)
        day = day_of(time // MILLISECONDS_A_DAY)
        self._rate(feedback, day, {}, -1)
        self._rate(feedback, day, within._asdict() | {"model": fact.get("model")}, 1)
        if old_subject is not None:
            conversations.goes(connection, names, self._changes, old_subject, old_key, identity)
        if outcome is None:
            connection.execute("UPDATE fact SET awaits = NULL WHERE seq = ?", (seq,))
            return
        if model is None and "model" in feedback:
            model = names.word(connection, feedback["model"])
        connection.execute(
            "UPDATE fact SET subject = ?, conversation = ?, model = ?, awaits = NULL WHERE seq = ?",
            (subject, key, model, seq),
        )
        conversations.came(connection, names, self._changes, subject, key, identity)

    def _rate(self, feedback: Fact, day: str, execution: dict[str, Any], times: int) -> None:
        """Count a rating under what the feedback says of itself, and else under what is known of its execution."""
        rating = feedback.get("rating")
        if rating is None:
            return
        known = {name: feedback.get(name) or execution.get(name) or "" for name in Place._fields[1:4]}
        place = Place(feedback["prompt_id"], day=day, **known)
        at(self._changes, place).rating(rating, times)

    def _technologies(self, fact: Fact, time: int, seq: int | None) -> None:
        named = {technology["name"].casefold() for technology in fact["technologies"]}
        self._connection.executemany(
            "INSERT INTO technology (name, time, fact) VALUES (?, ?, ?)", [(name, time, seq) for name in named]
        )


