"""What may be said of a prediction, in one place: no more than the data support.

The odds are those that scorers of this kind reached on tasks they had never seen: they speak of pairs of texts, never
of a success rate.
"""

from __future__ import annotations

from promptbits.optimize.scorer.evidence import LEAST, SelfCheck
from promptbits.optimize.terms import Evidence, Prediction

RECOMMENDED = 0.8
"""The least probability of being better at which one text is recommended."""

ODDS: dict[Evidence, str] = {
    "none": "No measurements yet: heuristic order, about 55:45 on a pair at best",
    "heuristic": "Hardly any measurements: heuristic order, about 55:45 on a pair at best",
    "weak": "weak (about 60:40 per pair)",
    "moderate": "moderate (about 2:1 per pair)",
    "good": "good (about 70:30 per pair)",
}

TOO_NOISY = "Your feedback is too noisy to rank variants"


def shows_rates(evidence: Evidence) -> bool:
    """Whether a predicted rate may be shown at all."""
    return evidence not in ("none", "heuristic")


def measured_texts(count: int) -> str:
    """A number of measured texts, in words."""
    return "1 measured text" if count == 1 else f"{count} measured texts"


def standing(evidence: Evidence, count: int) -> str:
    """What a ranking stands on, such as `moderate (about 2:1 per pair), 23 measured texts`."""
    return ODDS[evidence] if count == 0 else f"{ODDS[evidence]}, {measured_texts(count)}"


def rate(prediction: Prediction) -> str | None:
    """A predicted rate with its 95 % interval, such as `predicted 62 % [48, 76]`; None where none may be shown."""
    if not shows_rates(prediction.evidence):
        return None
    low = max(prediction.mean - 1.96 * prediction.std, 0.0)
    high = min(prediction.mean + 1.96 * prediction.std, 1.0)
    return f"predicted {100 * prediction.mean:.0f} % [{100 * low:.0f}, {100 * high:.0f}]"


def why(check: SelfCheck, count: int) -> str:
    """Why a scorer ranks or does not."""
    if count < LEAST:
        return f"{measured_texts(count) if count else 'No measured texts'}: too few to check, the order is heuristic"
    if check.pairs == 0:
        return f"{TOO_NOISY}: all {count} of them were measured alike"
    found = f"on your own facts {100 * check.accuracy:.0f} % of {check.pairs} pairs are put in the right order"
    if check.passed:
        return f"{found[0].upper()}{found[1:]}, at least {100 * check.lower:.0f} %"
    return f"{TOO_NOISY}: {found}, which may be chance"
