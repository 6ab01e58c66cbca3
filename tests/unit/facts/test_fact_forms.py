"""One form of a fact: the light check, the models, the schemas and the reference validator say the same."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import jsonschema
import pytest
from fact_strategies import MOMENTS, identity
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from promptbits.facts import values
from promptbits.facts.fields import FIELDS, KINDS, REQUIRED, checked
from promptbits.facts.model import MODELS, fact_schema, schema_file, schema_text
from promptbits.facts.store import InvalidFactError
from promptbits.facts.times import canonical_time, milliseconds, time_of
from promptbits.prompts.shipped import shipped_schemas

VALIDATORS = {kind: jsonschema.Draft202012Validator(fact_schema(kind)) for kind in KINDS}

GOOD: dict[str, Any] = {
    "id": identity(1),
    "timestamp": MOMENTS[0],
    "metadata": {"a": [1, {"b": None}]},
    "prompt_id": "p",
    "parent_id": "q",
    "outcome": "failed",
    "content_sha256": "a" * 64,
    "parent_sha256": "b" * 64,
    "execution_id": identity(2),
    "technologies": [{"name": "Rust", "version": None}],
    "verdict": "winner",
    "status": "promoted",
    "trained": "scorer",
    "decision": "rolled_back",
    "version": 3,
    "digest": "c" * 64,
    "figures": {"pairs": 10},
    "confidence_score": 0.5,
    "confidence": 1,
    "rating": 4.5,
    "revision": 2,
    "cost_usd": 0,
    "execution_time_ms": 12.5,
    "forced": True,
    "features": {},
    "variants": {"a": {"successes": 1}},
    "prediction": {"mean": 0.5},
    "score": -2.5,
    "size": 0,
} | dict.fromkeys(("response_length", "input_tokens", "output_tokens"), 7)
GOOD |= {name: ["one", ""] for name in ("imports", "exports", "edits")}


def good(kind: str, name: str) -> Any:
    if name == "kind":
        return kind
    return ["seen"] if (kind, name) == ("code_pattern", "evidence") else GOOD.get(name, "word")


ODD: list[Any] = [
    None, "", "word", "x" * 1000, "x" * 1001, "é", "\ud800", "\x00", "A" * 64, "a" * 64, "a" * 63, identity(3),
    identity(3).upper(), identity(3).replace("-7", "-4"), "2026-11-20T16:00:00Z", "2026-11-20t16:00:00.1234567+05:30",
    "2026-02-30T16:00:00Z", "2026-11-20T16:00:00", "2026-11-20", "0001-01-01T00:00:00+23:59", "２026-11-20T16:00:00Z",
    0, 1, 5, 6, -1, 0.0, 1.0, 0.5, 5.5, 10_000, 10_001, 10**12, 10**12 + 1, 2**70, float("nan"), float("inf"), True,
    False, [], ["a"], [1], [None], ["\ud800"], {}, {"a": 1}, {"a": float("nan")}, {1: 2}, {"a": {1, 2}},
    {"a": "\ud800"}, {"a": 2**64}, [{"name": "x"}], [{"name": "x", "evidence": None}], [{"name": "x", "more": 1}],
    [{"version": "1"}], [{}], "succeeded", "failed", "unknown", "winner", "promoted", "SUCCEEDED", "execution", b"x",
    (),
]  # fmt: skip


def verdict_of_check(fact: Any) -> Any:
    try:
        return checked(fact)
    except InvalidFactError:
        return None


def verdict_of_model(fact: Any) -> Any:
    model = MODELS.get(fact["kind"]) if isinstance(fact.get("kind"), str) else None
    if model is None:
        return None
    try:
        return model.model_validate(fact).model_dump(exclude_none=True)
    except ValidationError:
        return None


@st.composite
def changed_facts(draw: st.DrawFn) -> Any:
    kind = draw(st.sampled_from(KINDS))
    kept = draw(st.lists(st.sampled_from(tuple(FIELDS[kind])), unique=True))
    fact = {name: good(kind, name) for name in {*kept, *REQUIRED[kind], "kind"}}
    for name in draw(st.lists(st.sampled_from((*FIELDS[kind], "unheard_of")), max_size=2)):
        if draw(st.booleans()):
            fact.pop(name, None)
        else:
            fact[name] = draw(st.sampled_from(ODD))
    return fact


@settings(max_examples=400, deadline=None)
@given(changed_facts())
@example({"kind": []})
def test_check_and_model_accept_and_refuse_the_same_facts(fact: Any) -> None:
    ours = verdict_of_check(fact)
    assert ours == verdict_of_model(fact)
    if ours is not None:
        assert checked(ours) == ours
        VALIDATORS[ours["kind"]].validate(json.loads(json.dumps(ours)))


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_with_every_odd_value(kind: str) -> None:
    complete = {name: good(kind, name) for name in FIELDS[kind]}
    assert verdict_of_check(complete) is not None
    for name in FIELDS[kind]:
        for value in ODD:
            fact = {**complete, name: value}
            assert verdict_of_check(fact) == verdict_of_model(fact), (name, value)


@pytest.mark.parametrize("kind", KINDS)
def test_the_schema_file_is_the_generated_one(kind: str) -> None:
    assert (shipped_schemas() / schema_file(kind)).read_text("utf-8") == schema_text(kind)
    jsonschema.Draft202012Validator.check_schema(fact_schema(kind))
    assert set(fact_schema(kind)["properties"]) == set(FIELDS[kind])
    assert set(fact_schema(kind)["required"]) == {"kind", *REQUIRED[kind]}


def test_null_is_dropped_and_metadata_is_always_there() -> None:
    fact = {"kind": "code_pattern", "id": identity(1), "timestamp": MOMENTS[0], "name": "n", "confidence": None}
    assert checked(fact) == {"metadata": {}, **{k: v for k, v in fact.items() if v is not None}}


@pytest.mark.parametrize(
    ("given_time", "canonical"),
    [
        ("2026-11-20T16:00:00Z", "2026-11-20T16:00:00.000Z"),
        ("2026-11-20 16:00:00.1z", "2026-11-20T16:00:00.100Z"),
        ("2026-11-20T16:00:00.123999Z", "2026-11-20T16:00:00.123Z"),
        ("2026-11-20T00:30:00.5+05:30", "2026-11-19T19:00:00.500Z"),
        ("2026-11-20T16:00:00.123-00:00", "2026-11-20T16:00:00.123Z"),
        ("1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999Z"),
    ],
)
def test_times_are_brought_to_one_form(given_time: str, canonical: str) -> None:
    assert canonical_time(given_time) == canonical
    assert time_of(milliseconds(canonical)) == canonical


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"kind": "opinion"}, "kind: expected one of execution, feedback, context_signature"),
        ({"outcome": "maybe my secret"}, "execution: outcome: expected one of succeeded, failed, unknown"),
        ({"prompt_id": None}, "execution: prompt_id: required"),
        ({"content": "my secret"}, "execution: content: no such field; what is not listed belongs in metadata"),
        ({"my secret": 1}, "execution: a field: no such field; what is not listed belongs in metadata"),
        ({"cost_usd": -1}, "execution: cost_usd: expected a number from 0 to 10,000"),
        ({"metadata": {"a": {"my secret"}}}, "execution: metadata: has a value that JSON does not know"),
    ],
)
def test_a_refusal_names_kind_field_and_reason_and_quotes_nothing(change: dict[str, Any], message: str) -> None:
    fact = {"kind": "execution", "id": identity(1), "timestamp": MOMENTS[0], "prompt_id": "p", "outcome": "failed"}
    with pytest.raises(InvalidFactError) as refusal:
        checked({**fact, **change})
    assert str(refusal.value).startswith(message)
    assert "secret" not in str(refusal.value)


def test_metadata_of_endless_depth_is_refused() -> None:
    deep: Any = {}
    for _ in range(50_000):
        deep = {"a": deep}
    with pytest.raises(InvalidFactError, match=f"nested deeper than {values.DEEPEST} levels"):
        checked({"kind": "code_pattern", "id": identity(1), "timestamp": MOMENTS[0], "name": "n", "metadata": deep})


def test_neither_pydantic_nor_numpy_is_imported_by_a_store() -> None:
    script = "import sys, promptbits.facts.opening; print({'pydantic', 'numpy', 'click', 'orjson'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
