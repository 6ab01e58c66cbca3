"""Rendering: each rule of the format has its test."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from promptbits.prompts.render import RenderError, fits_type, flatten, misfit, render


@pytest.mark.parametrize("spec", [{}, {"required": True}, {"type": "string"}, {"enum": ["x"]}])
def test_a_missing_required_variable_is_named(spec: dict[str, Any]) -> None:
    with pytest.raises(RenderError, match="'who'"):
        render("Hi <<who>>", {"who": spec})
    with pytest.raises(RenderError, match="'who'"):
        render("Hi <<who>>")


def test_an_unknown_value_is_named() -> None:
    with pytest.raises(RenderError, match="'extra', 'more'"):
        render("Hi <<who>>", {"who": {}}, {"who": "x", "more": 1, "extra": 2})
    with pytest.raises(RenderError, match="'who'"):
        render("Hi", None, {"who": "x"})
    assert render("Hi", {"who": {}}, {"who": "x"}) == "Hi"  # declared and unused: not unknown
    assert render("Hi <<who>>", None, {"who": "x"}) == "Hi x"


def test_partial_rendering_leaves_what_it_cannot_fill() -> None:
    template = "<<a>> {{ b }} <<c>> <<d>>"
    specs = {"a": {}, "b": {"required": False}, "c": {"default": "C"}, "d": {}}
    assert render(template, specs, {"d": "D", "unknown": 1}, partial=True) == "<<a>> {{ b }} C D"
    with pytest.raises(RenderError, match="'d'"):
        render(template, specs, {"d": 1}, partial=True)


def test_a_default_fills_an_absent_value_only() -> None:
    specs = {"a": {"default": "D"}}
    assert render("<<a>>", specs) == "D"
    assert render("<<a>>", specs, {"a": ""}) == ""
    assert render("<<a>>", {"a": {"default": "D", "required": False}}) == "D"
    assert render("<<a>>", {"a": {"type": "array", "default": []}}) == "[]"


def test_absent_not_required_and_without_default_is_empty() -> None:
    assert render("[<<a>>|{{ a }}]", {"a": {"required": False}}) == "[|]"


FITS: dict[str, list[Any]] = {
    "string": ["", "x"],
    "number": [1, 1.5, -0.5, 10**30],
    "integer": [1, -3, 2.0],
    "boolean": [True, False],
    "array": [[], [1, "x"], (1, 2)],
}
EVERYTHING: list[Any] = [None, {"a": 1}, *[value for values in FITS.values() for value in values]]


@pytest.mark.parametrize("kind", FITS)
@pytest.mark.parametrize("value", EVERYTHING, ids=repr)
def test_a_value_fits_its_type_or_is_an_error_that_names_it(kind: str, value: Any) -> None:
    expected = any(value is each for each in FITS[kind]) or (
        kind == "number" and any(value is each for each in FITS["integer"])
    )
    expected = expected or (kind == "integer" and value == 10**30)
    assert fits_type(value, kind) == expected
    spec = {"type": kind}
    if isinstance(value, dict):
        return  # a nested mapping is flattened: there is no value of that name
    if expected:
        assert render("<<v>>", {"v": spec}, {"v": value}) == (value if kind == "string" else json.dumps(value))
    else:
        with pytest.raises(RenderError, match=f"'v'.* not an? {kind}"):
            render("<<v>>", {"v": spec}, {"v": value})


def test_a_value_outside_the_enum_is_an_error() -> None:
    spec = {"type": "string", "enum": ["a", "b"]}
    assert render("<<v>>", {"v": spec}, {"v": "b"}) == "b"
    with pytest.raises(RenderError, match="""'v': the value is not one of "a", "b\""""):
        render("<<v>>", {"v": spec}, {"v": "c"})
    assert misfit(1, {"type": "number", "enum": [True, 0]}) is not None
    assert misfit(True, {"type": "boolean", "enum": [1]}) is not None
    assert misfit(1.0, {"type": "number", "enum": [1]}) is None


def test_a_default_that_does_not_fit_is_an_error_unless_a_value_is_given() -> None:
    spec = {"type": "integer", "default": "many"}
    with pytest.raises(RenderError, match="'v': the default is a string, not an integer"):
        render("<<v>>", {"v": spec})
    assert render("<<v>>", {"v": spec}, {"v": 3}) == "3"


def test_strings_render_as_they_are_and_all_else_as_json() -> None:
    values = {"s": 'a "b"\n', "n": 1.5, "i": 3, "b": True, "l": ["é", None, {"k": "<<s>>"}]}
    specs = {
        name: {"type": kind}
        for name, kind in zip("snibl", ["string", "number", "integer", "boolean", "array"], strict=True)
    }
    assert render("<<s>>|<<n>>|<<i>>|<<b>>|<<l>>", specs, values) == 'a "b"\n|1.5|3|true|["é", null, {"k": "<<s>>"}]'


@settings(deadline=None, max_examples=150)
@given(st.text(alphabet="<>{}ab\\$ ", max_size=20), st.text(alphabet="<>{}ab\\$ ", max_size=20))
def test_values_are_never_scanned_again(one: str, two: str) -> None:
    assert render("<<a>>\n{{ b }}\n<<a>>", None, {"a": one, "b": two}) == f"{one}\n{two}\n{one}"


def test_nested_mappings_are_flat_names() -> None:
    assert dict(flatten({"a": {"b": 1, "c": {"d": 2}}, "e.f": 3})) == {"a.b": 1, "a.c.d": 2, "e.f": 3}
    specs = {"a.b": {"type": "integer"}}
    assert render("<<a.b>>", specs, {"a": {"b": 1}}) == render("<<a.b>>", specs, {"a.b": 1}) == "1"
    with pytest.raises(RenderError, match=r"'a\.x'"):
        render("<<a.b>>", specs, {"a": {"b": 1, "x": 2}})


def test_escapes_and_fences() -> None:
    template = "\\<<a>> <<a>>\n```\n{{a}} {{z}} <<a>> \\{{b}}\n```\n${{ a }}"
    assert render(template, {"a": {}}, {"a": "1"}) == "<<a>> 1\n```\n1 {{z}} 1 {{b}}\n```\n${{ a }}"


def test_no_message_carries_a_value() -> None:
    for spec in ({"type": "integer"}, {"enum": ["x"]}):
        with pytest.raises(RenderError) as caught:
            render("<<v>> canary", {"v": spec}, {"v": "canary"})
        assert "canary" not in str(caught.value)
