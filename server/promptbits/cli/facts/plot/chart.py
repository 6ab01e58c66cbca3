"""What a picture of success rates shows: a line for each row, a point for each day or week that is known."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final, NamedTuple

from promptbits.cli.facts.grouping import Row
from promptbits.facts.intervals import Interval
from promptbits.facts.statistics import grouped

# As many lines as colours can tell apart.
_MOST_LINES: Final = 6
# From so many days on, a point is about a week.
_MANY_DAYS: Final = 120
_WEEK: Final = 7
_LEAST_DAYS: Final = 7


class Point(NamedTuple):
    """The rate of one bin, counted from the first."""

    bin: int
    rate: Interval
    conversations: int


class Line(NamedTuple):
    """What is drawn of one row."""

    label: str
    conversations: int
    points: tuple[Point, ...]


@dataclass(frozen=True)
class Chart:
    """Everything that a picture says. A bin is `days` days long."""

    title: str
    description: str
    first: date
    bins: int
    days: int
    lines: tuple[Line, ...]
    left_out: list[str] = field(default_factory=list[str])


def chart(found: Iterable[Row], what: str, first: date | None, last: date) -> Chart:
    """The picture of some rows, those with the most conversations if there are too many."""
    known = [row for row in found if row.statistics.conversations]
    known.sort(key=lambda row: -row.statistics.conversations)
    drawn, others = known[:_MOST_LINES], known[_MOST_LINES:]
    first = min(first or _first_day(drawn, last), last - timedelta(days=_LEAST_DAYS - 1))
    span = (last - first).days + 1
    days = _WEEK if span > _MANY_DAYS else 1
    several = len({row.prompt_id for row in drawn}) > 1
    lines = tuple(_line(row, first, last, days, several=several) for row in drawn)
    left_out = [f"{len(others)} more rows are not drawn: only those with the most conversations"] if others else []
    return Chart(
        f"Success rate per {'week' if days == _WEEK else 'day'}: {what}",
        "Share of conversations that succeeded, by their first known outcome; the band is the 95 % interval. UTC.",
        first,
        -(-span // days),
        days,
        lines,
        left_out,
    )


def _first_day(found: Iterable[Row], last: date) -> date:
    days = [each.day for row in found for each in row.summaries if each.successes or each.failures]
    return min(date.fromisoformat(min(days)), last) if days else last


def _line(row: Row, first: date, last: date, days: int, *, several: bool) -> Line:
    # Days outside of the picture: facts may come from clocks that are ahead.
    inside = [each for each in row.summaries if first.isoformat() <= each.day <= last.isoformat()]
    by_bin = grouped(inside, lambda each: (date.fromisoformat(each.day) - first).days // days)
    points = tuple(
        Point(bin_, each.rate, each.conversations) for bin_, each in sorted(by_bin.items()) if each.rate is not None
    )
    label = " ".join(part for part in (row.prompt_id if several or not row.label else "", row.label) if part)
    return Line(label, sum(point.conversations for point in points), points)
