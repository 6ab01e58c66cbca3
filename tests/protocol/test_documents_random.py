"""Random edits through the real protocol, in each encoding, against a model that is slow and obvious."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from authoring import PUSH, Author, session, units
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from promptbits.checks.engine import check

# Each of these has once been a line end, two units, or no character at all to some editor or server.
ASCII = ['{"id": "', '"', "\\", ",", "}", "a", "\n", "\r\n", "\r", "\f", "\0"]
WIDE = ["é", "e\u0301", "漢", "\U0001f600", "\U0001f469\u200d\U0001f467", "\u2028", "\x85", "\ufeff"]
HALVES = ["\ud800", "\udc00", "\ud83d", "\ude00"]
TEXTS = st.lists(st.sampled_from([*ASCII, *WIDE, *HALVES]), max_size=12).map("".join)
PLACES = st.tuples(st.integers(0, 6), st.integers(0, 40))
EDITS = st.lists(st.lists(st.tuples(PLACES, PLACES, TEXTS), min_size=1, max_size=3), min_size=1, max_size=6)


def spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of each line, without its line end."""
    start = at = 0
    while at < len(text):
        if text[at] in "\r\n":
            yield start, at
            at += 2 if text[at : at + 2] == "\r\n" else 1
            start = at
        else:
            at += 1
    yield start, len(text)


def offset(text: str, place: tuple[int, int], encoding: str) -> int:
    """Return where a position lies: clamped, and at the start of a character that it lies inside of."""
    lines = list(spans(text))
    if place[0] >= len(lines):
        return len(text)
    start, end = lines[place[0]]
    fitting = (at for at in range(start, end + 1) if units(text[start:at], encoding) <= place[1])
    return max(fitting)


def position(text: str, at: int, encoding: str) -> dict[str, int]:
    lines = list(spans(text))
    line = max(number for number, span in enumerate(lines) if span[0] <= at)
    start, end = lines[line]
    return {"line": line, "character": units(text[start : min(at, end)], encoding)}


def edited(text: str, first: tuple[int, int], last: tuple[int, int], new: str, encoding: str) -> str:
    start, end = sorted((offset(text, first, encoding), offset(text, last, encoding)))
    joined = text[:start] + new + text[end:]
    return joined.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


def as_change(first: tuple[int, int], last: tuple[int, int], new: str) -> dict[str, Any]:
    start, end = ({"line": line, "character": character} for line, character in (first, last))
    return {"range": {"start": start, "end": end}, "text": new}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])
def test_random_edits_give_the_text_of_the_editor(encoding: str, tmp_path: Path) -> None:
    numbers = itertools.count()
    with asyncio.Runner() as runner:
        running = session(tmp_path, {**PUSH, "general": {"positionEncodings": [encoding]}}, quiet=0)
        author = runner.run(running.__aenter__())

        @settings(max_examples=120, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow])
        @given(TEXTS, EDITS)
        def agree(text: str, versions: list[list[tuple[tuple[int, int], tuple[int, int], str]]]) -> None:
            name = f"prompts/{next(numbers)}.json"
            runner.run(follow(author, name, text, versions, encoding))

        agree()
        runner.run(running.__aexit__(None, None, None))


async def follow(author: Author, name: str, text: str, versions: list[list[Any]], encoding: str) -> None:
    text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
    author.open(name, text)
    for version, edits in enumerate(versions, start=2):
        author.client.change_document(author.uri(name), version, *(as_change(*edit) for edit in edits))
        for edit in edits:
            text = edited(text, *edit, encoding)
    report = await author.published(name, version=len(versions) + 1)
    opened = author.session.documents.get(author.uri(name))
    assert opened is not None
    assert opened.document.text == text
    snapshot = author.session.snapshot(author.uri(name))
    assert snapshot is not None
    found = [
        {"start": position(text, finding.start, encoding), "end": position(text, finding.end, encoding)}
        for finding in check(snapshot)
    ]
    assert found
    assert [each["range"] for each in report["diagnostics"]] == found
    author.close(name)
