"""Renaming a tag in every prompt that has it."""

import json
from pathlib import Path

import pytest
from renaming_workspace import Workspace, applied, prompt

from promptbits.language.places import RefusedError
from promptbits.language.renaming.value_edits import tag_edits
from promptbits.text.document import Document


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    space = Workspace(tmp_path)
    space.put("custom/one.json", prompt("one", tags=["web", "old"]))
    space.put("learned/two.json", prompt("two", source="Learned", tags=["old", "new", "last"]))
    space.put("custom/three.json", prompt("three", tags=["new"]))
    return space


def test_in_every_file(space: Workspace) -> None:
    change = space.rename("custom/one.json", '"old"', "fresh")
    assert not any(each.confirm for each in change.edits)
    space.apply(change, "custom/one.json")
    assert space.value("custom/one.json")["tags"] == ["web", "fresh"]
    assert space.value("learned/two.json")["tags"] == ["fresh", "new", "last"]
    assert space.findings() == []


def test_joining_another_tag(space: Workspace) -> None:
    change = space.rename("custom/one.json", '"old"', "new")
    assert all(each.confirm and "joins" in each.label for each in change.edits)
    space.apply(change, "custom/one.json")
    assert space.value("custom/one.json")["tags"] == ["web", "new"]
    assert space.value("learned/two.json")["tags"] == ["new", "last"]
    assert space.findings() == []


@pytest.mark.parametrize("new", ["Old Tag", "", "a_b", "x-"])
def test_refused(space: Workspace, new: str) -> None:
    with pytest.raises(RefusedError, match="a tag is kebab-case"):
        space.rename("custom/one.json", '"old"', new)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (["old"], ["new"]),
        (["old", "new"], ["new"]),
        (["new", "old"], ["new"]),
        (["old", "a", "old", "new", "old", "old"], ["a", "new"]),
        (["new", "old", "old", "a"], ["new", "a"]),
        (["old", "old"], ["new", "new"]),
        (["a", 3, None, {"old": "old"}, ["old"], "old"], ["a", 3, None, {"old": "old"}, ["old"], "new"]),
    ],
)
@pytest.mark.parametrize("indent", [None, 2])
def test_no_tag_is_written_twice(before: list[object], after: list[object], indent: int | None) -> None:
    text = json.dumps({"tags": before, "x": 1}, indent=indent)
    edited = applied(text, tag_edits(Document.from_text(text), {"old": "new"}))
    assert edited == json.dumps({"tags": after, "x": 1}, indent=indent)


def test_nothing_is_removed_from_a_broken_list() -> None:
    text = '{"tags": ["old" "new"]}'
    assert applied(text, tag_edits(Document.from_text(text), {"old": "new"})) == '{"tags": ["new" "new"]}'
