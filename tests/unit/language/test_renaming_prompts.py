"""Renaming a prompt: id, file and references go together, or the rename is refused with a reason."""

from dataclasses import replace
from pathlib import Path

import pytest
from renaming_workspace import Workspace, prompt

from promptbits.language.places import Change, RefusedError
from promptbits.language.renaming import Renamable, prepare, rename
from promptbits.prompts.shipped import shipped_prompts


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    """A base prompt, a learned revision of it, and others that name it."""
    space = Workspace(tmp_path)
    space.put("custom/base.json", prompt("base", related=["other", "third"]))
    space.put("custom/other.prompt.json", prompt("other", related=["third", "base"]))
    space.put("custom/deep/third.json", prompt("third", parent="other"))
    space.put("learned/base-v2.json", prompt("base-v2", parent="base", source="Learned", revision=2))
    assert space.findings() == []
    return space


@pytest.mark.parametrize(
    ("file", "needle"),
    [
        ("custom/base.json", '"base"'),
        ("custom/other.prompt.json", '"base"'),
        ("learned/base-v2.json", '"base"'),
    ],
)
def test_from_the_id_and_from_a_reference(space: Workspace, file: str, needle: str) -> None:
    space.apply(space.rename(file, needle, "ground"), file)
    assert sorted(space.files()) == [
        "custom/deep/third.json",
        "custom/ground.json",
        "custom/other.prompt.json",
        "learned/base-v2.json",
    ]
    assert space.value("custom/ground.json")["id"] == "ground"
    assert space.value("custom/other.prompt.json")["related"] == ["third", "ground"]
    assert space.value("learned/base-v2.json")["parent"] == "ground"
    assert space.value("learned/base-v2.json")["id"] == "base-v2"
    assert space.findings() == []


def test_the_long_ending_is_kept(space: Workspace) -> None:
    space.apply(space.rename("custom/base.json", '"other"', "else"), "custom/base.json")
    assert "custom/else.prompt.json" in space.files()
    assert space.value("custom/deep/third.json")["parent"] == "else"
    assert space.findings() == []


def test_without_renaming_files(space: Workspace) -> None:
    change = space.rename("custom/base.json", '"base"', "ground", files=False)
    assert change.renamed == ()
    assert len(change.edits) == 3


def test_a_file_that_never_had_the_name_keeps_its_own(space: Workspace) -> None:
    space.put("custom/odd.json", prompt("even"))
    assert space.rename("custom/odd.json", '"even"', "evener").renamed == ()


def test_the_same_name_changes_nothing(space: Workspace) -> None:
    assert space.rename("custom/base.json", '"base"', "base") == Change()


def test_a_prompt_that_was_never_saved_changes_alone(space: Workspace) -> None:
    snapshot = replace(space.snapshot("custom/base.json"), path=None)
    offset = snapshot.document.text.index('"base"') + 1
    change = rename(snapshot, offset, "ground", space.read, can_rename_files=True)
    assert [(each.path, len(each.edits)) for each in change.edits] == [(None, 1)]
    assert change.renamed == ()


def test_a_reference_to_a_new_name_that_waited_for_it_is_not_written_twice(space: Workspace) -> None:
    space.put("custom/waiting.json", prompt("waiting", related=["base", "ground", "third"]))
    space.apply(space.rename("custom/base.json", '"base"', "ground"), "custom/base.json")
    assert space.value("custom/waiting.json")["related"] == ["ground", "third"]
    assert space.findings() == []


def test_a_prompt_that_is_shadowed_leaves_references_alone(space: Workspace) -> None:
    space.put("learned/base.json", prompt("base", source="Learned", trigger="base"))
    change = space.rename("learned/base.json", '"base"', "ground")
    assert [each.path for each in change.edits] == [None]
    assert "custom/base.json" in change.edits[0].label
    space.apply(change, "learned/base.json")
    assert space.value("custom/other.prompt.json")["related"] == ["third", "base"]


def test_a_prompt_that_shadows_another_asks_about_the_references(space: Workspace) -> None:
    space.put("learned/base.json", prompt("base", source="Learned", trigger="base"))
    itself, *references = space.rename("custom/base.json", '"base"', "ground").edits
    assert not itself.confirm
    assert len(references) == 2
    assert all(each.confirm and "learned/base.json" in each.label for each in references)


def test_a_reference_means_the_one_that_wins(space: Workspace) -> None:
    space.put("learned/base.json", prompt("base", source="Learned", trigger="base"))
    change = space.rename("custom/other.prompt.json", '"base"', "ground")
    assert [each.old for each in change.renamed] == [str(space.path("custom/base.json"))]


@pytest.mark.parametrize(
    ("new", "reason"),
    [
        ("Ground Rule", 'kebab-case: .* such as "ground-rule"'),
        ("", "kebab-case"),
        ("a\n", "kebab-case"),
        ("third", r'"third" is taken by prompts/custom/deep/third\.json'),
        ("base-v2", r"taken by prompts/learned/base-v2\.json"),
        (next(shipped_prompts().glob("*.json")).stem, "ships with PromptBits"),
        ("there", r"there is a file prompts/custom/there\.json already"),
        ("a" * 300, "no file can have a name of 305 characters"),
    ],
)
def test_refused(space: Workspace, new: str, reason: str) -> None:
    space.put("custom/there.json", prompt("not-there"))
    with pytest.raises(RefusedError, match=reason):
        space.rename("custom/base.json", '"base"', new)


def test_a_file_on_disk_that_the_library_does_not_know_is_not_overwritten(space: Workspace) -> None:
    snapshot = space.snapshot("custom/base.json")
    space.put("custom/ground.json", "{}")
    offset = snapshot.document.text.index('"base"') + 1
    with pytest.raises(RefusedError, match="already"):
        rename(snapshot, offset, "ground", space.read, can_rename_files=True)


def test_refused_while_the_library_is_being_read(space: Workspace) -> None:
    snapshot = space.snapshot("custom/base.json")
    partial = replace(snapshot, library=replace(snapshot.library, complete=False))
    with pytest.raises(RefusedError, match="still being read"):
        prepare(partial, snapshot.document.text.index('"base"') + 1)


def test_refused_when_a_file_that_has_to_follow_cannot_be_read(space: Workspace) -> None:
    snapshot = space.snapshot("custom/base.json")
    offset = snapshot.document.text.index('"base"') + 1
    with pytest.raises(RefusedError, match="cannot be read"):
        rename(snapshot, offset, "ground", lambda _: None, can_rename_files=True)


def test_what_ships_is_read_only(space: Workspace) -> None:
    shipped = next(entry for entry in space.library().entries() if entry.layer == "shipped")
    space.put("custom/user.json", prompt("user", related=[shipped.id]))
    with pytest.raises(RefusedError, match="ships"):
        space.rename("custom/user.json", f'"{shipped.id}"', "mine")
    document = space.read(shipped.path)
    assert document is not None
    snapshot = replace(space.snapshot("custom/user.json"), document=document, path=Path(shipped.path))
    with pytest.raises(RefusedError, match="read-only"):
        prepare(snapshot, document.text.index(f'"{shipped.id}"') + 1)


def test_prepare(space: Workspace) -> None:
    snapshot = space.snapshot("custom/base.json")
    text = snapshot.document.text
    at = text.index('"base"') + 1
    assert prepare(snapshot, at + 2) == Renamable(at, at + 4, "base")
    assert prepare(snapshot, text.index("Testing")) is None
    space.put("custom/lost.json", prompt("lost", parent="nobody"))
    lost = space.snapshot("custom/lost.json")
    with pytest.raises(RefusedError, match='no prompt "nobody"'):
        prepare(lost, lost.document.text.index("nobody"))
    with pytest.raises(RefusedError, match="nothing here"):
        rename(snapshot, text.index("Testing"), "x", space.read, can_rename_files=True)
