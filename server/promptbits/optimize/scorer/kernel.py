"""How alike two texts are to a scorer, and what the shipped weights say of each feature.

The weights are few and can be read: a scale and a weight for each figure of the structure, a weight for each view of
the n-grams. They were chosen once, on public data of many tasks, so that texts that count as alike have alike scores
(`python -m benchmarks.scorer_training`). They say what matters, not what is good; that is learned from facts alone.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from promptbits.optimize.scorer.ngrams import BUCKETS, VIEWS, ngrams
from promptbits.optimize.scorer.structure import STRUCTURE, structure

Array = NDArray[np.float64]

FEATURES = 1
"""The version of the features: a model made with another one is not run."""
STRUCTURES = len(STRUCTURE)
WIDTH = STRUCTURES + BUCKETS
LEVELS_OFF = 9.0
SAME = 1e4
"""How fast texts stop being one and the same: the own share of a text is its alone."""
_WEIGHTS = Path(__file__).with_name("weights.json")


@dataclass(frozen=True, slots=True, eq=False)
class Kernel:
    """The weights.

    Attributes:
        scales: what is an ordinary difference in each figure of the structure.
        structure: how much each of them counts.
        views: how much each view of the n-grams counts.
        shared: share of the variance of scores that alike texts have in common.
        own: share that is a text's alone, however alike others are.
        prior: the weak guess of which structures do well where nothing is measured, in standard deviations.
        centre: the structure of an ordinary prompt, in scales.
    """

    scales: Array
    structure: Array
    views: Array
    shared: float
    own: float
    prior: Array
    centre: Array

    def features(self, texts: Sequence[str]) -> Array:
        """A row per text: structure over its scales, then the weighted n-grams. Rounded as a model file keeps them."""
        rows = np.zeros((len(texts), WIDTH))
        factors = _signs() * np.sqrt(self.views)[:, None]
        for at, text in enumerate(texts):
            rows[at, :STRUCTURES] = structure(text) / self.scales
            rows[at, STRUCTURES:] = (ngrams(text) * factors).sum(0)
        return rows.astype(np.float32).astype(np.float64)

    def values(self) -> dict[str, Any]:
        """The kernel as the value of a weights file."""
        figures = zip(*(each.tolist() for each in (self.scales, self.structure, self.prior, self.centre)), strict=True)
        return {
            "structure": {
                name: dict(zip(("scale", "weight", "prior", "centre"), figure, strict=True))
                for name, figure in zip(STRUCTURE, figures, strict=True)
            },
            "views": dict(zip(VIEWS, self.views.tolist(), strict=True)),
            "shared": self.shared,
            "own": self.own,
        }

    def covariance(self, left: Array, right: Array) -> Array:
        """How alike two sets of rows are, in variances of a score."""
        far = self.distance(left, right)
        return self.shared * np.exp(-far) + self.own * np.exp(-SAME * far)

    def distance(self, left: Array, right: Array) -> Array:
        """How far apart two sets of rows are: a large difference in one figure counts little more than a clear one."""
        apart = left[:, None, :STRUCTURES] - right[None, :, :STRUCTURES]
        grams_left, grams_right = left[:, STRUCTURES:], right[:, STRUCTURES:]
        lengths = (grams_left**2).sum(1)[:, None] + (grams_right**2).sum(1)[None]
        return saturated(apart) @ self.structure + np.maximum(0.5 * lengths - grams_left @ grams_right.T, 0.0)

    def guess(self, rows: Array) -> Array:
        """The weak guess for rows, in standard deviations of a score; between -1 and 1."""
        return np.tanh(np.clip(rows[:, :STRUCTURES] - self.centre, -3.0, 3.0) @ self.prior)


def saturated(apart: Array) -> Array:
    """Squares of differences that level off: beyond four scales, more makes texts no less alike."""
    return LEVELS_OFF * (1.0 - np.exp(apart * apart / -LEVELS_OFF))


def kernel_of(values: dict[str, Any]) -> Kernel:
    """The kernel of a weights file."""

    def array(name: str) -> Array:
        return np.array([values["structure"][each][name] for each in STRUCTURE])

    return Kernel(
        scales=array("scale"),
        structure=array("weight"),
        views=np.array([values["views"][each] for each in VIEWS]),
        shared=values["shared"],
        own=values["own"],
        prior=array("prior"),
        centre=array("centre"),
    )


@cache
def shipped() -> Kernel:
    """The kernel that ships."""
    return kernel_of(json.loads(_WEIGHTS.read_text("utf-8")))


@cache
def _signs() -> Array:
    """A sign for each view and bucket, so that views which share the buckets do not add up by chance."""
    places = np.arange(len(VIEWS) * BUCKETS, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    return (1.0 - 2.0 * (places >> np.uint64(63)).astype(np.float64)).reshape(len(VIEWS), BUCKETS)
