"""Times of facts: one form in text, milliseconds since 1970 in numbers."""

from __future__ import annotations

import functools
import re
from datetime import UTC, datetime, timedelta
from typing import Any, Final

MILLISECONDS_A_DAY: Final = 86_400_000

_RFC_3339: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})"
)
_LENGTH: Final = len("2026-11-20T16:00:00.123Z")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)


def canonical_time(value: Any) -> str:
    """A time as facts write it: `2026-11-20T16:00:00.123Z`.

    Raises:
        ValueError: not an RFC 3339 time.
    """
    if not isinstance(value, str) or not _RFC_3339.fullmatch(value):
        raise ValueError("expected an RFC 3339 time, as 2026-11-20T16:00:00.123Z")
    try:
        moment = datetime.fromisoformat(value.upper())
        if len(value) == _LENGTH and value[10] == "T" and value[19] == "." and value[23] == "Z":
            return value
        moment = moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError("there is no such time") from None
    return f"{moment.replace(tzinfo=None).isoformat(timespec='milliseconds')}Z"


def milliseconds(canonical: str) -> int:
    """Milliseconds since 1970 of a time in canonical form."""
    return (datetime.fromisoformat(canonical) - _EPOCH) // _MILLISECOND


def time_of(since_1970: int) -> str:
    """The canonical form of milliseconds since 1970."""
    moment = _EPOCH + timedelta(milliseconds=since_1970)
    return f"{moment.replace(tzinfo=None).isoformat(timespec='milliseconds')}Z"


@functools.lru_cache(maxsize=512)
def day_of(number: int) -> str:
    """The date of a day by its number since 1970."""
    return str((_EPOCH + timedelta(days=number)).date())
