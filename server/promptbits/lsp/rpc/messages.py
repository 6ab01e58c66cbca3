"""JSON in and out: fast for ordinary messages, correct for the odd ones orjson refuses."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NoReturn, cast

import orjson

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_POSITION = 2**31 - 1
"""The largest line or column that LSP allows (`uinteger`)."""


def decode(body: bytes) -> Any:
    """Parse the body of a message.

    Raises:
        ValueError: The body is not JSON. The error says nothing about it.
    """
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        pass
    # orjson refuses lone surrogates, which JSON allows as escapes and editors do send.
    try:
        return json.loads(body, parse_constant=_refuse)
    except (ValueError, RecursionError):
        pass
    raise ValueError("not JSON")


def encode(message: Any, default: Callable[[Any], Any]) -> bytes:
    """Serialise a message.

    Args:
        message: Plain JSON values, in which `default` may turn anything else into plain values.
        default: Called for each value that is no plain JSON.

    Raises:
        TypeError: A value cannot be sent.
        ValueError: A number is not finite, or the message is nested too deep or in a circle.
    """
    try:
        return orjson.dumps(message, default=default)
    except TypeError:
        pass
    # Lone surrogates (left escaped here) and integers beyond 64 bits.
    try:
        return json.dumps(message, default=default, allow_nan=False, separators=(",", ":")).encode("ascii")
    except RecursionError:
        pass
    raise ValueError("nested too deep")


def clamp_positions(value: Any) -> None:
    """Bring every `line` and `character` in a JSON value into the range of LSP, in place.

    Some clients say "to the end of the line" with the largest number they have; the meaning is plain.
    """
    stack: list[Any] = [value]
    while stack:
        item = stack.pop()
        if isinstance(item, dict):
            members = cast("dict[str, Any]", item)
            for key in ("line", "character"):
                if key in members:
                    members[key] = _clamped(members[key])
            stack.extend(members.values())
        elif isinstance(item, list):
            stack.extend(cast("list[Any]", item))


def _clamped(number: Any) -> Any:
    if isinstance(number, bool) or not isinstance(number, (int, float)):
        return number  # wrong type: left for whoever checks the shape
    return int(min(max(number, 0), MAX_POSITION))


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)
