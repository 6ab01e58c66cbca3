"""Whether a store agrees with itself: everything that is derived is made anew from the facts and compared."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterator
from typing import Any, Final

from promptbits.facts.sqlite.counting import Changes, Place, at
from promptbits.facts.sqlite.latency import packed
from promptbits.facts.sqlite.names import Names
from promptbits.facts.sqlite.places import Ran, execution_of, place_of_execution, place_of_rating, subject_of
from promptbits.facts.sqlite.records import COLUMNS, OUTCOMES, fact_of, packed_id, packed_word
from promptbits.facts.sqlite.schema import EXECUTION, FEEDBACK, TECH_STACK
from promptbits.facts.sqlite.summaries import KEY, NAMES, merge_into
from promptbits.facts.store import Fact
from promptbits.facts.times import MILLISECONDS_A_DAY, day_of

Progress = Callable[[int, int], None]
_REPORT_EVERY: Final = 5_000
_MOST_REPORTED: Final = 100

_REFERENCES: Final = {
    "a fact names a word that is not there": (
        "SELECT seq FROM fact, json_each(json_array(prompt, model, requested, provider, experiment)) AS used"
        " WHERE used.value IS NOT NULL AND used.value NOT IN (SELECT word FROM word)"
    ),
    "a fact names a subject that is not there": (
        "SELECT seq FROM fact WHERE subject IS NOT NULL AND subject NOT IN (SELECT subject FROM subject)"
    ),
    "a technology names a fact that is not there": (
        f"SELECT fact FROM technology WHERE fact NOT IN (SELECT seq FROM fact WHERE kind = {TECH_STACK})"  # noqa: S608 - ours
    ),
}
# How what is wrong with the file itself begins.
DAMAGED: Final = "the file is damaged"
_FACTS: Final = f"SELECT seq, awaits, {COLUMNS} FROM fact WHERE archived IS NULL AND kind = ?"  # noqa: S608 - names of columns
_CONVERSATIONS: Final = (
    "SELECT subject, ifnull(conversation, id), time, id, outcome, model FROM fact"
    " WHERE outcome IS NOT NULL AND subject IS NOT NULL ORDER BY 1, 2, 3, 4"
)


def problems_of(connection: sqlite3.Connection, progress: Progress | None = None) -> list[str]:
    """What is wrong, within the transaction that the connection is in. Nothing, if all is well."""
    problems = [str(row[0]) for row in connection.execute("PRAGMA integrity_check(10)").fetchall() if row[0] != "ok"]
    if problems:
        return [f"{DAMAGED}: {problem}" for problem in problems]
    for problem, query in _REFERENCES.items():
        problems += [f"{problem} (fact {row[0]})" for row in connection.execute(f"{query} LIMIT 10")]
    if problems:
        return problems
    problems += _wrong_templates(connection)
    recount, misplaced = recounted(connection, progress)
    return (problems + misplaced + _differences(connection, recount))[:_MOST_REPORTED]


def recounted(connection: sqlite3.Connection, progress: Progress | None = None) -> tuple[Changes, list[str]]:
    """All summaries anew from the facts, and which feedback does not lie where it belongs."""
    names, changes = Names(), Changes()
    misplaced: list[str] = []
    total = connection.execute("SELECT count(*) FROM fact WHERE kind < 2 AND archived IS NULL").fetchone()[0]
    for done, row in enumerate(_rows(connection), 1):
        fact = fact_of(connection, names, row[2:])
        if fact["kind"] == "execution":
            at(changes, place_of_execution(fact)).execution(fact, row[4])
        else:
            ran = execution_of(connection, names, fact)
            if "rating" in fact:
                at(changes, place_of_rating(fact, fact["timestamp"][:10], ran)).rating(fact["rating"], 1)
            if _misplaced(connection, names, fact, ran, row):
                misplaced.append(f"feedback {fact['id']} is not counted where it belongs")
        if progress and (done % _REPORT_EVERY == 0 or done == total):
            progress(done, total)
    _conversations(connection, names, changes)
    merge_into(connection, changes, "archived_summary")
    return changes, misplaced


def _rows(connection: sqlite3.Connection) -> Iterator[tuple[Any, ...]]:
    for kind in (EXECUTION, FEEDBACK):
        yield from connection.execute(_FACTS, (kind,))


def _misplaced(connection: sqlite3.Connection, names: Names, fact: Fact, ran: Ran | None, row: tuple[Any, ...]) -> bool:
    """Whether the outcome of a feedback lies elsewhere than the feedback itself says."""
    awaits, subject, model, conversation, outcome = row[1], *row[6:10]
    named, expected = fact.get("execution_id"), OUTCOMES.get(fact.get("outcome", ""))
    if awaits != (packed_id(named) if named and ran is None else None) or outcome != expected:
        return True
    lies = None if subject is None else (names.subject_of(connection, subject), conversation)
    if outcome is None:
        return lies is not None
    if ran is not None:
        belongs = (ran.within, ran.key)
    else:
        belongs = (subject_of(fact), packed_word(fact["conversation_id"])) if "conversation_id" in fact else None
    return lies != belongs or names.text(connection, model) != ((ran and ran.model) or fact.get("model"))


def _conversations(connection: sqlite3.Connection, names: Names, changes: Changes) -> None:
    before: tuple[Any, Any] | None = None
    for subject, key, time, _, outcome, model in connection.execute(_CONVERSATIONS):
        if before == (subject, key):
            continue
        before = (subject, key)
        place = Place(
            *names.subject_of(connection, subject),
            names.text(connection, model) or "",
            day_of(time // MILLISECONDS_A_DAY),
        )
        at(changes, place).outcome(succeeded=bool(outcome), times=1)


def _differences(connection: sqlite3.Connection, recount: Changes) -> list[str]:
    problems: list[str] = []
    for row in connection.execute(f"SELECT {KEY}, {', '.join(NAMES)}, latency FROM summary"):  # noqa: S608 - names of columns
        place = Place(*row[:5])
        sums = recount.pop(place, None)
        expected = None if sums is None else (*sums.values(), packed(sums.latency))
        if expected is None:
            problems.append(f"the summary of {_spelled(place)} counts what is not there")
        elif expected != row[5:]:
            pairs = zip((*NAMES, "latency"), row[5:], expected, strict=True)
            differing = ", ".join(name for name, one, other in pairs if one != other)
            problems.append(f"the summary of {_spelled(place)} differs from a recount: {differing}")
    problems += [f"the summary of {_spelled(place)} is missing" for place in recount]
    return problems


def _spelled(place: Place) -> str:
    text = place.content_sha256[:12] or "text unknown"
    parts = (place.prompt_id, text, place.variant, place.model, place.day)
    return json.dumps(" / ".join(part for part in parts if part), ensure_ascii=False)


def _wrong_templates(connection: sqlite3.Connection) -> list[str]:
    rows = connection.execute("SELECT content_sha256, content FROM template")
    return [
        f"the text {key.hex()[:12]} is not what its hash says"
        for key, text in rows
        if hashlib.sha256(text).digest() != key
    ]
