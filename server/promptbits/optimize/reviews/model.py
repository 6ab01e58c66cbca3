"""What a review holds. Plain values; nothing here knows where reviews are kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from promptbits.optimize.terms import Prediction

Status = Literal["open", "accepted", "rejected", "superseded"]
What = Literal["created", "refined", "rebased", "accepted", "rejected", "promoted", "superseded"]
How = Literal["revision", "in-place"]


class RefusedError(ValueError):
    """What was asked for cannot be done with this review; the text says why, and what to do instead."""


class StaleError(RefusedError):
    """The text of the prompt has changed since the review was made."""


@dataclass(frozen=True, slots=True)
class ReviewBasis:
    """The text of a file that a review proposes changes of: all of it, so that it can be rebased.

    Attributes:
        prompt_id: the prompt.
        path: relative to the root, with `/`; absolute outside of it; None for a prompt that ships with the package.
        content: the template, decoded.
        content_sha256: its hash, as facts have it.
        revision: the revision of the prompt.
        section: the part that was to change, as offsets; all of it where None.
        token_budget: an estimate of tokens to get below, where that was asked for.
    """

    prompt_id: str
    path: str | None
    content: str
    content_sha256: str
    revision: int = 1
    section: tuple[int, int] | None = None
    token_budget: int | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A text that is proposed. Candidates are ranked: the first one is number 1.

    Attributes:
        text: the whole content.
        edits: how it came about, by name and in order.
        prediction: what the scorer predicts; None where nobody has asked it about this very text.
        probability_better: how likely it does better than the basis, by the scorer; None where that is not known.
        depth: the round of the optimization that it is of.
    """

    text: str
    edits: tuple[str, ...] = ()
    prediction: Prediction | None = None
    probability_better: float | None = None
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Rejected:
    """Proposals that a filter refused: why, by which edits they came about, and how many."""

    reason: str
    edits: tuple[str, ...] = ()
    count: int = 1


@dataclass(frozen=True, slots=True)
class Origin:
    """The candidate of another review that this one goes on from."""

    review: int
    candidate: int
    text: str
    edits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Run:
    """How the proposals were found.

    Attributes:
        proposer: who made them.
        seed: what its choices hang on.
        breadth: how many texts a round had.
        depth: how many rounds there were to be.
        scorer: the digest of what scored them; empty for the weights that ship.
        model: the model whose facts the scorer knows; empty where facts name none, or there are none.
        measured_texts: how many measured texts it knows.
        standing: what its order stands on, in its own words; empty where it was not asked.
        ranks: whether its order may be used; not where the facts do not predict each other, as `why` then says.
        why: why it ranks or does not, in its own words.
        original: what it predicts of the basis.
        original_rank: the place of the basis among the candidates: 1 says that none is predicted to be better.
        statistics: counts of the run, as the optimizer gives them.
    """

    proposer: str
    seed: int = 0
    breadth: int = 10
    depth: int = 3
    scorer: str = ""
    model: str = ""
    measured_texts: int = 0
    standing: str = ""
    ranks: bool = True
    why: str = ""
    original: Prediction | None = None
    original_rank: int | None = None
    statistics: Mapping[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a review: a line of its audit trail. The time is RFC 3339, in UTC."""

    time: str
    who: str
    what: What
    candidate: int | None = None
    prompt_id: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was accepted: which candidate, how, and the prompt that has its text now."""

    candidate: int
    how: How
    prompt_id: str
    revision: int
    content_sha256: str


@dataclass(frozen=True, slots=True)
class Review:
    """Proposals for one prompt, and what became of them.

    Attributes:
        number: 1, 2, 3 … within a store; 0 until it is kept in one.
        id: a UUIDv7, the same in every store.
        fingerprint: the same for runs that had the same to go on; an open review stands for all of them.
        recommended: the candidate that is likely enough to be better; None where only an experiment can tell.
        origin: the candidate that it goes on from; None for one that began with the text of the file.
    """

    number: int
    id: str
    basis: ReviewBasis
    candidates: tuple[Candidate, ...]
    run: Run
    rejected: tuple[Rejected, ...] = ()
    recommended: int | None = None
    origin: Origin | None = None
    outcome: Outcome | None = None
    status: Status = "open"
    history: tuple[Event, ...] = ()
    fingerprint: str = ""

    def candidate(self, number: int) -> Candidate:
        """A candidate by its number.

        Raises:
            RefusedError: there is none of that number.
        """
        if not 1 <= number <= len(self.candidates):
            there = f"has the candidates 1 to {len(self.candidates)}" if self.candidates else "has no candidates"
            raise RefusedError(f"review {self.number} {there}, and no candidate {number}")
        return self.candidates[number - 1]

    @property
    def start(self) -> str:
        """The text that the optimizer went on from."""
        return self.basis.content if self.origin is None else self.origin.text
