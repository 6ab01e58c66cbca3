"""Times as users type them: a day, a time, or how long ago."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import click

_AGO: Final = re.compile(r"([0-9]{1,6})([hdw])")
_UNITS: Final = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}


class Moment(click.ParamType):
    """`2026-11-20`, `2026-11-20T16:00:00Z`, or `30d`, `12h`, `4w` ago; gives a datetime in UTC."""

    name = "WHEN"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Understand what was typed, or say what can be typed."""
        if isinstance(value, datetime):
            return value
        try:
            return moment(str(value), datetime.now(UTC))
        except (ValueError, OverflowError):
            self.fail(
                f"{value!r} is no time: write 2026-11-20, 2026-11-20T16:00:00Z, or 30d for 30 days ago", param, ctx
            )


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
