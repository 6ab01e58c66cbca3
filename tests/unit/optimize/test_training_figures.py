"""The figures of a training, held against the same done by hand, one pair after the other."""

from __future__ import annotations

import numpy as np
import pytest
from trained_prompts import text

from promptbits.optimize.observations import MeasuredText
from promptbits.optimize.scorer.kernel import shipped
from promptbits.optimize.scorer.model import Observation, Scorer
from promptbits.optimize.scorer.process import LEVEL, stabilised
from promptbits.optimize.training import gate
from promptbits.optimize.training.figures import held_out, predicted_differences, shuffled


def measured(numbers, seed=0, trials=30):
    draw = np.random.default_rng(seed)
    rates = {n: 0.75 if n % 2 else 0.35 for n in numbers}
    return [MeasuredText(text(n), int(draw.binomial(trials, rates[n])), trials) for n in numbers]


def by_hand(process, known, now):
    """For each pair: the equations of a Gaussian process of all known texts but the two, solved anew."""
    kernel = process.kernel
    scores, noise = stabilised(*(np.array([each[at] for each in known], float) for at in (1, 2)))
    rows = kernel.features([each.text for each in now])
    found = np.zeros((len(now), len(now)))
    for i in range(len(now)):
        for j in range(len(now)):
            rest = [at for at, each in enumerate(known) if each.text not in (now[i].text, now[j].text)]
            left = process.rows[rest]
            covariance = LEVEL + process.variance * kernel.covariance(left, left) + np.diag(noise[rest])
            targets = scores[rest] - np.pi / 4 - process.guess * kernel.guess(left)
            weights = np.linalg.solve(covariance, targets)
            pair = rows[[i, j]]
            means = process.guess * kernel.guess(pair)
            means = means + (LEVEL + process.variance * kernel.covariance(pair, left)) @ weights
            found[i, j] = means[0] - means[1]
    return found


@pytest.mark.parametrize("known", [range(7), range(3, 9), [2], range(10, 16)], ids=["all", "some", "one", "none"])
def test_what_is_predicted_without_a_pair_is_what_the_others_say_of_it(known) -> None:
    learned, now = measured(known), measured(range(7), seed=1)
    process = gate.fitted(shipped(), learned)
    row_of = {each.text: row for row, each in enumerate(learned)}
    places = {at: row_of[each.text] for at, each in enumerate(now) if each.text in row_of}
    rows = shipped().features([each.text for each in now])
    assert predicted_differences(process, rows, places) == pytest.approx(by_hand(process, learned, now), abs=1e-9)


def test_the_share_is_that_of_the_self_check() -> None:
    for seed in range(4):
        texts = sorted(measured(range(12), seed), key=lambda each: each.text)
        check = Scorer.fit([Observation(*each) for each in texts]).check
        held = gate.held_out_pairs(shipped(), texts, texts)
        assert held.pairs == check.pairs
        assert held.accuracy == pytest.approx(check.accuracy, abs=1e-12)


def test_ties_count_half_and_pairs_measured_alike_not_at_all() -> None:
    rates = np.array([0.2, 0.5, 0.5])
    right = np.array([[0.0, -1.0, -1.0], [1.0, 0.0, 3.0], [1.0, -3.0, 0.0]])
    assert (held_out(right, rates).pairs, held_out(right, rates).accuracy) == (2, 1.0)
    assert held_out(-right, rates).accuracy == 0.0
    assert held_out(np.zeros((3, 3)), rates).accuracy == 0.5
    alike = held_out(right, np.full(3, 0.4))
    assert (alike.pairs, alike.accuracy, tuple(alike.interval)) == (0, 0.5, (0.5, 0.0, 1.0))


def test_an_interval_holds_its_estimate_and_narrows_with_texts() -> None:
    widths = []
    for count in (8, 40):
        held = gate.held_out_pairs(shipped(), *[measured(range(count))] * 2)
        assert 0 <= held.interval.low <= held.interval.estimate <= held.interval.high <= 1
        widths.append(held.interval.high - held.interval.low)
    assert widths[1] < widths[0]


def test_shuffled_rates_give_chance_where_real_ones_do_not() -> None:
    texts = measured(range(30), trials=100)
    process = gate.fitted(shipped(), texts)
    control = shuffled(process, np.array([each.successes / each.trials for each in texts]))
    assert 0.45 < control.estimate < 0.55
    assert control.high < gate.held_out_pairs(shipped(), texts, texts).accuracy
