"""What may become of a review, as pure functions: each gives the review as it is afterwards."""

from __future__ import annotations

from dataclasses import dataclass, replace

from promptbits.facts.ids import timestamp
from promptbits.optimize.reviews.model import Event, How, Outcome, RefusedError, Review, What


@dataclass(frozen=True, slots=True)
class By:
    """Who decides, and when (RFC 3339, UTC)."""

    who: str
    time: str

    @classmethod
    def now(cls, who: str) -> By:
        """Somebody, now."""
        return cls(who, timestamp())

    def did(self, what: What, *, candidate: int | None = None, prompt_id: str | None = None, note: str = "") -> Event:
        """A line of the audit trail."""
        return Event(self.time, self.who, what, candidate, prompt_id, note)


def require_open(review: Review) -> None:
    """Refuse a review that was decided about.

    Raises:
        RefusedError: it is not open; the text says what became of it.
    """
    if review.status == "open":
        return
    last = next((each for each in reversed(review.history) if each.what == review.status), None)
    when = f" on {last.time[:16].replace('T', ' ')} by {last.who}" if last else ""
    into = f" as {review.outcome.prompt_id}" if review.outcome and review.outcome.how == "revision" else ""
    raise RefusedError(f"review {review.number} is no longer open: it was {review.status}{into}{when}")


def accepted(review: Review, others: list[Review], outcome: Outcome, by: By) -> list[Review]:
    """A review with one of its candidates accepted, and the open reviews that are superseded by that."""
    event = by.did("accepted", candidate=outcome.candidate, prompt_id=outcome.prompt_id, note=_WORDS[outcome.how])
    chosen = replace(review, status="accepted", outcome=outcome, history=(*review.history, event))
    return [chosen, *_superseded(review, others, by)]


def rejected(review: Review, reason: str, by: By) -> Review:
    """A review with all of its candidates turned down.

    Raises:
        RefusedError: it is not open, or no reason is given.
    """
    require_open(review)
    if not reason.strip():
        raise RefusedError("say why: a rejection without a reason teaches nobody anything")
    return replace(review, status="rejected", history=(*review.history, by.did("rejected", note=reason.strip())))


def promoted(review: Review, base_id: str, by: By) -> Review:
    """A review whose accepted text has become that of the base."""
    candidate = review.outcome.candidate if review.outcome else None
    return replace(review, history=(*review.history, by.did("promoted", candidate=candidate, prompt_id=base_id)))


def _superseded(chosen: Review, others: list[Review], by: By) -> list[Review]:
    """The open reviews that one was refined from, or that were refined from it, now that it is accepted."""
    related = family(chosen, others)
    note = f"review {chosen.number} was accepted"
    return [
        replace(each, status="superseded", history=(*each.history, by.did("superseded", note=note)))
        for each in others
        if each.number in related and each.number != chosen.number and each.status == "open"
    ]


def family(review: Review, others: list[Review]) -> set[int]:
    """The numbers of a review, of those it was refined from, and of those refined from it, however often."""
    by_number = {each.number: each for each in others}
    found = {review.number}
    above = review
    while above.origin is not None and above.origin.review not in found:
        found.add(above.origin.review)
        if above.origin.review not in by_number:
            break
        above = by_number[above.origin.review]
    waiting = [review.number]
    while waiting:
        number = waiting.pop()
        below = {each.number for each in others if each.origin and each.origin.review == number} - found
        found |= below
        waiting += below
    return found


_WORDS: dict[How, str] = {"revision": "as a new revision", "in-place": "in place"}
