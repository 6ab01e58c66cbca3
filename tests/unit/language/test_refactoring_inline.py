"""A variable inlined: the prompt renders as before, and no longer knows the variable."""

import json
from typing import Any

import pytest
from refactoring_helpers import changed, content_of, done, names, offered, prompt, shot, unmarked

from promptbits.language.places import RefusedError
from promptbits.language.refactoring import Refactoring, change_of
from promptbits.prompts.render import render

INLINE = "inline-variable"


def test_every_use_and_the_declaration() -> None:
    source = prompt("Use <<a|>> or {{ a }}, <<b>>", {"b": {}, "a": {"default": "it"}, "c": {}})
    assert names(source)[0] == (INLINE, "a")
    assert offered(source)[0].title == 'Inline the default of "a" in all 2 places'
    assert done(source, INLINE) == prompt("Use it or it, <<b>>", {"b": {}, "c": {}})


@pytest.mark.parametrize("key", ['"|a"', '"a|"', '|"a"', '"a"|', '"|a|"'])
def test_from_the_declaration(key: str) -> None:
    source = f'{{"content": "<<a>>", "variables": {{{key}: {{"default": "it"}}, "b": {{}}}}}}'
    assert done(source, INLINE) == '{"content": "it", "variables": {"b": {}}}'


def test_the_only_and_the_last_declaration() -> None:
    assert done(prompt("<<a|>>", {"a": {"default": "it"}}), INLINE) == prompt("it", {})
    both = {"b": {}, "a": {"default": "it"}}
    assert done(prompt("<<a|>>", both), INLINE) == prompt("it", {"b": {}})


@pytest.mark.parametrize(
    ("spec", "written"),
    [
        ({"type": "number", "default": 1.50}, "1.5"),
        ({"type": "boolean", "default": True}, "true"),
        ({"type": "array", "default": ["é", 1]}, '["é", 1]'),
        ({"default": 'a "b"\n\\'}, 'a "b"\n\\'),
        ({"default": ""}, ""),
        ({"default": "a", "required": False, "enum": ["a"]}, "a"),
    ],
)
def test_as_rendering_writes_it(spec: dict[str, Any], written: str) -> None:
    assert content_of(prompt("x <<a|>> y", {"a": spec}), INLINE) == f"x {written} y"


@pytest.mark.parametrize(
    ("content", "default", "written"),
    [
        ("<<a|>>", "<<b>>", "\\<<b>>"),
        ("<<a|>>", "{{ b }} <<EOF", "\\{{ b }} <<EOF"),  # only what would be a placeholder
        ("<<a|>>", "style={{x: 1}} 1<<n", "style={{x: 1}} 1<<n"),
        ("<<a|>>", "\\<<b>>", "\\\\\\<<b>>"),
        ("<<a|>>", "\\{{", "\\\\{{"),
        ("\\\\<<a|>>", "x", "\\x"),  # the backslashes were doubled for the placeholder alone
        ("\\\\<<a|>>", "<<b>>", "\\\\\\<<b>>"),
        ("<<a|>><<b>>", "\\", "\\\\<<b>>"),
        ("<<a|>>\\<<b>>", "\\", "\\\\\\<<b>>"),
        ("{{a|}}>>", "x <<b", "x \\<<b>>"),  # it would be one with the text that follows
        ("```\n<<a|>>\n```", "{{b}}", "```\n{{b}}\n```"),
    ],
)
def test_what_would_be_read_again_is_escaped(content: str, default: str, written: str) -> None:
    source = prompt(content, {"a": {"default": default}})
    text = done(source, INLINE)
    found = json.loads(text)
    assert found["content"] == written
    before = json.loads(source.replace("|", ""))
    values = {"b": "B"} if "<<b>>" in content.replace("|", "") and "\\<<b" not in content else {}
    assert render(written, {}, values) == render(before["content"], before["variables"], values)


@pytest.mark.parametrize(
    ("spec", "why"),
    [({}, "no default"), ({"type": "number", "default": "x"}, "does not fit")],
)
def test_refused_with_a_reason(spec: dict[str, Any], why: str) -> None:
    text, start, end = unmarked(prompt("<<a|>>", {"a": spec}))
    assert (INLINE, "a") not in names(prompt("<<a|>>", {"a": spec}))
    with pytest.raises(RefusedError, match=why):
        change_of(shot(text), Refactoring(INLINE, "", "refactor.inline", "a"), start, end)


@pytest.mark.parametrize(("before", "default", "after"), [("<", "<b>>", ""), ("", "$", "<<b>>"), ("", "<", "<<b>>")])
def test_refused_where_the_text_around_makes_another_placeholder(before: str, default: str, after: str) -> None:
    source = prompt(f"{before}{{{{a|}}}}{after}", {"a": {"default": default}})
    text, start, end = unmarked(source)
    with pytest.raises(RefusedError, match="with the text around it"):
        change_of(shot(text), Refactoring(INLINE, "", "refactor.inline", "a"), start, end)


def test_an_unused_variable_is_not_inlined() -> None:
    assert names('{"content": "x", "variables": {"|a": {"default": 1, "type": "number"}}}') == []
    assert names('{"content": "<<a>>", "variables": {"a": {"|default": "x"}}}') == []


def test_the_default_keeps_its_spelling_and_the_rest_its_bytes() -> None:
    text = '{"content": "\\u00e9 <<a|>>\\/", "variables": { "a": {"default": "\\u00e8\\u000a"}, "b" : {} }, "x": 1.0}'
    assert done(text, INLINE) == '{"content": "\\u00e9 \\u00e8\\u000a\\/", "variables": { "b" : {} }, "x": 1.0}'


def test_halves_of_a_character_are_not_joined() -> None:
    text = '{"content": "\\ud83d<<a|>>", "variables": {"a": {"default": "\\ude00"}}}'
    text, start, end = unmarked(text)
    with pytest.raises(RefusedError, match="cannot be written"):
        change_of(shot(text), Refactoring(INLINE, "", "refactor.inline", "a"), start, end)


def test_the_edits_are_of_the_uses_alone() -> None:
    source = prompt("x <<a|>> y {{ a }} z", {"a": {"default": "d"}, "b": {}})
    text, _, _ = unmarked(source)
    _, change = changed(source, INLINE)
    assert [text[edit.start : edit.end] for edit in change.edits[0].edits][:2] == ["<<a>>", "{{ a }}"]
