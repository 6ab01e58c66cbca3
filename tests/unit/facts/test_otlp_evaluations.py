"""Evaluations become feedback, whether they come in the span, before it, after it, or without it."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from otlp_samples import SPAN, START, TRACE, body, pairs, span

from promptbits.facts.fields import checked
from promptbits.facts.otlp.json_body import batch_of_json
from promptbits.facts.otlp.reading import Reader, facts_of_json
from promptbits.facts.otlp.records import Batch, Refused
from promptbits.facts.otlp.waiting import MOST, Waiting
from promptbits.facts.store import Fact

RESULT = "gen_ai.evaluation.result"
LATER = START + 9_000_000_000


def record(attributes: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {
        "timeUnixNano": str(LATER),
        "eventName": RESULT,
        "traceId": TRACE,
        "spanId": SPAN,
        "attributes": pairs({"gen_ai.evaluation.name": "correctness"} | attributes),
        **fields,
    }


def logs(*records: dict[str, Any]) -> dict[str, Any]:
    return {"resourceLogs": [{"scopeLogs": [{"logRecords": list(records)}]}]}


def feedback(facts: list[Fact | Refused]) -> Fact:
    (fact,) = (fact for fact in facts if isinstance(fact, dict) and fact["kind"] == "feedback")
    return checked(fact)


GOOD = {"gen_ai.evaluation.score.label": "pass", "gen_ai.evaluation.score.value": 0.9}


def test_an_event_of_the_span() -> None:
    event = {"name": RESULT, "timeUnixNano": str(LATER), "attributes": pairs({"gen_ai.evaluation.name": "q"} | GOOD)}
    attributes = {"gen_ai.prompt.version": 2, "gen_ai.conversation.id": "c", "gen_ai.request.model": "m"}
    execution, fact = facts_of_json(body(span(attributes, events=[event])))
    assert isinstance(execution, dict)
    assert isinstance(fact, dict)
    assert checked(fact).pop("id") != execution["id"]
    del fact["id"]
    assert fact == {
        "kind": "feedback",
        "timestamp": "2018-12-13T14:51:09.300Z",
        "prompt_id": "summarize",
        "revision": 2,
        "model": "m",
        "conversation_id": "c",
        "execution_id": execution["id"],
        "name": "q",
        "score": 0.9,
        "label": "pass",
        "outcome": "succeeded",
        "metadata": {},
    }


@pytest.mark.parametrize("field", [{"eventName": RESULT}, {"eventName": ""}])
def test_a_log_record(field: dict[str, Any]) -> None:
    old = {} if field["eventName"] else {"event.name": RESULT}
    reader = Reader()
    execution, *_ = reader.facts(batch_of_json(body(span())))
    assert isinstance(execution, dict)
    fact = feedback(list(reader.facts(batch_of_json(logs(record(GOOD | old, **field))))))
    assert (fact["execution_id"], fact["prompt_id"], fact["outcome"]) == (execution["id"], "summarize", "succeeded")


def test_the_order_of_arrival_does_not_matter() -> None:
    bodies = [
        body(span({"gen_ai.response.id": "r1"})),
        logs(record(GOOD)),
        logs(record({"gen_ai.response.id": "r1", "gen_ai.evaluation.name": "tone"}, spanId="00000000000000cc")),
    ]
    seen: set[str] = set()
    for order in itertools.permutations(bodies):
        reader = Reader()
        facts = [fact for value in order for fact in reader.facts(batch_of_json(value))]
        assert len(facts) == 3
        assert len(reader.waiting) == 0
        seen.add(repr(sorted(repr(fact) for fact in facts)))
    assert len(seen) == 1


def test_an_execution_in_the_store_is_found() -> None:
    (execution,) = facts_of_json(body(span()))
    assert isinstance(execution, dict)
    stored = {execution["id"]: execution}
    fact = feedback(list(facts_of_json(logs(record(GOOD)), stored=stored.get)))
    assert fact["execution_id"] == execution["id"]
    reader = Reader(stored={}.get)
    assert list(reader.facts(batch_of_json(logs(record(GOOD))))) == []
    reader = Reader(stored=stored.get)
    reader.waiting.add(batch_of_json(logs(record(GOOD))).logs[0])
    assert [each["id"] for each in reader.again()] == [fact["id"]]
    assert len(reader.waiting) == 0


def test_an_evaluation_may_name_its_prompt_itself() -> None:
    alone = feedback(list(facts_of_json(logs(record({"gen_ai.prompt.name": "summarize", **GOOD})))))
    assert alone["prompt_id"] == "summarize"
    both = Reader()
    list(both.facts(batch_of_json(body(span()))))
    linked = feedback(list(both.facts(batch_of_json(logs(record({"gen_ai.prompt.name": "summarize", **GOOD}))))))
    assert linked["id"] == alone["id"], "sent again once its span is known, it is the same fact"


def test_an_evaluation_of_nothing_known_is_refused_in_the_end() -> None:
    (refused,) = facts_of_json(logs(record(GOOD)))
    assert isinstance(refused, Refused)


def test_an_evaluation_without_any_time_is_refused() -> None:
    batch = batch_of_json(logs(record(GOOD, timeUnixNano="0"), record(GOOD, timeUnixNano=0, observedTimeUnixNano=5)))
    assert (len(batch.refused), len(batch.logs)) == (1, 1)


def test_other_log_records_are_ignored() -> None:
    batch = batch_of_json(logs(record({}, eventName="gen_ai.client.inference.operation.details"), {"body": {}}))
    assert batch == Batch(ignored=2)


@pytest.mark.parametrize(
    ("attributes", "outcome"),
    [
        ({"gen_ai.evaluation.score.label": "Pass"}, "succeeded"),
        ({"gen_ai.evaluation.score.label": "incorrect"}, "failed"),
        ({"gen_ai.evaluation.score.label": "relevant"}, None),
        ({"gen_ai.evaluation.score.value": 1.0}, None),
        ({"gen_ai.evaluation.score.value": 0}, None),
        ({"gen_ai.evaluation.score.value": 0, "promptbits.outcome": "failed"}, "failed"),
        ({"gen_ai.evaluation.score.label": "pass", "promptbits.outcome": "failed"}, "failed"),
        ({"gen_ai.evaluation.score.label": "fail", "error.type": "timeout"}, None),
        ({}, None),
    ],
)
def test_outcomes_of_evaluations(attributes: dict[str, Any], outcome: str | None) -> None:
    fact = feedback(list(facts_of_json(logs(record({"gen_ai.prompt.name": "p"} | attributes)))))
    assert fact.get("outcome") == outcome


@pytest.mark.parametrize(
    ("name", "score", "rating"), [("user_rating", 4, 4.0), ("user_rating", 0.8, None), ("quality", 4, None)]
)
def test_ratings(name: str, score: float, rating: float | None) -> None:
    attributes = {
        "gen_ai.prompt.name": "p",
        "gen_ai.evaluation.name": name,
        "gen_ai.evaluation.score.value": score,
    }
    fact = feedback(list(facts_of_json(logs(record(attributes)))))
    assert (fact.get("rating"), fact["score"]) == (rating, float(score))


def test_what_waits_is_bounded_and_the_oldest_gives_way() -> None:
    waiting = Waiting()
    (log,) = batch_of_json(logs(record(GOOD))).logs
    assert waiting.add(log) == []
    assert waiting.add(log) == []
    assert len(waiting) == 1
    others = batch_of_json(logs(*(record(GOOD, spanId=f"{n:016x}") for n in range(1, MOST + 1)))).logs
    dropped = [each for other in others for each in waiting.add(other)]
    assert dropped == [log]
    assert len(waiting) == MOST
