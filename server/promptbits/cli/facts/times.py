"""Times as users type them: a day, a time, or how long ago."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Final

import click

_AGO: Final = re.compile(r"([0-9]{1,6})([hdw])")
_UNITS: Final = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}


def as_moment(ctx: click.Context, param: click.Parameter, value: str | None) -> datetime | None:
    """The time that an option names, or a message that says what can be typed."""
    if value is None:
        return None
    try:
        return moment(value, datetime.now(UTC))
    except (ValueError, OverflowError):
        hint = "write 2026-11-20, 2026-11-20T16:00:00Z, or 30d for 30 days ago"
        raise click.BadParameter(f"{value!r} is no time: {hint}", ctx, param) from None


def moment(text: str, now: datetime) -> datetime:
    """The time that a text stands for. A day begins at midnight UTC; a time without a zone is in UTC.

    Raises:
        ValueError: it stands for none.
        OverflowError: it lies before the year 1.
    """
    if ago := _AGO.fullmatch(text):
        return now - int(ago[1]) * _UNITS[ago[2]]
    found = datetime.fromisoformat(text)
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


def written(when: datetime) -> str:
    """A time as facts write it."""
    return when.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
