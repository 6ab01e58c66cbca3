"""Writing facts out: without secrets, and such that reading them back gives the same facts."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from io import StringIO
from typing import Any, Final, cast

import orjson

from promptbits.facts.interchange.cells import row_of
from promptbits.facts.interchange.csv_table import columns
from promptbits.facts.interchange.importing import TEXT_KIND
from promptbits.facts.interchange.jsonl import line_of
from promptbits.facts.store import UNKNOWN_TEXT, Fact

# Takes a text, gives it back without what looks like a secret, and says how many of those there were.
Mask = Callable[[str], tuple[str, int]]

_HASHES: Final = ("content_sha256", "parent_sha256")
_TEXTUAL: Final = frozenset({"execution", "feedback"})
# Computed from what else a fact holds, or one of a few words: there is no room for a secret.
_SAFE: Final = frozenset({"kind", "id", "timestamp", "execution_id", *_HASHES})


@dataclass
class Exported:
    """What was written so far: facts, secrets that were taken out of them, and the hashes of their texts."""

    facts: int = 0
    secrets: int = 0
    texts: set[str] = field(default_factory=set[str])


def json_lines(facts: Iterable[Fact], mask: Mask, done: Exported) -> Iterator[bytes]:
    """Facts as JSONL."""
    for fact in _sound(facts, mask, done):
        yield line_of(fact)


def csv_lines(facts: Iterable[Fact], mask: Mask, done: Exported, kinds: Iterable[str] = ()) -> Iterator[bytes]:
    """Facts as CSV with a header.

    Args:
        facts: what to write.
        mask: takes secrets out of texts.
        done: counts what was written.
        kinds: there are columns for these, or for any kind.
    """
    names = columns(kinds)
    buffer = StringIO()
    writer = csv.writer(buffer)  # lines end as RFC 4180 has it, so that a line end within a cell is always quoted
    writer.writerow(names)
    for fact in _sound(facts, mask, done):
        writer.writerow(row_of(fact, names))
        yield buffer.getvalue().encode()
        buffer.seek(0)
        buffer.truncate()
    if buffer.tell():
        yield buffer.getvalue().encode()


def text_line(content_sha256: str, content: str) -> bytes:
    """A template as a line of JSONL. It may hold half a character, which has to be written as an escape."""
    table = {"kind": TEXT_KIND, "content_sha256": content_sha256, "content": content}
    try:
        return orjson.dumps(table, option=orjson.OPT_APPEND_NEWLINE)
    except orjson.JSONEncodeError:
        import json

        return json.dumps(table).encode() + b"\n"


def _sound(facts: Iterable[Fact], mask: Mask, done: Exported) -> Iterator[Fact]:
    for fact in facts:
        done.facts += 1
        for name in _HASHES:
            if name in fact:
                done.texts.add(fact[name])
        sound = _masked_fact(fact, mask, done)
        if "revision" in fact and "content_sha256" not in fact and fact["kind"] in _TEXTUAL:
            # Said, not left out: whoever reads it back must not look for the text of the revision.
            sound = sound | {"content_sha256": UNKNOWN_TEXT}
        yield sound


def _masked_fact(fact: Fact, mask: Mask, done: Exported) -> Fact:
    found = 0
    masked: Fact = {}
    for name, value in fact.items():
        if name in _SAFE or isinstance(value, int | float) or not value:
            masked[name] = value
            continue
        masked[name], count = _masked(value, mask)
        found += count
    if not found:
        return fact
    done.secrets += found
    return masked


def _masked(value: Any, mask: Mask) -> tuple[Any, int]:
    """A value without secrets, in keys as well."""
    if isinstance(value, str):
        return mask(value)
    if isinstance(value, dict):
        found = 0
        table: dict[str, Any] = {}
        for key, item in cast("dict[str, Any]", value).items():
            name, first = mask(key)
            table[name], second = _masked(item, mask)
            found += first + second
        return table, found
    if isinstance(value, list):
        pairs = [_masked(item, mask) for item in cast("list[Any]", value)]
        return [item for item, _ in pairs], sum(count for _, count in pairs)
    return value, 0
