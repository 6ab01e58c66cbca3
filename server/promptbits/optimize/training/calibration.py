"""Predictions that evolutions were accepted on, beside what was measured of their texts later."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast

from promptbits.facts.intervals import Interval, newcombe, wilson
from promptbits.facts.store import Fact, Summary
from promptbits.optimize.reviews.wording import RATED

Inside = Literal["yes", "no", "cannot tell"]
_Z = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Compared:
    """A prediction and what was measured later, of the same text under the same model.

    Attributes:
        prompt_id: the prompt that has the text.
        content_sha256: the text.
        model: the model; empty where facts name none.
        day: when it was predicted, such as `2026-11-20`.
        evidence: what the prediction stood on.
        predicted: the rate, with its 95 % interval.
        measured: the rate from that day on, with its 95 % interval.
        conversations: how many it was measured in.
        predicted_effect: how much higher than the text before, as predicted; None where nothing was predicted of that.
        measured_effect: the same as measured; None where the text before was not measured.
    """

    prompt_id: str
    content_sha256: str
    model: str
    day: str
    evidence: str
    predicted: Interval
    measured: Interval
    conversations: int
    predicted_effect: Interval | None = None
    measured_effect: Interval | None = None

    @property
    def inside(self) -> Inside:
        """Whether the measured rate lies in the predicted interval.

        Outside of it the measurement may still be too short to tell: then the two intervals overlap.
        """
        if self.predicted.low <= self.measured.estimate <= self.predicted.high:
            return "yes"
        apart = self.measured.low > self.predicted.high or self.measured.high < self.predicted.low
        return "no" if apart else "cannot tell"


@dataclass(frozen=True, slots=True)
class Calibration:
    """What can be compared, the oldest prediction first.

    Attributes:
        rows: predictions whose texts were measured later.
        waiting: predictions whose texts were not measured under their model since.
        orders: evolutions of which only an order was predicted, and no rate.
    """

    rows: tuple[Compared, ...] = ()
    waiting: int = 0
    orders: int = 0

    def count(self, inside: Inside) -> int:
        """How many rows there are of a kind."""
        return sum(row.inside == inside for row in self.rows)


def calibration(evolutions: Iterable[Fact], summaries: Sequence[Summary]) -> Calibration:
    """Compare predictions with what was measured later. What was predicted of one text again counts from the last."""
    rows: dict[tuple[str, str], Compared] = {}
    waiting: set[tuple[str, str]] = set()
    orders = 0
    for fact in sorted(evolutions, key=lambda each: (each["timestamp"], each["id"])):
        prediction = fact.get("prediction")
        if not prediction or not fact.get("content_sha256"):
            continue
        predicted = _rate(prediction)
        if predicted is None:
            orders += 1
            continue
        named = prediction.get("model")
        key = fact["content_sha256"], named if isinstance(named, str) else ""
        compared = _compared(fact, key[1], prediction, predicted, summaries)
        if compared is None:
            waiting.add(key)
        else:
            rows[key] = compared
    ordered = sorted(rows.values(), key=lambda row: (row.day, row.prompt_id, row.content_sha256, row.model))
    return Calibration(tuple(ordered), len(waiting - rows.keys()), orders)


def _compared(
    fact: Fact, model: str, prediction: dict[str, Any], predicted: Interval, summaries: Sequence[Summary]
) -> Compared | None:
    day, sha = fact["timestamp"][:10], fact["content_sha256"]
    new = _counts(summaries, sha, model, day)
    measured = wilson(*new)
    if measured is None:
        return None
    before = prediction.get("original")
    was = _rate(cast("dict[str, Any]", before)) if isinstance(before, dict) else None
    parent = fact.get("parent_sha256")
    old = _counts(summaries, parent, model, "") if parent and parent != sha else (0, 0)
    return Compared(
        fact["prompt_id"],
        sha,
        model,
        day,
        str(prediction["evidence"]),
        predicted,
        measured,
        new[1],
        _difference(predicted, was) if was else None,
        newcombe(*new, *old),
    )


def _rate(prediction: dict[str, Any]) -> Interval | None:
    """A predicted rate with its interval; None where it is an order, or no prediction at all."""
    mean: Any = prediction.get("mean")
    std: Any = prediction.get("std")
    if prediction.get("evidence") not in RATED or {type(mean), type(std)} - {int, float}:
        return None
    if not (0 <= mean <= 1 and std >= 0):
        return None
    return Interval(mean, max(mean - _Z * std, 0.0), min(mean + _Z * std, 1.0))


def _difference(new: Interval, old: Interval) -> Interval:
    """The two are taken for independent, which makes the interval rather too wide."""
    middle = new.estimate - old.estimate
    below = ((new.estimate - new.low) ** 2 + (old.high - old.estimate) ** 2) ** 0.5
    above = ((new.high - new.estimate) ** 2 + (old.estimate - old.low) ** 2) ** 0.5
    return Interval(middle, max(middle - below, -1.0), min(middle + above, 1.0))


def _counts(summaries: Sequence[Summary], sha: str, model: str, since: str) -> tuple[int, int]:
    rows = [row for row in summaries if (row.content_sha256, row.model) == (sha, model) and row.day >= since]
    successes = sum(row.successes for row in rows)
    return successes, successes + sum(row.failures for row in rows)
