"""Variables: declared, used, written in two ways, and their defaults; and what must not be told of them."""

import json
from typing import Any

import pytest
from check_helpers import codes, findings, mended, prompt, said, text_of

TOPIC: dict[str, Any] = {"topic": {}}


# Undeclared


def test_without_declarations_nothing_is_undeclared() -> None:
    assert said(prompt(content="<<a>> and <<b.c>>")) == []


def test_with_declarations_each_use_without_one_is_told() -> None:
    content = "<<topic>> <<file>> and {{ file }}"
    assert [each for each in said(prompt(content=content, variables=TOPIC)) if each[0] == "undeclared-variable"] == [
        ("undeclared-variable", '"file" is not declared in variables', "<<file>>"),
        ("undeclared-variable", '"file" is not declared in variables', "{{ file }}"),
    ]


def test_no_declarations_at_all_declare_nothing() -> None:
    assert codes(prompt(content="<<a>>", variables={})) == ["undeclared-variable"]


@pytest.mark.parametrize(
    ("used", "meant", "fixed"),
    [
        ("<<topci>>", "<<topic>>", "<<topic>>"),
        ("<<Topic>>", "<<topic>>", "<<topic>>"),
        ("{{topics}}", "{{ topic }}", "{{topic}}"),
        ("{{\ttopics }}", "{{ topic }}", "{{\ttopic }}"),
    ],
)
def test_a_mistyped_name_is_mended_and_its_blanks_stay(used: str, meant: str, fixed: str) -> None:
    value = prompt(content=f"On {used}.", variables=TOPIC)
    (finding,) = findings(value)
    assert finding.message.endswith(f"is not declared in variables: did you mean {meant}?")
    text = mended(value, "undeclared-variable")
    assert json.loads(text)["content"] == f"On {fixed}."
    assert codes(text) == []


@pytest.mark.parametrize(("used", "declared"), [("subtitle", "title"), ("table", "title"), ("a", "b"), ("id", "ip")])
def test_another_name_is_not_taken_for_a_mistyped_one(used: str, declared: str) -> None:
    value = prompt(content=f"<<{used}>>", variables={declared: {}})
    assert said(value)[0][1] == f'"{used}" is not declared in variables'


def test_what_was_meant_is_not_called_unused() -> None:
    assert codes(prompt(content="<<topci>>", variables=TOPIC)) == ["undeclared-variable"]


def test_declaring_goes_to_the_end_of_the_table_as_its_neighbours_stand() -> None:
    value = prompt(content="<<topic>> <<file>>", variables=TOPIC)
    text = mended(value, "undeclared-variable")
    assert '    "topic": {},\n    "file": {}\n  }' in text
    assert codes(text) == []
    one_line = json.dumps(value)
    assert '"variables": {"topic": {}, "file": {}}' in mended(one_line, "undeclared-variable")
    empty = mended(prompt(content="<<file>>", variables={}), "undeclared-variable")
    assert '"variables": {\n    "file": {}\n  }' in empty


def test_declaring_keeps_the_line_ends_and_the_indentation_of_the_file() -> None:
    value = prompt(content="<<topic>> <<file>>", variables=TOPIC)
    windows = json.dumps(value, indent=4).replace("\n", "\r\n")
    text = mended(windows, "undeclared-variable")
    assert '        "topic": {},\r\n        "file": {}\r\n    }' in text
    none_yet = json.dumps(prompt(content="<<file>>", variables={}), indent=4).replace("\n", "\r\n")
    assert '"variables": {\r\n        "file": {}\r\n    }' in mended(none_yet, "undeclared-variable")
    tight = json.dumps(value, separators=(",", ":"))
    assert '"variables":{"topic":{},"file":{}}' in mended(tight, "undeclared-variable")


# Unused


def test_an_unused_variable_is_a_hint_that_greys_out() -> None:
    value = prompt(content="<<topic>>", variables={"topic": {}, "file": {"default": "x"}})
    (finding,) = findings(value)
    assert (finding.code, finding.severity, finding.unnecessary) == ("unused-variable", "hint", True)
    assert finding.message == 'the content does not use "file"'
    assert json.loads(mended(value, "unused-variable"))["variables"] == {"topic": {}}


@pytest.mark.parametrize("order", [["file", "topic", "lines"], ["topic", "file", "lines"], ["topic", "lines", "file"]])
def test_removing_leaves_no_comma_behind(order: list[str]) -> None:
    value = prompt(content="<<topic>> <<lines>>", variables={name: {"type": "string"} for name in order})
    text = mended(value, "unused-variable")
    assert list(json.loads(text)["variables"]) == [name for name in order if name != "file"]
    assert json.loads(mended(prompt(variables={"file": {}}), "unused-variable"))["variables"] == {}


@pytest.mark.parametrize(
    "value",
    [
        prompt(content="{{ topic }}", variables=TOPIC),
        prompt(content="```\n{{ topic }} and <<topic>>\n```", variables=TOPIC) | {"confidence": 0.1},
        prompt(content="`<<topic>>`", variables=TOPIC),
        prompt(content="\\\\<<topic>>", variables=TOPIC),  # a backslash, then a placeholder
        prompt(content="<<a.b.c>>", variables={"a.b.c": {}}),
        prompt(content="<<topic>", variables=TOPIC),  # it only waits for its spelling
    ],
)
def test_used_in_any_way_is_used(value: dict[str, Any]) -> None:
    assert "unused-variable" not in codes(value)


@pytest.mark.parametrize("content", ["\\<<topic>>", "${{ topic }}", "<topic>", "topic", "<<topic.name>> <<subtopics>>"])
def test_what_is_no_use_is_none(content: str) -> None:
    assert "unused-variable" in codes(prompt(content=content, variables=TOPIC))


def test_nothing_is_unused_in_a_content_that_is_not_there() -> None:
    for content in ("", " \n", 5, ...):
        assert "unused-variable" not in codes(prompt(content=content, variables=TOPIC))


def test_many_are_bounded() -> None:
    assert len(said(prompt(variables={f"v{number}": {} for number in range(20_000)}))) == 100
    content = " ".join(f"<<w{number}>>" for number in range(5000))
    assert codes(prompt(content=content + "<<topic>>", variables=TOPIC)).count("undeclared-variable") == 100
    # One name that is used everywhere is looked up once.
    found = codes(prompt(content="<<x>> " * 20_000, variables={f"v{number}": {} for number in range(2000)}))
    assert (found.count("undeclared-variable"), found.count("unused-variable")) == (100, 100)


# Both kinds


def test_both_kinds_are_told_once_at_the_first_of_the_fewer() -> None:
    assert said(prompt(content="<<a>> {{ b }} <<c>> {{ d }} <<e>>")) == [
        ("mixed-delimiters", "this prompt mixes << >> and {{ }}: most of its placeholders are << >>", "{{ b }}")
    ]
    assert said(prompt(content="{{ a }} <<b>> {{ c }}")) == [
        ("mixed-delimiters", "this prompt mixes << >> and {{ }}: most of its placeholders are {{ }}", "<<b>>")
    ]
    assert said(prompt(content="<<a>> {{ b }}")) == [
        ("mixed-delimiters", "this prompt mixes << >> and {{ }}: write all of them in one way", "{{ b }}")
    ]


@pytest.mark.parametrize(
    "value",
    [
        prompt(content="<<a>> <<b>>"),
        prompt(content="{{a}} {{ b }}"),
        prompt(content="<<a>> ${{ b }} {{ b.c() }} \\{{ d }}"),
        prompt(content="<<a>>\n\n```\n{{ b }}\n```\n"),
        prompt(content="Result<T, {{ a }}> and <<b>>"),  # the angle beside it leaves no choice
        prompt(content="{<<a>>} and {{ b }}"),
    ],
)
def test_one_kind_only(value: dict[str, Any]) -> None:
    assert said(value) == []


# Defaults


def variable(**spec: Any) -> dict[str, Any]:
    return prompt(content="<<topic>>", variables={"topic": spec})


@pytest.mark.parametrize(
    ("spec", "problem", "place"),
    [
        ({"default": 5}, "is a number, not a string", "5"),
        ({"default": None}, "is null, not a string", "null"),
        ({"default": {}}, "is an object, not a string", "{"),
        ({"type": "integer", "default": "5"}, "is a string, not an integer", '"5"'),
        ({"type": "integer", "default": 5.5}, "is a number, not an integer", "5.5"),
        ({"type": "integer", "default": True}, "is a boolean, not an integer", "true"),
        ({"type": "number", "default": False}, "is a boolean, not a number", "false"),
        ({"type": "boolean", "default": 1}, "is a number, not a boolean", "1"),
        ({"type": "boolean", "default": "true"}, "is a string, not a boolean", '"true"'),
        ({"type": "array", "default": "a"}, "is a string, not an array", '"a"'),
        ({"type": "string", "default": ["a"]}, "is an array, not a string", "["),
        ({"enum": ["a", "b"], "default": "c"}, 'is not one of "a", "b"', '"c"'),
        ({"type": "integer", "enum": [0, 1], "default": 2}, "is not one of 0, 1", "2"),
    ],
)
def test_a_default_that_does_not_fit(spec: dict[str, Any], problem: str, place: str) -> None:
    assert said(variable(**spec)) == [("default-type", f'the default of "topic" {problem}', place)]


@pytest.mark.parametrize(
    "spec",
    [
        {"default": ""},
        {"type": "integer", "default": 5},
        {"type": "integer", "default": 5.0},
        {"type": "integer", "default": -(10**30)},
        {"type": "number", "default": 5},
        {"type": "number", "default": -0.0},
        {"type": "boolean", "default": False},
        {"type": "array", "default": [1, "a", None]},
        {"enum": ["a"], "default": "a"},
        {"type": "boolean", "enum": [True], "default": True},
        {"required": False},
    ],
)
def test_a_default_that_fits(spec: dict[str, Any]) -> None:
    assert said(variable(**spec)) == []


def test_a_member_of_an_enum_fits_the_type() -> None:
    assert said(variable(type="integer", enum=[1, "2", True])) == [
        ("default-type", 'a value that "topic" allows is a string, not an integer', '"2"'),
        ("default-type", 'a value that "topic" allows is a boolean, not an integer', "true"),
    ]


def test_true_is_not_one() -> None:
    assert "default-type" in codes(variable(type="integer", enum=[1], default=True))


def test_a_type_that_is_none_is_told_once() -> None:
    assert codes(variable(type="date", default=5)) == ["invalid-value"]
    assert codes(variable(type=["string"], default=5)) == ["wrong-type"]


def test_long_values_do_not_fill_the_message() -> None:
    (finding,) = findings(variable(enum=["a" * 500], default="b"))
    assert len(finding.message) < 200


# While the syntax is broken


def test_declarations_that_cannot_be_read_are_not_missed() -> None:
    text = text_of(prompt(content="<<topic>> <<file>>", variables={"topic": {}, "file": {}}))
    for old, new in (
        ('"file": {}', '"file": {'),
        ('"file": {}', '"fi'),
        ('"topic": {},', '"topic": {}'),
    ):
        assert old in text, old
        assert set(codes(text.replace(old, new))) == {"json-syntax"}


def test_a_content_that_cannot_be_read_to_its_end_is_not_judged() -> None:
    text = text_of(prompt(content="<<topic>> and more", variables=TOPIC))
    assert set(codes(text.replace(' and more"', " and more"))) == {"json-syntax"}
    assert set(codes(text.replace("<<topic>>", '"<<topic>>"'))) == {"json-syntax"}
