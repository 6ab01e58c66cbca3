"""Words extracted into a variable: the prompt renders as before."""

import json

import pytest
from refactoring_helpers import changed, content_of, done, names, offered, prompt, shot, unmarked

from promptbits.checks.engine import check
from promptbits.language.places import RefusedError
from promptbits.language.refactoring import Refactoring, change_of
from promptbits.prompts.render import render

ONE, EVERY = "extract-variable", "extract-every-occurrence"


def variables(source: str, name: str = ONE) -> dict[str, object]:
    return json.loads(done(source, name))["variables"]


def test_the_whole_file_without_variables() -> None:
    assert done(prompt("Use |the App Router| here"), ONE) == prompt(
        "Use <<the_app_router>> here", {"the_app_router": {"type": "string", "default": "the App Router"}}
    )


def test_the_declaration_comes_last() -> None:
    assert done(prompt("Use |it| <<a>>", {"a": {"type": "string"}}), ONE) == prompt(
        "Use <<it>> <<a>>", {"a": {"type": "string"}, "it": {"type": "string", "default": "it"}}
    )
    assert done(prompt("Use |it|", {}), ONE) == prompt("Use <<it>>", {"it": {"type": "string", "default": "it"}})


def test_the_declaration_stands_as_its_neighbours_do() -> None:
    text = '{\r\n\t"content": "a |b|",\r\n\t"variables": {\r\n\t\t"x": {"type": "string"}\r\n\t}\r\n}'
    assert done(text, ONE) == (
        '{\r\n\t"content": "a <<b>>",\r\n\t"variables": {\r\n\t\t"x": {"type": "string"},\r\n'
        '\t\t"b": {"type": "string", "default": "b"}\r\n\t}\r\n}'
    )
    text = '{"content":"a |b|","variables":{"x":{}},"z":1}'
    assert done(text, ONE) == ('{"content":"a <<b>>","variables":{"x":{},"b":{"type":"string","default":"b"}},"z":1}')
    text = '{"content": "a |b|", "variables": {}}'
    assert done(text, ONE) == '{"content": "a <<b>>", "variables": {"b": {"type": "string", "default": "b"}}}'


def test_the_first_declaration_brings_those_of_what_is_used() -> None:
    """Where nothing is declared, nothing is missing; where something is, the others would be."""
    text = done(prompt("|Name| <<a>> {{b}}", trigger={"Custom": "x"}, category="Testing", source="Custom"), ONE)
    assert list(json.loads(text)["variables"]) == ["a", "b", "name"]
    assert [each.code for each in check(shot(text)) if each.code == "undeclared-variable"] == []


def test_what_is_code_stays_code() -> None:
    text = done(prompt("|Name| <<a>>\n```\n{{a}} {{name}}\n```"), ONE)
    found = json.loads(text)
    assert list(found["variables"]) == ["name_2"]
    assert found["content"] == "<<name_2>> <<a>>\n```\n{{a}} {{name}}\n```"


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("one two three four", "one_two_three"),
        ("Größe", "groe"),
        ("3 days", "value_3_days"),
        ("…", "value"),
        ("日本", "value"),
        ("a", "a_2"),
        ("camelCase", "camel_case"),
        ("x" * 100, "x" * 40),
    ],
)
def test_the_name_comes_from_the_words(words: str, name: str) -> None:
    assert list(variables(prompt(f"<<a>> |{words}|", {"a": {}})))[-1] == name


def test_the_style_of_most_placeholders() -> None:
    assert content_of(prompt("{{ a }} {{ b }} <<c>> |x|"), ONE).endswith(" {{ x }}")
    assert content_of(prompt("{{a}} <<c>> |x|"), ONE).endswith(" <<x>>")
    # Beside an angle the other style is the only one.
    assert content_of(prompt("<|x|>"), ONE) == "<{{x}}>"


def test_blanks_at_both_ends_are_left() -> None:
    assert content_of(prompt("a| b \n|c"), ONE) == "a <<b>> \nc"


def test_a_selection_that_cuts_an_escape_is_moved() -> None:
    text = '{"content": "x\\u00e9y"}'
    snapshot = shot(text)
    at = text.index("\\u00e9")
    chosen = Refactoring(ONE, "", "refactor.extract")
    (file,) = change_of(snapshot, chosen, at + 3, at + 7).edits
    assert (text[file.edits[0].start : file.edits[0].end], file.edits[0].new) == ("\\u00e9y", "<<ey>>")
    assert '"default": "\\u00e9y"' in file.edits[1].new, "the default is spelled as the content was"


def test_backslashes_and_escapes() -> None:
    source = prompt("\\|x y| z")
    assert content_of(source, ONE) == "\\\\<<x_y>> z"
    assert_same(source)
    source = prompt("a |b \\<<c>> d| e")
    assert variables(source) == {"b_c_d": {"type": "string", "default": "b <<c>> d"}}
    assert_same(source)


def assert_same(source: str, name: str = ONE) -> None:
    before, found = json.loads(source.replace("|", "")), json.loads(done(source, name))
    assert render(found["content"], found["variables"], {}) == render(before["content"], before.get("variables"), {})


@pytest.mark.parametrize(
    "content",
    [
        "a|| b",
        "a| | b",
        "|x <<a>>|",
        "x <<|a|>>",
        "x |<<a>>|",
        "x \\|<<|a>>",
        "|x\n```\n|a\n```",
        "```|py|\na\n```",
        "```\n|a\n```|",
        "$|x|",
        "<|x|}",
    ],
)
def test_not_offered(content: str) -> None:
    assert not {ONE, EVERY} & {name for name, _ in names(prompt(content))}


def test_not_offered_outside_of_the_content() -> None:
    assert names('{"|content|": "x"}') == []
    assert names('{"content": |"x"|}') == []
    assert names('{"id": "|x|", "content": "x"}') == []
    assert names('{"content": "|x|", "variables": 3}') == []
    assert names('{"content": "|x|"') == []


def test_in_code() -> None:
    assert content_of(prompt("{{ a }}\n```sh\nrun |it| now\n```"), ONE) == "{{ a }}\n```sh\nrun {{ it }} now\n```"


def test_every_occurrence() -> None:
    source = prompt("|app| apps app\n```app\napp\n```\n<<app>> \\<<app>> app")
    assert names(source) == [(ONE, ""), (EVERY, "")]
    assert offered(source)[1].title == 'Extract all 4 occurrences of "app" into a variable'
    assert content_of(source, EVERY) == (
        "<<app_2>> apps <<app_2>>\n```app\n<<app_2>>\n```\n<<app>> \\<<app>> <<app_2>>"
    )
    assert content_of(source, ONE).count("<<app_2>>") == 1


def test_a_piece_of_a_word_is_extracted_once() -> None:
    assert names(prompt("a|p|p p")) == [(ONE, "")]


def test_each_edit_is_of_its_words_alone() -> None:
    source = prompt("|é| x é")
    text, _, _ = unmarked(source)
    _, change = changed(source, EVERY)
    edits = change.edits[0].edits
    assert [text[edit.start : edit.end] for edit in edits] == ["\\u00e9", "\\u00e9", ""]


def test_refused_where_a_third_mark_comes_about() -> None:
    # The words end where `}` follows and start where `<` stands: no style fits.
    text, start, end = unmarked(prompt("<|x|}"))
    with pytest.raises(RefusedError, match="select words"):
        change_of(shot(text), Refactoring(ONE, "", "refactor.extract"), start, end)
