"""The values that the parts of the optimizer hand to each other, and what a proposer and a scorer have to be."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

Evidence = Literal["none", "heuristic", "weak", "moderate", "good"]


@dataclass(frozen=True, slots=True)
class Basis:
    """The prompt that is to become better.

    Attributes:
        content: the template, decoded.
        variables: the declared names, with their descriptions.
        trigger: kind and name, such as ("Framework", "Next.js").
        category: that of the prompt.
        section: the part of the content that may change, as offsets; all of it where None.
        token_budget: an estimate of tokens to get below, where the author asked for it.
    """

    content: str
    variables: Mapping[str, str] = field(default_factory=dict[str, str])
    trigger: tuple[str, str] | None = None
    category: str | None = None
    section: tuple[int, int] | None = None
    token_budget: int | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """A text that somebody proposes, and the edits that led to it, by name and in order."""

    text: str
    edits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Prediction:
    """What a scorer predicts of a text: a success rate, not measured.

    Attributes:
        mean: expected success rate; for the evidence `none` and `heuristic` a mere order, never shown as a rate.
        std: standard deviation of that expectation.
        evidence: how much the prediction stands on.
    """

    mean: float
    std: float
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Attempt:
    """A proposal that passed the filters and was scored, at a depth from 0."""

    proposal: Proposal
    prediction: Prediction
    depth: int


class Proposer(Protocol):
    """Proposes texts. Deterministic for the same arguments, the state of `rng` included."""

    @property
    def name(self) -> str:
        """Its name, as shown beside each proposal."""
        ...

    def propose(self, basis: Basis, attempts: Sequence[Attempt], n: int, rng: random.Random) -> list[Proposal]:
        """Up to n texts. `attempts` are the best so far, the worst first; none at the first depth."""
        ...


class TextScorer(Protocol):
    """Predicts how texts do."""

    def score(self, texts: Sequence[str]) -> list[Prediction]:
        """A prediction for each text, in their order."""
        ...
