"""Summaries added up to what people read. Pure: whoever shows a number gets it here."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import Final, TypeVar

from promptbits.facts.histogram import merged, quantile
from promptbits.facts.intervals import Interval, newcombe, wilson
from promptbits.facts.store import Summary

_PICO: Final = 1e12
_MILLI: Final = 1e3

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Statistics:
    """What is known of some executions. What was never measured is None; nothing is estimated but the intervals.

    `executions` are runs, `conversations` those with a known outcome, `rate` is over conversations. Durations are in
    milliseconds, `cost` is the mean in US dollars of the runs that name one, `last_seen` milliseconds since 1970.
    """

    executions: int = 0
    conversations: int = 0
    successes: int = 0
    rate: Interval | None = None
    p50: float | None = None
    p95: float | None = None
    p99: float | None = None
    timed: int = 0
    input_tokens: float | None = None
    output_tokens: float | None = None
    cost: float | None = None
    total_cost: float | None = None
    rating: float | None = None
    rated: int = 0
    last_seen: int = 0

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all was measured."""
        return not (self.executions or self.conversations or self.rated)


def combine(summaries: Iterable[Summary]) -> Statistics:
    """The statistics of some summaries together."""
    rows = list(summaries)
    successes = sum(row.successes for row in rows)
    conversations = successes + sum(row.failures for row in rows)
    latency = merged(row.latency for row in rows if row.latency)
    priced, cost = sum(row.priced for row in rows), sum(row.cost_pico_usd for row in rows)
    rated = sum(row.rated for row in rows)
    return Statistics(
        executions=sum(row.executions for row in rows),
        conversations=conversations,
        successes=successes,
        rate=wilson(successes, conversations),
        p50=quantile(latency, 0.50),
        p95=quantile(latency, 0.95),
        p99=quantile(latency, 0.99),
        timed=sum(latency.values()),
        input_tokens=_mean(sum(row.input_tokens for row in rows), sum(row.input_counted for row in rows)),
        output_tokens=_mean(sum(row.output_tokens for row in rows), sum(row.output_counted for row in rows)),
        cost=_mean(cost / _PICO, priced),
        total_cost=cost / _PICO if priced else None,
        rating=_mean(sum(row.rating_milli for row in rows) / _MILLI, rated),
        rated=rated,
        last_seen=max((row.last_seen for row in rows), default=0),
    )


def grouped(summaries: Iterable[Summary], key: Callable[[Summary], Key]) -> dict[Key, Statistics]:
    """The statistics of each group, in the order in which the groups come."""
    groups: dict[Key, list[Summary]] = {}
    for row in summaries:
        groups.setdefault(key(row), []).append(row)
    return {name: combine(rows) for name, rows in groups.items()}


def difference(one: Statistics, other: Statistics) -> Interval | None:
    """How much higher the rate of one is than that of another, observed and not randomized."""
    return newcombe(one.successes, one.conversations, other.successes, other.conversations)


def _mean(total: float, count: int) -> float | None:
    return total / count if count else None
