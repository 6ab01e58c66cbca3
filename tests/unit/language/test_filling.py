"""A prompt filled in with values, held against strict rendering."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promptbits.checks.snapshot import Snapshot
from promptbits.language.filling import filled, typed, variables
from promptbits.prompts.render import RenderError, render
from promptbits.text.document import Document

NAMES = ["a", "b", "c.d", "e"]
CONTENT = "<<a>> {{ b }} <<c.d>> \\<<a>> <<a>>\n\n```\n{{b}} {{e}} <<e>>\n```\n"
JSON = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 5),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=3),
    st.lists(st.text(max_size=2), max_size=2),
)
SPEC = st.fixed_dictionaries(
    {},
    optional={
        "type": st.sampled_from(["string", "number", "integer", "boolean", "array", "odd"]),
        "default": JSON,
        "required": st.booleans(),
        "enum": st.lists(JSON, max_size=3),
    },
)


def shot(content: str = CONTENT, **fields: Any) -> Snapshot:
    return Snapshot(Document.from_text(json.dumps({"id": "demo", "content": content, **fields})))


@given(
    st.dictionaries(st.sampled_from(NAMES), SPEC, max_size=4),
    st.dictionaries(st.sampled_from([*NAMES, "other"]), JSON, max_size=4),
    st.sampled_from([CONTENT, "<<a>>", "no variables", "<<a>><<b>>"]),
)
def test_it_is_complete_exactly_where_strict_rendering_gives_this_text(
    declared: dict[str, Any], values: dict[str, Any], content: str
) -> None:
    found = filled(shot(content, variables=declared), values)
    strict, error = rendered(content, declared, values)
    assert found.complete == (strict is not None)
    if strict is not None:
        assert found.text == strict
    elif "no variable of this prompt" not in error:  # of those strict rendering names all at once
        assert error in [each.message for each in found.problems]


def rendered(content: str, declared: dict[str, Any], values: dict[str, Any]) -> tuple[str | None, str]:
    """What an application gets: the text, or the words of the first error."""
    try:
        return render(content, declared, values), ""
    except RenderError as error:
        return None, str(error)


@given(st.dictionaries(st.sampled_from(NAMES), SPEC, max_size=4), st.dictionaries(st.sampled_from(NAMES), JSON))
def test_a_variable_that_is_wrong_does_not_hide_another(declared: dict[str, Any], values: dict[str, Any]) -> None:
    """What is right of it is rendered, and the placeholders of the rest stand as they are."""
    content = " ".join(f"[<<{name}>>]" for name in NAMES)
    found = filled(shot(content, variables=declared), values)
    wrong = {each.variable for each in found.problems}
    parts: list[str] = []
    for name in NAMES:
        one = {key: value for key, value in values.items() if key == name}
        spec = {key: value for key, value in declared.items() if key == name}
        parts.append(f"[<<{name}>>]" if name in wrong else render(f"[<<{name}>>]", spec, one))
    assert found.text == " ".join(parts)


def test_the_problems_have_the_words_of_rendering() -> None:
    declared = {"n": {"type": "number"}, "s": {"enum": ["x", "y"]}, "m": {}, "d": {"type": "array", "default": 1}}
    found = filled(shot("<<n>> <<s>> <<m>> <<d>> <<u>>", variables=declared), {"n": "1", "s": "z", "q": 1})
    assert [(each.variable, each.message, each.is_missing) for each in found.problems] == [
        ("n", "variable 'n': the value is a string, not a number", False),
        ("s", 'variable \'s\': the value is not one of "x", "y"', False),
        ("m", "variable 'm' has no value and no default", True),
        ("d", "variable 'd': the default is a number, not an array", False),
        ("u", "variable 'u' has no value and no default", True),
        ("q", "no variable of this prompt is called 'q'", False),
    ]
    assert found.text == "<<n>> <<s>> <<m>> <<d>> <<u>>"


def test_variables_come_in_their_order_and_then_those_that_are_not_declared() -> None:
    snapshot = shot("<<z>> <<b>> <<y>> <<z>>", variables={"b": {"default": 1}, "a": "odd"})
    assert list(variables(snapshot)) == [("b", {"default": 1}), ("a", {}), ("z", None), ("y", None)]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"id": "x", "content": "Say <<a>>", "confidence": }', "the JSON is broken"),
        ('{"id": "x" "content": "Say <<a>>"}', "the JSON is broken"),
        ('{"id": "x", "content": "Say <<a>>\n', "the content cannot be read to its end"),
        ('{"id": "x"}', "no content"),
        ("", "no content"),
    ],
)
def test_broken_text_is_filled_in_as_far_as_it_can_be_read(text: str, reason: str) -> None:
    found = filled(Snapshot(Document.from_text(text)), {"a": "it"})
    assert any(each.variable is None and reason in each.message for each in found.problems)
    assert not found.complete
    assert found.text.startswith("Say it" if "content" in text else "")


TYPES = {"n": "number", "i": "integer", "b": "boolean", "l": "array", "s": "string"}


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("n", "1.5", 1.5),
        ("n", " 2 ", 2),
        ("n", "-1e3", -1000.0),
        ("n", "two", "two"),
        ("n", "true", "true"),
        ("n", "NaN", "NaN"),
        ("n", "1e999", "1e999"),
        ("i", "3", 3),
        ("i", "9" * 5000, "9" * 5000),
        ("i", "3.5", 3.5),
        ("b", "true", True),
        ("b", " False ", False),
        ("b", "1", "1"),
        ("l", '["a", 1]', ["a", 1]),
        ("l", "[a, b]", "[a, b]"),
        ("l", "one, two,three,", ["one", "two", "three"]),
        ("l", "one, two\nthree\n\n", ["one, two", "three"]),
        ("l", "[" * 100_000, "[" * 100_000),
        ("s", " as it is ", " as it is "),
        ("s", "7", "7"),
        ("other", "7", "7"),
    ],
)
def test_what_is_typed_is_read_by_the_type_of_its_variable(name: str, text: str, value: Any) -> None:
    snapshot = shot(variables={key: {"type": kind} for key, kind in TYPES.items()})
    read = typed(snapshot, {name: text})
    assert read == {name: value}
    assert type(read[name]) is type(value)


def test_an_empty_field_is_no_value_and_other_values_stay() -> None:
    assert typed(shot(variables={"s": {}}), {"s": "", "n": 3, "l": ["x"]}) == {"n": 3, "l": ["x"]}
