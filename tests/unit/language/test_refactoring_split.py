"""A prompt split at a heading: two prompts that together are what one was, and that are clean."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import refactoring_helpers
from refactoring_helpers import PROJECT, after, changed, names, offered, prompt, shot, unmarked

from promptbits.checks.engine import check
from promptbits.checks.snapshot import Snapshot
from promptbits.language.places import RefusedError
from promptbits.language.refactoring import Refactoring, change_of
from promptbits.prompts.entry import Entry, entry_of_document
from promptbits.prompts.formatting import is_canonical
from promptbits.prompts.library import Library
from promptbits.text.document import Document

SPLIT = "split-at-heading"
WHOLE = {
    "trigger": {"Language": "Rust"},
    "category": "Testing",
    "source": {"CommunityContributed": {"author": "é"}},
    "tags": ["rust"],
    "version": "1.0+",
}


def whole(content: str, variables: dict[str, Any] | None = None, **more: Any) -> str:
    """A prompt with every required key, the keys in canonical order."""
    fields = json.loads(prompt(content, variables)) | WHOLE | more
    order = ["$schema", "id", "description", "trigger", "category", "content", "variables", "confidence", "source"]
    order += ["tags", "version", "revision", "parent", "related", "model"]
    ordered = {name: fields[name] for name in order if name in fields}
    return json.dumps(ordered, indent=2, ensure_ascii=False) + "\n"


def parts(source: str, **options: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """Both prompts after the split."""
    text, change = changed(source, SPLIT, **options)
    (created,) = change.created
    return json.loads(text), json.loads(created.text)


def test_the_whole_of_both_files() -> None:
    source = whole(
        "# Demo\n\nUse <<a>>.\n\n## Run |it\n\nWith <<b>> and <<a>>.\n\n### Deeper\n\nx\n\n## Last\n\ny\n",
        {"a": {"type": "string"}, "b": {"default": "x"}, "unused": {}},
        revision=3,
        parent="base",
        **{"$schema": "../../schemas/promptbit.schema.json", "model": {"name": "m", "temperature": 0.5}},
    )
    text, change = changed(source, SPLIT)
    assert text == whole(
        "# Demo\n\nUse <<a>>.\n\n## Last\n\ny\n",
        {"a": {"type": "string"}, "unused": {}},
        revision=3,
        parent="base",
        related=["demo-run-it"],
        **{"$schema": "../../schemas/promptbit.schema.json", "model": {"name": "m", "temperature": 0.5}},
    )
    (created,) = change.created
    assert created.path == str(PROJECT / "prompts" / "custom" / "demo-run-it.json")
    assert created.text == whole(
        "## Run it\n\nWith <<b>> and <<a>>.\n\n### Deeper\n\nx\n",
        {"a": {"type": "string"}, "b": {"default": "x"}},
        id="demo-run-it",
        description="Run it",
        related=["demo"],
        **{"$schema": "../../schemas/promptbit.schema.json", "model": {"name": "m", "temperature": 0.5}},
    )


def test_both_are_clean_and_hold_every_line() -> None:
    source = whole("# Demo\n\n{{a}}\n\n```\n{{b}} {{c}}\n```\n\n## |Two\n\n```\n{{b}}\n```\n", {"a": {}, "b": {}})
    before, _, _ = unmarked(source)
    text, change = changed(source, SPLIT)
    found = {
        PROJECT / "prompts/custom/demo.json": Document.from_text(text),
        Path(change.created[0].path): Document.from_text(change.created[0].text),
    }
    library = Library.of(entry_of_document(path, "custom", document) for path, document in found.items())
    snapshots = [
        replace(shot(before), document=document, path=path, library=library) for path, document in found.items()
    ]
    assert check(shot(before)) == []
    assert [check(each) for each in snapshots] == [[], []]
    assert all(is_canonical(document) for document in found.values())
    assert "".join(each.content for each in snapshots).split() == shot(before).content.split()


@pytest.mark.parametrize(
    ("content", "rest", "moved"),
    [
        ("a\n\n## |B\n\nb", "a", "## B\n\nb"),
        ("a\n\n## |B\n\nb\n", "a\n", "## B\n\nb\n"),
        ("a\n## |B\n\n\n", "a\n", "## B\n"),
        ("a\n\n\n\n## |B\nb\n\n\n## C\nc\n", "a\n\n## C\nc\n", "## B\nb\n"),
        ("a\n## |B\nb\n## C\nc", "a\n\n## C\nc", "## B\nb"),
        ("a  \n \t\n## |B\nb  \n\n## C", "a  \n\n## C", "## B\nb  "),
        ("a\r\n\r\n## |B\r\nb\r\n\r\n# C\r\n", "a\r\n\r\n# C\r\n", "## B\r\nb\r\n"),
        ("a\n\n### |B\n\n#### D\n\n## C\n", "a\n\n## C\n", "### B\n\n#### D\n"),
        ("a\n\n## |B\n\n```\n# no heading\n```\n", "a\n", "## B\n\n```\n# no heading\n```\n"),
    ],
)
def test_where_it_is_cut(content: str, rest: str, moved: str) -> None:
    one, other = parts(whole(content))
    assert (one["content"], other["content"]) == (rest, moved)
    assert "variables" not in other


def test_only_the_section_is_taken_out_where_the_gap_is_right() -> None:
    source = whole("a\n\n## |B\n\nb\n\n## C\n")
    text, _, _ = unmarked(source)
    _, change = changed(source, SPLIT)
    edit = change.edits[0].edits[0]
    assert (text[edit.start : edit.end], edit.new) == ("## B\\n\\nb\\n\\n", "")


@pytest.mark.parametrize(
    "content",
    ["|# A\n\ntext", "\n\n# |A", "a\n\n#### |B", "a\n```\n# |B\n```", "a\n\n## B\n|b", "a\n\n## |B\nb|", "a |b"],
)
def test_not_offered(content: str) -> None:
    assert SPLIT not in dict(names(whole(content)))


def test_not_offered_where_no_file_can_stand_beside() -> None:
    source = whole("a\n\n## |B\n")
    assert (SPLIT, "") in names(source)
    assert names(source, path=None) == names(source, path="elsewhere/demo.json") == []
    assert names(source.replace('"demo"', '"No Id"')) == []
    assert names(whole("a\n\n## |B\n", related="x")) == []


def test_a_free_id() -> None:
    folder = PROJECT / "prompts" / "custom"
    library = Library.of(
        [Entry("/elsewhere/x.json", "shipped", "demo-b"), Entry(str(folder / "demo-b-2.json"), "custom", "other")]
    )
    _, other = parts(whole("a\n\n## |B\n"), library=library)
    assert other["id"] == "demo-b-3"


def test_a_file_that_the_library_does_not_know_yet_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refactoring_helpers, "PROJECT", tmp_path)
    taken = tmp_path / "prompts" / "custom" / "demo-b.json"
    taken.parent.mkdir(parents=True)
    taken.touch()
    _, other = parts(whole("a\n\n## |B\n"))
    assert other["id"] == "demo-b-2"


@pytest.mark.parametrize(
    ("title", "id_"),
    [
        ("", "demo-part"),
        ("日本", "demo-part"),
        ("`run` <<x>>!", "demo-run-x"),
        ("word " * 20, "demo-" + "word-" * 7 + "word"),
    ],
)
def test_the_id_of_a_heading(title: str, id_: str) -> None:
    _, other = parts(whole(f"a\n\n## |{title}\nb"))
    assert other["id"] == id_
    assert other.get("description", "") == title.strip()
    assert offered(whole(f"a\n\n## |{title}\nb"))[-1].kind == "refactor.extract"


def test_the_ending_of_the_file_name_stays() -> None:
    _, change = changed(whole("a\n\n## |B\n"), SPLIT, path="prompts/learned/demo.prompt.json")
    assert change.created[0].path == str(PROJECT / "prompts/learned/demo-b.prompt.json")


def test_related_is_added_to() -> None:
    one, _ = parts(whole("a\n\n## |B\n", related=["x"]))
    assert one["related"] == ["x", "demo-b"]
    text, _ = changed('{"related": [], "id": "demo", "content": "a\\n\\n## |B"}', SPLIT)
    assert text == '{"related": ["demo-b"], "id": "demo", "content": "a"}'
    text, _ = changed('{"id": "demo", "related": ["x"], "content": "a\\n\\n## |B"}', SPLIT)
    assert text == '{"id": "demo", "related": ["x", "demo-b"], "content": "a"}'


def test_numbers_and_escapes_keep_their_spelling() -> None:
    source = '{\n "id": "demo", "content": "\\u00e9\\n\\n## |B <<a>>", "variables": {"a": {"default": "\\/"}}'
    source += ', "confidence": 1.0}'
    text, change = changed(source, SPLIT)
    assert text == (
        '{\n "id": "demo", "content": "\\u00e9", "variables": {}, "confidence": 1.0, "related": ["demo-b-a"]}'
    )
    assert '"confidence": 1.0' in change.created[0].text


def test_refused_while_the_library_is_being_read() -> None:
    text, start, end = unmarked(whole("a\n\n## |B\n"))
    snapshot = replace(shot(text), library=Library(complete=False))
    with pytest.raises(RefusedError, match="still being read"):
        change_of(snapshot, Refactoring(SPLIT, "", "refactor.extract"), start, end)


def test_what_stays_is_a_prompt_that_can_be_split_again() -> None:
    text, start, end = unmarked(whole("a\n\n## |B\n\n## C\n"))
    first = shot(text)
    again = shot(after(first, change_of(first, Refactoring(SPLIT, "", "refactor.extract"), start, end)))
    assert isinstance(again, Snapshot)
    at = again.content_range(again.content.index("## C"), 0)[0]
    change = change_of(again, Refactoring(SPLIT, "", "refactor.extract"), at, at)
    assert json.loads(after(again, change))["related"] == ["demo-b", "demo-c"]
