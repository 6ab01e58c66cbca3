"""Proposals carried over to a text that has changed since, and proposals gone on from. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, cast

from promptbits.checks.snapshot import Snapshot
from promptbits.facts.ids import content_sha256
from promptbits.optimize.reviews.lifecycle import By, require_open
from promptbits.optimize.reviews.model import Candidate, Origin, RefusedError, Rejected, Review, StaleError
from promptbits.optimize.terms import Basis, Prediction
from promptbits.text.changes import carried, changes
from promptbits.text.merge import merge

# Why a text may not be proposed, as a code; None if it may.
Filter = Callable[[Basis, str], str | None]
Score = Callable[[Sequence[str]], Sequence[Prediction]]

CONFLICT: Final = "conflict"
SAME: Final = "same-as-now"
REPEATED: Final = "same-as-another"


@dataclass(frozen=True, slots=True)
class Lost:
    """A candidate that could not be carried over, by its number before, and why."""

    candidate: int
    reason: str


@dataclass(frozen=True, slots=True)
class Rebased:
    """A review carried over to another text, and the candidates that were lost on the way."""

    review: Review
    lost: tuple[Lost, ...]


def basis_of(
    snapshot: Snapshot,
    section: tuple[int, int] | None = None,
    token_budget: int | None = None,
    origin: Origin | None = None,
) -> Basis:
    """A prompt as what is to become better.

    Args:
        snapshot: the prompt.
        section: the part of its content that may change.
        token_budget: an estimate of tokens to get below.
        origin: the candidate to go on from: its text, and all else as the prompt has it.
    """
    prompt = snapshot.prompt
    trigger: Any = prompt.get("trigger")
    table = cast("dict[str, Any]", trigger) if isinstance(trigger, dict) else {}
    kinds = [(kind, name) for kind, name in table.items() if isinstance(name, str)]
    category = prompt.get("category")
    descriptions = {
        name: str(spec["description"]) if isinstance(spec.get("description"), str) else ""
        for name, spec in (snapshot.variables or {}).items()
    }
    content = snapshot.content if origin is None else origin.text
    if origin is not None:
        section = _carried(section, snapshot.content, content)
    return Basis(
        content,
        descriptions,
        kinds[0] if len(kinds) == 1 else None,
        category if isinstance(category, str) else None,
        section,
        token_budget,
    )


def rebase(review: Review, snapshot: Snapshot, refuses: Filter, by: By, score: Score | None = None) -> Rebased:
    """A review of the text that a prompt has now: what a candidate changed of the text before is merged into it.

    Lines that both have changed are a conflict, and such a candidate is given up; so is one that the filters refuse on
    the text as it is now. What was predicted was predicted of other texts: without a scorer nothing is predicted.

    Raises:
        RefusedError: it is not open, its text has not changed, or no candidate is left; the text says why.
    """
    require_open(review)
    before, now = review.basis, snapshot.content
    if before.content == now:
        raise RefusedError(f"the text of {before.prompt_id} has not changed: there is nothing to rebase")
    section = _carried(before.section, before.content, now)
    basis = replace(before, content=now, content_sha256=content_sha256(now), section=section)
    wanted = basis_of(snapshot, section, before.token_budget)
    kept: dict[str, Candidate] = {}
    lost: list[Lost] = []
    for number, candidate in enumerate(review.candidates, 1):
        merged = merge(before.content, now, candidate.text)
        reason = CONFLICT if merged.conflicts else _refused(wanted, merged.text, kept, refuses)
        if reason is None:
            kept[merged.text] = replace(candidate, text=merged.text, prediction=None, probability_better=None)
        else:
            lost.append(Lost(number, reason))
    if not kept:
        reasons = ", ".join(dict.fromkeys(each.reason for each in lost)) or "there was none"
        raise RefusedError(f"no proposal of review {review.number} fits the text as it is now ({reasons})")
    rejected = [Rejected(each.reason, review.candidate(each.candidate).edits) for each in lost]
    event = by.did("rebased", note=f"from {before.content_sha256} to {basis.content_sha256}; {len(lost)} lost")
    rebased = replace(
        review,
        basis=basis,
        candidates=_scored(list(kept.values()), score),
        rejected=(*review.rejected, *rejected),
        recommended=None,
        run=replace(review.run, original=None if score is None else score([now])[0], original_rank=None),
        history=(*review.history, event),
        fingerprint="",
    )
    return Rebased(rebased, tuple(lost))


def origin_of(review: Review, number: int, snapshot: Snapshot) -> Origin:
    """A candidate as the start of another optimization. The edits that led to it go before those that follow.

    Raises:
        RefusedError: the review is not open, has no such candidate, or is one of another text than the prompt has now.
    """
    require_open(review)
    candidate = review.candidate(number)
    if review.basis.content != snapshot.content:
        id_ = review.basis.prompt_id
        raise StaleError(f"the text of {id_} has changed since: rebase review {review.number} first")
    return Origin(review.number, number, candidate.text, candidate.edits)


def _refused(basis: Basis, text: str, kept: Mapping[str, Candidate], refuses: Filter) -> str | None:
    if text == basis.content:
        return SAME
    return REPEATED if text in kept else refuses(basis, text)


def _carried(section: tuple[int, int] | None, before: str, after: str) -> tuple[int, int] | None:
    """Where a part of a text stands in what became of it."""
    if section is None:
        return None
    made = changes(before, after)
    return carried(made, section[0]), carried(made, section[1])


def _scored(candidates: list[Candidate], score: Score | None) -> tuple[Candidate, ...]:
    """Candidates with new predictions, in their order: another one would need what an optimizer weighs."""
    if score is None:
        return tuple(candidates)
    predictions = score([each.text for each in candidates])
    return tuple(replace(each, prediction=new) for each, new in zip(candidates, predictions, strict=True))
