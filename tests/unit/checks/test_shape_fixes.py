"""The shape of a prompt: fixes, numbers and names out of bounds, and agreement with the schema."""

import json
from typing import Any

import pytest
from check_helpers import codes, findings, mended, prompt, said, text_of
from hypothesis import given
from hypothesis import strategies as st

from promptbits.checks.catalogue import CHECKS
from promptbits.prompts import schema
from promptbits.prompts.order import FIELDS

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


@pytest.mark.parametrize("key", ["model_name", "note", "x", "", "versions_of_things", "日本"])
def test_did_you_mean_keeps_quiet_where_nothing_is_near(key: str) -> None:
    assert "did you mean" not in said(prompt(**{key: 1}))[0][1]


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


@given(st.dictionaries(st.sampled_from([*FIELDS, "extra", "tag"]), VALUES, max_size=4), st.booleans())
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
