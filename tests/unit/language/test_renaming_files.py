"""Renaming files in the editor: ids and references stay in step."""

from pathlib import Path

import pytest
from renaming_workspace import Workspace, prompt

from promptbits.language.places import Change
from promptbits.language.renaming.files import will_rename
from promptbits.prompts.root import Root


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    space = Workspace(tmp_path)
    space.put("custom/a.json", prompt("a", related=["b"]))
    space.put("custom/b.prompt.json", prompt("b", parent="a"))
    space.put("custom/c.json", prompt("c", related=["a", "b"]))
    assert space.findings() == []
    return space


def moved(space: Workspace, *renames: tuple[str, str]) -> Change:
    """Apply the edits, then rename the files, as a client does."""
    pairs = [(str(space.path(old)), str(space.path(new))) for old, new in renames]
    change = will_rename(pairs, space.library(), Root(space.root).layer, space.read)
    space.apply(change, "")
    space.move(pairs)
    return change


def test_one_file(space: Workspace) -> None:
    moved(space, ("custom/a.json", "custom/x.json"))
    assert space.value("custom/x.json")["id"] == "x"
    assert space.value("custom/b.prompt.json")["parent"] == "x"
    assert space.value("custom/c.json")["related"] == ["x", "b"]
    assert space.findings() == []


def test_swapped_files(space: Workspace) -> None:
    moved(space, ("custom/a.json", "custom/b.json"), ("custom/b.prompt.json", "custom/a.prompt.json"))
    assert space.value("custom/b.json")["id"] == "b"
    assert space.value("custom/b.json")["related"] == ["a"]
    assert space.value("custom/a.prompt.json")["parent"] == "b"
    assert space.value("custom/c.json")["related"] == ["b", "a"]
    assert space.findings() == []


def test_a_chain(space: Workspace) -> None:
    moved(space, ("custom/b.prompt.json", "custom/z.json"), ("custom/a.json", "custom/b.json"))
    assert space.value("custom/c.json")["related"] == ["b", "z"]
    assert space.findings() == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("custom/a.json", "custom/a.prompt.json"),
        ("custom/a.json", "a.json"),
        ("custom", "other"),
        ("custom/a.json", "custom/Not An Id.json"),
        ("custom/a.json", "custom/a.txt"),
        ("custom/a.json", "custom/c.json"),
        ("custom/missing.json", "custom/x.json"),
    ],
)
def test_nothing_follows(space: Workspace, old: str, new: str) -> None:
    pairs = [(str(space.path(old)), str(space.path(new)))]
    assert will_rename(pairs, space.library(), Root(space.root).layer, space.read) == Change()


def test_an_id_that_is_not_the_file_name_stays(space: Workspace) -> None:
    space.put("custom/d.json", prompt("own-way"))
    assert moved(space, ("custom/d.json", "custom/e.json")) == Change()


def test_what_clashes_is_left_and_named(space: Workspace) -> None:
    change = moved(space, ("custom/a.json", "learned/b.json"), ("custom/c.json", "custom/y.json"))
    assert space.value("learned/b.json")["id"] == "a"
    assert space.value("custom/y.json")["id"] == "y"
    assert all("taken: b" in each.label for each in change.edits)


def test_two_files_that_would_meet(space: Workspace) -> None:
    assert moved(space, ("custom/a.json", "custom/x.json"), ("custom/b.prompt.json", "learned/x.json")) == Change()


def test_a_shadowed_file_leaves_references_alone(space: Workspace) -> None:
    space.put("learned/a.json", prompt("a", source="Learned", trigger="a"))
    moved(space, ("learned/a.json", "learned/x.json"))
    assert space.value("learned/x.json")["id"] == "x"
    assert space.value("custom/c.json")["related"] == ["a", "b"]


def test_a_file_that_shadows_another_asks(space: Workspace) -> None:
    space.put("learned/a.json", prompt("a", source="Learned", trigger="a"))
    change = moved(space, ("custom/a.json", "custom/x.json"))
    assert [each.confirm for each in change.edits] == [False, True, True]


def test_a_prompt_and_what_it_shadows_together(space: Workspace) -> None:
    space.put("learned/a.json", prompt("a", source="Learned", trigger="a"))
    change = moved(space, ("custom/a.json", "custom/x.json"), ("learned/a.json", "learned/x.json"))
    assert not any(each.confirm for each in change.edits)
    assert space.value("learned/x.json")["id"] == "x"
    assert space.value("custom/c.json")["related"] == ["x", "b"]


def test_a_file_outside_of_the_folders_follows_alone(space: Workspace) -> None:
    ours, other = space.root / "a.prompt.json", space.root / "package.json"
    ours.write_text('{"id": "a"}')
    other.write_text('{"id": "package"}')
    pairs = [(str(ours), str(space.root / "x.prompt.json")), (str(other), str(space.root / "y.json"))]
    change = will_rename(pairs, space.library(), Root(space.root).layer, space.read)
    assert [each.path for each in change.edits] == [str(ours)]


def test_nothing_is_done_twice(space: Workspace) -> None:
    """Some clients ask about the renaming of files that is part of a rename: its edits are there by then."""
    change = space.rename("custom/a.json", '"a"', "x")
    library = space.library()
    space.apply(Change(change.edits), "custom/a.json")
    pairs = [(each.old, each.new) for each in change.renamed]
    assert will_rename(pairs, library, Root(space.root).layer, space.read) == Change()
