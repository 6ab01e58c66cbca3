"""Intervals of rates: where a rate lies, as far as the counts can tell."""

from __future__ import annotations

import math
from typing import Final, NamedTuple

# The normal quantile of 97.5 %.
_Z: Final = 1.959963984540054


class Interval(NamedTuple):
    """An estimate and its 95 % interval."""

    estimate: float
    low: float
    high: float


def wilson(successes: int, trials: int) -> Interval | None:
    """A rate, 0 to 1, with its score interval; None without a trial.

    Source: E. B. Wilson, "Probable inference", JASA 22 (1927), without continuity correction.
    """
    if trials <= 0:
        return None
    rate, square = successes / trials, _Z * _Z
    middle = (rate + square / (2 * trials)) / (1 + square / trials)
    half = _Z / (1 + square / trials) * math.sqrt(rate * (1 - rate) / trials + square / (4 * trials * trials))
    return Interval(rate, max(middle - half, 0.0), min(middle + half, 1.0))


def newcombe(successes: int, trials: int, other_successes: int, other_trials: int) -> Interval | None:
    """The difference of two independent rates, first minus second; None without a trial of either.

    Source: R. G. Newcombe, "Interval estimation for the difference between independent proportions", Statistics in
    Medicine 17 (1998), method 10: built of two Wilson intervals.
    """
    one, other = wilson(successes, trials), wilson(other_successes, other_trials)
    if one is None or other is None:
        return None
    difference = one.estimate - other.estimate
    below = math.hypot(one.estimate - one.low, other.high - other.estimate)
    above = math.hypot(one.high - one.estimate, other.estimate - other.low)
    return Interval(difference, max(difference - below, -1.0), min(difference + above, 1.0))
