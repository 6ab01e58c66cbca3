"""`python -m benchmarks.scorer DATA_FOLDER`: how well the scorer ranks prompts of families that it never saw.

The families are split; the kernel's weights are trained on the others, a scorer is fitted to k measured prompts of one
model on one task, and the rest of its prompts are ranked. Figures are means over families of means over (task, model),
with 95 % bootstrap intervals over families. Prints Markdown. Without the data it says "skipped".
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from benchmarks import scorer_data, scorer_times, scorer_training
from benchmarks.scorer_data import Array, Draw, Task
from promptbits.optimize.scorer import process
from promptbits.optimize.scorer.evidence import self_check
from promptbits.optimize.scorer.kernel import Kernel, kernel_of

_SETTINGS: tuple[tuple[int, int | None, bool], ...] = (
    *((k, executions, False) for executions in (None, 10) for k in (5, 20, 50)),
    *((k, None, True) for k in (5, 20, 50)),
)
_HEAD = "| source | k | executions | pairwise [95 %] | gain of the best of 10 | coverage of 95 % | self-check passes |"


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scorer", description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", help="JSON lines of measured prompts")
    parser.add_argument("--folds", type=int, default=4, help="into how many parts the families are split (%(default)s)")
    parser.add_argument("--repeats", type=int, default=1, help="draws of observed prompts per unit (%(default)s)")
    options = parser.parse_args()
    sources = {
        name: found
        for name in scorer_training.SOURCES
        if options.folder and (found := scorer_data.load(options.folder, name))
    }
    if not sources:
        print("ranking: skipped, there is no folder of measured prompts")
    else:
        kernels = _kernels([task for tasks in sources.values() for task in tasks], options.folds)
        print(f"{_HEAD}\n|---|---|---|---|---|---|---|")
        for name, tasks in sources.items():
            for k, executions, shuffled in _SETTINGS:
                found = _rank(tasks, kernels, k, executions, options.repeats, shuffled=shuffled)
                kind = "shuffled control" if shuffled else executions or "all"
                print(f"| {name} | {k} | {kind} | {found.row()} |", flush=True)
    print()
    print(scorer_times.table())
    return 0


def _kernels(tasks: Sequence[Task], folds: int) -> dict[str, Kernel]:
    """For each family, a kernel whose weights were chosen without it."""
    families = sorted({task.family for task in tasks})
    kernels: dict[str, Kernel] = {}
    for at in range(min(folds, len(families))):
        unseen = families[at :: min(folds, len(families))]
        start = time.perf_counter()
        kernel = kernel_of(scorer_training.train([task for task in tasks if task.family not in unseen]))
        print(f"trained without {', '.join(unseen)}: {time.perf_counter() - start:.0f} s", file=sys.stderr)
        kernels |= dict.fromkeys(unseen, kernel)
    return kernels


@dataclass
class _Found:
    """What was measured, by family."""

    pairwise: dict[str, list[float]] = field(default_factory=dict[str, list[float]])
    gains: dict[str, list[float]] = field(default_factory=dict[str, list[float]])
    covered: list[float] = field(default_factory=list[float])
    passed: list[bool] = field(default_factory=list[bool])

    def row(self) -> str:
        """The cells of a row."""
        means = np.array([np.mean(each) for each in self.pairwise.values()])
        rng = np.random.default_rng(0)
        resampled = means[rng.integers(0, len(means), (4000, len(means)))].mean(1)
        low, high = np.quantile(resampled, (0.025, 0.975))
        gain = np.mean([np.mean(each) for each in self.gains.values()])
        return (
            f"{means.mean():.3f} [{low:.3f}, {high:.3f}] | {gain:+.3f} | "
            f"{100 * np.mean(self.covered):.0f} % | {100 * np.mean(self.passed):.0f} %"
        )


def _rank(
    tasks: Sequence[Task], kernels: dict[str, Kernel], k: int, executions: int | None, repeats: int, *, shuffled: bool
) -> _Found:
    found = _Found()
    for task in tasks:
        kernel = kernels[task.family]
        rows = kernel.features(task.prompts)
        for unit in task.units:
            if len(unit.scores) < k + 10:
                continue
            for draw in scorer_data.draws(task, unit, k, executions, repeats, shuffled=shuffled):
                _measure(found, task, kernel, rows, draw)
    return found


def _measure(found: _Found, task: Task, kernel: Kernel, rows: Array, draw: Draw) -> None:
    trials = np.full(len(draw.observed), float(draw.trials))
    fitted = process.fit(kernel, rows[draw.observed], draw.successes.astype(float), trials)
    means, stds = _predict(fitted, rows[draw.rest])
    order = np.sign(draw.truth[:, None] - draw.truth[None])
    right = order * np.sign(means[:, None] - means[None])
    pairs = np.triu(order != 0, 1)
    if not pairs.any():
        return
    found.pairwise.setdefault(task.family, []).append(float(0.5 + 0.5 * right[pairs].mean()))
    tens = np.random.default_rng(len(means)).permuted(np.tile(np.arange(len(means)), (50, 1)), axis=1)[:, :10]
    picked = np.take_along_axis(draw.truth[tens], means[tens].argmax(1)[:, None], 1)
    found.gains.setdefault(task.family, []).append(float(picked.mean() - draw.truth[tens].mean()))
    # The measured score is itself a sample: its noise belongs to what the interval has to cover.
    sampling = means * (1 - means) / task.trials
    found.covered.append(float(np.mean(np.abs(draw.truth - means) <= 1.96 * np.sqrt(stds**2 + sampling))))
    found.passed.append(self_check(fitted, (draw.successes / draw.trials).tolist()).passed)


def _predict(fitted: process.Process, rows: Array) -> tuple[Array, Array]:
    """As `Scorer.score` does, in parts."""
    parts = [fitted.latent(rows[at : at + 64]) for at in range(0, len(rows), 64)]
    return process.rates(
        np.concatenate([each[0] for each in parts]), np.concatenate([np.diag(each[1]) for each in parts])
    )


if __name__ == "__main__":
    sys.exit(main())
