"""What is measured of a prompt as Markdown: a table with a row for each of its texts, and how the last days went."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from typing import Final, NamedTuple

from promptbits.checks.measurements import Measurements, comparison, measurements
from promptbits.checks.snapshot import Snapshot
from promptbits.facts import wording
from promptbits.facts.statistics import Statistics
from promptbits.facts.store import UNKNOWN_TEXT
from promptbits.facts.trend import DAYS, blocks, days_until
from promptbits.facts.view import Measured
from promptbits.language.markup import counted
from promptbits.language.measured.words import compared

_SHORT: Final = 8
_NOTHING: Final = "–"
_HEAD: Final = ("conversations", "success", "p50", "p95", "tokens in + out", "cost", "rating", "last seen")

# In a hover; the document of a prompt's statistics has them all.
MOST_TEXTS: Final = 6


class Row(NamedTuple):
    """A row of a table: what it is about, and its numbers."""

    label: str
    statistics: Statistics


def describe_measurements(snapshot: Snapshot, today: date | None = None) -> list[str]:
    """The paragraphs about what is measured of a prompt; none where nothing is."""
    found = measurements(snapshot)
    if found is None:
        return []
    rows = list(text_rows(snapshot, found))
    blocks_ = [table("text", rows[:MOST_TEXTS])]
    if len(rows) > MOST_TEXTS:
        blocks_.append(f"and {counted(len(rows) - MOST_TEXTS, 'more text')}")
    return [*blocks_, *remarks(snapshot, found), *trend(found, today)]


def text_rows(snapshot: Snapshot, found: Measurements) -> Iterator[Row]:
    """A row for each text: as it stands, its parent's, then those seen last; what names no text comes at the end."""
    measured = found.measured
    if not found.own.is_empty and found.text is not None:
        yield Row(_label(measured, found.text, "this text"), found.own)
    beside = comparison(snapshot)
    if beside is not None:
        name = f"r{beside.parent_revision} " if beside.parent_revision is not None else ""
        yield Row(f"{name}{beside.parent_text[:_SHORT]} (parent)", beside.parent)
    known = [text for text in measured.texts if text not in (UNKNOWN_TEXT, found.text)]
    for text in sorted(known, key=lambda text: (measured.texts[text].last_seen, text), reverse=True):
        yield Row(_label(measured, text, "the text before" if text == found.before else ""), measured.texts[text])
    if UNKNOWN_TEXT in measured.texts:
        yield Row("text unknown", measured.texts[UNKNOWN_TEXT])


def table(title: str, rows: Iterable[Row]) -> str:
    """A table of statistics. What was never measured is a dash."""
    head = (title, *_HEAD)
    lines = [head, ("---", *("---:" for _ in _HEAD)), *((row.label, *_cells(row.statistics)) for row in rows)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def remarks(snapshot: Snapshot, found: Measurements) -> Iterator[str]:
    """What has to be said of the rows."""
    if found.own.is_empty:
        yield "Nothing is measured of the text as it stands: these numbers belong to other texts"
    if found.own.conversations and (said := compared(comparison(snapshot))):
        yield f"{said}: observed, not randomized"


def trend(found: Measurements, today: date | None = None) -> Iterator[str]:
    """How the last days of this text went, or of the text before, where one of them knows an outcome."""
    text, whose = (found.text, "this text") if not found.own.is_empty else (found.before, "the text before")
    if text is None:
        return
    days = days_until(today or datetime.now(UTC).date())
    known = found.facts.days(found.id)
    shown = [known.get((text, day), Statistics()) for day in days]
    if any(day.conversations for day in shown):
        yield f"Success of {whose} in {DAYS} days up to {days[-1]}: `{blocks(shown)}`"


def _label(measured: Measured, text: str, remark: str) -> str:
    revision = measured.revisions.get(text)
    name = f"{f'r{revision}' if revision is not None else 'r?'} {text[:_SHORT]}"
    return f"{name} ({remark})" if remark else name


def _cells(numbers: Statistics) -> tuple[str, ...]:
    read, written = numbers.input_tokens, numbers.output_tokens
    tokens = " + ".join(_NOTHING if each is None else wording.number(each) for each in (read, written))
    cells = (
        f"{numbers.conversations:,}",
        wording.rate(numbers.rate),
        wording.duration(numbers.p50),
        wording.duration(numbers.p95),
        wording.UNKNOWN if read is None and written is None else tokens,
        wording.dollars(numbers.cost),
        wording.stars(numbers.rating),
        wording.moment(numbers.last_seen),
    )
    return tuple(_NOTHING if cell == wording.UNKNOWN else cell for cell in cells)
