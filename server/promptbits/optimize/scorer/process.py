"""The Gaussian process: from measured texts to a mean and a spread for any text.

Rates are looked at through the arcsine of their square root, where the noise of s successes in n trials is about
1 / (4n + 2) whatever the rate. There the scores of a lineage are one unknown level, plus what alike texts share, plus
what is a text's own. Everything is linear algebra in closed form: no sampling, no search, the same result every time.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from promptbits.optimize.scorer.kernel import Array, Kernel

LEVEL = 0.12
"""Variance of the unknown level: any rate is possible before the first fact."""
USUAL_VARIANCE = 0.03
"""Variance between the prompts of a lineage where few are measured: a standard deviation of about 17 points."""
_USUAL_WEIGHT = 4.0
_FADE = 20.0
_GUESS = 0.5
_MIDDLE = np.pi / 4


def stabilised(successes: Array, trials: Array) -> tuple[Array, Array]:
    """Rates on the arcsine scale, with the variance of their noise."""
    return np.arcsin(np.sqrt((successes + 0.375) / (trials + 0.75))), 1.0 / (4.0 * trials + 2.0)


@dataclass(frozen=True, slots=True, eq=False)
class Process:
    """What was learned, on the arcsine scale.

    Attributes:
        kernel: how alike texts are.
        rows: features of the measured texts.
        targets: their rates, less what the guess says of them, less the middle.
        variance: between the prompts of this lineage.
        guess: how much the weak guess counts.
        inverse: of the covariance of the measurements.
        solved: inverse times targets.
    """

    kernel: Kernel
    rows: Array
    targets: Array
    variance: float
    guess: float
    inverse: Array
    solved: Array

    def latent(self, rows: Array) -> tuple[Array, Array]:
        """Means of rows and the covariance between them."""
        to_measured = self._prior_covariance(rows, self.rows)
        mean = _MIDDLE + self.guess * self.kernel.guess(rows) + to_measured @ self.solved
        return mean, self._prior_covariance(rows, rows) - to_measured @ self.inverse @ to_measured.T

    def _prior_covariance(self, left: Array, right: Array) -> Array:
        return LEVEL + self.variance * self.kernel.covariance(left, right)


def fit(kernel: Kernel, rows: Array, successes: Array, trials: Array) -> Process:
    """Learn from measured rows; from none of them, only the weak guess is left."""
    scores, noise = stabilised(successes, trials)
    n = len(rows)
    variance = _variance(scores, noise)
    guess = _GUESS * np.sqrt(variance) * _FADE / (_FADE + n)
    targets = scores - _MIDDLE - guess * kernel.guess(rows)
    if n:
        inverse = np.linalg.inv(LEVEL + variance * kernel.covariance(rows, rows) + np.diag(noise))
        inverse = 0.5 * (inverse + inverse.T)
    else:
        inverse = np.zeros((0, 0))
    return Process(kernel, rows, targets, variance, float(guess), inverse, inverse @ targets)


def _variance(scores: Array, noise: Array) -> float:
    """Variance between prompts beyond the noise, drawn towards the usual one while few are measured."""
    n = len(scores)
    found = max(float(scores.var(ddof=1) - noise.mean()), 0.0) if n > 1 else 0.0
    seen = max(n - 1, 0)
    return max((seen * found + _USUAL_WEIGHT * USUAL_VARIANCE) / (seen + _USUAL_WEIGHT), 1e-4)


def rates(mean: Array, variance: Array) -> tuple[Array, Array]:
    """A rate and its standard deviation, of the squared sine of a normal variable; within [0, 1] by itself.

    The rate is the median: it keeps the order of the means, which an expectation would bend towards one half.
    """
    mean = np.clip(mean, 0.0, np.pi / 2)
    twice = np.exp(-2.0 * variance) * np.cos(2.0 * mean)
    fourfold = np.exp(-8.0 * variance) * np.cos(4.0 * mean)
    expected = 0.5 * (1.0 - twice)
    square = (3.0 - 4.0 * twice + fourfold) / 8.0
    return np.sin(mean) ** 2, np.sqrt(np.maximum(square - expected * expected, 0.0))


def measured_scores(process: Process) -> Array:
    """The scores that were learned from, around the middle."""
    return process.targets + process.guess * process.kernel.guess(process.rows)


def left_out(process: Process, scores: Array) -> tuple[NDArray[np.int64], NDArray[np.int64], Array]:
    """For each pair of measured texts (first, second), what the others say of their difference: first less second.

    Both are left out at once: leaving out one moves the level of the rest against it, which would look like skill.

    Args:
        process: what was learned.
        scores: the scores to learn from, a column for each way of giving them to the texts.
    """
    first, second = np.triu_indices(len(process.rows), 1)
    own = np.diag(process.inverse)
    a, b, c = (each[:, None] for each in (own[first], process.inverse[first, second], own[second]))
    solved = process.inverse @ (scores - (process.guess * process.kernel.guess(process.rows))[:, None])
    p, q = solved[first], solved[second]
    error = ((c + b) * p - (a + b) * q) / (a * c - b * b)
    return first, second, scores[first] - scores[second] - error
