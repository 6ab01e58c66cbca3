"""Reviews in words, the same in the editor and on the command line. A prediction is called one; none is a measurement.

What a level of evidence is worth the scorer has said when it was asked: its words are kept with the review.
"""

from __future__ import annotations

import math
from typing import Final

from promptbits.facts.intervals import Interval
from promptbits.optimize.reviews.model import Candidate, Review, Run
from promptbits.optimize.terms import Prediction

RATED: Final = frozenset({"weak", "moderate", "good"})

_Z: Final = 1.959963984540054


def has_rate(prediction: Prediction | None) -> bool:
    """Whether a prediction may be shown as a rate; otherwise it is a mere order."""
    return prediction is not None and prediction.evidence in RATED


def rate(prediction: Prediction | None) -> str:
    """A predicted rate with its interval: `58 % [49–67]`; empty where none may be shown."""
    if prediction is None or not has_rate(prediction):
        return ""
    low, high = (_share(prediction.mean + sign * _Z * prediction.std) for sign in (-1, 1))
    return f"{_share(prediction.mean)} % [{low}–{high}]"


def gain(candidate: Candidate, run: Run) -> Interval | None:
    """How much higher the rate of a candidate is predicted to be than that of the original.

    The two predictions are taken for independent. They are not, so the interval is rather too wide than too narrow.
    """
    new, old = candidate.prediction, run.original
    if new is None or old is None or not (run.ranks and has_rate(new) and has_rate(old)):
        return None
    middle, half = new.mean - old.mean, _Z * math.hypot(new.std, old.std)
    return Interval(middle, max(middle - half, -1.0), min(middle + half, 1.0))


def points(interval: Interval) -> str:
    """A predicted difference in whole percentage points, which is more than it can tell: `+4 pts [−3, +11]`."""
    middle, low, high = (_signed(each) for each in interval)
    return f"{middle} pts [{low}, {high}]"


def texts(count: int) -> str:
    """How many measured texts a prediction stands on."""
    return f"{count:,} measured text{'' if count == 1 else 's'}"


def basis(review: Review) -> str:
    """What the predictions of a review stand on, in one line."""
    run = review.run
    if not run.standing or not any(each.prediction for each in review.candidates):
        return "Nothing is predicted of these texts"
    of = f", with {run.model}" if run.model and run.measured_texts else ""
    return f"{run.standing}{of}" if run.ranks else f"{run.why}{of}"


def shows_rates(review: Review) -> bool:
    """Whether any rate may be shown of a review."""
    return review.run.ranks and any(has_rate(each.prediction) for each in review.candidates)


def headline(review: Review) -> str:
    """A review in one line: `3 proposals · predicted best +4 pts [−3, +11] (moderate, 23 measured texts)`."""
    count = len(review.candidates)
    start = f"{count} proposal{'' if count == 1 else 's'}"
    if not count:
        return "no proposals"
    best = review.candidate(1)
    between = gain(best, review.run)
    if between is not None and best.prediction is not None:
        stands_on = f"({best.prediction.evidence}, {texts(review.run.measured_texts)})"
        return f"{start} · predicted best {points(between)} {stands_on}"
    if best.prediction is None:
        return f"{start} · nothing is predicted of them"
    if not review.run.ranks:
        return f"{start} · what is measured is too noisy to rank them ({texts(review.run.measured_texts)})"
    if best.prediction.evidence == "none":
        return f"{start} · heuristic order, nothing is measured yet"
    return f"{start} · heuristic order ({texts(review.run.measured_texts)})"


def advice(review: Review) -> str:
    """What to do about a review, in one line."""
    number = review.number
    if not review.candidates:
        return "no proposal passed the filters: the text stays as it is"
    if review.recommended is not None:
        likely = review.candidate(review.recommended).probability_better
        words = f" (P(better) {likely:.2f}, predicted)" if likely is not None else ""
        which = f" --candidate {review.recommended}" if review.recommended != 1 else ""
        return f"candidate {review.recommended} is recommended{words}: promptbits review accept {number}{which}"
    if review.run.original_rank == 1:
        return "no predicted improvement: the text as it is comes first"
    few = min(3, len(review.candidates))
    which = "candidate 1" if few == 1 else f"candidates 1 to {few}"
    return f"none is likely enough to be better to be recommended: let an experiment measure {which}"


def _share(value: float) -> int:
    return round(min(max(value, 0.0), 1.0) * 100)


def _signed(value: float) -> str:
    whole = round(value * 100)
    return f"−{-whole}" if whole < 0 else f"+{whole}"
