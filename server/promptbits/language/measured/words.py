"""Measurements in a few words. What is not measured is left out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from promptbits.checks.measurements import Comparison
from promptbits.facts import wording
from promptbits.facts.intervals import Interval
from promptbits.facts.statistics import Statistics
from promptbits.language.markup import counted

# An interval over more than half of all that is possible says no more than its counts.
_WIDEST: Final = 0.5


def is_telling(interval: Interval | None) -> bool:
    """Whether an interval is narrow enough to be worth words."""
    return interval is not None and interval.high - interval.low <= _WIDEST


def success(statistics: Statistics) -> str:
    """How many conversations succeeded: `92.1 % of 1,204 [90.4–93.5]`, or the bare counts where they are few."""
    rate = statistics.rate
    if rate is None:
        return counted(statistics.executions, "run") if statistics.executions else ""
    if not is_telling(rate):
        return f"{statistics.successes:,} of {statistics.conversations:,} succeeded"
    interval = f"[{wording.percent(rate.low)}–{wording.percent(rate.high)}]"
    return f"{wording.percent(rate.estimate)} % of {statistics.conversations:,} {interval}"


def summary(statistics: Statistics) -> str:
    """The line about a text: success, the median duration and the rating."""
    return " · ".join(part for part in _parts(statistics) if part)


def compared(found: Comparison | None) -> str:
    """How a text does beside its parent's: `r2 vs r1 +3.0 pts [+0.8, +5.2]`; empty where nobody can tell."""
    if found is None or not is_telling(found.difference):
        return ""
    other = found.parent_revision
    names = f"r{found.revision} vs r{other}" if other not in (None, found.revision) else "vs parent"
    return f"{names} {wording.points(found.difference)}"


def _parts(statistics: Statistics) -> Iterator[str]:
    yield success(statistics)
    if statistics.p50 is not None:
        yield f"p50 {wording.duration(statistics.p50)}"
    if statistics.rating is not None:
        yield wording.stars(statistics.rating)
