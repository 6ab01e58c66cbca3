"""One schema: the file, the pydantic model, the fast validator and the reference validator say the same."""

from __future__ import annotations

import copy
import json
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from promptbits.prompts import model, schema
from promptbits.prompts.order import FIELDS
from promptbits.prompts.shipped import shipped_prompts, shipped_schemas

VALID: dict[str, Any] = {
    "$schema": "../../schemas/promptbit.schema.json",
    "id": "a-1",
    "description": "One line",
    "trigger": {"Framework": "Next.js"},
    "category": "Commands",
    "content": "Use <<dir>>",
    "variables": {"dir": {"type": "string", "default": None, "enum": ["a"], "required": True, "examples": []}},
    "confidence": 0.5,
    "source": "Builtin",
    "tags": ["a", "b-2"],
    "version": "1+",
    "revision": 2,
    "parent": "b",
    "related": ["c"],
    "model": {"provider": "x", "name": "y", "temperature": 0, "max_tokens": 1},
}
SOURCES = [
    "Custom",
    {"LLMGenerated": {"model": "m", "timestamp": "2026-01-02T03:04:05Z"}},
    {"LLMGenerated": {"model": "m", "timestamp": "2026-01-02T03:04:05.678+00:00"}},
    {"CommunityContributed": {"author": "a"}},
    {"Learned": {"from_feedback": []}},
]
ODD: list[Any] = [
    None, True, False, 0, 1, -1, 2, 0.5, 1.5, -0.5, "", "a", "A", "a b", "a\nb", "Builtin", "Learned", "é",
    "a.b", "1x", "a-", "2026-01-02T03:04:05Z", "2026-01-02", [], [1], ["a"], ["a", None], ["A b"], {},
    {"Framework": ""}, {"Framework": "x"}, {"Framework": "x", "Custom": "y"}, {"framework": "x"},
    {"Learned": {}}, {"Learned": {"from_feedback": [""]}}, {"Builtin": {}},
    {"CommunityContributed": {"author": "x", "y": 1}}, {"LLMGenerated": {"model": "m"}}, {"x": {}},
    {"a.b": {"type": "array"}}, {"a..b": {}}, {"a": {"type": "int"}}, {"a": {"enum": []}}, {"a": {"typ": 1}},
    {"a": None}, {"temperature": 2}, {"temperature": 2.5}, {"max_tokens": 0}, {"max_tokens": 1, "top_p": 1},
    10**400, -(10**30),
]  # fmt: skip
NAMES = [
    *FIELDS,
    "schema_",
    "Id",
    "name",
    "type",
    "default",
    "enum",
    "required",
    "examples",
    "dir",
    "Framework",
    "x",
]
scalars = st.sampled_from(ODD)
changes = st.lists(
    st.tuples(st.lists(st.sampled_from(NAMES), min_size=1, max_size=3), st.booleans(), scalars), min_size=1, max_size=3
)


def changed(steps: list[tuple[list[str], bool, Any]]) -> dict[str, Any]:
    value = copy.deepcopy(VALID)
    for path, remove, new in steps:
        table: Any = value
        for name in path[:-1]:
            inner = table.get(name)
            table = inner if isinstance(inner, dict) else table
        if remove:
            table.pop(path[-1], None)
        else:
            table[path[-1]] = copy.deepcopy(new)
    return value


def pydantic_says(value: Any) -> bool:
    try:
        model.PromptBit.model_validate(value)
    except ValidationError:
        return False
    return True


REFERENCE = jsonschema.Draft202012Validator(
    json.loads((shipped_schemas() / "promptbit.schema.json").read_text("utf-8"))
)


def check_all_agree(value: Any) -> bool:
    verdict = schema.is_valid(value)
    assert pydantic_says(value) == verdict
    assert REFERENCE.is_valid(value) == verdict
    assert bool(schema.errors(value)) != verdict
    return verdict


def test_the_schema_file_is_the_generated_one() -> None:
    assert (shipped_schemas() / "promptbit.schema.json").read_text("utf-8") == model.schema_text()
    jsonschema.Draft202012Validator.check_schema(schema.load())


def test_the_table_of_fields_is_the_schema_s() -> None:
    assert tuple(schema.load()["properties"]) == FIELDS
    assert [name for name in FIELDS if name in schema.load()["required"]] == [
        "id", "trigger", "category", "content", "confidence", "source",
    ]  # fmt: skip


@settings(deadline=None, max_examples=600)
@given(changes)
def test_schema_model_and_reference_agree_on_changed_prompts(steps: list[tuple[list[str], bool, Any]]) -> None:
    check_all_agree(changed(steps))


@settings(deadline=None, max_examples=300)
@given(st.recursive(scalars, lambda inner: st.dictionaries(st.sampled_from(NAMES), inner, max_size=5), max_leaves=8))
def test_they_agree_on_any_value(value: Any) -> None:
    check_all_agree(value)


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("value", ODD, ids=lambda value: repr(value)[:30])
def test_they_agree_field_by_field(field: str, value: Any) -> None:
    check_all_agree(VALID | {field: value})


@pytest.mark.parametrize("source", SOURCES, ids=repr)
def test_sources_with_details(source: Any) -> None:
    assert check_all_agree(VALID | {"source": source})


def test_only_a_required_field_is_missed() -> None:
    for field in FIELDS:
        value = {key: item for key, item in VALID.items() if key != field}
        assert check_all_agree(value) == (field not in schema.load()["required"]), field


@pytest.mark.parametrize("number", [2.0, 1e3])
def test_a_whole_float_is_an_integer_to_json_but_not_to_python(number: float) -> None:
    """JSON Schema has one number type; strict pydantic keeps int and float apart. The schema's word counts."""
    assert schema.is_valid(VALID | {"revision": number})
    assert REFERENCE.is_valid(VALID | {"revision": number})


@pytest.mark.parametrize(
    "value",
    ["\ud800", ["\udfff"], {"\ud83d": 1}, float("inf"), float("-inf"), VALID | {"description": "\ud800"},
     VALID | {"\ud800": float("inf")}, VALID | {"confidence": float("inf")}, VALID | {"revision": 10**4000},
     VALID | {"content": "\ud83d" * 10}],
    ids=lambda value: ascii(value)[:30],
)  # fmt: skip
def test_what_other_validators_cannot_hold_is_judged_too(value: Any) -> None:
    expected = isinstance(value, dict) and not any("\ud800" <= key[:1] <= "\udfff" for key in value)
    expected = expected and value.get("confidence") == 0.5
    assert schema.is_valid(value) == expected
    assert bool(schema.errors(value)) != expected


def test_errors_say_where_and_what() -> None:
    value = VALID | {"id": "No", "tags": ["ok", "Not ok"], "revision": 0, "typo": 1, "model": {"temperature": 3}}
    del value["category"]
    found = [(error.keyword.lower(), error.path) for error in schema.errors(value)]
    assert sorted(found, key=repr) == sorted(
        [
            ("pattern", ("id",)),
            ("pattern", ("tags", 1)),
            ("minimum", ("revision",)),
            ("maximum", ("model", "temperature")),
            ("required", ()),
            ("additionalproperties", ()),
        ],
        key=repr,
    )


def test_long_content_is_not_copied_into_errors() -> None:
    errors = schema.errors(VALID | {"content": "canary" * 1000, "id": "No"})
    assert "canary" not in repr(errors)


def test_describe_leads_through_references() -> None:
    assert schema.describe(("category",))["enum"][0] == "Commands"
    assert schema.describe(("variables", "x", "type"))["default"] == "string"
    assert schema.describe(("tags", 3))["pattern"] == model.KEBAB
    assert schema.describe(("model", "temperature"))["maximum"] == 2
    assert schema.describe(("nothing", 1, "here")) == {}


def test_every_shipped_prompt_is_valid() -> None:
    files = sorted(shipped_prompts().glob("*.json"))
    assert files
    for file in files:
        assert check_all_agree(json.loads(file.read_text("utf-8"))), file.name


def test_bad_names_of_variables_are_one_error() -> None:
    (error,) = schema.errors(VALID | {"variables": {"a b": {}, "1": {}, "fine": {}}})
    assert (error.keyword, error.path) == ("propertyNames", ("variables",))
    (error,) = schema.errors(VALID | {"variables": {"fine": {"type": "text"}}})
    assert (error.keyword, error.path) == ("enum", ("variables", "fine", "type"))


@pytest.mark.parametrize(
    "default", [float("inf"), float("-inf"), "\ud800", ["\udfff", float("inf")], {"a": {"b": "\ud83d"}}]
)
def test_a_default_may_be_any_json_value(default: Any) -> None:
    assert schema.errors(VALID | {"variables": {"x": {"default": default}}}) == []
