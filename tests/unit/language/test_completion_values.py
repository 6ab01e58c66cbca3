"""Completion of values: words of the schema, and names that the library uses."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from caret import HOME, ROOT, accepted, applied, at_caret, labels, library, offered

from promptbits.checks.engine import check
from promptbits.checks.snapshot import Snapshot
from promptbits.language.completion import complete, documentation
from promptbits.prompts import schema
from promptbits.prompts.entry import Entry
from promptbits.prompts.library import Library
from promptbits.text.document import Document

WORDS = library(
    {
        "ax": {"description": "The first\none", "trigger": {"Language": "Rust"}, "tags": ["cli", "rust", "rust"]},
        "bx": {"trigger": {"Language": "Go"}, "tags": ["cli", "go"], "category": "Testing"},
        "cx": {"trigger": {"Language": "Rust"}, "tags": ["cli", "rust"]},
        "dx": {"trigger": {"Framework": 'Next "x" $1'}},
        "code-review": {"trigger": {"Language": "Ru"}, "tags": ["ru", "go"]},
    }
)


@pytest.mark.parametrize(
    ("before", "label", "after"),
    [
        ('{"category": |}', "Testing", '{"category": "Testing"}'),
        ('{"category":|}', "Testing", '{"category": "Testing"}'),
        ('{"category": "|}', "Testing", '{"category": "Testing"}'),
        ('{"category": "|"}', "Testing", '{"category": "Testing"}'),
        ('{"category": "Te|xt"}', "Testing", '{"category": "Testing"}'),
        ('{"category": Te|}', "Testing", '{"category": "Testing"}'),
        ('{\n  "category": |\n  "id": "x"\n}', "Testing", '{\n  "category": "Testing",\n  "id": "x"\n}'),
        ('{\n  "category": "|\n  "id": "x"\n}', "Testing", '{\n  "category": "Testing",\n  "id": "x"\n}'),
        ('{\n  "category": "|",\n  "id": "x"\n}', "Testing", '{\n  "category": "Testing",\n  "id": "x"\n}'),
        ('{"category": "|, "id": "x"}', "Testing", '{"category": "Testing", "id": "x"}'),
        ('{"source": "|"}', "Learned", '{"source": "Learned"}'),
        ('{"source": |}', "Learned with details", '{"source": {"Learned": {"from_feedback": ["$1"]\\}\\}}'),
        ('{"variables": {"a": {"type": "|"}}}', "integer", '{"variables": {"a": {"type": "integer"}}}'),
        ('{"variables": {"a": {"required": |}}}', "false", '{"variables": {"a": {"required": false}}}'),
        ('{"variables": {"a": {"required": fa|}}}', "false", '{"variables": {"a": {"required": false}}}'),
        ('{"variables": {"a": {"required": "fa|"}}}', "false", '{"variables": {"a": {"required": false}}}'),
        ('{"trigger": |}', "Language", '{"trigger": {"Language": "$1"\\}}'),
        ('{"trigger": {"Language": "|"}}', "Rust", '{"trigger": {"Language": "Rust"}}'),
        ('{"trigger": {"Framework": "|"}}', 'Next "x" $1', '{"trigger": {"Framework": "Next \\"x\\" $1"}}'),
        ('{"tags": ["|"]}', "rust", '{"tags": ["rust"]}'),
        ('{"tags": [|]}', "rust", '{"tags": ["rust"]}'),
        ('{"tags": ["go",|]}', "rust", '{"tags": ["go", "rust"]}'),
        ('{"tags": ["go", "|]}', "rust", '{"tags": ["go", "rust"]}'),
        ('{"tags": ["|", "go"]}', "rust", '{"tags": ["rust", "go"]}'),
        ('{"tags": [|"go"]}', "rust", '{"tags": ["rust", "go"]}'),
        ('{"tags": [\n  "go"\n  "|"\n]}', "rust", '{"tags": [\n  "go",\n  "rust"\n]}'),
        ('{"tags": [\n  "|\n  "go"\n]}', "rust", '{"tags": [\n  "rust",\n  "go"\n]}'),
        ('{"tags": |}', "[]", '{"tags": ["$1"]}'),
        ('{"tags": ["|\n  "id": "x"\n}', "rust", '{"tags": ["rust"\n  "id": "x"\n}'),
        ('{"parent": "|"}', "ax", '{"parent": "ax"}'),
        ('{"related": ["b|"]}', "bx", '{"related": ["bx"]}'),
        ('{"id": "|"}', "code-review", '{"id": "code-review"}'),
        (
            '{"variables": {"a": {"enum": ["x", "y"], "default": |}}}',
            "y",
            '{"variables": {"a": {"enum": ["x", "y"], "default": "y"}}}',
        ),
        (
            '{"variables": {"a": {"type": "integer", "examples": [3, 4], "default": |}}}',
            "4",
            '{"variables": {"a": {"type": "integer", "examples": [3, 4], "default": 4}}}',
        ),
        (
            '{"variables": {"a": {"default": "x", "examples": ["y", |]}}}',
            "x",
            '{"variables": {"a": {"default": "x", "examples": ["y", "x"]}}}',
        ),
    ],
)
def test_a_value_is_written_with_what_it_needs_and_no_more(before: str, label: str, after: str) -> None:
    assert accepted(before, label, WORDS) == after


@pytest.mark.parametrize(
    ("before", "label", "after"),
    [
        ('{"category": "Te|"}', "Testing", '{"category": "Testing|"}'),
        ('{"category": "Te|ng"}', "Testing", '{"category": "Testi|ng"}'),
        ('{"category": "Te|xt"}', "Testing", '{"category": "Testing"|}'),
        ('{"category": "Te|}', "Testing", '{"category": "Testing"|}'),
        ('{"tags": ["|"]}', "rust", '{"tags": ["rust|"]}'),
        ('{"ca|": 1}', "category", '{"category|": 1}'),
    ],
)
def test_the_quote_behind_the_cursor_stays(before: str, label: str, after: str) -> None:
    """Neovim replaces only what stands before the cursor: it would write a quote beside the one that is there."""
    snapshot, offset = at_caret(before, WORDS)
    (item,) = [item for item in complete(snapshot, offset, snippets=True).items if item.label == label]
    text, end = applied(item, snapshot.document.text), item.edit.start + len(item.edit.new)
    assert text[:end] + "|" + text[end:] == after


def test_the_words_of_the_schema_come_in_its_order() -> None:
    assert labels('{"category": "|"}') == schema.describe(("category",))["enum"]
    assert labels('{"source": "|"}') == ["Builtin", "Custom", "Learned", "LLMGenerated", "CommunityContributed"]
    assert labels('{"variables": {"a": {"type": "boolean", "default": |}}}') == ["true", "false"]


def test_names_of_triggers_of_the_same_kind_come_the_most_used_first() -> None:
    assert labels('{"trigger": {"Language": "|"}}', WORDS) == ["Rust", "Go"]
    assert [item.detail for item in offered('{"trigger": {"Language": "|"}}', WORDS).items] == [
        "in 2 prompts",
        "in 1 prompt",
    ]
    assert labels('{"trigger": {"Custom": "|"}}', WORDS) == []


def test_tags_come_the_most_used_first_without_those_that_are_there_or_only_here() -> None:
    assert labels('{"tags": ["|"]}', WORDS) == ["cli", "go", "rust"]
    assert labels('{"tags": ["cli", "|", "rust"]}', WORDS) == ["go"]
    assert "ru" in labels('{"tags": ["|"]}', WORDS, path="prompts/custom/other.json")


def test_ids_leave_out_the_prompt_itself_and_those_that_are_there() -> None:
    assert labels('{"id": "bx", "parent": "|"}', WORDS) == ["ax", "cx", "dx"]
    assert labels('{"id": "code-review", "related": ["cx", "|"]}', WORDS) == ["ax", "bx", "dx"]
    first = offered('{"parent": "|"}', WORDS).items[0]
    assert (first.label, first.detail, first.kind) == ("ax", "The first one", "prompt")


def test_a_long_list_is_cut_to_what_fits_and_said_to_be_incomplete() -> None:
    words = library({f"prompt-{n:03}": {"tags": [f"tag-{n:03}"]} for n in range(150)})
    for field, stem in (("tags", "tag"), ("related", "prompt")):
        found = offered(f'{{"{field}": ["|"]}}', words)
        assert found.incomplete
        assert [item.label for item in found.items] == [f"{stem}-{n:03}" for n in range(100)]
        found = offered(f'{{"{field}": ["{stem}-14|"]}}', words)
        assert found.incomplete
        assert [item.label for item in found.items] == [f"{stem}-{n}" for n in range(140, 150)]
        assert labels(f'{{"{field}": ["149|"]}}', words) == [f"{stem}-149"]
    assert not offered('{"tags": ["|"]}', WORDS).incomplete
    assert offered("{|}", most=3).incomplete
    assert labels("{|}", most=3) == ["id", "trigger", "category"]


def test_while_the_library_is_being_read_every_answer_is_incomplete() -> None:
    assert offered('{"tags": ["|"]}', replace(WORDS, complete=False)).incomplete


def test_items_are_sorted_as_they_are_given() -> None:
    items = offered('{"tags": ["|"]}', WORDS).items
    assert [item.sort_text for item in items] == sorted(item.sort_text for item in items)
    assert len({item.sort_text for item in items}) == len(items)


def test_the_library_is_counted_once(monkeypatch: pytest.MonkeyPatch) -> None:
    words = library({"a": {"tags": ["x"]}})
    walks = 0
    entries = Library.entries

    def counted(self: Library) -> Iterator[Entry]:
        nonlocal walks
        walks += 1
        return entries(self)

    monkeypatch.setattr(Library, "entries", counted)
    for _ in range(5):
        assert labels('{"tags": ["|"]}', words) == ["x"]
    assert labels("{|}", words)
    assert walks == 1
    more = words.with_changes(dict.fromkeys(["/project/prompts/custom/a.json"]))
    assert labels('{"tags": ["|"]}', more) == []


# A whole prompt


@pytest.mark.parametrize("source", ["|", "\n|\n", "  |", "pro|", '"|"', "\ufeff|"])
def test_an_empty_document_gets_a_whole_prompt(source: str) -> None:
    text = accepted(source, "prompt", snippets=False).removeprefix("\ufeff")
    value = json.loads(text)
    assert schema.is_valid(value)
    assert text.endswith("}\n")
    assert value["id"] == value["trigger"]["Custom"] == "code-review"
    shot = Snapshot(Document.from_text(text), ROOT / HOME, at_caret("|")[0].root)
    assert check(shot) == []


def test_the_whole_prompt_is_a_snippet_that_fits_its_folder() -> None:
    text = accepted("|", "prompt", path="prompts/builtin/say-no.json")
    assert text.startswith('{\n  "id": "${1:say-no}",\n')
    assert '"source": "Builtin"' in text
    assert "\\\\n" in text
    assert labels("|", path=None) == ["prompt"]


# Documentation


def test_documentation_is_found_again_by_a_key_that_holds_no_text() -> None:
    def told(source: str, label: str) -> str | None:
        snapshot, offset = at_caret(source, WORDS)
        (item,) = [item for item in complete(snapshot, offset, snippets=True).items if item.label == label]
        assert label not in item.key or item.key.startswith("schema/")
        return documentation(snapshot, item.key)

    assert told("{|}", "category") == (
        "What sort of help the prompt gives.\n\nEvery prompt needs it.\n\nOne of `Commands`, `Dependencies`,"
        " `Configuration`, `BestPractices`, `Examples`, `Integration`, `Testing`, `Deployment`."
    )
    assert told('{"trigger": {"|"}}', "Language") == "A programming language, such as Rust."
    assert told('{"variables": {"secret": {"|"}}}', "required") == (
        "Whether rendering fails without a value; one that is not required renders as empty.\n\nDefault: `true`."
    )
    assert told('{"source": {"LLMGenerated": {"|"}}}', "timestamp") == "RFC 3339, in UTC.\n\nIt must be there."
    assert told('{"parent": "|"}', "bx") == "Prompt `bx`\n\n`Testing` · `Language: Go` · `custom`"
    source = '{"content": "<<|", "variables": {"size": {"type": "integer", "description": "How big", "default": 3}}}'
    assert told(source, "size") == "Variable `size` · `integer`\n\nHow big\n\nDefault: `3`"


def test_what_a_prompt_says_of_itself_is_text_and_no_markdown() -> None:
    evil = "![x](http://host/x.png) <b>"
    words = library({"bx": {"description": evil, "trigger": {"Custom": "[a](b) `c`"}}})
    spec = {"type": "a`b", "description": evil, "default": evil, "enum": [evil]}
    for source, label in (
        ('{"parent": "|"}', "bx"),
        ('{"content": "<<|", "variables": {"x": ' + json.dumps(spec) + "}}", "x"),
    ):
        snapshot, offset = at_caret(source, words)
        (item,) = [item for item in complete(snapshot, offset, snippets=True).items if item.label == label]
        outside = re.sub(r"(?<!`)(``?)(?!`)(.+?)(?<!`)\1(?!`)", "", documentation(snapshot, item.key) or "")
        assert "[" not in outside
        assert "<" not in outside


@pytest.mark.parametrize(
    "key", ["", "id", "id/0/00000000", "id/x/y", "variable/99/ab", "schema/", "schema/a/b", "id/²/"]
)
def test_a_key_that_leads_nowhere_has_no_documentation(key: str) -> None:
    assert documentation(at_caret("{|}", WORDS)[0], key) is None
