"""Predictions that were kept beside what was measured later."""

from __future__ import annotations

from typing import Any

import pytest
from test_training_operators import counts, evolution

from promptbits.facts.intervals import newcombe, wilson
from promptbits.facts.store import Fact
from promptbits.optimize.training.calibration import Calibration, calibration


def predicted(mean: float = 0.6, std: float = 0.05, after: str = "b", **fields: Any) -> Fact:
    more = {"evidence": "moderate", "model": "big"} | fields.pop("prediction", {})
    return evolution("a", after, "hedges-out", prediction={"mean": mean, "std": std} | more, **fields)


def test_a_prediction_beside_its_measurement() -> None:
    original = {"mean": 0.5, "std": 0.04, "evidence": "moderate"}
    found = calibration(
        [predicted(prediction={"original": original})],
        [counts("a", 40, 60), counts("b", 30, 20), counts("b", 30, 20, day="2026-11-21"), counts("b", 0, 9, "small")],
    )
    (row,) = found.rows
    assert (row.prompt_id, row.model, row.day, row.conversations) == ("p-v2", "big", "2026-11-20", 100)
    assert row.predicted == pytest.approx((0.6, 0.6 - 1.959964 * 0.05, 0.6 + 1.959964 * 0.05))
    assert row.measured == wilson(60, 100)
    assert row.measured_effect == newcombe(60, 100, 40, 100)
    half = 1.959964 * (0.05**2 + 0.04**2) ** 0.5
    assert row.predicted_effect == pytest.approx((0.1, 0.1 - half, 0.1 + half))
    assert (row.inside, found.waiting, found.orders) == ("yes", 0, 0)


@pytest.mark.parametrize(
    ("successes", "failures", "inside"),
    [
        (60, 40, "yes"),
        (95, 5, "no"),
        (5, 95, "no"),
        (3, 1, "cannot tell"),
        (1, 3, "cannot tell"),
        (7, 3, "cannot tell"),
    ],
)
def test_inside_outside_and_not_to_be_told(successes: int, failures: int, inside: str) -> None:
    (row,) = calibration([predicted()], [counts("b", successes, failures)]).rows
    assert row.inside == inside


def test_only_what_was_measured_since_under_the_same_model_counts() -> None:
    before = counts("b", 9, 1, day="2026-11-19")
    assert calibration([predicted()], [before, counts("b", 9, 1, "small")]) == Calibration((), waiting=1)
    (row,) = calibration([predicted()], [before, counts("b", 5, 5)]).rows
    assert row.conversations == 10
    unnamed = predicted(prediction={"model": None})
    (row,) = calibration([unnamed], [counts("b", 5, 5, "")]).rows
    assert row.model == ""


def test_an_order_is_no_rate_and_no_prediction_is_nothing() -> None:
    facts = [predicted(prediction={"evidence": each}) for each in ("none", "heuristic")]
    assert calibration(facts, [counts("b", 5, 5)]) == Calibration((), 0, orders=2)
    assert calibration([evolution("a", "b", "spacing")], [counts("b", 5, 5)]) == Calibration()
    odd = [predicted(prediction=each) for each in ({"mean": "x"}, {"std": -1}, {"mean": True}, {"evidence": 3})]
    assert calibration(odd, [counts("b", 5, 5)]).rows == ()


def test_of_two_decisions_about_a_text_the_last_one_counts() -> None:
    facts = [predicted(0.9, timestamp="2026-11-20T17:00:00.000Z"), predicted(0.5)]
    (row,) = calibration(facts, [counts("b", 5, 5)]).rows
    assert row.predicted.estimate == 0.9


def test_an_interval_never_leaves_what_a_rate_can_be() -> None:
    (row,) = calibration([predicted(0.97, 0.2)], [counts("b", 5, 0)]).rows
    assert row.predicted.high == 1.0
    assert row.predicted_effect is None
    assert row.measured_effect is None
