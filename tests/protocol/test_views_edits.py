"""Edits of a prompt as edits of its view: whatever they cut through, the view gets what the content becomes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from promptbits.checks.finding import Edit
from promptbits.checks.snapshot import Snapshot
from promptbits.language.places import RefusedError
from promptbits.lsp.state.surface import View
from promptbits.prompts.library import Library
from promptbits.prompts.root import Root
from promptbits.text.changes import changes
from promptbits.text.document import Document

PIECES = [r"\u00e9", "é", r"\n", r"\ud83d\ude00", "😀", r"\"", r"\\", "a", "<<x>>", r"\t", r"\/"]
BEFORE, AFTER = '{"id": "é😀", "content": "', '", "tags": ["x"]}'


def view(sources: list[str]) -> View:
    text = BEFORE + "".join(sources) + AFTER
    document, twin = Document.from_text(text), Document.from_text(BEFORE + "the content on disk" + AFTER)
    content = json.loads(text)["content"]
    snapshot = Snapshot(document, Path("/a.json"), Root(Path("/")), Library.of([]))
    markdown = Document.from_text(content)
    return View("view:", 3, snapshot, "utf-16", markdown, twin, "file:///a.json", 7)


def applied(document: Document, edits: list[dict[str, Any]]) -> str:
    text = document.text
    spans = [
        (*(document.lines.offset(*each["range"][at].values(), "utf-16") for at in ("start", "end")), each["newText"])
        for each in edits
    ]
    for start, end, new in sorted(spans, reverse=True):
        text = text[:start] + new + text[end:]
    return text


SOURCES = st.lists(st.sampled_from(PIECES), max_size=8)


@settings(max_examples=500, deadline=None)
@given(SOURCES, SOURCES)
def test_an_edit_of_the_content_is_the_same_edit_of_the_view(sources: list[str], others: list[str]) -> None:
    """As fixes come: cut down to the characters of the JSON that differ, perhaps inside of an escape."""
    surface, other = view(sources), BEFORE + "".join(others) + AFTER
    edits = [Edit(*each) for each in changes(surface.snapshot.document.text, other)]
    edited = surface.edited(edits)
    assert [(each.uri, each.version) for each in edited] == ([("view:", 3)] if edits else [])
    assert applied(surface.shown, edited[0].edits if edited else []) == json.loads(other)["content"]


@settings(max_examples=300, deadline=None)
@example([], [r"\""], "", "x", False)
@given(SOURCES, SOURCES, st.sampled_from(["é😀", "", "long"]), st.sampled_from(["x", ""]), st.booleans())
def test_an_edit_over_the_ends_of_the_content_is_told_apart(
    sources: list[str], others: list[str], id_: str, tag: str, whole: bool
) -> None:
    surface = view(sources)
    before, after = BEFORE.replace("é😀", id_), AFTER.replace("x", tag)
    other, text = before + "".join(others) + after, surface.snapshot.document.text
    made = [Edit(0, len(text), other)] if whole else [Edit(*each) for each in changes(text, other)]
    by_uri = {each.uri: each.edits for each in surface.edited(made)}
    assert applied(surface.shown, by_uri.get("view:", [])) == json.loads(other)["content"]
    assert applied(surface.twin, by_uri.get("file:///a.json", [])) == before + "the content on disk" + after


def test_members_before_and_behind_the_content_come_and_go() -> None:
    for other in (
        '{"a": "b", "content": "c", "d": 1}',
        '{"content": "c"}',
        '{"content": "content", "id": 1, "content": "c"}',
    ):
        surface = view(["a", r"\u00e9"])
        made = [Edit(0, len(surface.snapshot.document.text), other)]
        by_uri = {each.uri: each.edits for each in surface.edited(made)}
        assert applied(surface.shown, by_uri["view:"]) == "c"
        assert applied(surface.twin, by_uri["file:///a.json"]) == other.replace('"c"', '"the content on disk"')


@pytest.mark.parametrize("other", ["{}", '{"content": 7}', '{"content": "a', "", '{"content": []}'])
def test_an_edit_that_leaves_no_content_is_refused(other: str) -> None:
    surface = view(["a"])
    with pytest.raises(RefusedError):
        surface.edited([Edit(0, len(surface.snapshot.document.text), other)])


def test_an_edit_beside_the_content_is_one_of_the_json_as_it_is() -> None:
    surface = view([r"\u00e9", "a"])
    text = surface.snapshot.document.text
    at, tag = text.index("é😀"), text.index('"x"')
    inside = text.index('a"')
    edits = [Edit(at, at + 1, "E"), Edit(inside, inside + 1, "b"), Edit(tag, tag + 3, '"y", "z"')]
    here, beside = surface.edited(edits)
    assert (here.uri, applied(surface.shown, here.edits)) == ("view:", "éb")
    assert (beside.uri, beside.version) == ("file:///a.json", 7)
    wanted = BEFORE.replace("é", "E") + "the content on disk" + AFTER.replace('"x"', '"y", "z"')
    assert applied(surface.twin, beside.edits) == wanted
