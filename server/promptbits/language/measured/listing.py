"""What a list of prompts shows of the measurements of each."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Final, Literal, NamedTuple

from promptbits.facts.intervals import Interval
from promptbits.facts.statistics import Statistics
from promptbits.facts.trend import HALF
from promptbits.facts.view import Measured
from promptbits.language.measured.words import summary

Trend = Literal["up", "down", "steady", "unknown"]

# A difference of two rates whose interval is no wider than this, and holds 0, is called none.
_STEADY: Final = 0.2
_MILLI: Final = 1e3


class Listed(NamedTuple):
    """The numbers of a prompt, named as the protocol names them."""

    conversations: int
    successes: int
    rate: float | None
    low: float | None
    high: float | None
    executions: int
    olderText: bool  # noqa: N815  (the name in the protocol)
    summary: str
    trend: Trend


def listed(measured: Measured, text: str | None, today: date, *, is_served: bool) -> Listed | None:
    """What is measured of a prompt as it stands, or else of the text before; None where that is nothing.

    Args:
        measured: the numbers of its id.
        text: the hash of its content; None while that cannot be read.
        today: the day that a trend leads up to.
        is_served: whether the facts of its id are about this file: only then may they be of a text that it had before.
    """
    own = measured.of(text) if text is not None else Statistics()
    before = measured.latest(text or "") if own.is_empty and is_served else None
    if own.is_empty and before is None:
        return None
    shown, numbers = (before, measured.of(before)) if before is not None else (text, own)
    low, high = (numbers.rate.low, numbers.rate.high) if numbers.rate is not None else (None, None)
    return Listed(
        numbers.conversations,
        numbers.successes,
        numbers.rate.estimate if numbers.rate is not None else None,
        low,
        high,
        numbers.executions,
        before is not None,
        summary(numbers),
        _trend(measured.trends.get(shown or ""), numbers.last_seen, today),
    )


def _trend(change: Interval | None, last_seen: int, today: date) -> Trend:
    """Whether a rate goes up or down, as far as its intervals can tell; unknown where that was long ago."""
    if change is None or (today - datetime.fromtimestamp(last_seen / _MILLI, UTC).date()).days >= HALF:
        return "unknown"
    if change.low > 0 or change.high < 0:
        return "up" if change.low > 0 else "down"
    return "steady" if change.high - change.low <= _STEADY else "unknown"
