"""Spans become executions: names old and new, outcomes, what is never read, and both encodings alike."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span
from otlp_samples import SHA, SPAN, START, TRACE, body, pairs, span

from promptbits.facts.fields import checked
from promptbits.facts.otlp.json_body import batch_of_json
from promptbits.facts.otlp.protobuf_body import batch_of_logs, batch_of_traces
from promptbits.facts.otlp.reading import Reader, facts_of_json
from promptbits.facts.otlp.records import MalformedBodyError, Refused


def one(attributes: dict[str, Any] | None = None, **fields: Any) -> dict[str, Any]:
    (fact,) = facts_of_json(body(span(attributes, **fields)))
    assert isinstance(fact, dict), fact
    return checked(fact)


def test_a_whole_span() -> None:
    fact = one(
        {
            "gen_ai.prompt.version": "2",
            "gen_ai.operation.name": "chat",
            "gen_ai.request.model": "big",
            "gen_ai.response.model": "big-0613",
            "gen_ai.provider.name": "openai",
            "gen_ai.usage.input_tokens": 100,
            "gen_ai.usage.output_tokens": 7,
            "gen_ai.conversation.id": "conv_1",
            "gen_ai.response.id": "chatcmpl-123",
            "promptbits.experiment.id": "short",
            "promptbits.experiment.variant": "b",
            "promptbits.context_signature": "web",
            "promptbits.content_sha256": SHA.upper(),
            "promptbits.cost_usd": 0.002,
        }
    )
    fact.pop("id")
    assert fact == {
        "kind": "execution",
        "timestamp": "2018-12-13T14:51:00.300Z",
        "prompt_id": "summarize",
        "revision": 2,
        "content_sha256": SHA,
        "experiment": "short",
        "variant": "b",
        "context_signature": "web",
        "conversation_id": "conv_1",
        "outcome": "unknown",
        "execution_time_ms": 1500.0,
        "input_tokens": 100,
        "output_tokens": 7,
        "cost_usd": 0.002,
        "provider": "openai",
        "model": "big-0613",
        "trace_id": TRACE.lower(),
        "metadata": {
            "span_id": SPAN.lower(),
            "service": "shop",
            "operation": "chat",
            "response_id": "chatcmpl-123",
        },
    }


def test_old_names_are_taken() -> None:
    fact = one(
        {
            "gen_ai.system": "anthropic",
            "gen_ai.usage.prompt_tokens": 3,
            "gen_ai.usage.completion_tokens": 4,
            "gen_ai.request.model": "m",
        }
    )
    assert (fact["provider"], fact["input_tokens"], fact["output_tokens"], fact["model"]) == ("anthropic", 3, 4, "m")


def test_langfuse_names_are_taken() -> None:
    attributes = {
        "langfuse.observation.prompt.name": "greet",
        "langfuse.observation.prompt.version": 4,
        "langfuse.observation.model.name": "m",
        "langfuse.observation.usage_details": '{"input": 5, "output": 6}',
        "langfuse.observation.cost_details": '{"total": 0.25}',
        "session.id": "s1",
    }
    (fact,) = facts_of_json(body({**span(), "attributes": pairs(attributes)}))
    assert isinstance(fact, dict)
    names = ("prompt_id", "revision", "model", "input_tokens", "output_tokens", "cost_usd", "conversation_id")
    assert tuple(fact[name] for name in names) == ("greet", 4, "m", 5, 6, 0.25, "s1")


@pytest.mark.parametrize("end", [START - 1, 0, 2**64 - 1])
def test_a_clock_that_was_set_meanwhile_gives_no_duration(end: int) -> None:
    assert "execution_time_ms" not in one(endTimeUnixNano=str(end))


def test_a_session_of_a_site_is_no_conversation() -> None:
    assert "conversation_id" not in one({"session.id": "s1"})


@pytest.mark.parametrize(("version", "revision"), [("2", 2), (3, 3), (4.0, 4), ("v2", None), ("0", None), ("-1", None)])
def test_only_whole_versions_are_revisions(version: object, revision: int | None) -> None:
    fact = one({"gen_ai.prompt.version": version})
    assert fact.get("revision") == revision
    assert fact["metadata"].get("prompt_version") == (None if revision else str(version))


@pytest.mark.parametrize(
    ("attributes", "fields", "outcome"),
    [
        ({}, {}, "unknown"),
        ({}, {"status": {"code": 1}}, "unknown"),
        ({}, {"status": {"code": 2}}, "failed"),
        ({}, {"status": {"code": "STATUS_CODE_ERROR"}}, "failed"),
        ({"error.type": "timeout"}, {}, "failed"),
        ({"promptbits.outcome": "succeeded"}, {}, "succeeded"),
        ({"promptbits.outcome": "succeeded"}, {"status": {"code": 2}}, "failed"),
        ({"promptbits.outcome": "splendid"}, {}, "unknown"),
    ],
)
def test_outcomes(attributes: dict[str, Any], fields: dict[str, Any], outcome: str) -> None:
    fact = one(attributes, **fields)
    assert fact["outcome"] == outcome
    assert fact.get("error_type") == attributes.get("error.type")


def test_what_was_said_is_not_read() -> None:
    secret = "canary"
    contents = dict.fromkeys(
        (
            "gen_ai.input.messages",
            "gen_ai.output.messages",
            "gen_ai.system_instructions",
            "gen_ai.prompt.variable.name",
            "gen_ai.prompt",
            "gen_ai.evaluation.explanation",
            "langfuse.observation.input",
            "user.id",
        ),
        secret,
    )
    event = {"name": "gen_ai.evaluation.result", "timeUnixNano": str(START), "attributes": pairs(contents)}
    value = body(span(contents, events=[event], status={"code": 2, "message": secret}))
    assert secret not in repr(batch_of_json(value))
    assert secret not in repr(list(facts_of_json(value)))


@pytest.mark.parametrize(
    "attributes",
    [
        {"gen_ai.operation.name": "execute_tool"},
        {"gen_ai.operation.name": "invoke_agent"},
        {"gen_ai.operation.name": "embeddings"},
        {"mcp.method.name": "prompts/get"},
    ],
)
def test_one_run_is_counted_once(attributes: dict[str, Any]) -> None:
    """Applications hand the name of the prompt down to spans that are no calls of a model."""
    batch = batch_of_json(body(span(attributes), span({"gen_ai.operation.name": "chat"}, spanId="00000000000000ab")))
    assert (len(batch.spans), batch.ignored) == (1, 1)


def test_spans_without_a_prompt_are_counted_alone() -> None:
    batch = batch_of_json(body({**span(), "attributes": pairs({"http.method": "GET"})}))
    assert (batch.spans, batch.refused, batch.ignored) == ([], [], 1)


@pytest.mark.parametrize(
    "fields",
    [
        {"traceId": "W47/95gDgQPSabYzgT/GDA=="},  # base64, as the general mapping of Protobuf has it
        {"traceId": "0" * 32},
        {"traceId": None},
        {"spanId": 12},
        {"spanId": "zz" * 8},
        {"startTimeUnixNano": "0", "endTimeUnixNano": "soon"},
        {"attributes": pairs({"gen_ai.prompt.name": "x" * 5000})},
        {"attributes": pairs({"gen_ai.prompt.name": "a\nb"})},
    ],
)
def test_spans_that_cannot_be_facts_are_refused_and_harm_no_other(fields: dict[str, Any]) -> None:
    bad, good = list(facts_of_json(body({**span(), **fields}, span())))[:2]
    if isinstance(bad, dict):
        bad, good = good, bad
    assert isinstance(bad, Refused)
    assert isinstance(good, dict)


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        "x",
        {"resourceSpans": {}},
        {"resourceSpans": [1]},
        {"resourceSpans": [{"scopeSpans": "x"}]},
        {"resourceLogs": 5},
        {"resourceSpans": [{"scopeSpans": [{"spans": [{"attributes": {}}]}]}]},
    ],
)
def test_what_is_not_otlp_is_malformed(value: object) -> None:
    with pytest.raises(MalformedBodyError):
        batch_of_json(value)


def test_unknown_fields_are_skipped() -> None:
    value = body(span(flags=1, news={"a": 1}))
    value["newer"] = True
    assert len(batch_of_json(value).spans) == 1


def test_the_text_of_a_revision_is_looked_up() -> None:
    asked: list[tuple[str, int]] = []

    def text_of(prompt_id: str, revision: int) -> str | None:
        asked.append((prompt_id, revision))
        return SHA if revision == 2 else None

    def hash_of(attributes: dict[str, Any]) -> object:
        (fact,) = facts_of_json(body(span(attributes)), text_of)
        assert isinstance(fact, dict)
        return fact.get("content_sha256")

    assert hash_of({"gen_ai.prompt.version": 2}) == SHA
    assert hash_of({"gen_ai.prompt.version": 3}) is None
    assert hash_of({}) is None
    assert asked == [("summarize", 2), ("summarize", 3)]
    assert hash_of({"gen_ai.prompt.version": 3, "promptbits.content_sha256": "cd" * 32}) == "cd" * 32


def test_a_span_has_one_id_whatever_else_changes() -> None:
    first, other = one(), one({"gen_ai.request.model": "x"}, traceId=TRACE.lower(), endTimeUnixNano="9" * 18)
    assert first["id"] == other["id"]
    assert one(spanId="00000000000000ab")["id"] != first["id"]


_scalars = st.one_of(st.text(max_size=20), st.integers(-(2**63), 2**63 - 1), st.booleans(), st.floats(allow_nan=False))
_names = st.sampled_from(
    [
        "gen_ai.prompt.name",
        "gen_ai.prompt.version",
        "gen_ai.usage.input_tokens",
        "promptbits.cost_usd",
        "gen_ai.request.model",
        "gen_ai.conversation.id",
        "error.type",
        "langfuse.observation.usage_details",
        "promptbits.content_sha256",
        "other",
    ]
)


@given(
    st.dictionaries(_names, _scalars, max_size=8),
    st.binary(min_size=16, max_size=16),
    st.integers(0, 2**64 - 1),
    st.integers(0, 2**64 - 1),
    st.integers(0, 2),
)
def test_both_encodings_say_the_same_and_what_they_say_is_a_fact(
    attributes: dict[str, Any], trace: bytes, start: int, end: int, status: int
) -> None:
    request = ExportTraceServiceRequest()
    message = request.resource_spans.add().scope_spans.add().spans.add()
    message.CopyFrom(Span(trace_id=trace, span_id=b"12345678", start_time_unix_nano=start, end_time_unix_nano=end))
    message.status.code = status  # type: ignore[assignment]  # enums are numbers at run time
    for key, value in attributes.items():
        kind = {str: "string_value", bool: "bool_value", int: "int_value", float: "double_value"}[type(value)]
        setattr(message.attributes.add(key=key).value, kind, value)
    as_json = {
        "traceId": trace.hex(),
        "spanId": b"12345678".hex(),
        "startTimeUnixNano": str(start),
        "endTimeUnixNano": end,
        "status": {"code": status},
        "attributes": pairs(attributes),
    }
    value = {"resourceSpans": [{"scopeSpans": [{"spans": [json.loads(json.dumps(as_json))]}]}]}
    by_json = list(Reader().facts(batch_of_json(value)))
    by_protobuf = list(Reader().facts(batch_of_traces(request.SerializeToString())))
    facts = [fact for fact in by_json if isinstance(fact, dict)]
    assert facts == [fact for fact in by_protobuf if isinstance(fact, dict)]
    assert len(by_json) == len(by_protobuf)
    for fact in facts:
        assert checked(fact) == fact


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_malformed(data: bytes) -> None:
    for read in (batch_of_traces, batch_of_logs):
        try:
            batch = read(data)
        except MalformedBodyError:
            continue
        list(Reader().facts(batch))


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["resourceSpans", "scopeSpans", "spans", "attributes", "key", "value", "stringValue", "events"]
            ),
            inner,
            max_size=3,
        )
    ),
    max_leaves=20,
)


@given(_json, st.sampled_from(["traceId", "attributes", "events", "status", "startTimeUnixNano", "spanId"]))
def test_any_json_is_read_or_malformed(value: object, name: str) -> None:
    for each in (value, {"resourceSpans": value}, {"resourceLogs": value}, body({**span(), name: value})):
        try:
            list(facts_of_json(each))
        except MalformedBodyError:
            continue
