"""Hover over keys, variables, the content, and values with a meaning."""

from __future__ import annotations

import json

import pytest
from hover_helpers import at, over, said

from promptbits.prompts import schema
from promptbits.prompts.order import FIELDS

# Keys.


@pytest.mark.parametrize("key", FIELDS)
def test_every_key_is_documented(key: str) -> None:
    text = said(json.dumps({key: 1}).replace('"', '"|', 1))
    assert text.startswith(f"{key} · ")
    assert schema.describe(())["properties"][key]["description"] in text


def test_a_key_tells_type_range_default_and_values() -> None:
    assert said('{"|confidence"') == (
        "confidence · number · required\n\n"
        "What the author believes, 0 to 1; what is measured stands in the facts\n\n- Range: 0 to 1"
    )
    assert said('{"rev|ision": 2}').endswith("- Range: from 1\n- Default: 1")
    assert '- Allowed: "Commands", "Dependencies",' in said('{"category|": ""}')
    assert "- Keys: Framework, Language," in said('{"|trigger": {}}')


def test_nested_keys() -> None:
    assert said('{"variables": {"a": {"|type": ""}}}').endswith(
        '- Allowed: "string", "number", "integer", "boolean", "array"\n- Default: "string"'
    )
    assert said('{"model": {"|temperature": 1}}').endswith("- Range: 0 to 2")
    assert said('{"source": {"LLMGenerated": {"|model": "m"}}}').startswith("model · string · required\n\nThe model's")


def test_a_value_is_described_by_its_key() -> None:
    assert said('{"category": "|Testing"}').startswith("category · string")
    assert said('{"tags": ["a", "|b"]}').startswith("tags · array of strings")
    assert over('{"tags": ["a", "|b"]}') == '"b"'


@pytest.mark.parametrize("text", ["|", '|{"id": 1}', '{"id"|: 1}', '{"id": 1|}', '{"nothing|": 1}', '"a|"', "[1|]"])
def test_where_there_is_nothing_to_say(text: str) -> None:
    assert at(text) is None


# Variables.

TEMPLATE = (
    '{"content": "<<a>>\\n# One\\n{{ a }}, <<b>>\\n\\n## Two\\n<<a>><<a>>\\n<<a>>\\n", "variables": {"a": '
    '{"description": "Which one", "type": "integer", "default": 1, "enum": [1, 2], "examples": [2]}}}'
)
ABOUT_A = (
    "Variable a · integer\n\nWhich one\n\n- Default: 1\n- Allowed: 1, 2\n- Examples: 2\n"
    "- Required: yes; without a value, the default fills in\n"
    "- Used 5 times, in these lines of the content\n"
    "  - before the first heading: line 1\n  - under One: line 3\n  - under Two: lines 6, 7"
)


@pytest.mark.parametrize("mark", ["<<a>>\\n#", "{{ a", '"a": {'])
def test_a_variable_from_its_uses_and_its_declaration(mark: str) -> None:
    assert said(TEMPLATE.replace(mark, mark[:1] + "|" + mark[1:], 1)) == ABOUT_A


def test_the_range_of_a_placeholder_is_the_placeholder() -> None:
    assert over(TEMPLATE.replace("{{ a", "{|{ a")) == "{{ a }}"
    assert over('{"content": "\\u003c<a>|>"}') == "\\u003c<a>>"


def test_an_undeclared_variable() -> None:
    assert said(TEMPLATE.replace("<<b", "<<|b")).startswith("Variable b · not declared in variables\n\n- Used 1 time,")
    assert "this prompt has no variables" in said('{"content": "<<|a>>"}')


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        ("{}", "string, the default type"),
        ("{}", "Required: yes; without a value, rendering fails"),
        ('{"required": false}', "Required: no; renders as empty"),
        ('{"required": 1}', "Required: 1"),
        ("{}", "Not used in the content"),
        ('{"default": [1,\n 2]}', "Default: [1, 2]"),
        (json.dumps({"enum": list("abcdefghijklmnop")}), '"l" and 4 more'),
        ("7", "string, the default type"),
    ],
)
def test_what_a_declaration_means(spec: str, words: str) -> None:
    assert words in said('{"variables": {"|x": ' + spec + "}}")


def test_uses_are_capped() -> None:
    lines = said('{"content": "%s", "variables": {"|x": {}}}' % ("<<x>>\\n" * 50))
    assert "Used 50 times: lines 1, 2, 3, 4, 5, 6, 7, 8 and 42 more" in lines
    headings = said('{"content": "%s", "variables": {"|x": {}}}' % ("# H\\n<<x>>\\n" * 50))
    assert headings.count("under H") == 8
    assert headings.endswith("and under 42 more headings")


# The content, and values with a meaning.


def test_the_content_is_counted_and_its_tokens_are_estimated() -> None:
    text = '{"content": "# Öne\\ntwo <<a>>|, three\\n### Deep\\n## Next\\n", "variables": {}}'
    assert said(text) == (
        "- Words: 9\n- Characters: 40\n- Tokens: about 10, an estimate at 4 characters per token\n"
        "- Placeholders: a (not declared)\n- Headings: 3\n  - Öne\n    - Deep\n    - Next"
    )
    assert over(text) == "two <<a>>, three"
    key = said('{"|content": "a b"}')
    assert key.startswith("content · string · required\n\nThe template")
    assert "- Words: 2\n" in key


def test_long_content_is_capped_and_its_estimate_is_round() -> None:
    value = {"content": "".join(f"# H{index}\n<<v{index}>>\n" for index in range(100))}
    text = said(json.dumps(value).replace("content", "con|tent"))
    assert "v11 and 88 more" in text
    assert text.endswith("  - H19\n  - and 80 more headings")
    assert "about 340, an estimate" in text


@pytest.mark.parametrize("text", ['{"content": |""}', '{"content": "|"}', '{"content": "abc|"}', '{"content": |"ab'])
def test_the_range_holds_the_offset(text: str) -> None:
    found = at(text)
    assert found is not None
    assert found.start <= text.index("|") < found.end


def test_content_that_is_cut_says_so() -> None:
    assert "as far as the content can be read" in said('{"content": "a|b\n}')
    assert "Words" not in said('{"content|": 7}')


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("*", "every version"),
        ("14.2", "every release of 14.2, such as 14.2.1"),
        ("4.x", "every release of 4, such as 4.1"),
        ("1.2.3.4", "the release 1.2.3.4"),
        ("14.0+", "14.0 or newer"),
        (">=3.2, <4", "3.2 or newer, and older than 4"),
        ("==1,!=2,<=3,>4", "exactly 1, and not 2, and 3 or older, and newer than 4"),
    ],
)
def test_a_version_in_words(value: str, words: str) -> None:
    assert said(f'{{"version": "|{value}"}}').endswith(f"\n\nHere: {value}: {words}")


def test_a_confidence_is_a_belief() -> None:
    assert said('{"confidence": |0.8}').endswith(
        "Here: 0.8 of 1. This is a belief that the author wrote down, not a measurement"
    )
    for value in ("1e999", "NaN", "-1", "true", '"1"', "9" * 5000):
        assert "Here" not in said(f'{{"confidence": |{value}}}')
    assert "Here" not in said('{"version": "|latest"}')
