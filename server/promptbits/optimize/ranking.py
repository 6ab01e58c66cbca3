"""Which attempt is better, and the figures of a round."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from statistics import NormalDist, fmean, pstdev
from typing import Any, Final

from promptbits.optimize.terms import Attempt, Prediction

LIKELY: Final = 0.8
"""The least probability of being better than the original at which one text is recommended."""

# The lower bound is one-sided, at the same 80 %. It is the widest bound that never speaks against a recommendation:
# where the difference of two texts is above z times its own standard deviation, it is above z times the difference of
# the standard deviations too, however the two hang together. The usual 1.96 would put a measured original before
# nearly everything that is not measured yet, and so say less about the proposals than is known.
Z: Final = NormalDist().inv_cdf(LIKELY)

_TOP: Final = 10


def lower_bound(prediction: Prediction) -> float:
    """What a text is at least expected to do: what decides between texts."""
    bound = prediction.mean - Z * prediction.std
    return bound if math.isfinite(bound) else -math.inf


def ranked(attempts: Iterable[Attempt]) -> list[Attempt]:
    """Attempts by their lower bounds, the best first; of equal ones the shorter, then the one that came first."""
    return sorted(attempts, key=lambda each: (-lower_bound(each.prediction), len(each.proposal.text)))


class Progression:
    """What became of the lower bounds from round to round, as COPRO keeps its figures."""

    def __init__(self) -> None:
        self._best: dict[str, list[float]] = {}
        self._latest: dict[str, list[float]] = {}

    def add(self, depth: int, best: Sequence[Attempt], latest: Sequence[Attempt]) -> None:
        """Note a round: all attempts so far, the best first, and those of this round."""
        _add(self._best, depth, best[:_TOP])
        _add(self._latest, depth, latest)

    def figures(self) -> dict[str, Any]:
        """The figures, as values of JSON."""
        return {"results_best": self._best, "results_latest": self._latest}


def _add(figures: dict[str, list[float]], depth: int, attempts: Sequence[Attempt]) -> None:
    bounds = [bound for each in attempts if math.isfinite(bound := lower_bound(each.prediction))]
    if bounds:
        values = {"max": max(bounds), "average": fmean(bounds), "min": min(bounds), "std": pstdev(bounds)}
        for name, value in {"depth": depth, **values}.items():
            figures.setdefault(name, []).append(value)
