"""Values of the fields of facts. Each check returns the canonical form, or raises a ValueError that quotes nothing."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any, Final, cast

Check = Callable[[Any], Any]

# Sums of these stay exact in 64 bits.
MOST: Final = 10**12
MOST_DOLLARS: Final = 10_000
LONGEST_NAME: Final = 1_000
DEEPEST: Final = 100

UUID7: Final = r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
SHA256: Final = r"[0-9a-f]{64}"

_UUID7: Final = re.compile(UUID7)
_SHA256: Final = re.compile(SHA256)


def fact_id(value: Any) -> str:
    """A UUIDv7 in lower case."""
    if isinstance(value, str):
        lower = value.lower()
        if _UUID7.fullmatch(lower):
            return lower
    raise ValueError("expected a UUIDv7")


def sha256(value: Any) -> str:
    """A SHA-256 in lower case."""
    if isinstance(value, str):
        lower = value.lower()
        if _SHA256.fullmatch(lower):
            return lower
    raise ValueError("expected a SHA-256: 64 hexadecimal digits")


def name(value: Any) -> str:
    """A short text that is not empty."""
    text = prose(value)
    if not 0 < len(text) <= LONGEST_NAME:
        raise ValueError(f"expected 1 to {LONGEST_NAME:,} characters")
    return text


def prose(value: Any) -> str:
    """Any text that can be written as UTF-8."""
    if not isinstance(value, str):
        raise ValueError("expected a string")
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError:
            raise ValueError("holds half a character (a lone surrogate)") from None
    return value


def integer(least: int, most: int = MOST) -> Check:
    """A whole number within bounds."""

    def check(value: Any) -> int:
        if type(value) is not int or not least <= value <= most:
            raise ValueError(f"expected a whole number from {least:,} to {most:,}")
        return value

    return check


def number(least: float, most: float) -> Check:
    """A number within bounds."""

    def check(value: Any) -> float:
        # What is not a number, or not a finite one, compares false.
        if type(value) not in (int, float) or not least <= value <= most:
            raise ValueError(f"expected a number from {least:,} to {most:,}")
        return value

    return check


def choice(*words: str) -> Check:
    """One of some words."""
    known, listed = frozenset(words), ", ".join(words)

    def check(value: Any) -> str:
        if not isinstance(value, str) or value not in known:
            raise ValueError(f"expected one of {listed}")
        return value

    return check


def boolean(value: Any) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise ValueError("expected true or false")
    return value


def names(value: Any) -> list[str]:
    """A list of texts."""
    if not isinstance(value, list):
        raise ValueError("expected a list of strings")
    return [prose(each) for each in cast("list[Any]", value)]


def table(value: Any) -> dict[str, Any]:
    """A JSON object of any content."""
    if not isinstance(value, dict):
        raise ValueError("expected a table")
    if value:
        _be_json(cast("object", value), DEEPEST)
    return cast("dict[str, Any]", value)


def technologies(value: Any) -> list[dict[str, Any]]:
    """What a folder is built with."""
    if not isinstance(value, list):
        raise ValueError("expected a list")
    return [_technology(each) for each in cast("list[Any]", value)]


def _technology(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError("expected tables with name, version, kind and evidence")
    result: dict[str, Any] = {}
    for key, each in cast("dict[Any, Any]", value).items():
        if each is None:
            continue
        check = _TECHNOLOGY.get(key)
        if check is None:
            raise ValueError("expected only name, version, kind and evidence in a technology")
        result[key] = check(each)
    if "name" not in result:
        raise ValueError("a technology needs a name")
    return result


def _be_json(value: object, depth: int) -> None:
    """Raise ValueError if a value cannot be written as JSON and read back the same."""
    if depth == 0:
        raise ValueError(f"nested deeper than {DEEPEST} levels")
    if isinstance(value, dict):
        for key, each in cast("dict[object, object]", value).items():
            if not isinstance(key, str):
                raise ValueError("has a key that is not a string")
            prose(key)
            _be_json(each, depth - 1)
    elif isinstance(value, list):
        for each in cast("list[object]", value):
            _be_json(each, depth - 1)
    elif isinstance(value, str):
        prose(value)
    elif isinstance(value, float):
        if not math.isfinite(value):
            raise ValueError("has a number that is not finite")
    elif isinstance(value, int):
        if abs(value) > 2**63:
            raise ValueError("has a number of more than 64 bits")
    elif value is not None:
        raise ValueError("has a value that JSON does not know")


_TECHNOLOGY: Final[dict[Any, Check]] = {"name": name, "version": prose, "kind": prose, "evidence": prose}
