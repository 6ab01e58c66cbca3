"""What every `FactStore` must do. A test module runs a store of its own through it: see `test_contract_sqlite.py`."""

from __future__ import annotations

import contextlib
import hashlib
from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import Any

import pytest
from brute_force import BruteForceStore
from fact_strategies import HASHES, MOMENTS, PROMPTS, histories, identity, questions
from hypothesis import HealthCheck, given, settings

from promptbits.facts.fields import KINDS, checked
from promptbits.facts.store import Appended, Fact, FactStore, InvalidFactError


def execution(number: int, **more: Any) -> Fact:
    basis = {"kind": "execution", "id": identity(number), "timestamp": MOMENTS[1], "prompt_id": "alpha"}
    return {**basis, "outcome": "succeeded", **more}


def feedback(number: int, **more: Any) -> Fact:
    return {"kind": "feedback", "id": identity(number), "timestamp": MOMENTS[1], "prompt_id": "alpha", **more}


class StoreContract(ABC):
    """Inherit, and make empty stores."""

    @abstractmethod
    def make(self) -> contextlib.AbstractContextManager[FactStore]:
        """An empty store."""

    @pytest.fixture
    def store(self) -> Iterator[FactStore]:
        with self.make() as store:
            yield store

    # The same histories for every store: that is what a contract is.
    @settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.differing_executors])
    @given(histories(), questions())
    def test_whatever_comes_in_whatever_order_is_counted_as_a_recount_does(
        self, batches: list[list[Fact]], asked: dict[str, Any]
    ) -> None:
        oracle = BruteForceStore()
        with self.make() as store:
            for batch in batches:
                assert store.append(batch) == oracle.append(batch)
            assert store.summaries() == oracle.summaries()
            for prompts in (["alpha"], ["beta", "alpha"], ["nobody"], []):
                assert store.summaries(prompts) == oracle.summaries(prompts)
            for number in range(10):
                assert store.get(identity(number)) == oracle.get(identity(number))
            for least in (1, 2):
                assert store.above(0.5, at_least=least) == oracle.above(0.5, at_least=least)
            for name in ("Next.js", "RUST", "none"):
                assert store.by_technology(name) == oracle.by_technology(name)
            assert store.similar("here", limit=2) == oracle.similar("here", limit=2)
            assert list(store.facts(**asked)) == list(oracle.facts(**asked))

    def test_an_empty_store_knows_nothing(self, store: FactStore) -> None:
        assert store.append([]) == Appended(0, 0)
        assert (store.summaries(), list(store.facts()), store.get(identity(1))) == ([], [], None)
        assert (store.get("no id"), store.text(HASHES[0]), store.above(0)) == (None, None, [])

    def test_a_fact_comes_back_equal(self, store: FactStore) -> None:
        fact = execution(1, metadata={"deep": [{"ü": None}]}, cost_usd=0.1, trace_id="0" * 32, variant="b", model=None)
        assert store.append([fact]) == Appended(1, 0)
        assert store.get(identity(1)) == checked(fact)
        assert store.append([{**fact, "outcome": "failed"}]) == Appended(0, 1)
        assert store.get(identity(1)) == checked(fact)

    def test_a_bad_fact_keeps_its_batch_out(self, store: FactStore) -> None:
        before = store.change_counter()
        with pytest.raises(InvalidFactError, match="execution: outcome: required"):
            store.append([execution(1), execution(2, outcome=None)])
        assert (list(store.facts()), store.change_counter()) == ([], before)

    def test_the_counter_tells_of_every_change_and_of_nothing_else(self, store: FactStore) -> None:
        seen = [store.change_counter()]
        store.append([execution(1)])
        seen.append(store.change_counter())
        store.append([feedback(2, rating=4)])
        seen.append(store.change_counter())
        text = "Hello <<name>>"
        store.keep_text(hashlib.sha256(text.encode()).hexdigest(), text)
        seen.append(store.change_counter())
        assert seen == sorted(set(seen))
        store.append([execution(1)])
        store.keep_text(hashlib.sha256(text.encode()).hexdigest(), text)
        assert store.change_counter() == seen[-1]

    @pytest.mark.parametrize("text", ["", "Hello\n", "half \ud800 a pair", "\x00 nothing", "x" * 100_000])
    def test_a_text_comes_back_as_it_was(self, store: FactStore, text: str) -> None:
        name = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
        store.keep_text(name, text)
        store.keep_text(name, text)
        assert store.text(name) == text

    def test_a_feedback_before_its_execution_moves_to_it(self, store: FactStore) -> None:
        store.append([feedback(2, execution_id=identity(1), conversation_id="talk", outcome="failed", rating=2)])
        (early,) = store.summaries()
        assert (early.content_sha256, early.failures, early.rated) == ("", 1, 1)
        store.append([execution(1, outcome="unknown", content_sha256=HASHES[0], model="large", variant="bold")])
        (row,) = store.summaries()
        assert (row.content_sha256, row.variant, row.model) == (HASHES[0], "bold", "large")
        assert (row.executions, row.successes, row.failures, row.rated, row.rating_milli) == (1, 0, 1, 1, 2000)

    def test_the_first_outcome_of_a_conversation_counts_on_its_day(self, store: FactStore) -> None:
        late = execution(1, conversation_id="talk", timestamp=MOMENTS[3], outcome="succeeded", model="large")
        early = execution(2, conversation_id="talk", timestamp=MOMENTS[0], outcome="failed", model="small")
        store.append([late])
        assert [(row.day, row.successes) for row in store.summaries()] == [(MOMENTS[3][:10], 1)]
        store.append([early])
        counted = {row.day: (row.model, row.executions, row.successes, row.failures) for row in store.summaries()}
        assert counted == {MOMENTS[3][:10]: ("large", 1, 0, 0), MOMENTS[0][:10]: ("small", 1, 0, 1)}

    @pytest.mark.parametrize("feedback_first", [False, True])
    @pytest.mark.parametrize("conversation", [None, "talk"])
    def test_of_an_execution_and_its_feedback_the_earlier_outcome_counts(
        self, store: FactStore, feedback_first: bool, conversation: str | None
    ) -> None:
        ran = execution(1, timestamp=MOMENTS[1], conversation_id=conversation)
        early = feedback(2, timestamp=MOMENTS[0], execution_id=identity(1), outcome="failed")
        late = feedback(3, timestamp=MOMENTS[2], execution_id=identity(1), outcome="failed")
        for fact in (late, ran) if feedback_first else (ran, late):
            store.append([fact])
        assert [(row.successes, row.failures) for row in store.summaries()] == [(1, 0)]
        store.append([early])
        counted = {row.day: (row.successes, row.failures) for row in store.summaries()}
        assert counted == {MOMENTS[0][:10]: (0, 1), MOMENTS[1][:10]: (0, 0)}

    def test_every_kind_is_kept(self, store: FactStore) -> None:
        least: dict[str, Fact] = {
            "execution": {"prompt_id": "a", "outcome": "unknown"},
            "feedback": {"prompt_id": "a"},
            "context_signature": {"signature": "s"},
            "code_index": {"path": "p"},
            "tech_stack": {"folder": ".", "technologies": []},
            "code_pattern": {"name": "n"},
            "evolution": {"prompt_id": "a", "parent_id": "b"},
            "ab_test_result": {"experiment": "e", "prompt_id": "a", "verdict": "stopped"},
            "training": {"trained": "operators", "decision": "promoted"},
        }
        facts = [
            {"kind": kind, "id": identity(number), "timestamp": MOMENTS[0], **least[kind]}
            for number, kind in enumerate(KINDS)
        ]
        store.append(facts)
        assert list(store.facts()) == [checked(fact) for fact in facts]
        assert [fact["kind"] for fact in store.facts(kinds=["evolution", "feedback"])] == ["feedback", "evolution"]

    def test_long_answers_are_whole_and_in_order(self, store: FactStore) -> None:
        # More of one millisecond, and more in all, than is read at once.
        facts = [execution(n, timestamp=MOMENTS[n % 2], prompt_id=PROMPTS[n % 3 == 0]) for n in range(1200)]
        store.append(facts)
        expected = sorted(facts, key=lambda fact: (fact["timestamp"], fact["id"]))
        assert [fact["id"] for fact in store.facts()] == [fact["id"] for fact in expected]
        backward = [fact["id"] for fact in store.facts(newest_first=True, limit=1100)]
        assert backward == [fact["id"] for fact in reversed(expected)][:1100]
        assert len(list(store.facts(prompt_id="beta"))) == 400

    def test_a_closed_store_opens_again(self, store: FactStore) -> None:
        store.append([execution(1)])
        store.close()
        assert store.append([execution(1), execution(2)]) == Appended(1, 1)
        assert len(list(store.facts())) == 2
