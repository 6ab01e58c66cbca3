"""How a rate went, day by day, in one line of block characters."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Final

from promptbits.facts.statistics import Statistics, grouped
from promptbits.facts.store import Summary

DAYS: Final = 30

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


def blocks(days: Iterable[Statistics]) -> str:
    """One character for each day: its success rate in eighths of 100 %, or a dot where nothing is known."""
    return "".join(_NOTHING if day.rate is None else _block(day.rate.estimate) for day in days)


def _block(rate: float) -> str:
    return _BLOCKS[min(int(rate * len(_BLOCKS)), len(_BLOCKS) - 1)]
