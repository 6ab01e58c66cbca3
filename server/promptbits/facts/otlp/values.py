"""Values of attributes as the fields of facts want them. What does not fit is as good as absent."""

from __future__ import annotations

import math
import re
from typing import Any, Final, cast

from promptbits.facts.fields import MOST, MOST_DOLLARS
from promptbits.facts.otlp.records import Attributes

_DIGITS = re.compile("[0-9]{1,15}")
_SHA256 = re.compile("[0-9a-fA-F]{64}")
_LONGEST: Final = 256


def text(attributes: Attributes, *names: str) -> str | None:
    """The first of some attributes that is there, as a text of reasonable length."""
    for name in names:
        value = attributes.get(name)
        if value is not None and not isinstance(value, bool) and (found := str(value)[:_LONGEST].strip()):
            # Half of a surrogate pair can be written in JSON and in no database.
            return found.encode("utf-8", "replace").decode("utf-8")
    return None


def count(attributes: Attributes, *names: str) -> int | None:
    """The first of some attributes that is a whole number, not below 0."""
    for name in names:
        if (found := whole(attributes.get(name))) is not None:
            return found
    return None


def whole(value: object) -> int | None:
    """A whole number that is not below 0, however it is written."""
    if isinstance(value, str):
        value = int(value) if _DIGITS.fullmatch(value) else -1
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return int(value) if 0 <= value <= MOST and value == int(value) else None


def number(value: object) -> float | None:
    """A number of a size that can be summed, also if it is written as a text."""
    if isinstance(value, bool):
        return None
    try:
        found = float(value) if isinstance(value, int | float | str) else math.nan
    except (ValueError, OverflowError):
        return None
    return found if abs(found) <= MOST else None


def dollars(value: object) -> float | None:
    """A price of one run."""
    found = number(value)
    return found if found is not None and 0 <= found <= MOST_DOLLARS else None


def sha256(value: object) -> str | None:
    """A hash in the one way it is written."""
    return value.lower() if isinstance(value, str) and _SHA256.fullmatch(value) else None


def details(value: object) -> dict[str, Any]:
    """A JSON object that an attribute holds as text."""
    import orjson

    try:
        found: Any = orjson.loads(value) if isinstance(value, str) else None
    except orjson.JSONDecodeError:
        return {}
    return cast("dict[str, Any]", found) if isinstance(found, dict) else {}


def without_none(fact: dict[str, Any]) -> dict[str, Any]:
    """A fact without what it does not say."""
    return {name: value for name, value in fact.items() if value is not None}
