"""The document of a prompt's statistics: all that is measured of it, by text, model, variant and day."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Final

from promptbits.checks.measurements import measurements
from promptbits.checks.snapshot import Snapshot
from promptbits.facts.statistics import grouped
from promptbits.facts.store import Summary
from promptbits.language.markup import code
from promptbits.language.measured.table import Row, remarks, table, text_rows, trend

# How many days have a row of their own.
_DAYS: Final = 30


def report(snapshot: Snapshot, today: date | None = None) -> str:
    """What is measured of a prompt as a Markdown document, whether that is much or nothing."""
    id_ = snapshot.prompt.get("id")
    title = f"# What is measured of {code(id_)}" if isinstance(id_, str) and id_ else "# What is measured"
    return "\n\n".join([title, *_sections(snapshot, today or datetime.now(UTC).date())]) + "\n"


def _sections(snapshot: Snapshot, today: date) -> Iterator[str]:
    found = measurements(snapshot)
    if found is None:
        yield "Nothing yet."
        return
    rows = found.facts.summaries(found.id)
    yield "Success is over conversations, with its 95 % interval. – cannot tell."
    yield "## By text"
    yield table("text", text_rows(snapshot, found))
    yield from remarks(snapshot, found)
    yield from trend(found, today)
    for name, key, missing in _GROUPS:
        groups = grouped(rows, key)
        if any(groups):
            yield f"## By {name}, all texts"
            yield table(name, (Row(_cell(group) or missing, groups[group]) for group in sorted(groups)))
    yield "## By day, all texts"
    days = grouped(rows, lambda row: row.day)
    yield table("day (UTC)", (Row(day, days[day]) for day in sorted(days, reverse=True)[:_DAYS]))


def _cell(name: str) -> str:
    """A name that an application gave, in a cell of a table: a bar would end it."""
    return code(name.replace("|", "¦")) if name else ""


_GROUPS: Final[tuple[tuple[str, Callable[[Summary], str], str], ...]] = (
    ("model", lambda row: row.model, "model unknown"),
    ("variant", lambda row: row.variant, "no variant"),
)
