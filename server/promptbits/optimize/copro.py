"""COPRO: propose, filter, score, and propose again from the best attempts so far.

The algorithm is that of DSPy's optimizer of the same name, for one instruction, with these differences: a round is
filled up with new texts as long as the proposer finds some, no text is scored twice, filters refuse before anything is
scored, and a lower bound decides instead of a mean. The original competes: that nothing is better is a result.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final, Protocol, runtime_checkable

from promptbits.optimize.budget import Budget, Meter, Spent
from promptbits.optimize.filters import BasisFilter
from promptbits.optimize.ranking import LIKELY, lower_bound, ranked
from promptbits.optimize.reviews.model import Rejected
from promptbits.optimize.rounds import Rounds, TextFilter
from promptbits.optimize.terms import Attempt, Basis, Proposer, TextScorer

Progress = Callable[[int, int], None]

_MOST_ASKS: Final = 4  # of the proposer, in a round
_OFFERED: Final = 3
_COMPARED: Final = 10


@runtime_checkable
class _Compares(Protocol):
    """A scorer that knows how two texts hang together, and whether its facts allow to rank at all."""

    @property
    def ranks(self) -> bool: ...

    def probability_better(self, a: str, b: str) -> float: ...


@dataclass(frozen=True, slots=True)
class CoproRun:
    """What a run came upon.

    Attributes:
        original: the text as it was, scored.
        ranked: everything that was scored, the original among it, the best lower bound first.
        place: that of the original: 1 where nothing has a higher lower bound, which says that nothing is better.
        rejected: what the filters refused, by the first reason and the edits; a bounded number of kinds.
        recommended: the proposal that is likely enough to be better; None where only an experiment can tell.
        offered: what to try: the recommended one, or else the best few.
        statistics: counts and figures of the run, as values of JSON.
        cancelled: whether it ended because somebody wanted so.
        out_of_budget: what ran out before the run was through; None if nothing did.
    """

    original: Attempt
    ranked: tuple[Attempt, ...]
    place: int
    rejected: tuple[Rejected, ...] = ()
    recommended: Attempt | None = None
    offered: tuple[Attempt, ...] = ()
    statistics: dict[str, Any] = field(default_factory=dict[str, Any])
    cancelled: bool = False
    out_of_budget: Spent | None = None

    @property
    def proposals(self) -> tuple[Attempt, ...]:
        """What was scored but for the original, the best first."""
        return tuple(each for each in self.ranked if each is not self.original)

    @property
    def finished(self) -> bool:
        """Whether it went through all of its rounds."""
        return not self.cancelled and self.out_of_budget is None


class Copro:
    """Searches for better texts in rounds. The same text, proposer, scorer and seed give the same, but for time.

    Args:
        proposer: who proposes texts.
        scorer: who predicts how they do.
        breadth: how many texts each round has, the original among those of the first; at least 2.
        depth: how many rounds there are; at least 1.
        seed: what the choices of the proposer hang on.
        asks: how often the proposer is asked in a round for what is missing.
        filters: gives what refuses texts for a prompt; by itself the filters of this package.
        clock: the seconds since some moment.
    """

    def __init__(
        self,
        proposer: Proposer,
        scorer: TextScorer,
        breadth: int = 10,
        depth: int = 3,
        seed: int = 0,
        *,
        asks: int = _MOST_ASKS,
        filters: Callable[[Basis], TextFilter] = BasisFilter,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        if breadth < 2 or depth < 1 or asks < 1:
            raise ValueError("breadth is at least 2, depth at least 1, and the proposer is asked at least once")
        self.proposer = proposer
        self.scorer = scorer
        self.breadth = breadth
        self.depth = depth
        self.seed = seed
        self._asks = asks
        self._filters = filters
        self._clock = clock

    def run(
        self,
        basis: Basis,
        *,
        budget: Budget | None = None,
        progress: Progress | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> CoproRun:
        """Search for better texts than that of a basis.

        Args:
            basis: the prompt.
            budget: what may be spent; without one all rounds are gone through.
            progress: is told how many texts there were, of how many.
            cancelled: asked often; once it says so, the run ends with what is known, the original at least.
        """
        meter = Meter(budget or Budget(), self._clock, cancelled)
        rounds = Rounds(basis, self.scorer, self._filters(basis), meter)
        tell = progress or _nobody
        total = self.breadth * self.depth
        rng = random.Random(self.seed)  # noqa: S311  (a seed, not a secret)
        tell(0, total)
        for depth in range(self.depth):
            attempts = rounds.open(depth, self.breadth)
            for found in self._filled(rounds, attempts, rng):
                tell(depth * self.breadth + found, total)
            rounds.close(self.breadth)
            if meter.cancelled() or meter.spent:
                break
            tell((depth + 1) * self.breadth, total)
        return self._result(rounds, meter)

    def _filled(self, rounds: Rounds, attempts: list[Attempt], rng: random.Random) -> Iterator[int]:
        """Fill a round with new texts; give how many there are after each time the proposer was asked."""
        wanted = self.breadth if attempts else self.breadth - 1  # the original is one of the first round
        for _ in range(self._asks):
            missing = wanted - len(rounds.fresh)
            missing = rounds.meter.allowed(missing, len(rounds.fresh)) if missing else 0
            if not missing:
                return
            answer = self.proposer.propose(rounds.basis, attempts, missing, rng)
            rounds.take(answer, missing)
            yield len(rounds.fresh)
            if not answer:
                return

    def _result(self, rounds: Rounds, meter: Meter) -> CoproRun:
        original, best = rounds.original, ranked(rounds.attempts)
        bound = lower_bound(original.prediction)
        better = [each for each in best if lower_bound(each.prediction) > bound]
        chosen = self._recommended(better, original, meter)
        offered = [each for each in best if each is not original][:_OFFERED] if chosen is None else [chosen]
        return CoproRun(
            original=original,
            ranked=tuple(best),
            place=len(better) + 1,
            rejected=rounds.rejected(),
            recommended=chosen,
            offered=tuple(offered),
            statistics=rounds.statistics(),
            cancelled=meter.stopped,
            out_of_budget=meter.spent,
        )

    def _recommended(self, better: list[Attempt], original: Attempt, meter: Meter) -> Attempt | None:
        """The first that is likely enough to be better; none where the scorer does not stand on enough to say so.

        A run that was cancelled recommends nothing: better ones may have been to come.
        """
        scorer = self.scorer
        if original.prediction.evidence in ("none", "heuristic") or not isinstance(scorer, _Compares):
            return None
        if not scorer.ranks:
            return None
        for each in better[:_COMPARED]:
            if meter.cancelled():
                return None
            if scorer.probability_better(each.proposal.text, original.proposal.text) >= LIKELY:
                return each
        return None


def _nobody(_done: int, _total: int) -> None:
    """Tell nobody how far it is."""
