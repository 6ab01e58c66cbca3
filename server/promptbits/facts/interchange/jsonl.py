"""Facts as JSONL: one JSON object a line, in UTF-8."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any, cast

import orjson

from promptbits.facts.interchange.lines import Line, Read, Refused, too_long
from promptbits.facts.store import Fact


def facts_of_lines(source: Iterable[Line]) -> Iterator[Read | Refused]:
    """The facts of lines, and what is wrong with those that hold none. Empty lines are passed over."""
    loads = orjson.loads
    for number, data in source:
        if data is None:
            yield Refused(number, too_long())
            continue
        try:
            value: Any = loads(data)
        except orjson.JSONDecodeError as error:
            value = _with_half_characters(data)
            if value is None:
                if data.strip():
                    yield Refused(number, _why(data, error))
                continue
        if isinstance(value, dict):
            yield Read(number, cast("Fact", value))
        else:
            yield Refused(number, "expected a JSON object, one a line")


def line_of(fact: Fact) -> bytes:
    """A fact as one line, with its end."""
    return orjson.dumps(fact, option=orjson.OPT_APPEND_NEWLINE)


def _with_half_characters(data: bytes) -> Any:
    """The value of a line that orjson refuses for an escape of half a character, as templates may hold; else None."""
    if b"\\ud" not in data.lower():
        return None
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return None


def _why(data: bytes, error: orjson.JSONDecodeError) -> str:
    try:
        data.decode()
    except UnicodeDecodeError as problem:
        return f"not UTF-8 at byte {problem.start + 1:,}"
    return f"not JSON: {error.msg[:1].lower()}{error.msg[1:80]} at column {error.colno:,}"
