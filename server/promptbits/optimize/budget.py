"""How much a search may spend, and how much it has spent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Spent = Literal["candidates", "seconds"]


@dataclass(frozen=True, slots=True)
class Budget:
    """What a search may spend. None is no limit.

    Attributes:
        candidates: texts that are scored, the original not counted.
        seconds: time after which nobody is asked for texts any more; what was proposed by then is still scored.
    """

    candidates: int | None = None
    seconds: float | None = None

    def __post_init__(self) -> None:
        if (self.candidates is not None and self.candidates < 0) or (self.seconds is not None and self.seconds < 0):
            raise ValueError("a budget is not negative")


class Meter:
    """Watches over a budget, and over whether somebody cancels. Once cancelled, always cancelled.

    Args:
        budget: what may be spent.
        clock: the seconds since some moment.
        cancelled: whether somebody has cancelled.

    Attributes:
        candidates: how many texts were scored, the original not counted.
        stopped: whether somebody had cancelled when that was last asked.
        spent: what ran out while more was wanted; None if nothing did.
    """

    def __init__(self, budget: Budget, clock: Callable[[], float], cancelled: Callable[[], bool] | None) -> None:
        self._budget = budget
        self._clock = clock
        self._asked = cancelled
        self._end = None if budget.seconds is None else clock() + budget.seconds
        self.stopped = False
        self.candidates = 0
        self.spent: Spent | None = None

    def cancelled(self) -> bool:
        """Whether to stop at once."""
        if not self.stopped and self._asked is not None:
            self.stopped = self._asked()
        return self.stopped

    def allowed(self, wanted: int, waiting: int) -> int:
        """How many texts of those that are wanted may be asked for now, while others wait to be scored."""
        if self.cancelled():
            return 0
        if self._end is not None and self._clock() >= self._end:
            self.spent = "seconds"
            return 0
        if self._budget.candidates is None:
            return wanted
        left = max(self._budget.candidates - self.candidates - waiting, 0)
        if left == 0:
            self.spent = "candidates"
        return min(wanted, left)
