"""Folding: what folds in the JSON and in the content, where folds end, and that they nest."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from promptbits.checks.snapshot import Snapshot
from promptbits.language.structure.folding import folds
from promptbits.text.document import Document


def shot(text: str) -> Snapshot:
    return Snapshot(Document.from_text(text))


def lines_of(text: str) -> list[tuple[int, int]]:
    """First and last line of every fold of a JSON text that has more than one, as an editor of the JSON shows them."""
    snapshot = shot(text)
    lines = snapshot.document.lines
    found = [(lines.line_of(fold.start), lines.line_of(fold.end)) for fold in folds(snapshot)]
    return [each for each in found if each[0] < each[1]]


def in_content(content: str) -> list[tuple[int, int, str | None]]:
    """First and last line of every fold in a content, as a view of it shows them, and the kind of the fold."""
    snapshot = shot(json.dumps({"content": content}))
    node = snapshot.content_node
    assert node is not None
    found: list[tuple[int, int, str | None]] = []
    for start, end, kind in folds(snapshot):
        first, last = (node.string_map.decoded(each - node.source_offset(0)) for each in (start, end))
        found.append((content.count("\n", 0, first), content.count("\n", 0, last), kind))
    return found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{\n "a": 1\n}', [(0, 1)]),
        ('{\n "a": [\n  1\n ],\n "b": {\n  "c": 2}\n}', [(0, 5), (1, 2)]),
        ('{"a": [\n1, {\n"b": 2\n}, {\n"c": 3\n}\n]}', [(0, 5), (1, 2), (3, 4)]),
        ("{\n}", []),
        ('{"a": 1}', []),
        ('{"a": [1,\n2]}', []),
        ('{\n "a": {\n  "b": 1\n', [(0, 2), (1, 2)]),
        ('{\n "a": [1,\n  2\n}', [(0, 2), (1, 2)]),
        ('{\r\n"a": 1\r\n}\r\n', [(0, 1)]),
        ("[\n1\n]", [(0, 1)]),
        ('{\n "content": "# A\\n\\nb"\n}', [(0, 1)]),
        ("", []),
        ("{", []),
    ],
)
def test_json(text: str, expected: list[tuple[int, int]]) -> None:
    assert lines_of(text) == expected


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("# A\na\n\n## B\nb\n\n\n# C\nc\n", [(0, 4, None), (3, 4, None), (7, 8, None)]),
        ("# A\n# B\n\n", []),
        ("### A\na\n## B\nb\n# C\nc", [(0, 1, None), (2, 3, None), (4, 5, None)]),
        ("# A\n\n```\n# no\n\n```\n\n# B", [(0, 5, None), (2, 5, None)]),
        ("# A\n```\nunclosed\n\n", [(0, 2, None), (1, 2, None)]),
        ("- a\n  ```\n  b\n  ```  \n\n", [(1, 3, None)]),
        ("```\r\na\r\n```\r\n\r\n", [(0, 2, None)]),
        ("# A\r\na\r\n\r\n# B\r\n", [(0, 1, None)]),
        ("<!-- a\nb -->\n<!-- c -->", [(0, 1, "comment")]),
        ("# A\n<!--\n# B\n-->\n", [(0, 1, None), (2, 3, None)]),
        ("<!--\n```\n-->\n```", [(1, 3, None)]),
        ("```\n<!--\n```\n<!--\n-->", [(0, 2, None), (3, 4, "comment")]),
        ("<!--\na", []),
        ("text\n\ntext", []),
    ],
)
def test_content(content: str, expected: list[tuple[int, int, str | None]]) -> None:
    assert in_content(content) == expected


pieces = st.sampled_from(
    ["# a", "## b", "### c", "\n", "\n\n", "\n```", "```", "\n~~~", "x", "\n> ```", "\n- ", "<!--", "-->", "\r\n", "  "]
)
contents = st.lists(pieces, max_size=25).map("".join)


def holds(text: str) -> None:
    found = folds(shot(text))
    assert found == sorted(found, key=lambda fold: (fold.start, -fold.end))
    for at, fold in enumerate(found):
        assert 0 <= fold.start < fold.end <= len(text)
        assert all(other.start >= fold.end or other.end <= fold.end for other in found[at + 1 :])


@settings(deadline=None)
@given(contents, st.data())
def test_folds_lie_side_by_side_or_one_in_the_other(content: str, data: st.DataObject) -> None:
    text = json.dumps({"a": [1, {"b": {}}], "content": content, "c": {"d": [[], 2]}}, indent=1)
    holds(text)
    at = data.draw(st.integers(0, len(text)))
    holds(text[:at])
    holds(text[:at] + data.draw(st.sampled_from(["\n", '"', "}", "]", "[", "{\n"])) + text[at + 1 :])


@settings(deadline=None)
@given(contents)
def test_folds_of_the_content_do_not_end_in_blank_lines(content: str) -> None:
    lines = content.split("\n")
    for first, last, _ in in_content(content):
        assert first < last
        assert lines[last].strip()
