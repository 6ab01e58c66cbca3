"""The texts of a lineage and what is measured of each, and the days of one of them: what a picture of them is drawn of.

All of it is read at once and for few prompts, in a thread: histories are long.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from promptbits.checks.measurements import measurements
from promptbits.checks.snapshot import Snapshot
from promptbits.facts.intervals import Interval
from promptbits.facts.statistics import Statistics, difference, grouped
from promptbits.facts.store import UNKNOWN_TEXT, Summary
from promptbits.facts.view import FactsView
from promptbits.language.markup import counted
from promptbits.language.measured.table import remarks
from promptbits.prompts.entry import Entry

MOST_DAYS: Final = 365
# A lineage is a handful; one that somebody made up may not keep everybody.
_MOST_PROMPTS: Final = 200


@dataclass(frozen=True, slots=True)
class MeasuredText:
    """A text with what is measured of it. `days` are those of which there are facts, the first one first."""

    id: str
    revision: int | None
    path: str | None
    text: str
    is_current: bool
    statistics: Statistics
    difference: Interval | None
    first_day: str
    days: dict[str, Statistics]


@dataclass(frozen=True, slots=True)
class Lineage:
    """The measured texts of a lineage, the newest revision first; `shown` is the one whose days are asked for."""

    texts: tuple[MeasuredText, ...]
    shown: MeasuredText | None
    notes: tuple[str, ...]


def lineage(snapshot: Snapshot, text: str | None = None, id_: str | None = None) -> Lineage:
    """What is measured of a prompt, of what it evolved from, and of what evolved from it.

    Args:
        snapshot: the prompt.
        text: the text to show, by its hash; the one as it stands if absent, or else the one before.
        id_: the prompt that the text is of, where several have the same.
    """
    own = snapshot.prompt.get("id")
    if snapshot.facts is None or not isinstance(own, str) or not own:
        return Lineage((), None, ("Nothing is measured yet.",))
    texts = [each for entry in _entries(snapshot, own) for each in _texts(snapshot, snapshot.facts, entry, own)]
    texts.sort(key=lambda each: (each.revision or 0, each.is_current, each.statistics.last_seen), reverse=True)
    found = measurements(snapshot)
    wanted = text or (found and (found.before if found.own.is_empty else found.text))
    fits = [each for each in texts if each.text == wanted and id_ in (None, each.id)]
    shown = next((each for each in fits if each.id == own), fits[0] if fits else None)
    return Lineage(tuple(texts), shown, tuple(_notes(snapshot, texts, shown)))


def _entries(snapshot: Snapshot, own: str) -> list[Entry]:
    """The prompts of a lineage: this one, up to the first of them, and down to all that evolved from that one."""
    library, here = snapshot.library, snapshot.library.served(own)
    parent = snapshot.prompt.get("parent")
    entry = Entry(str(snapshot.path or ""), "custom", own, parent=parent if isinstance(parent, str) else "")
    known = {own: here if here is not None and here.path == entry.path else entry}
    first = known[own] = known[own]._replace(parent=entry.parent)  # as it stands in the editor
    while (above := library.served(first.parent)) is not None and above.id not in known:
        known[above.id] = first = above
    waiting = list(known.values())
    while waiting and len(known) < _MOST_PROMPTS:
        for below in library.evolved_from(waiting.pop().id):
            if below.id not in known:
                known[below.id] = below
                waiting.append(below)
    return list(known.values())


def _texts(snapshot: Snapshot, facts: FactsView, entry: Entry, own: str) -> Iterator[MeasuredText]:
    measured, is_own = facts.measured(entry.id), entry.id == own
    parent = facts.measured(entry.parent) if entry.parent and entry.parent != entry.id else None
    rows: dict[str, list[Summary]] = {}
    for row in facts.summaries(entry.id):
        rows.setdefault(row.content_sha256, []).append(row)
    for text, some in rows.items():
        if text == UNKNOWN_TEXT:
            continue
        statistics, is_current = measured.of(text), is_own and text == snapshot.content_sha256
        before = parent.latest(text) if parent is not None else None
        between = difference(statistics, parent.of(before)) if parent is not None and before is not None else None
        revision = measured.revisions.get(text)
        if revision is None and is_current:
            revision = entry.revision
        by_day = grouped(sorted(some, key=lambda row: row.day), lambda row: row.day)
        days = {day: each for day, each in by_day.items() if not each.is_empty}
        first = next(iter(days), "")
        yield MeasuredText(entry.id, revision, entry.path or None, text, is_current, statistics, between, first, days)


def _notes(snapshot: Snapshot, texts: Iterable[MeasuredText], shown: MeasuredText | None) -> Iterator[str]:
    found = measurements(snapshot)
    if not any(True for _ in texts):
        yield "Nothing is measured yet."
    if found is None:
        return
    yield from (f"{each}." for each in remarks(snapshot, found))
    if shown is not None and shown.statistics.executions and shown.statistics.rate is None:
        yield f"No outcome is known of {counted(shown.statistics.executions, 'run')}, so there is no rate."
    unknown = found.measured.of(UNKNOWN_TEXT)
    if unknown.executions:
        yield f"Runs of {found.id} that named no text, and count for none: {unknown.executions:,}."
