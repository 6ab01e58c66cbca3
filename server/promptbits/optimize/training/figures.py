"""How well the facts of a lineage predict each other. Every figure comes with its interval and is made by no chance.

Each pair of measured texts is held out in turn: what is learned from all the others puts the two in order, and that is
compared with what was measured of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from promptbits.facts.intervals import Interval
from promptbits.optimize.scorer.kernel import Array
from promptbits.optimize.scorer.process import LEVEL, Process, left_out, measured_scores

_DRAWS = 1000
_DEALS = 100
_SEED = 7


@dataclass(frozen=True, slots=True)
class Held:
    """What becomes of the held-out pairs.

    Attributes:
        right: a table of texts by texts: 1 where a pair is put in the right order, 0 where not, a half for a tie.
        counts: a table of texts by texts: 1 for a pair that was measured differently, 0 otherwise.
    """

    right: Array
    counts: Array

    def only(self, chosen: Array) -> Held:
        """The same for some of the pairs: those that have a 1 in a table of texts by texts."""
        return Held(self.right, self.counts * chosen)

    @property
    def pairs(self) -> int:
        """Pairs that were measured differently."""
        return int(self.counts.sum()) // 2

    @property
    def accuracy(self) -> float:
        """The share of them in the right order; a half where there are none."""
        total = float(self.counts.sum())
        return float((self.right * self.counts).sum()) / total if total else 0.5

    @property
    def interval(self) -> Interval:
        """The share with its 95 % interval.

        It is that of texts, not of pairs, drawn again and again: the pairs of one text are right or wrong together.
        """
        n = len(self.counts)
        drawn = np.random.default_rng(_SEED).multinomial(n, np.full(n, 1 / n), _DRAWS).astype(float)
        total = np.einsum("bi,ij,bj->b", drawn, self.counts, drawn, optimize=True)
        right = np.einsum("bi,ij,bj->b", drawn, self.counts * self.right, drawn, optimize=True)
        shares = right[total > 0] / total[total > 0]
        if not len(shares):
            return Interval(0.5, 0.0, 1.0)
        low, high = (float(each) for each in np.quantile(shares, (0.025, 0.975)))
        return Interval(self.accuracy, min(low, self.accuracy), max(high, self.accuracy))


def held_out(predicted: Array, rates: Array) -> Held:
    """Compare predicted differences with measured rates.

    Args:
        predicted: a table: of the first text's score, less that of the second, from facts without both.
        rates: the measured rates.
    """
    true = np.sign(np.round(rates[:, None] - rates[None, :], 12))
    return Held(0.5 + 0.5 * true * np.sign(np.round(predicted, 12)), np.abs(true))


def predicted_differences(process: Process, rows: Array, places: dict[int, int]) -> Array:
    """For each pair of texts, what a process says of their difference without what it knows of the two.

    Args:
        process: what was learned.
        rows: features of the texts.
        places: which of the texts it knows, and as which of its own rows.
    """
    n = len(rows)
    to_known = LEVEL + process.variance * process.kernel.covariance(rows, process.rows)
    guess = process.guess * process.kernel.guess(rows)
    # Without row k: weights less this much of it, since its own weight is then nothing.
    correction = (to_known @ process.inverse) * (process.solved / np.diag(process.inverse))
    plain = guess + to_known @ process.solved
    found = plain[:, None] - plain[None, :]
    for text, row in places.items():
        alone = guess[text] + process.targets[row] - process.solved[row] / process.inverse[row, row]
        others = plain - correction[:, row]
        found[text, :], found[:, text] = alone - others, others - alone
    if len(places) > 1:
        first, second, both = left_out(process, measured_scores(process)[:, None])
        text_of = {row: text for text, row in places.items()}
        for one, other, difference in zip(first.tolist(), second.tolist(), both[:, 0].tolist(), strict=True):
            if one in text_of and other in text_of:
                i, j = text_of[one], text_of[other]
                found[i, j], found[j, i] = difference, -difference
    np.fill_diagonal(found, 0.0)
    assert found.shape == (n, n)
    return found


def shuffled(process: Process, rates: Array) -> Interval:
    """The same share where the rates are dealt to the texts at random: the mean, and where 95 % of the deals lie.

    About a half, or what looks like skill is an artefact.
    """
    n = len(rates)
    deal = np.random.default_rng(_SEED)
    dealt = np.stack([deal.permutation(n) for _ in range(_DEALS)], 1)
    first, second, predicted = left_out(process, measured_scores(process)[dealt])
    true = np.sign(np.round(rates[dealt][first] - rates[dealt][second], 12))
    right = (np.abs(true) * 0.5 + 0.5 * true * np.sign(np.round(predicted, 12))).sum(0)
    shares: Any = right / np.maximum(np.abs(true).sum(0), 1)
    low, high = (float(each) for each in np.quantile(shares, (0.025, 0.975)))
    return Interval(float(shares.mean()), low, high)
