"""`python -m benchmarks.scorer_training DATA_FOLDER [OUT.json]`: choose the weights of the scorer's kernel.

The weights maximise the marginal likelihood of Gaussian processes over many tasks, one process per (task, model), all
with the same kernel; each family of tasks counts the same. What is good for one model on one task is thereby never
carried to another; only what makes texts alike is. A weak guess for prompts with no facts is a ridge regression on
the structure. Deterministic.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import scorer_data
from benchmarks.scorer_data import Array, Task
from promptbits.optimize.scorer.kernel import saturated
from promptbits.optimize.scorer.ngrams import VIEWS
from promptbits.optimize.scorer.process import stabilised
from promptbits.optimize.scorer.structure import STRUCTURE

SOURCES = ("multiprompt", "capo")
_ROUNDS = 100
_SAMPLE = 64
_RATE = 0.05
_SHRINK = 0.01
_RIDGE = 300.0
_S = len(STRUCTURE)


def main() -> int:
    """Train on everything in a folder and write the weights."""
    if len(sys.argv) < 2:
        print(__doc__)
        return 2
    tasks = [task for source in SOURCES for task in scorer_data.load(Path(sys.argv[1]), source)]
    text = json.dumps(train(tasks), indent=1) + "\n"
    if len(sys.argv) > 2:
        Path(sys.argv[2]).write_text(text, "utf-8")
    else:
        print(text)
    return 0


def train(tasks: Sequence[Task], *, rounds: int = _ROUNDS) -> dict[str, Any]:
    """The weights file for some tasks."""
    scales = _scales(tasks)
    weights = _ascend(tasks, scales, rounds)
    centre = np.mean([task.structures.mean(0) for task in tasks], 0) / scales
    prior = _prior(tasks, scales)
    figures = np.exp(weights.log[:_S])
    return {
        "structure": {
            name: {
                "scale": _short(scales[at]),
                "weight": _short(figures[at]),
                "prior": _short(prior[at]),
                "centre": _short(centre[at]),
            }
            for at, name in enumerate(STRUCTURE)
        },
        "views": {name: _short(np.exp(weights.log[_S + at])) for at, name in enumerate(VIEWS)},
        "shared": _short(np.exp(weights.shared)),
        "own": _short(np.exp(weights.own)),
    }


def _short(value: float) -> float:
    return float(f"{value:.4g}")


def _scales(tasks: Sequence[Task]) -> Array:
    """An ordinary difference in each figure: the mean of its deviations inside a task."""
    spread = np.mean([task.structures.std(0) for task in tasks], 0)
    return np.where(spread > 1e-3, spread, 1.0)


@dataclass
class _Weights:
    log: Array
    shared: float
    own: float


def _distances(task: Task, chosen: Sequence[int], scales: Array) -> Array:
    """The distance in each figure and each view between the chosen prompts, flattened."""
    rows = task.structures[chosen] / scales
    apart = saturated(rows[:, None] - rows[None])
    grams = np.moveaxis(task.grams[chosen].astype(np.float64), 1, 0)
    lengths = (grams**2).sum(2)
    views = 0.5 * (lengths[:, :, None] + lengths[:, None]) - grams @ np.swapaxes(grams, 1, 2)
    n = len(chosen)
    return np.concatenate([np.moveaxis(apart, 2, 0).reshape(_S, n * n), views.reshape(len(VIEWS), n * n)])


def _ascend(tasks: Sequence[Task], scales: Array, rounds: int) -> _Weights:
    """Adam on the logarithms of the weights, on a fresh sample of prompts in each round."""
    rng = np.random.default_rng(7)
    start = np.concatenate([np.full(_S, np.log(0.5 / _S)), np.full(len(VIEWS), np.log(2.0 / len(VIEWS)))])
    values = np.concatenate([start, [np.log(0.6), np.log(0.3)]])
    drift, force = np.zeros_like(values), np.zeros_like(values)
    share = Counter(task.family for task in tasks)
    for at in range(rounds):
        slope = np.zeros_like(values)
        for task in tasks:
            slope += _slope(task, values, scales, rng) / share[task.family]
        slope[: len(start)] -= _SHRINK * len(share) * (values[: len(start)] - start)
        drift = 0.9 * drift + 0.1 * slope
        force = 0.98 * force + 0.02 * slope**2
        step = (drift / (1 - 0.9 ** (at + 1))) / (np.sqrt(force / (1 - 0.98 ** (at + 1))) + 1e-8)
        values = values + _RATE * (1 - at / rounds) * step
    return _Weights(values[:-2], values[-2], values[-1])


def _slope(task: Task, values: Array, scales: Array, rng: np.random.Generator) -> Array:
    """Slope of the mean log marginal likelihood of the models of a task, on a sample of its prompts.

    Models that saw other prompts (where each has its own) get a sample of their own.
    """
    groups: dict[bytes, list[int]] = {}
    for at, unit in enumerate(task.units):
        groups.setdefault(unit.places.tobytes(), []).append(at)
    slope = np.zeros_like(values)
    for members in groups.values():
        places = task.units[members[0]].places
        pick = rng.choice(len(places), min(_SAMPLE, len(places)), replace=False)
        scores = np.stack([task.units[at].scores[pick] for at in members], 1)
        scores = scores[:, scores.std(0) > 0.01]
        if scores.shape[1]:
            slope += _group_slope(_distances(task, places[pick], scales), scores, task.trials, values) / len(groups)
    return slope


def _group_slope(distances: Array, scores: Array, trials: int, values: Array) -> Array:
    targets, noise = stabilised(scores * trials, np.full(scores.shape, float(trials)))
    variance = targets.var(0)
    targets = (targets - targets.mean(0)) / np.sqrt(variance)
    n = len(targets)
    weights, shared, own = np.exp(values[:-2]), np.exp(values[-2]), np.exp(values[-1])
    alike = np.exp(-(weights @ distances)).reshape(n, n)
    measured = float(np.mean(noise.mean(0) / variance))
    inverse = np.linalg.inv(shared * alike + (own + min(measured, 0.5)) * np.eye(n))
    fitted = inverse @ targets
    pull = 0.5 * (fitted @ fitted.T / targets.shape[1] - inverse)
    by_alike = shared * pull * alike
    return np.concatenate([-weights * (distances @ by_alike.ravel()), [by_alike.sum(), own * np.trace(pull)]])


def _prior(tasks: Sequence[Task], scales: Array) -> Array:
    """Ridge regression of the mean standardised score over models on the structure, each family counting the same."""
    share = Counter(task.family for task in tasks)
    left, right = np.zeros((_S, _S)), np.zeros(_S)
    for task in tasks:
        total, seen = np.zeros(len(task.prompts)), np.zeros(len(task.prompts))
        for unit in task.units:
            total[unit.places] += (unit.scores - unit.scores.mean()) / (unit.scores.std() or 1.0)
            seen[unit.places] += 1
        rows = task.structures / scales
        rows = np.clip(rows - rows.mean(0), -3.0, 3.0)
        each = 100.0 / (len(rows) * share[task.family])
        left += each * rows.T @ rows
        right += each * rows.T @ (total / np.maximum(seen, 1))
    return np.linalg.solve(left + _RIDGE * len(share) * np.eye(_S), right)


if __name__ == "__main__":
    sys.exit(main())
