"""Completion of keys: an item is chosen and the document compared."""

import json

import pytest
from caret import accepted, labels, library, offered

REQUIRED = ["id", "trigger", "category", "content", "confidence", "source"]
OPTIONAL = ["$schema", "description", "variables", "tags", "version", "revision", "parent", "related", "model"]


def test_missing_keys_come_with_the_required_ones_first() -> None:
    assert labels("{|}") == REQUIRED + OPTIONAL
    assert labels('{"id": "x", |\n"source": "Custom", "tags": []}') == [
        name for name in REQUIRED + OPTIONAL if name not in ("id", "source", "tags")
    ]
    assert [item.detail for item in offered("{|}").items][5:7] == ["required", ""]


@pytest.mark.parametrize(
    ("before", "label", "after"),
    [
        ("{|}", "category", '{"category": "$1"}'),
        ("{|", "category", '{"category": "$1"'),
        ("{ca|}", "category", '{"category": "$1"}'),
        ('{"|}', "category", '{"category": "$1"}'),
        ('{"|"}', "category", '{"category": "$1"}'),
        ('{"ca|t"}', "category", '{"category": "$1"}'),
        ("{'ca|'}", "category", '{"category": "$1"}'),
        ('{"ca|": "x"}', "category", '{"category": "x"}'),
        ('{ca|: "x"}', "category", '{"category": "x"}'),
        ('{"id": "x",|}', "category", '{"id": "x", "category": "$1"}'),
        ('{\n  "id": "x",\n  |\n}', "tags", '{\n  "id": "x",\n  "tags": ["$1"]\n}'),
        # A comma behind, where a member follows and none is there.
        ('{\n  "|\n  "id": "x"\n}', "category", '{\n  "category": "$1",\n  "id": "x"\n}'),
        ('{\n  "|"\n  "id": "x"\n}', "category", '{\n  "category": "$1",\n  "id": "x"\n}'),
        ('{\n  "|",\n  "id": "x"\n}', "category", '{\n  "category": "$1",\n  "id": "x"\n}'),
        ('{\n  |,\n  "id": "x"\n}', "category", '{\n  "category": "$1",\n  "id": "x"\n}'),
        ('{|"id": "x"}', "category", '{"category": "$1", "id": "x"}'),
        ('{ "ca|"id": "x"}', "category", '{ "category": "$1", "id": "x"}'),
        ('{ "ca|, "id": "x"}', "category", '{ "category": "$1", "id": "x"}'),
        # A comma above, where it is missing.
        ('{\n  "id": "x"\n  |\n}', "category", '{\n  "id": "x",\n  "category": "$1"\n}'),
        ('{\n  "tags": ["x"]\n  "|\n}', "category", '{\n  "tags": ["x"],\n  "category": "$1"\n}'),
        ('{\n  "id": "x"\n  |\n  "tags": []\n}', "category", '{\n  "id": "x",\n  "category": "$1",\n  "tags": []\n}'),
        # Behind what is itself not complete.
        ('{\n  "id":\n  "ca|": 1\n}', "category", '{\n  "id":\n  "category": 1\n}'),
        ('{\n  "tags": ["a",\n  "ca|": 1\n}', "category", '{\n  "tags": ["a",\n  "category": 1\n}'),
        # The stubs.
        ("{|}", "$schema", '{"\\$schema": "${1:promptbit.schema.json}"}'),
        ("{|}", "id", '{"id": "${1:code-review}"}'),
        ("{|}", "trigger", '{"trigger": {"${1:Custom}": "$2"\\}}'),
        ("{|}", "confidence", '{"confidence": ${1:0.5}}'),
        ("{|}", "source", '{"source": "${1:Custom}"}'),
        ("{|}", "variables", '{"variables": {$1\\}}'),
        ("{|}", "related", '{"related": ["$1"]}'),
        ("{|}", "revision", '{"revision": ${1:1}}'),
        ("{|}", "model", '{"model": {$1\\}}'),
        # Deeper down.
        ('{"trigger": {"|"}}', "Language", '{"trigger": {"Language": "$1"}}'),
        ('{"model": {|}}', "temperature", '{"model": {"temperature": ${1:0}}}'),
        ('{"model": {"name": "x", "|}}', "provider", '{"model": {"name": "x", "provider": "$1"}}'),
        ('{"source": {|}}', "Learned", '{"source": {"Learned": {"from_feedback": ["$1"]\\}}}'),
        ('{"source": {"LLMGenerated": {|}}}', "timestamp", '{"source": {"LLMGenerated": {"timestamp": "$1"}}}'),
        ('{"variables": {"a": {|}}}', "type", '{"variables": {"a": {"type": "${1:string}"}}}'),
        (
            '{"variables": {"a": {"type": "integer", |}}}',
            "default",
            '{"variables": {"a": {"type": "integer", "default": ${1:0}}}}',
        ),
        ('{"variables": {"a.b": {"|}}}', "enum", '{"variables": {"a.b": {"enum": ["$1"]}}}'),
    ],
)
def test_a_key_is_written_with_what_it_needs_and_no_more(before: str, label: str, after: str) -> None:
    assert accepted(before, label) == after


def test_without_snippets_the_text_is_plain() -> None:
    assert accepted("{|}", "$schema", snippets=False) == '{"$schema": "promptbit.schema.json"}'
    assert accepted("{|}", "trigger", snippets=False) == '{"trigger": {"Custom": ""}}'


def test_what_is_written_without_snippets_is_json() -> None:
    for label in REQUIRED + OPTIONAL:
        assert list(json.loads(accepted("{|}", label, snippets=False))) == [label]


def test_keys_of_a_variable_a_source_and_a_trigger() -> None:
    assert labels('{"variables": {"a": {"type": "string", |}}}') == [
        "description",
        "default",
        "enum",
        "required",
        "examples",
    ]
    assert labels('{"source": {"|"}}') == ["LLMGenerated", "CommunityContributed", "Learned"]
    assert labels('{"source": {"LLMGenerated": {"|"}}}') == ["model", "timestamp"]
    assert labels('{"trigger": {"|"}}')[:2] == ["Framework", "Language"]
    assert labels('{"trigger": {"Language": "Rust", "|"}}') == []


def test_names_of_variables_are_those_in_use_and_those_of_the_library() -> None:
    words = library({"a": {"variables": {"repo": {}, "input": {}}}, "b": {"variables": {"repo": {}}}})
    source = '{"content": "<<user.name>> and {{ input }}", "variables": {"known": {}, |}}'
    assert labels(source, words) == ["user.name", "input", "repo"]
    assert accepted(source, "user.name", words).endswith(
        '"variables": {"known": {}, "user.name": {"description": "$1"\\}}}'
    )


@pytest.mark.parametrize(
    "source",
    [
        '{"id"|: "x"}',
        '{"id" |: "x"}',
        '{"id": "x"|}',
        '{"id": "x" |}',
        '{"id": "x" // no|\n}',
        '{"description": "He said "no| way""}',
        '{"unknown": {|}}',
        '{"variables": {"a": {"default": {|}}}}',
        "[|]",
        "{}|",
        "{} |",
    ],
)
def test_nothing_is_offered_where_nothing_can_stand(source: str) -> None:
    assert labels(source) == []
