"""How measured numbers are written, the same in the editor and on the command line.

What was never measured is None, and is written as that: nothing stands for a number that is not known.
"""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import Final

from promptbits.facts.intervals import Interval

UNKNOWN: Final = "cannot tell"

_SECOND: Final = 1000.0
_MINUTE: Final = 60 * _SECOND
# What is shorter, or took no time at all, is not told apart.
_SHORTEST: Final = 0.01
# Below this, cents do not tell one cost from another. What rounds to ten cents is written as that.
_CHEAP: Final = 0.0995


def percent(share: float) -> str:
    """A share of 0 to 1 with one decimal, without the sign of percent."""
    return f"{share * 100:.1f}"


def rate(interval: Interval | None) -> str:
    """A rate with its 95 % interval: `92.1 % [90.4–93.5]`."""
    if interval is None:
        return UNKNOWN
    return f"{percent(interval.estimate)} % [{percent(interval.low)}–{percent(interval.high)}]"


def points(difference: Interval) -> str:
    """A difference of two rates in percentage points, with its 95 % interval: `+3.0 pts [+0.8, +5.2]`."""
    middle, low, high = (f"{round(each * 100, 1) + 0.0:+.1f}" for each in difference)
    return f"{middle} pts [{low}, {high}]"


def share(interval: Interval) -> str:
    """A rate as a share of 1 with its 95 % interval, as a confidence is written: `0.91 [0.89–0.93]`."""
    return f"{interval.estimate:.2f} [{interval.low:.2f}–{interval.high:.2f}]"


def duration(milliseconds: float | None) -> str:
    """A duration with about three digits: `840 ms`, `2.41 s`, `3.2 min`."""
    if milliseconds is None:
        return UNKNOWN
    if milliseconds < _SHORTEST:
        return f"< {_SHORTEST} ms"
    if milliseconds < _SECOND - 0.5:
        return f"{milliseconds:.0f} ms" if milliseconds >= 9.95 else f"{milliseconds:.2g} ms"
    if milliseconds < _MINUTE:
        seconds = milliseconds / _SECOND
        return f"{seconds:.2f} s" if seconds < 9.995 else f"{seconds:.1f} s"
    return f"{milliseconds / _MINUTE:,.1f} min"


def number(value: float | None) -> str:
    """A mean of things that are counted, such as tokens."""
    return UNKNOWN if value is None else f"{value:,.0f}"


def dollars(value: float | None) -> str:
    """An amount of US dollars, small ones with two digits that say something."""
    if value is None:
        return UNKNOWN
    if value >= _CHEAP or not value:
        return f"${value:,.2f}"
    places = 1 - math.floor(math.log10(float(f"{value:.1e}")))  # written out: nobody reads 1.2e-05
    return f"${value:.{places}f}".rstrip("0")


def stars(value: float | None) -> str:
    """A mean rating of 1 to 5: `★ 4.3`."""
    return UNKNOWN if value is None else f"★ {value:.1f}"


def moment(milliseconds: int) -> str:
    """A time, to the minute: `2026-11-20 16:00`, in UTC. 0 stands for never."""
    if not milliseconds:
        return UNKNOWN
    return datetime.fromtimestamp(milliseconds / _SECOND, UTC).strftime("%Y-%m-%d %H:%M")
