"""Measured prompts for the scorer: a folder of JSON lines {task, family, prompt, n, scores: {model: accuracy}}."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from promptbits.optimize.scorer.ngrams import ngrams
from promptbits.optimize.scorer.structure import structure

Array = NDArray[np.float64]
Places = NDArray[np.int64]


@dataclass
class Unit:
    """One model on one task: the places of its prompts in the task, and their scores."""

    name: str
    places: Places
    scores: Array


@dataclass
class Task:
    """Prompts of one task, with the scores that each model had with them.

    Attributes:
        trials: evaluation examples behind each score.
        structures: the structure of each prompt.
        grams: the n-grams of each prompt, a row per view.
    """

    name: str
    family: str
    trials: int
    prompts: list[str]
    structures: Array
    grams: NDArray[np.float32]
    units: list[Unit] = field(default_factory=list[Unit])


def load(folder: Path, source: str) -> list[Task]:
    """The tasks of one source, in the order of their names; none where the folder has no such file."""
    path = folder / f"{source}.jsonl"
    if not path.is_file():
        return []
    grouped: dict[str, list[dict]] = {}
    for line in path.read_text("utf-8").splitlines():
        row = json.loads(line)
        grouped.setdefault(row["task"], []).append(row)
    return [_task(name, rows) for name, rows in sorted(grouped.items())]


def _task(name: str, rows: list[dict]) -> Task:
    prompts = [row["prompt"] for row in rows]
    task = Task(
        name=name,
        family=rows[0]["family"],
        trials=rows[0]["n"],
        prompts=prompts,
        structures=np.array([structure(prompt) for prompt in prompts]),
        grams=np.array([ngrams(prompt) for prompt in prompts], np.float32),
    )
    for model in sorted({model for row in rows for model in row["scores"]}):
        places = np.array([at for at, row in enumerate(rows) if model in row["scores"]])
        scores = np.array([rows[at]["scores"][model] for at in places])
        task.units.append(Unit(f"{name}/{model}", places, scores))
    return task


@dataclass
class Draw:
    """Some prompts of a unit as observed, with simulated outcomes, and the rest to rank."""

    observed: Places
    successes: Places
    trials: int
    rest: Places
    truth: Array


def draws(task: Task, unit: Unit, k: int, executions: int | None, repeats: int, *, shuffled: bool) -> Iterator[Draw]:
    """Random draws of k observed prompts, the same ones every time.

    Args:
        task: the task.
        unit: the model on it.
        k: prompts observed.
        executions: pass or fail executions behind each observed score, simulated; the data's own where None.
        repeats: how many draws.
        shuffled: give each observed prompt the score of another: the control, which must come out at chance.
    """
    for repeat in range(repeats):
        rng = np.random.default_rng(zlib.crc32(f"{unit.name}{repeat}".encode()))
        order = rng.permutation(len(unit.scores))
        seen, rest = order[:k], order[k:]
        rates = unit.scores[seen]
        trials = executions or task.trials
        successes = rng.binomial(trials, rates) if executions else np.rint(rates * trials).astype(np.int64)
        if shuffled:
            successes = rng.permutation(successes)
        yield Draw(unit.places[seen], successes, trials, unit.places[rest], unit.scores[rest])
