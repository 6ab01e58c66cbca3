"""Id, file name, folder and source: what fits, and what is told where it does not."""

from typing import Any

import pytest
from check_helpers import ROOT, VALID, codes, document_of, findings, mended, prompt, said, snapshots, told

from promptbits.checks.engine import check
from promptbits.checks.snapshot import Snapshot
from promptbits.prompts.library import Library
from promptbits.prompts.settings import Settings


@pytest.mark.parametrize(
    "path",
    [
        "prompts/custom/code-review.json",
        "prompts/custom/code-review.prompt.json",
        "prompts/custom/deep/er/code-review.JSON",
        "prompts/code-review.json",
        "elsewhere/code-review.Prompt.Json",
    ],
)
def test_the_id_is_the_name_without_its_ending(path: str) -> None:
    assert said(prompt(), path) == []


def test_another_name_is_told_at_the_id_and_the_fix_takes_it_over() -> None:
    message = 'the id is "code-review", but the file is called review.prompt.json: the two must be the same'
    assert said(prompt(), "prompts/custom/review.prompt.json") == [("id-file-name", message, '"code-review"')]
    assert '"id": "review"' in mended(prompt(), "id-file-name", "prompts/custom/review.prompt.json")


@pytest.mark.parametrize("name", ["Code Review.json", "code_review.json", ".json", "code-review.json.json", "代.json"])
def test_a_name_that_cannot_be_an_id_is_not_taken_over(name: str) -> None:
    (finding,) = [each for each in findings(prompt(), f"prompts/custom/{name}") if each.code == "id-file-name"]
    assert finding.fix is None


@pytest.mark.parametrize("id_", ["", 5, None, ["code-review"]])
def test_an_id_that_is_none_has_no_name_to_differ_from(id_: Any) -> None:
    assert "id-file-name" not in codes(prompt(id=id_))


def test_a_document_that_was_never_saved_has_no_name() -> None:
    assert check(Snapshot(document_of(prompt()))) == []


def test_a_long_id_is_cut_short_in_the_message() -> None:
    (finding,) = [each for each in findings(prompt(id="a" * 500)) if each.code == "id-file-name"]
    assert len(finding.message) < 200


# Duplicates


def test_two_files_of_one_layer_name_each_other() -> None:
    files = {"prompts/custom/a/code-review.json": prompt(), "prompts/custom/b/code-review.json": prompt()}
    one, two = snapshots(files).values()
    message = 'the id "code-review" is also used by prompts/custom/{}/code-review.json'
    assert told(one) == [("duplicate-id", message.format("b"), '"code-review"')]
    assert told(two) == [("duplicate-id", message.format("a"), '"code-review"')]
    (finding,) = check(one)
    (related,) = finding.related
    assert (related.path, related.key) == (str(ROOT / "prompts/custom/b/code-review.json"), "id")
    assert finding.severity == "error"


def test_many_duplicates_are_counted() -> None:
    files = {f"prompts/custom/{letter}/code-review.json": prompt() for letter in "abcdefghijklm"}
    first, *_ = snapshots(files).values()
    (finding,) = check(first)
    assert finding.message.endswith("prompts/custom/d/code-review.json and 9 more")
    assert len(finding.related) == 10


def test_the_same_id_in_another_layer_shadows_and_is_no_duplicate() -> None:
    files = {
        "prompts/custom/code-review.json": prompt(),
        "prompts/learned/code-review.json": prompt(source="Learned"),
        "prompts/builtin/code-review.json": prompt(source="Builtin"),
    }
    assert [told(each) for each in snapshots(files).values()] == [[], [], []]


def test_what_lies_directly_under_a_root_is_custom() -> None:
    files = {"prompts/code-review.json": prompt(), "prompts/custom/code-review.json": prompt()}
    assert [[each.code for each in check(shot)] for shot in snapshots(files).values()] == [["duplicate-id"]] * 2


def test_two_prompt_folders_of_one_root_are_one_layer() -> None:
    files = {"prompts/custom/code-review.json": prompt(), "more/code-review.json": prompt()}
    shots = snapshots(files, Settings(roots=("prompts", "more")))
    assert [[each.code for each in check(shot)] for shot in shots.values()] == [["duplicate-id"]] * 2


def test_a_file_outside_of_every_root_is_no_duplicate() -> None:
    files = {"prompts/custom/code-review.json": prompt(), "notes/code-review.json": prompt()}
    assert [told(each) for each in snapshots(files).values()] == [[], []]


def test_the_document_that_is_open_is_not_its_own_duplicate() -> None:
    # The library may know another version of the same file.
    shot = snapshots({"prompts/custom/code-review.json": prompt(id="older")})["prompts/custom/code-review.json"]
    assert check(Snapshot(document_of(prompt()), shot.path, shot.root, shot.library)) == []
    assert check(Snapshot(document_of(prompt()), shot.path, shot.root, Library())) == []


# Source and folder

BUILTIN = 'a prompt in builtin/ has the source "Builtin"'
LEARNED = 'a prompt in learned/ has the source "Learned" or "LLMGenerated"'
CUSTOM = 'the source "Builtin" is for prompts in builtin/: this one is "Custom"'
GENERATED = {"LLMGenerated": {"model": "m", "timestamp": "2026-05-01T12:00:00Z"}}


@pytest.mark.parametrize(
    ("folder", "source", "message"),
    [
        ("prompts/builtin", "Builtin", None),
        ("prompts/builtin", "Custom", BUILTIN),
        ("prompts/builtin/deeper", "Learned", BUILTIN),
        ("prompts/builtin", GENERATED, BUILTIN),
        ("prompts/learned", "Learned", None),
        ("prompts/learned", "LLMGenerated", None),
        ("prompts/learned", GENERATED, None),
        ("prompts/learned", {"Learned": {"from_feedback": []}}, None),
        ("prompts/learned", "Custom", LEARNED),
        ("prompts/learned", "Builtin", LEARNED),
        ("prompts/learned", {"CommunityContributed": {"author": "Ada"}}, LEARNED),
        ("prompts/custom", "Builtin", CUSTOM),
        ("prompts", "Builtin", CUSTOM),
        ("prompts/mine/builtin", "Builtin", CUSTOM),
        ("prompts/custom", "Learned", None),
        ("prompts/custom", "CommunityContributed", None),
        ("prompts/custom", GENERATED, None),
        ("notes", "Builtin", None),
    ],
)
def test_the_source_fits_the_folder(folder: str, source: Any, message: str | None) -> None:
    marked = "{" if isinstance(source, dict) else f'"{source}"'
    expected = [("source-folder", message, marked)] if message else []
    assert said(prompt(source=source), f"{folder}/code-review.json") == expected


def test_the_fix_writes_the_source_of_the_folder_but_drops_no_details() -> None:
    assert '"source": "Custom"' in mended(prompt(source="Builtin"), "source-folder")
    (finding,) = findings(prompt(source=GENERATED), "prompts/builtin/code-review.json")
    assert finding.fix is None


@pytest.mark.parametrize("source", ["builtin", "Built in", 5, None, {}, {"Builtin": {}}])
def test_a_source_that_is_none_is_told_once(source: Any) -> None:
    assert len(codes(prompt(source=source), "prompts/builtin/code-review.json")) == 1


def test_a_missing_source_is_only_missing() -> None:
    value = {key: item for key, item in VALID.items() if key != "source"}
    assert codes(value, "prompts/builtin/code-review.json") == ["missing-key"]
