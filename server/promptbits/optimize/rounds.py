"""What was proposed, refused and scored in the rounds of a search."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, Final, Protocol

from promptbits.optimize.budget import Meter
from promptbits.optimize.ranking import Progression, ranked
from promptbits.optimize.reviews.model import Rejected
from promptbits.optimize.terms import Attempt, Basis, Prediction, Proposal, TextScorer

_MOST_REJECTED: Final = 100  # kinds of refusals that are kept; all of them are counted
# What is scored between two looks at whether somebody cancels: little enough for an answer within 100 ms.
_TEXTS_AT_ONCE: Final = 10
_CHARACTERS_AT_ONCE: Final = 50_000


class Reason(Protocol):
    """Why a filter refuses a text."""

    @property
    def code(self) -> str:
        """What it is called."""
        ...


class TextFilter(Protocol):
    """Refuses texts that may not be proposed at all."""

    def check(self, text: str, /) -> Sequence[Reason]:
        """Why a text is refused; nothing if it is not."""
        ...


class Rounds:
    """The state of a search.

    Two texts that differ in blanks alone are one: the first of them stands for both.

    Attributes:
        basis: the prompt.
        meter: what may be spent.
        fresh: the new texts of this round, which wait to be scored.
    """

    def __init__(self, basis: Basis, scorer: TextScorer, refuses: TextFilter, meter: Meter) -> None:
        self.basis = basis
        self.meter = meter
        self.fresh: dict[str, Proposal] = {}
        self._scorer = scorer
        self._refuses = refuses
        self._original = _key(basis.content)
        self._depth = 0
        self._again: dict[str, None] = {}
        self._scored: dict[str, Attempt] = {}
        self._refused: set[str] = set()
        self._kinds: Counter[tuple[str, tuple[str, ...]]] = Counter()
        self._codes: Counter[str] = Counter()
        self._asked: list[int] = []
        self._calls = self._proposed = self._repeated = 0
        self._progression = Progression()

    @property
    def original(self) -> Attempt:
        """The text as it was, scored; there is one once a round is closed."""
        return self._scored[self._original]

    @property
    def attempts(self) -> list[Attempt]:
        """Everything that was scored, in the order in which it was first proposed."""
        return list(self._scored.values())

    def open(self, depth: int, breadth: int) -> list[Attempt]:
        """Begin a round; give the best attempts so far, the worst first."""
        self._depth = depth
        self.fresh, self._again = {}, {}
        return ranked(self._scored.values())[:breadth][::-1]

    def take(self, answer: Sequence[Proposal], asked: int) -> None:
        """Keep those proposals of an answer that are new and may be proposed, up to the number that was asked for."""
        self._asked.append(asked)
        end = len(self.fresh) + asked
        for proposal in answer:
            if len(self.fresh) >= end or self.meter.cancelled():
                return
            self._proposed += 1
            key = _key(proposal.text)
            if self._is_repeated(key):
                self._repeated += 1
            elif not self._is_refused(key, proposal):
                self.fresh[key] = proposal

    def _is_repeated(self, key: str) -> bool:
        if key in self._scored:
            self._again[key] = None
            return True
        return key in self.fresh or key in self._refused

    def _is_refused(self, key: str, proposal: Proposal) -> bool:
        # Whatever a filter makes of it, the original is scored as the original.
        codes = [reason.code for reason in self._refuses.check(proposal.text)] or ["copy"] * (key == self._original)
        if not codes:
            return False
        self._refused.add(key)
        self._codes.update(dict.fromkeys(codes, 1))
        self._kinds[codes[0], proposal.edits] += 1
        return True

    def close(self, breadth: int) -> None:
        """Score the new texts of a round, the original last in the first one, and note the figures."""
        if self._original not in self._scored:
            self.fresh[self._original] = Proposal(self.basis.content)
        self._score()
        if self._original not in self._scored:  # somebody cancelled: there is nothing to say without it
            (prediction,) = self._scorer.score([self.basis.content])
            self._keep(self._original, Proposal(self.basis.content), prediction)
        latest = [self._scored[key] for key in self.fresh if key in self._scored]
        # Where a proposer has nothing new, what it repeats fills the round: its scores are known.
        latest += [self._scored[key] for key in self._again][: max(breadth - len(latest), 0)]
        self._calls += len(latest)
        self._progression.add(self._depth, ranked(self._scored.values()), latest)

    def _score(self) -> None:
        for keys in _portions(self.fresh):
            if self.meter.cancelled():
                return
            proposals = [self.fresh[key] for key in keys]
            predictions = self._scorer.score([each.text for each in proposals])
            for key, proposal, prediction in zip(keys, proposals, predictions, strict=True):
                self._keep(key, proposal, prediction)

    def _keep(self, key: str, proposal: Proposal, prediction: Prediction) -> None:
        self._scored[key] = Attempt(proposal, prediction, self._depth)
        self.meter.candidates += key != self._original

    def rejected(self) -> tuple[Rejected, ...]:
        """What was refused, by the first reason and the edits, in the order in which it came."""
        kinds = list(self._kinds.items())[:_MOST_REJECTED]
        return tuple(Rejected(code, edits, count) for (code, edits), count in kinds)

    def statistics(self) -> dict[str, Any]:
        """Counts and figures, as values of JSON. No times: the same search has the same."""
        return {
            "total_calls": self._calls,  # as DSPy counts them: every text of every round
            "scored": len(self._scored),
            "asked": self._asked,
            "proposed": self._proposed,
            "repeated": self._repeated,
            "refused": sum(self._kinds.values()),
            "refusals": dict(sorted(self._codes.items())),
            **self._progression.figures(),
        }


def _key(text: str) -> str:
    return " ".join(text.split())


def _portions(waiting: dict[str, Proposal]) -> Iterator[list[str]]:
    """Texts in portions that are scored together: as many as stay quick, and one at least."""
    portion: list[str] = []
    size = 0
    for key, proposal in waiting.items():
        if portion and (len(portion) == _TEXTS_AT_ONCE or size + len(proposal.text) > _CHARACTERS_AT_ONCE):
            yield portion
            portion, size = [], 0
        portion.append(key)
        size += len(proposal.text)
    if portion:
        yield portion
