"""How a rate went, day by day, in one line of block characters."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Final

from promptbits.facts.intervals import Interval, newcombe
from promptbits.facts.statistics import Statistics, grouped
from promptbits.facts.store import Summary

DAYS: Final = 30
# What tells how a rate goes: so many days beside as many before them.
HALF: Final = DAYS // 2

_BLOCKS: Final = "▁▂▃▄▅▆▇█"
# A day of which nothing is known. Not the lowest block: that is a day on which everything failed.
_NOTHING: Final = "·"


def days_until(last: date, count: int = DAYS) -> list[str]:
    """The days up to and with the last one, as summaries write them."""
    return [(last - timedelta(days=back)).isoformat() for back in range(count - 1, -1, -1)]


def by_day(summaries: Iterable[Summary], days: Sequence[str]) -> list[Statistics]:
    """The statistics of each of some days, empty ones for days without facts."""
    wanted = set(days)
    found = grouped((row for row in summaries if row.day in wanted), lambda row: row.day)
    return [found.get(day, Statistics()) for day in days]


def changes(summaries: Iterable[Summary]) -> dict[str, Interval]:
    """How much higher the rate of each text is in its last days than in as many before; without texts that lack one.

    The last days of a text are those up to the last one on which an outcome became known.
    """
    texts: dict[str, list[tuple[int, Summary]]] = {}
    for row in summaries:
        if row.successes or row.failures:
            texts.setdefault(row.content_sha256, []).append((date.fromisoformat(row.day).toordinal(), row))
    found: dict[str, Interval] = {}
    for text, rows in texts.items():
        last = max(day for day, _ in rows)
        recent, before = _counts(rows, last - HALF, last), _counts(rows, last - 2 * HALF, last - HALF)
        between = newcombe(*recent, *before)
        if between is not None:
            found[text] = between
    return found


def _counts(rows: Iterable[tuple[int, Summary]], after: int, until: int) -> tuple[int, int]:
    """The successes, and all conversations with an outcome, of some days."""
    some = [row for day, row in rows if after < day <= until]
    successes = sum(row.successes for row in some)
    return successes, successes + sum(row.failures for row in some)


def blocks(days: Iterable[Statistics]) -> str:
    """One character for each day: its success rate in eighths of 100 %, or a dot where nothing is known."""
    return "".join(_NOTHING if day.rate is None else _block(day.rate.estimate) for day in days)


def _block(rate: float) -> str:
    return _BLOCKS[min(int(rate * len(_BLOCKS)), len(_BLOCKS) - 1)]
