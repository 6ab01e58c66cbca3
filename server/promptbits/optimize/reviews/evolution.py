"""The facts that a decision leaves: what a prompt was made from, by whom and how, and what was predicted of it."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from promptbits.facts.ids import content_sha256, new_id
from promptbits.facts.store import Fact
from promptbits.optimize.reviews.lifecycle import By
from promptbits.optimize.reviews.model import Candidate, Outcome, Review
from promptbits.optimize.terms import Prediction

if TYPE_CHECKING:
    from promptbits.optimize.reviews.promoting import Promotion


def of_acceptance(review: Review, outcome: Outcome, by: By) -> Fact:
    """The fact of an acceptance. In place, a prompt evolves from itself: the hashes tell its texts apart."""
    return _evolution(review, review.candidate(outcome.candidate), outcome, "accepted", by)


def of_rejection(review: Review, by: By) -> Fact | None:
    """The fact that the best candidate was turned down; None where there was none. It does not hold the reason."""
    if not review.candidates:
        return None
    best = review.candidate(1)
    outcome = Outcome(1, "in-place", review.basis.prompt_id, review.basis.revision, content_sha256(best.text))
    return _evolution(review, best, outcome, "rejected", by)


def of_promotion(promotion: Promotion, by: By, review: Review | None = None) -> Fact:
    """The fact that a base took over the text of a revision; of the review that it was accepted in, if there is one."""
    id_ = new_id() if review is None else _id(review, "promoted", promotion.base_id)
    return {
        "kind": "evolution",
        "id": id_,
        "timestamp": by.time,
        "prompt_id": promotion.base_id,
        "parent_id": promotion.learned_id,
        "revision": promotion.revision,
        "parent_sha256": content_sha256(promotion.before),
        "content_sha256": content_sha256(promotion.after),
        "status": "promoted",
        "metadata": {} if review is None else {"review": review.id},
    }


def _evolution(review: Review, candidate: Candidate, outcome: Outcome, status: str, by: By) -> Fact:
    fact: Fact = {
        "kind": "evolution",
        "id": _id(review, status, str(outcome.candidate)),
        "timestamp": by.time,
        "prompt_id": outcome.prompt_id,
        "parent_id": review.basis.prompt_id,
        "revision": outcome.revision,
        "parent_sha256": review.basis.content_sha256,
        "content_sha256": outcome.content_sha256,
        "proposer": review.run.proposer,
        "edits": list(candidate.edits),
        "status": status,
        "metadata": {"review": review.id, "candidate": outcome.candidate},
    }
    prediction = _predicted(review, candidate)
    return fact | ({"prediction": prediction} if prediction else {})


def _id(review: Review, *what: str) -> str:
    """The id of a fact about a review: a UUIDv7 as well, and the same whoever makes it, so that it counts once.

    A decision may be made twice: when whoever made it was killed before it was kept.
    """
    rest = hashlib.sha256(" ".join((review.id, *what)).encode()).hexdigest()
    variant = "89ab"[int(rest[0], 16) % 4]
    return f"{review.id[:14]}7{rest[1:4]}-{variant}{rest[4:7]}-{rest[7:19]}"


def _predicted(review: Review, candidate: Candidate) -> dict[str, Any]:
    """What was predicted of a candidate and of the text before, to be held against what is measured later."""
    if candidate.prediction is None:
        return {}
    run = review.run
    table: dict[str, Any] = _table(candidate.prediction) | {
        "probability_better": candidate.probability_better,
        "original": None if run.original is None else _table(run.original),
        "measured_texts": run.measured_texts,
        "model": run.model or None,
        "scorer": run.scorer or None,
    }
    return {name: value for name, value in table.items() if value is not None}


def _table(prediction: Prediction) -> dict[str, Any]:
    return {"mean": prediction.mean, "std": prediction.std, "evidence": prediction.evidence}
