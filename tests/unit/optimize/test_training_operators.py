"""Weights of operators, learned from evolutions whose texts were measured."""

from __future__ import annotations

import json
import random
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shipped_bases import basis_of

from promptbits.facts.fields import checked
from promptbits.facts.ids import content_sha256, new_id
from promptbits.facts.store import Fact, Summary
from promptbits.optimize.offline import OfflineProposer
from promptbits.optimize.operators.registry import OPERATORS
from promptbits.optimize.training.operators import Learned, keep, kept_weights, learn, weight
from promptbits.optimize.training.places import models_folder


def evolution(before: str, after: str, *edits: str, **fields: Any) -> Fact:
    return checked(
        {
            "kind": "evolution",
            "id": new_id(),
            "timestamp": "2026-11-20T16:00:00.000Z",
            "prompt_id": "p-v2",
            "parent_id": "p",
            "parent_sha256": content_sha256(before),
            "content_sha256": content_sha256(after),
            "edits": list(edits),
        }
        | fields
    )


def counts(text: str, successes: int, failures: int, model: str = "big", day: str = "2026-11-20") -> Summary:
    return Summary("p", content_sha256(text), "", model, day, successes=successes, failures=failures)


def test_what_won_weighs_more_and_what_lost_less() -> None:
    evolutions = [evolution("a", "b", "hedges-out"), evolution("a", "c", "role-line"), evolution("a", "d", "spacing")]
    rows = [counts("a", 50, 50), counts("b", 90, 10), counts("c", 10, 90), counts("d", 52, 48)]
    learned = learn(evolutions, rows)
    assert (learned.evolutions, learned.undecided) == (2, 1)
    assert learned.weights == {"hedges-out": weight("hedges-out", 1, 0), "role-line": weight("role-line", 0, 1)}
    assert learned.weights["hedges-out"] == pytest.approx(2.0 * 4 ** (3 / 5 - 1 / 2), abs=1e-6)
    assert learned.weights["role-line"] == pytest.approx(1.5 * 4 ** (2 / 5 - 1 / 2), abs=1e-6)
    assert learned.words == "learned from 2 evolutions that won or lost, 1 undecided"


def test_days_of_a_text_add_up_and_models_are_never_pooled() -> None:
    one = [evolution("a", "b", "hedges-out")]
    days = [counts("a", 25, 25, day=f"2026-11-{day}") for day in (10, 11)]
    days += [counts("b", 45, 5, day=f"2026-11-{day}") for day in (12, 13)]
    assert learn(one, days).won == {"hedges-out": 1.0}
    apart = [counts("a", 50, 50, "small"), counts("b", 90, 10, "large")]
    assert learn(one, apart) == Learned()
    contrary = [*days, counts("a", 90, 10, "small"), counts("b", 10, 90, "small")]
    learned = learn(one, contrary)
    assert (learned.won, learned.lost) == ({"hedges-out": 0.5}, {"hedges-out": 0.5})
    assert learned.weights == {"hedges-out": 2.0}


def test_what_several_edits_did_is_shared_and_each_change_counts_once() -> None:
    rows = [counts("a", 50, 50), counts("b", 90, 10)]
    twice = [evolution("a", "b", "hedges-out", "role-line", "an-old-name", status=each) for each in ("accepted", None)]
    assert learn(twice, rows).won == {"hedges-out": 0.5, "role-line": 0.5}
    without = [
        evolution("a", "a", "hedges-out"),
        evolution("a", "b"),
        evolution("a", "b", "an-old-name"),
        evolution("a", "b", "hedges-out", parent_sha256=None),
    ]
    assert learn([checked(each) for each in without], rows) == Learned()


@given(st.sampled_from(sorted(OPERATORS)), st.floats(0, 1e6), st.floats(0, 1e6))
def test_weights_stay_between_half_and_double(name: str, won: float, lost: float) -> None:
    found, ordinary = weight(name, won, lost), OPERATORS[name].weight
    assert ordinary / 2 - 1e-6 <= found <= ordinary * 2 + 1e-6
    assert (found >= ordinary - 1e-6) == (won >= lost) or abs(won - lost) < 1e-3
    assert weight(name, won + 1, lost) >= found >= weight(name, won, lost + 1)


@given(st.randoms(use_true_random=False))
def test_the_order_of_facts_does_not_matter(draw: random.Random) -> None:
    names = sorted(OPERATORS)
    fixed = random.Random(3)
    texts = [f"t{n}" for n in range(9)]
    evolutions = [evolution(*fixed.sample(texts, 2), *fixed.sample(names, fixed.randint(1, 3))) for _ in range(12)]
    rows = [counts(text, fixed.randint(0, 60), fixed.randint(0, 60), model) for text in texts for model in ("s", "l")]
    expected = learn(evolutions, rows).table()
    assert expected["evolutions"] > 3
    draw.shuffle(evolutions)
    draw.shuffle(rows)
    assert learn(evolutions, rows).table() == expected


def test_weights_are_kept_and_read_again(tmp_path: Path) -> None:
    learned = learn([evolution("a", "b", "hedges-out")], [counts("a", 50, 50), counts("b", 90, 10)])
    assert kept_weights(tmp_path) == kept_weights(None) == {}
    assert not keep(tmp_path, Learned())  # nothing was learned: there is nothing to keep
    assert keep(tmp_path, learned)
    assert not keep(tmp_path, learned)
    assert kept_weights(tmp_path) == learned.weights
    assert keep(tmp_path, Learned())  # the facts it was learned from are gone
    assert kept_weights(tmp_path) == {}
    assert checked(learned.fact())["trained"] == "operators"


@pytest.mark.parametrize(
    ("operators", "expected"),
    [
        ({"hedges-out": {"weight": 99}, "role-line": {"weight": -1}}, {"hedges-out": 4.0, "role-line": 0.75}),
        ({"hedges-out": {"weight": float("nan")}}, {"hedges-out": 1.0}),
        ({"hedges-out": {"weight": "2"}, "role-line": 3, "spacing": {"weight": True}, "gone": {"weight": 1}}, {}),
        ([1], {}),
        (None, {}),
    ],
)
def test_a_file_that_somebody_changed_does_no_harm(tmp_path: Path, operators: Any, expected: dict[str, float]) -> None:
    models_folder(tmp_path).mkdir(parents=True)
    (models_folder(tmp_path) / "operators.json").write_text(json.dumps({"operators": operators}))
    assert kept_weights(tmp_path) == expected
    (models_folder(tmp_path) / "operators.json").write_text("{")
    assert kept_weights(tmp_path) == {}


def test_a_proposer_tries_more_often_what_won() -> None:
    """Double and half of the weights are seen in how often it is proposed, over many seeds."""
    basis = basis_of("commit-message")

    def proposed(weights: dict[str, float]) -> Counter[str]:
        proposer = OfflineProposer(weights)
        found = (proposer.propose(basis, [], 3, random.Random(seed)) for seed in range(200))
        return Counter(name for some in found for each in some for name in each.edits)

    ordinary = proposed({})
    name = sorted(ordinary, key=lambda each: (ordinary[each], each))[
        len(ordinary) // 2
    ]  # neither rare nor always there
    half, double = (proposed({name: OPERATORS[name].weight * factor})[name] for factor in (0.5, 2.0))
    assert half < ordinary[name] < double
