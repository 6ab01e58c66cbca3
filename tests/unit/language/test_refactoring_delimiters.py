"""Delimiters written the other way, with the same placeholders before and after."""

import pytest
from refactoring_helpers import content_of, done, names, offered, prompt, shot, unmarked

from promptbits.language.places import RefusedError
from promptbits.language.refactoring import Refactoring, change_of

ONE, ALL = "rewrite-delimiters", "rewrite-all-delimiters"


def test_every_use_of_the_variable_and_no_other() -> None:
    source = prompt("<<a>> <<|b>> <<a>> <<b>>")
    assert content_of(source, ONE) == "<<a>> {{b}} <<a>> {{b}}"
    assert offered(source)[0].title == "Write <<b>> as {{b}} (2 uses)"
    assert content_of(prompt("{{ a }} |{{ b }}"), ONE) == "{{ a }} <<b>>"


def test_blanks_between_braces_as_the_content_has_them() -> None:
    assert content_of(prompt("{{ a }} <<b|>>"), ONE) == "{{ a }} {{ b }}"
    assert content_of(prompt("{{a}} <<b>>|"), ONE) == "{{a}} {{b}}"


def test_all_placeholders_where_the_styles_are_mixed() -> None:
    source = prompt("<<a|>> {{b}} <<c>>")
    assert names(source) == [(ONE, "{{"), (ALL, "{{"), (ALL, "<<")]
    assert content_of(source, ALL, "{{") == "{{a}} {{b}} {{c}}"
    assert content_of(source, ALL, "<<") == "<<a>> <<b>> <<c>>"


def test_all_is_not_offered_where_it_is_the_same_as_the_one() -> None:
    assert names(prompt("<<a|>> <<a>>")) == [(ONE, "{{")]
    assert names(prompt("<<a|>> {{b}}")) == [(ONE, "{{"), (ALL, "<<")]


@pytest.mark.parametrize(
    "content",
    [
        "```\n<<a|>>\n```",  # undeclared in code: {{a}} would be code
        "{<<a|>>",
        "<<a|>>}",
        "<{{a|}}",
        "{{a|}}>",
        "no |placeholder",
        "\\<<a|>>",
        "${{ a| }}",
        "<<<a|>>",
    ],
)
def test_not_offered_where_it_would_be_no_placeholder(content: str) -> None:
    assert names(prompt(content)) == []


def test_in_code_where_the_variable_is_declared() -> None:
    source = prompt("```\n<<a|>>\n```", {"a": {}})
    assert content_of(source, ONE) == "```\n{{a}}\n```"


def test_backslashes_before_it_stay_what_they_are() -> None:
    assert content_of(prompt("\\\\<<a|>> \\<<a>>"), ONE) == "\\\\{{a}} \\<<a>>"


def test_nothing_else_is_touched() -> None:
    text = '{"content" : "\\u00e9\\/ <<a|>>\\u000a{{b}}", "x": 1.0e1}'
    assert done(text, ONE) == '{"content" : "\\u00e9\\/ {{a}}\\u000a{{b}}", "x": 1.0e1}'


def test_refused_where_it_would_be_read_differently() -> None:
    # Asked for although not offered: the braces around would make a third one.
    text, start, end = unmarked(prompt("{<<a|>>}"))
    with pytest.raises(RefusedError, match="in the way"):
        change_of(shot(text), Refactoring(ONE, "", "refactor.rewrite", "{{"), start, end)


@pytest.mark.parametrize("name", [ONE, ALL, "inline-variable", "extract-variable", "split-at-heading", "unheard-of"])
def test_refused_where_it_does_not_apply(name: str) -> None:
    for text in (prompt("just text"), '{"content": "', "[]"):
        with pytest.raises(RefusedError):
            change_of(shot(text), Refactoring(name, "", "refactor.rewrite"), 25, 25)
