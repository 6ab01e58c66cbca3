"""COPRO against the original algorithm, written down here once more as plainly as can be, and its known run."""

from __future__ import annotations

from collections.abc import Callable
from statistics import fmean, pstdev

import pytest
from copro_parts import Cycle, Everything, Known
from hypothesis import given
from hypothesis import strategies as st

from promptbits.optimize.copro import Copro, CoproRun
from promptbits.optimize.terms import Basis

BASE = "Basis 0"  # as long as the others, so that of equal ones the first counts, as in the original
CYCLE = [f"Instr {i}" for i in (1, 2, 3, 4, 5, 6, 0)]
SCORES = {BASE: 0.3, **{text: int(text[-1]) / 10 for text in CYCLE}}


class Original:
    """The algorithm for one predictor, step by step: nothing is remembered, a duplicate is evaluated again."""

    def __init__(self, complete: Callable[[int], list[str]], evaluate: Callable[[str], float]) -> None:
        self.complete = complete
        self.evaluate = evaluate
        self.asked: list[int] = []
        self.attempts: list[list[tuple[str, float]]] = []
        self.evaluated: list[str] = []
        self.best: dict[str, list[float]] = {name: [] for name in ("depth", "max", "average", "min", "std")}
        self.latest: dict[str, list[float]] = {name: [] for name in ("depth", "max", "average", "min", "std")}

    def ask(self, n: int, attempts: list[tuple[str, float]]) -> list[str]:
        self.asked.append(n)
        self.attempts.append(attempts)
        return self.complete(n)

    def note(self, figures: dict[str, list[float]], depth: int, scores: list[float]) -> None:
        values = (depth, max(scores), fmean(scores), min(scores), pstdev(scores))
        for name, value in zip(figures, values, strict=True):
            figures[name].append(value)

    def run(self, base: str, breadth: int, depth: int) -> list[tuple[str, float]]:
        batch = [*self.ask(breadth - 1, []), base]
        table: dict[str, float] = {}
        for d in range(depth):
            latest: list[float] = []
            for index, text in enumerate(batch):
                instruction = text.strip('"').strip()
                score = self.evaluate(instruction)
                self.evaluated.append(instruction)
                if not (instruction in table and table[instruction] >= score):
                    table[instruction] = score
                if index >= len(batch) - breadth:
                    latest.append(score)
            ordered = sorted(table.items(), key=lambda pair: pair[1], reverse=True)
            self.note(self.latest, d, latest)
            self.note(self.best, d, [score for _, score in ordered[:10]])
            if d == depth - 1:
                break
            shortest = min(breadth, len(table))
            batch = self.ask(breadth, list(reversed(ordered[:shortest])))
        return sorted(table.items(), key=lambda pair: pair[1], reverse=True)


def run(texts: list[str], scores: dict[str, float], breadth: int, depth: int, asks: int = 1):
    proposer, scorer = Cycle(texts), Known(scores)
    copro = Copro(proposer, scorer, breadth, depth, asks=asks, filters=Everything)
    return copro.run(Basis(BASE)), proposer, scorer


def order(found: CoproRun) -> list[tuple[str, float]]:
    return [(each.proposal.text, each.prediction.mean) for each in found.ranked]


def test_the_known_run() -> None:
    found, proposer, scorer = run(CYCLE, SCORES, 4, 3)
    assert proposer.asked == [3, 4, 4]
    assert found.statistics["total_calls"] == 12
    assert found.ranked[0].proposal.text == "Instr 6"
    assert [score for _, score in order(found)] == [0.6, 0.5, 0.4, 0.3, 0.3, 0.2, 0.1, 0.0]
    assert [each.proposal.text for each in found.ranked[3:5]] == ["Instr 3", BASE]
    assert [each.depth for each in found.ranked] == [1, 1, 1, 0, 0, 0, 0, 1]
    best, latest = found.statistics["results_best"], found.statistics["results_latest"]
    assert best["max"] == [0.3, 0.6, 0.6]
    assert best["average"] == pytest.approx([0.225, 0.3, 0.3])
    assert latest["max"] == [0.3, 0.6, 0.4]
    assert proposer.attempts[1] == [("Instr 1", 0.1), ("Instr 2", 0.2), (BASE, 0.3), ("Instr 3", 0.3)]
    assert found.place == 4
    # What the original evaluates again is remembered here.
    assert scorer.asked == ["Instr 1", "Instr 2", "Instr 3", BASE, "Instr 4", "Instr 5", "Instr 6", "Instr 0"]


def test_the_known_run_when_more_is_asked_for() -> None:
    """With the default, a round that got nothing new asks on; what comes of it is the same."""
    plain, _, _ = run(CYCLE, SCORES, 4, 3)
    found, proposer, scorer = run(CYCLE, SCORES, 4, 3, asks=4)
    assert proposer.asked == [3, 4, 4, 4, 4, 4]
    assert (order(found), len(scorer.asked)) == (order(plain), 8)
    same = ("total_calls", "results_best", "results_latest", "scored")
    assert [found.statistics[name] for name in same] == [plain.statistics[name] for name in same]


@given(st.integers(2, 12), st.integers(1, 5), st.lists(st.integers(-3, 9), min_size=12, max_size=40), st.integers(0, 9))
def test_as_the_original(breadth: int, depth: int, values: list[int], base: int) -> None:
    texts = [f"Instr{at:02}" for at in range(len(values))]  # within a round all differ; rounds repeat each other
    scores = {BASE: base / 8, **{text: value / 8 for text, value in zip(texts, values, strict=True)}}
    at = 0

    def complete(n: int) -> list[str]:
        nonlocal at
        at += n
        return [texts[each % len(texts)] for each in range(at - n, at)]

    original = Original(complete, scores.__getitem__)
    ranking = original.run(BASE, breadth, depth)
    found, proposer, scorer = run(texts, scores, breadth, depth)
    assert proposer.asked == original.asked
    assert proposer.attempts == original.attempts
    assert order(found) == ranking
    assert scorer.asked == list(dict.fromkeys(original.evaluated))
    assert found.statistics["total_calls"] == len(original.evaluated)
    for name, figures in (("results_best", original.best), ("results_latest", original.latest)):
        for key, expected in figures.items():
            assert found.statistics[name][key] == pytest.approx(expected)
