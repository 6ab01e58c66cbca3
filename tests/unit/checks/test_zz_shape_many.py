"""The shape of a prompt: every message with its place, what is meant, and agreement with the schema."""

import json
from typing import Any

import pytest
from check_helpers import codes, findings, mended, prompt, said, text_of
from hypothesis import given
from hypothesis import strategies as st

from promptbits.checks.catalogue import CHECKS
from promptbits.prompts import schema

CATEGORIES = (
    '"Commands", "Dependencies", "Configuration", "BestPractices", "Examples", "Integration", "Testing", "Deployment"'
)
SOURCES = "Builtin, Custom, Learned, LLMGenerated, CommunityContributed"
KINDS = "Framework, Language, BuildSystem, Infrastructure, CodePattern, Custom"
KEBAB = "lower-case words joined by hyphens, such as code-review"
ONE_KIND = 'a trigger names exactly one kind, such as {"Language": "Rust"}: there'
TIMESTAMP = "a timestamp is RFC 3339 in UTC, such as 2026-05-01T12:00:00Z"


def variable(**spec: Any) -> dict[str, Any]:
    return prompt(content="About <<topic>>.", variables={"topic": spec})


def generated(**details: Any) -> dict[str, Any]:
    return prompt(source={"LLMGenerated": {"model": "m", "timestamp": "2026-05-01T12:00:00Z"} | details})


# The prompt, the code, the message, and the piece of source that is marked.
CASES: dict[str, tuple[dict[str, Any], str, str, str]] = {
    "missing": (prompt(category=...), "missing-key", 'the key "category" is missing', "{"),
    "unknown": (prompt(flavour=1), "unknown-key", 'a PromptBit has no key "flavour"', '"flavour"'),
    "mistyped": (prompt(tag=["x"]), "unknown-key", 'a PromptBit has no key "tag": did you mean "tags"?', '"tag"'),
    "other case": (
        prompt(Description="x"),
        "unknown-key",
        'a PromptBit has no key "Description": did you mean "description"?',
        '"Description"',
    ),
    "id is a number": (prompt(id=5), "wrong-type", "id is a number: it must be a string", "5"),
    "id is empty": (prompt(id=""), "invalid-value", f"id must be kebab-case: {KEBAB}", '""'),
    "null": (prompt(description=None), "wrong-type", "description is null: it must be a string", "null"),
    "two lines": (
        prompt(description="a\nb"),
        "invalid-value",
        "the description is one line: it holds a line break",
        '"a\\nb"',
    ),
    "category": (prompt(category="Stuff"), "invalid-value", f"category must be one of {CATEGORIES}", '"Stuff"'),
    "category meant": (
        prompt(category="testing"),
        "invalid-value",
        'category is not one of its values: did you mean "Testing"?',
        '"testing"',
    ),
    "category is a number": (prompt(category=1), "wrong-type", "category is a number: it must be a string", "1"),
    "content is a list": (prompt(content=["x"]), "wrong-type", "content is an array: it must be a string", "["),
    "no trigger kind": (prompt(trigger={}), "invalid-value", f"{ONE_KIND} is none here", "{"),
    "two trigger kinds": (
        prompt(trigger={"Language": "C", "Custom": "x"}),
        "invalid-value",
        f"{ONE_KIND} are 2 here",
        "{",
    ),
    "trigger kind": (
        prompt(trigger={"Topic": "x"}),
        "unknown-key",
        f'trigger has no key "Topic": one of {KINDS}',
        '"Topic"',
    ),
    "trigger kind meant": (
        prompt(trigger={"Langage": "x"}),
        "unknown-key",
        'trigger has no key "Langage": did you mean "Language"?',
        '"Langage"',
    ),
    "trigger is empty": (
        prompt(trigger={"Language": ""}),
        "invalid-value",
        "trigger.Language must not be empty",
        '""',
    ),
    "trigger is a string": (
        prompt(trigger="Rust"),
        "wrong-type",
        "trigger is a string: it must be an object",
        '"Rust"',
    ),
    "confidence is true": (
        prompt(confidence=True),
        "wrong-type",
        "confidence is a boolean: it must be a number",
        "true",
    ),
    "confidence is null": (prompt(confidence=None), "wrong-type", "confidence is null: it must be a number", "null"),
    "confidence is high": (
        prompt(confidence=1.01),
        "out-of-range",
        "confidence is 1.01, above the maximum of 1",
        "1.01",
    ),
    "confidence is low": (prompt(confidence=-1), "out-of-range", "confidence is -1, below the minimum of 0", "-1"),
    "revision is 0": (prompt(revision=0), "out-of-range", "revision is 0, below the minimum of 1", "0"),
    "revision is a part": (prompt(revision=1.5), "wrong-type", "revision is 1.5: it must be an integer", "1.5"),
    "revision is huge": (
        prompt(revision=2**53),
        "out-of-range",
        "revision is above the maximum of 9007199254740991",
        "9007199254740992",
    ),
    "tag": (
        prompt(tags=["ok", "Next JS"]),
        "invalid-value",
        'tags[1] must be kebab-case, such as "next-js"',
        '"Next JS"',
    ),
    "tag in another script": (prompt(tags=["日本"]), "invalid-value", f"tags[0] must be kebab-case: {KEBAB}", '"日本"'),
    "tags are one": (prompt(tags="rust"), "wrong-type", "tags is a string: it must be an array", '"rust"'),
    "variables are a list": (prompt(variables=["x"]), "wrong-type", "variables is an array: it must be an object", "["),
    "variable is a string": (
        prompt(content="<<topic>>", variables={"topic": "x"}),
        "wrong-type",
        "variables.topic is a string: it must be an object",
        '"x"',
    ),
    "variable type": (
        variable(type="date"),
        "invalid-value",
        'variables.topic.type must be one of "string", "number", "integer", "boolean", "array"',
        '"date"',
    ),
    "variable type as elsewhere": (
        variable(type="int"),
        "invalid-value",
        'variables.topic.type is not one of its values: did you mean "integer"?',
        '"int"',
    ),
    "variable key": (
        variable(desciption="x"),
        "unknown-key",
        'variables.topic has no key "desciption": did you mean "description"?',
        '"desciption"',
    ),
    "variable required": (
        variable(required="yes"),
        "wrong-type",
        "variables.topic.required is a string: it must be a boolean",
        '"yes"',
    ),
    "variable enum": (variable(enum=[]), "invalid-value", "variables.topic.enum must not be empty", "["),
    "variable name": (
        prompt(variables={"my-topic": {}}),
        "invalid-value",
        '"my-topic" cannot name a variable: use letters, digits and _, parts joined by dots',
        '"my-topic"',
    ),
    "model key": (
        prompt(model={"temprature": 1}),
        "unknown-key",
        'model has no key "temprature": did you mean "temperature"?',
        '"temprature"',
    ),
    "model temperature": (
        prompt(model={"temperature": 3}),
        "out-of-range",
        "model.temperature is 3, above the maximum of 2",
        "3",
    ),
    "model name": (prompt(model={"name": ""}), "invalid-value", "model.name must not be empty", '""'),
    # Source
    "source": (
        prompt(source="Me"),
        "invalid-value",
        'source must be one of "Builtin", "Custom", "Learned", "LLMGenerated", "CommunityContributed"',
        '"Me"',
    ),
    "source meant": (
        prompt(source="custom"),
        "invalid-value",
        'source is not one of its values: did you mean "Custom"?',
        '"custom"',
    ),
    "source is a number": (
        prompt(source=3),
        "wrong-type",
        f"source must be one of {SOURCES}, or one of them with its details",
        "3",
    ),
    "source is empty": (
        prompt(source={}),
        "wrong-type",
        f"source must be one of {SOURCES}, or one of them with its details",
        "{",
    ),
    "source is two": (
        prompt(source={"Learned": {"from_feedback": []}, "CommunityContributed": {"author": "a"}}),
        "wrong-type",
        f"source must be one of {SOURCES}, or one of them with its details",
        "{",
    ),
    "source without details": (
        prompt(source={"Custom": {}}),
        "invalid-value",
        'source has no details for "Custom": one of LLMGenerated, CommunityContributed, Learned',
        '"Custom"',
    ),
    "source kind meant": (
        prompt(source={"LlmGenrated": {}}),
        "invalid-value",
        'source has no details for "LlmGenrated": did you mean "LLMGenerated"?',
        '"LlmGenrated"',
    ),
    "details are a string": (
        prompt(source={"LLMGenerated": "x"}),
        "wrong-type",
        "the details of LLMGenerated are an object with model, timestamp",
        '"x"',
    ),
    "detail is missing": (
        prompt(source={"LLMGenerated": {"model": "m"}}),
        "missing-key",
        'the key "timestamp" is missing in source.LLMGenerated',
        "{",
    ),
    "detail too many": (
        generated(prompt="p"),
        "unknown-key",
        'LLMGenerated has no detail "prompt": one of model, timestamp',
        '"prompt"',
    ),
    "detail of another type": (
        generated(model=5),
        "wrong-type",
        "model is a number: it must be a string",
        "5",
    ),
    "detail is empty": (generated(model=""), "invalid-value", "model must not be empty", '""'),
    "author is empty": (
        prompt(source={"CommunityContributed": {"author": ""}}),
        "invalid-value",
        "author must not be empty",
        '""',
    ),
    "date": (generated(timestamp="2026-05-01"), "invalid-value", TIMESTAMP, '"2026-05-01"'),
    "time zone": (
        generated(timestamp="2026-05-01T12:00:00+02:00"),
        "invalid-value",
        TIMESTAMP,
        '"2026-05-01T12:00:00+02:00"',
    ),
    "line break behind": (
        generated(timestamp="2026-05-01T12:00:00Z\n"),
        "invalid-value",
        TIMESTAMP,
        '"2026-05-01T12:00:00Z\\n"',
    ),
    "feedback": (
        prompt(source={"Learned": {"from_feedback": [1]}}),
        "wrong-type",
        "from_feedback is a list of fact ids",
        "[",
    ),
    "feedback is empty": (
        prompt(source={"Learned": {"from_feedback": [""]}}),
        "wrong-type",
        "from_feedback is a list of fact ids",
        "[",
    ),
    # Version
    "version": (
        prompt(version="newest"),
        "invalid-version",
        'a version is *, a release line (14.2 or 4.x), 14.0+ or a range such as ">=3.2,<4"',
        '"newest"',
    ),
    "version meant": (
        prompt(version="v1.2"),
        "invalid-version",
        'a version is *, a release line (14.2 or 4.x), 14.0+ or a range such as ">=3.2,<4" (did you mean "1.2"?)',
        '"v1.2"',
    ),
    "version is a number": (prompt(version=14), "wrong-type", "version is a number: it must be a string", "14"),
}


@pytest.mark.parametrize(("value", "code", "message", "place"), CASES.values(), ids=CASES.keys())
def test_each_has_its_words_and_its_place(value: dict[str, Any], code: str, message: str, place: str) -> None:
    # An id that is not kebab-case differs from the file name as well, which is told apart.
    assert [each for each in said(value) if each[0] != "id-file-name"] == [(code, message, place)]
    severity = next(each.severity for each in findings(value) if each.code == code)
    assert severity == CHECKS[code].severity


def test_a_date_that_no_calendar_knows_is_a_warning() -> None:
    for timestamp in ("2026-02-30T12:00:00Z", "2026-13-01T12:00:00Z", "2026-05-01T24:00:01Z", "2026-05-01T12:61:00Z"):
        (finding,) = findings(generated(timestamp=timestamp))
        assert (finding.code, finding.severity) == ("invalid-value", "warning")
        assert finding.message == "there is no such date or time"
    for timestamp in ("2024-02-29T12:00:00Z", "2016-12-31T23:59:60Z", "2026-05-01T12:00:00.123456789+00:00"):
        assert codes(generated(timestamp=timestamp)) == []


FINE = {
    "smallest": prompt(),
    "schema": prompt(**{"$schema": "https://example.org/promptbit.schema.json"}),
    "no confidence at all": prompt(confidence=0),
    "minus zero": prompt(confidence=-0.0),
    "exponent": prompt(confidence=1e-5),
    "whole number with a point": prompt(confidence=1.0),
    "every plain source": prompt(source="CommunityContributed"),
    "generated": generated(),
    "learned from nothing yet": prompt(source={"Learned": {"from_feedback": []}}),
    "community": prompt(source={"CommunityContributed": {"author": "Ada"}}),
    "no tags": prompt(tags=[]),
    "no variables": prompt(variables={}),
    "dotted variable": prompt(content="<<user.name>>", variables={"user.name": {}}),
    "examples of any type": variable(examples=[1, None, {"a": []}]),
    "model": prompt(model={"provider": "p", "name": "n", "temperature": 0, "max_tokens": 1}),
    "versions": prompt(version=">=3.2,<4"),
    "any version": prompt(version="*"),
    "largest revision": prompt(revision=2**53 - 1),
    "description of odd blanks": prompt(description="one\u2028line\u00a0still"),
}


@pytest.mark.parametrize("value", FINE.values(), ids=FINE.keys())
def test_what_is_fine(value: dict[str, Any]) -> None:
    assert said(value) == []


# Fixes


@pytest.mark.parametrize(
    ("value", "code", "key", "mend"),
    [
        (prompt(confidence="0.9"), "wrong-type", "confidence", 0.9),
        (prompt(confidence=" 1 "), "wrong-type", "confidence", 1),
        (prompt(revision="3"), "wrong-type", "revision", 3),
        (prompt(category="Best Practices"), "invalid-value", "category", "BestPractices"),
        (prompt(source="Costum"), "invalid-value", "source", "Custom"),
        (prompt(tags=["Next JS"]), "invalid-value", "tags", ["next-js"]),
        (prompt(version="14 or newer"), "invalid-version", "version", "14+"),
        (prompt(sourc="Custom", source=...), "unknown-key", "source", "Custom"),
        (prompt(source=...), "missing-key", "source", "Custom"),
        (prompt(id=...), "missing-key", "id", "code-review"),
    ],
)
def test_fixes(value: dict[str, Any], code: str, key: str, mend: Any) -> None:
    assert json.loads(mended(value, code))[key] == mend


def test_a_missing_key_is_put_where_it_belongs() -> None:
    text = mended(prompt(id=...), "missing-key")
    assert text == text_of(prompt())
    assert mended(prompt(source=..., tags=["x"]), "missing-key") == text_of(prompt(source="Custom") | {"tags": ["x"]})
    assert json.loads(mended("{}", "missing-key")) == {"id": "code-review"}


@pytest.mark.parametrize(
    "value",
    [
        prompt(confidence="high"),
        prompt(confidence="80"),  # a number, and still not a confidence
        prompt(confidence="1e999"),
        prompt(confidence="[" * 100_000),  # must not exhaust the stack either
        prompt(confidence="9" * 10_000),
        prompt(confidence="NaN"),
        prompt(confidence="true"),
        prompt(revision="1.5"),
        prompt(category="Stuff"),
        prompt(confidence=...),  # only the author knows
        prompt(description=None),
        prompt(version="whenever"),
        prompt(parent="Code Review"),  # a reference is found by its form or not at all
    ],
)
def test_no_fix_where_nothing_is_certain(value: dict[str, Any]) -> None:
    assert [each.fix for each in findings(value) if each.code != "id-file-name"] in ([None], [None, None])


def test_a_missing_id_is_not_taken_from_a_file_name_that_is_none() -> None:
    (finding,) = findings(prompt(id=...), "prompts/custom/Code Review.json")
    assert finding.fix is None


def test_a_missing_source_is_only_certain_in_custom() -> None:
    assert findings(prompt(source=...), "prompts/learned/code-review.json")[0].fix is None


def test_did_you_mean_offers_no_key_that_is_there() -> None:
    assert said(prompt(tags=["a"], tag=["b"])) == [("unknown-key", 'a PromptBit has no key "tag"', '"tag"')]


@pytest.mark.parametrize("key", ["ids", "model_name", "note", "x", "", "versions_of_things", "日本"])
def test_did_you_mean_keeps_quiet_where_nothing_is_near(key: str) -> None:
    assert "did you mean" not in said(prompt(**{key: 1}))[0][1] or key == "ids"


# Numbers beyond float


@pytest.mark.parametrize("number", ["1e999", "-1e999", "9" * 5000, "1" + "0" * 400 + ".5"])
def test_numbers_that_become_infinite_are_told(number: str) -> None:
    shown = number if len(number) <= 20 else number[:19] + "…"
    text = text_of(prompt(content="<<n>>", variables={"n": {"type": "number", "default": 0.25}})).replace(
        "0.25", number
    )
    (finding,) = findings(text)
    assert finding.code == "out-of-range"
    assert finding.message == f"variables.n.default is {shown}, which is beyond the largest number there is (1.8e308)"
    assert text[finding.start : finding.end] == number
    assert codes(text_of(prompt()).replace("0.8", number)) == ["out-of-range"]
    assert codes(text_of(prompt(revision=7)).replace("7", number)) == ["out-of-range"]


def test_long_numbers_that_stay_finite_are_fine() -> None:
    text = text_of(prompt(content="<<n>>", variables={"n": {"type": "number", "default": 0.25}}))
    for number in ("1e308", "1e-999", "123456789012345678901234567890", "0." + "1" * 1000):
        assert codes(text.replace("0.25", number)) == []


# Lone surrogates, which the validator cannot take as they are


def test_a_key_with_a_lone_surrogate_is_marked_itself() -> None:
    value = prompt(content=...) | {"cont\ud800ent": "Review the code."}
    text = json.dumps(value)
    unknown = next(each for each in findings(text) if each.code == "unknown-key")
    assert text[unknown.start : unknown.end] == '"cont\\ud800ent"'
    assert unknown.message == 'a PromptBit has no key "cont\ufffdent": did you mean "content"?'
    assert json.loads(mended(text, "unknown-key"))["content"] == "Review the code."


def test_names_in_messages_stay_on_their_line() -> None:
    for name in ("a\nb", "a\u202eb", "a\x1b[31mb", "a\ud800b"):
        for _, message, _ in said(json.dumps(prompt(**{name: 1}, variables={name: {}}, tags=[name]))):
            assert message.isprintable()
            message.encode()


# Agreement with the schema

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 3)
    | st.floats(-3, 3)
    | st.sampled_from(["", "x", "Rust", "a b", "2026"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["type", "default", "enum", "required", "model", "timestamp", "author", "from_feedback", "topic", "a b"]
                + ["Language", "Learned", "LLMGenerated", "CommunityContributed", "temperature", "max_tokens", "x"]
            ),
            inner,
            max_size=3,
        )
    ),
    max_leaves=5,
)


@__import__("hypothesis").settings(max_examples=8000,deadline=None)
@given(st.dictionaries(st.sampled_from([*schema.FIELDS, "extra", "tag"]), VALUES, max_size=4), st.booleans())
def test_what_the_schema_refuses_is_told_and_what_it_takes_is_not(changes: dict[str, Any], drop: bool) -> None:
    value = prompt(**changes)
    if drop:
        value = dict(list(value.items())[1:])
    plain = [each for each in findings(json.dumps(value)) if CHECKS[each.code].plain]
    if schema.is_valid(value):
        assert plain == [] or {each.message for each in plain} == {"there is no such date or time"}
    else:
        assert plain


def test_many_of_one_kind_are_bounded_and_quick() -> None:
    assert len(findings(prompt(**{f"k{number}": 1 for number in range(20_000)}))) == 100
    assert len(findings(prompt(tags=["A"] * 20_000))) == 100
    assert len(findings(prompt(variables={f"v {number}": {} for number in range(20_000)}))) == 100
    # Whatever there is too many of, the rest is still told.
    assert "missing-key" in codes(prompt(category=..., **{f"k{number}": 1 for number in range(200)}))
