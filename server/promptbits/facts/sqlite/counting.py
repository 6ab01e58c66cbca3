"""What facts change in the summaries: sums by place, gathered in memory and written once. Pure."""

from __future__ import annotations

import operator
from typing import Any, Final, NamedTuple

from promptbits.facts.histogram import bucket_of
from promptbits.facts.store import Fact

PICO: Final = 10**12
MILLI: Final = 1_000
# What a sum never exceeds: two of them still fit into an integer of SQLite. Four million dollars a day and text.
MOST: Final = 2**62 - 1


ADDED: Final = (
    "executions",
    "successes",
    "failures",
    "input_tokens",
    "input_counted",
    "output_tokens",
    "output_counted",
    "cost_pico_usd",
    "priced",
    "rating_milli",
    "rated",
)
_of: Final = operator.attrgetter(*ADDED)


class Place(NamedTuple):
    """The key of a summary."""

    prompt_id: str
    content_sha256: str
    variant: str
    model: str
    day: str


class Sums:
    """What is added to one summary. Everything is an integer, so the order does not matter."""

    __slots__ = (
        "cost_pico_usd",
        "executions",
        "failures",
        "input_counted",
        "input_tokens",
        "last_seen",
        "latency",
        "output_counted",
        "output_tokens",
        "priced",
        "rated",
        "rating_milli",
        "revision",
        "successes",
    )

    def __init__(self) -> None:
        self.revision: int | None = None
        self.executions = self.successes = self.failures = 0
        self.latency: dict[int, int] = {}
        self.input_tokens = self.input_counted = self.output_tokens = self.output_counted = 0
        self.cost_pico_usd = self.priced = self.rating_milli = self.rated = self.last_seen = 0

    def execution(self, fact: Fact, time: int) -> None:
        """Count a run."""
        get = fact.get
        self.executions += 1
        self.last_seen = max(self.last_seen, time)
        if (revision := get("revision")) is not None:
            self.revision = revision if self.revision is None else max(self.revision, revision)
        if (duration := get("execution_time_ms")) is not None:
            bucket = bucket_of(duration)
            self.latency[bucket] = self.latency.get(bucket, 0) + 1
        if (tokens := get("input_tokens")) is not None:
            self.input_tokens += tokens
            self.input_counted += 1
        if (tokens := get("output_tokens")) is not None:
            self.output_tokens += tokens
            self.output_counted += 1
        if (cost := get("cost_usd")) is not None:
            self.cost_pico_usd += pico(cost)
            self.priced += 1

    def outcome(self, *, succeeded: bool, times: int) -> None:
        """Count a conversation, or take it back."""
        if succeeded:
            self.successes += times
        else:
            self.failures += times

    def rating(self, rating: float, times: int) -> None:
        """Count a rating, or take it back."""
        self.rating_milli += times * round(rating * MILLI)
        self.rated += times

    def may_empty(self) -> bool:
        """Whether adding this may leave nothing of a summary."""
        return not self.executions and self.successes <= 0 and self.failures <= 0 and self.rated <= 0

    def merge(self, values: tuple[Any, ...], latency: dict[int, int]) -> None:
        """Add other sums, given as `values` and a histogram."""
        revision, *added, last_seen = values
        for name, value in zip(ADDED, added, strict=True):
            setattr(self, name, getattr(self, name) + value)
        if revision is not None:
            self.revision = max(self.revision or 0, revision)
        self.last_seen = max(self.last_seen, last_seen)
        for bucket, count in latency.items():
            self.latency[bucket] = self.latency.get(bucket, 0) + count

    def values(self) -> tuple[Any, ...]:
        """In the order of the columns, but for the histogram."""
        return (self.revision, *(min(value, MOST) for value in _of(self)), self.last_seen)


Changes = dict[Place, Sums]


def at(changes: Changes, place: Place) -> Sums:
    """The sums of a place, new if need be."""
    sums = changes.get(place)
    if sums is None:
        sums = changes[place] = Sums()
    return sums


def pico(dollars: float) -> int:
    """Dollars in millionths of a millionth."""
    return round(dollars * PICO)
