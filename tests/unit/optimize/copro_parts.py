"""Proposers, scorers and filters whose answers are known beforehand."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from promptbits.optimize.terms import Attempt, Basis, Evidence, Prediction, Proposal


@dataclass
class Cycle:
    """Proposes texts in turn, over and over, and notes what it was asked."""

    texts: Sequence[str]
    name: str = "cycle"
    asked: list[int] = field(default_factory=list)
    attempts: list[list[tuple[str, float]]] = field(default_factory=list)
    at: int = 0

    def propose(self, _basis: Basis, attempts: Sequence[Attempt], n: int, _rng: random.Random) -> list[Proposal]:
        self.asked.append(n)
        self.attempts.append([(each.proposal.text, each.prediction.mean) for each in attempts])
        found = [Proposal(self.texts[(self.at + each) % len(self.texts)], (f"edit-{each}",)) for each in range(n)]
        self.at += n
        return found


class Dice:
    """Proposes texts that hang on nothing but the generator."""

    name = "dice"

    def __init__(self, sides: int = 10**6) -> None:
        self.sides = sides

    def propose(self, basis: Basis, _attempts: Sequence[Attempt], n: int, rng: random.Random) -> list[Proposal]:
        return [Proposal(f"{basis.content} {rng.randrange(self.sides)}") for _ in range(n)]


@dataclass
class Known:
    """Scores by a table, or a function, and notes what it was asked."""

    means: Mapping[str, float] | Callable[[str], float]
    std: Mapping[str, float] | float = 0.0
    evidence: Evidence = "good"
    asked: list[str] = field(default_factory=list)

    def score(self, texts: Sequence[str]) -> list[Prediction]:
        self.asked += texts
        return [Prediction(self._mean(each), self._std(each), self.evidence) for each in texts]

    def _mean(self, text: str) -> float:
        return self.means(text) if callable(self.means) else self.means[text]

    def _std(self, text: str) -> float:
        return self.std if isinstance(self.std, float) else self.std.get(text, 0.0)


@dataclass
class Sure(Known):
    """One that also knows how likely a text is better, by a table."""

    likely: Mapping[str, float] = field(default_factory=dict)
    ranks: bool = True

    def probability_better(self, a: str, _b: str) -> float:
        return self.likely.get(a, 0.5)


@dataclass(frozen=True)
class Reason:
    code: str


class Everything:
    """Refuses nothing."""

    def __init__(self, _basis: Basis) -> None:
        pass

    def check(self, _text: str) -> tuple[Reason, ...]:
        return ()
