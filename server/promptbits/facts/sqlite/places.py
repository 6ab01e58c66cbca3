"""Where facts are counted."""

from __future__ import annotations

import sqlite3
from typing import Final, NamedTuple

from promptbits.facts.sqlite.conversations import Key
from promptbits.facts.sqlite.counting import Place
from promptbits.facts.sqlite.names import Names, Subject
from promptbits.facts.sqlite.records import packed_id
from promptbits.facts.sqlite.schema import EXECUTION
from promptbits.facts.store import UNKNOWN_TEXT, Fact

_BY_ID: Final = "SELECT subject, ifnull(conversation, id), model FROM fact WHERE id = ? AND kind = ?"


class Ran(NamedTuple):
    """What is known of the execution of a feedback."""

    subject: int
    within: Subject
    key: Key
    model: str | None


def subject_of(fact: Fact) -> Subject:
    """What the conversation of an execution is counted within; of a feedback, as far as it says itself."""
    return Subject(fact["prompt_id"], fact.get("content_sha256", UNKNOWN_TEXT), fact.get("variant", ""))


def place_of_execution(fact: Fact) -> Place:
    """Where a run is counted."""
    return Place(*subject_of(fact), fact.get("model", ""), fact["timestamp"][:10])


def place_of_rating(feedback: Fact, day: str, ran: Ran | None) -> Place:
    """Where a rating is counted: under what the feedback says of itself, and else under what its execution says."""
    content, variant, model = (feedback.get(name, "") for name in ("content_sha256", "variant", "model"))
    if ran is not None:
        content, variant, model = (
            content or ran.within.content_sha256,
            variant or ran.within.variant,
            model or ran.model or "",
        )
    return Place(feedback["prompt_id"], content, variant, model, day)


def execution_of(connection: sqlite3.Connection, names: Names, feedback: Fact) -> Ran | None:
    """The execution that a feedback names, if it is there."""
    named = feedback.get("execution_id")
    row = named and connection.execute(_BY_ID, (packed_id(named), EXECUTION)).fetchone()
    if not row:
        return None
    return Ran(row[0], names.subject_of(connection, row[0]), row[1], names.text(connection, row[2]))
