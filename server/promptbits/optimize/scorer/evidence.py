"""How much a prediction stands on, and whether the facts can rank texts at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np

from promptbits.optimize.scorer.process import Process, left_out, measured_scores
from promptbits.optimize.terms import Evidence

FEW_TRIALS = 30
_DEALS = 100
_MANY = 60
LEAST = 5
"""Below so many measured texts the order is called heuristic and no rate is shown."""
_STEPS: tuple[tuple[int, Evidence], ...] = ((50, "good"), (20, "moderate"), (LEAST, "weak"), (1, "heuristic"))
# One-sided 95 % quantiles of Student's t by degrees of freedom; 1.67 is near enough beyond them.
_QUANTILES = (6.31, 2.92, 2.35, 2.13, 2.02, 1.94, 1.89, 1.86, 1.83, 1.81, 1.80, 1.78, 1.77, 1.76, 1.75)


def evidence(trials: Sequence[int]) -> Evidence:
    """The evidence for the trials of each measured text: one lower where the median has few trials."""
    for at, (least, name) in enumerate(_STEPS):
        if len(trials) >= least:
            lower = median(trials) < FEW_TRIALS and at + 1 < len(_STEPS)
            return _STEPS[at + 1][1] if lower else name
    return "none"


@dataclass(frozen=True, slots=True)
class SelfCheck:
    """How well the facts predict each other: each pair of texts is ordered from the others alone.

    Attributes:
        pairs: pairs of texts with different measured rates; 0 where there are too few texts to check.
        accuracy: share of them that were put in the right order.
        lower: one-sided 95 % lower bound of that share.
    """

    pairs: int
    accuracy: float
    lower: float

    @property
    def passed(self) -> bool:
        """Whether the order is better than chance."""
        return self.pairs > 0 and self.lower > 0.5


UNCHECKED = SelfCheck(0, 0.5, 0.0)


def self_check(process: Process, rates: Sequence[float]) -> SelfCheck:
    """Check a process against the measured rates it learned from.

    The bound takes the larger of two errors: between texts (one that is hard to place is wrong in many pairs at once),
    and of what comes out when the rates are dealt to the texts at random, where there is nothing to learn.
    """
    n = len(rates)
    if n < LEAST:
        return UNCHECKED
    deal = np.random.default_rng(n)
    orders = [np.arange(n), *(deal.permutation(n) for _ in range(_DEALS if n <= _MANY else _DEALS // 4))]
    dealt = np.stack(orders, 1)
    first, second, predicted = left_out(process, measured_scores(process)[dealt])
    measured = np.asarray(rates, float)[dealt]
    true = np.sign(np.round(measured[first] - measured[second], 12))
    pairs = int(np.count_nonzero(true[:, 0]))
    if not pairs:
        return UNCHECKED
    # Half a point for what is predicted alike; pairs that were measured alike do not count.
    right = np.abs(true) * 0.5 + 0.5 * true * np.sign(np.round(predicted, 12))
    accuracies = right.sum(0) / pairs
    accuracy = float(accuracies[0])
    excess = (right[:, 0] - accuracy) * np.abs(true[:, 0])
    by_text = np.bincount(first, excess, n) + np.bincount(second, excess, n)
    # The variance of a mean over pairs is about four times that of the means over the pairs of each text.
    between = float(np.sqrt((by_text**2).sum() * n / (n - 1))) / pairs
    error = max(between, float(accuracies[1:].std()))
    quantile = _QUANTILES[n - 2] if n - 2 < len(_QUANTILES) else 1.67
    return SelfCheck(pairs, accuracy, max(accuracy - quantile * error, 0.0))
