"""Facts of a file of OTLP/JSON: one request, or one a line as collectors write them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

import orjson

from promptbits.facts.interchange.lines import Line, Read, Refused, too_long
from promptbits.facts.otlp.json_body import batch_of_json
from promptbits.facts.otlp.reading import Reader
from promptbits.facts.otlp.records import MalformedBodyError
from promptbits.facts.store import Fact

# One value that spans lines has to be in memory as a whole.
_LARGEST: Final = 64 * 1024 * 1024


def facts_of_otlp(
    source: Iterable[Line], stored: Callable[[str], Fact | None], ignore: Callable[[int], None]
) -> Iterator[Read | Refused]:
    """The facts of OTLP/JSON, and what is wrong with those that cannot be one.

    Args:
        source: the lines of the file.
        stored: a fact by its id, to find the executions that evaluations are about.
        ignore: is told how many spans and log records are about no prompt.
    """
    reader = Reader(None, stored)
    last = 1
    for line, value in _values(source):
        last = line
        if isinstance(value, Refused):
            yield value
            continue
        try:
            batch = batch_of_json(value)
        except MalformedBodyError as error:
            yield Refused(line, f"not OTLP: {error}")
            continue
        ignore(batch.ignored)
        for each in reader.facts(batch):
            yield Read(line, each) if isinstance(each, dict) else Refused(line, each.why, each.where)
    for each in reader.rest():
        yield Read(last, each) if isinstance(each, dict) else Refused(last, each.why, each.where)


def _values(source: Iterable[Line]) -> Iterator[tuple[int, Any]]:
    """The JSON values with the lines that they begin in."""
    lines = iter(source)
    is_first = True
    for number, data in lines:
        if data is None:
            yield number, Refused(number, too_long())
            continue
        if not data.strip():
            continue
        try:
            yield number, orjson.loads(data)
        except orjson.JSONDecodeError as error:
            if is_first:
                yield number, _whole(number, data, lines)
                return
            yield number, Refused(number, f"not JSON at column {error.colno:,}")
        is_first = False


def _whole(start: int, first: bytes, rest: Iterator[Line]) -> Any:
    """The one value that all lines make together."""
    parts, size = [first], len(first)
    for number, data in rest:
        size += len(data or b"")
        if data is None or size > _LARGEST:
            return Refused(
                number, f"one JSON value of more than {_LARGEST // 1024 // 1024} MB: write one request a line"
            )
        parts.append(data)
    try:
        return orjson.loads(b"".join(parts))
    except orjson.JSONDecodeError as error:
        return Refused(start + error.lineno - 1, f"not JSON at column {error.colno:,}")
