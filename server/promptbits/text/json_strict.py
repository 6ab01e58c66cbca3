"""Strict JSON at the speed of C, for the common case that nothing is wrong."""

from __future__ import annotations

import json
from typing import Any, NoReturn, cast

from promptbits.text.json_leaves import number_value
from promptbits.text.json_parser import MAX_DEPTH


class NotStrictError(ValueError):
    """The text is not JSON, holds a key twice or is nested too deep: the tolerant tree says where."""


def loads(text: str) -> Any:
    """The value of a text that is JSON to the letter, each key of an object written once.

    Raises:
        NotStrictError: it is not.
    """
    try:
        value = _DECODER.decode(text)
    except (ValueError, RecursionError) as error:
        raise NotStrictError from error
    if _depth_exceeds(value, MAX_DEPTH):
        raise NotStrictError
    return value


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    table = dict(pairs)
    if len(table) != len(pairs):
        raise NotStrictError
    return table


def _refuse(_word: str) -> NoReturn:
    raise NotStrictError


_DECODER = json.JSONDecoder(object_pairs_hook=_unique, parse_constant=_refuse, parse_int=number_value)


def _depth_exceeds(value: Any, limit: int) -> bool:
    level = [value]
    for _ in range(limit):
        deeper: list[Any] = []
        for item in level:
            if isinstance(item, dict):
                deeper += cast("dict[str, Any]", item).values()
            elif isinstance(item, list):
                deeper += cast("list[Any]", item)
        if not deeper:
            return False
        level = deeper
    return any(isinstance(item, dict | list) for item in level)
