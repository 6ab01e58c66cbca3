"""`promptbits/reviews`: the reviews of every root, or of one prompt, for a client that shows them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from promptbits.checks.snapshot import Snapshot
from promptbits.language.reviewing.matching import concerns
from promptbits.language.reviewing.report import advice, rationales
from promptbits.lsp.requests.named import prompt_in
from promptbits.lsp.requests.review_documents import review_uri
from promptbits.lsp.state.reviewed import prompt_of
from promptbits.lsp.state.roots import RootState
from promptbits.lsp.state.session import Session
from promptbits.lsp.values.convert import Json
from promptbits.lsp.values.parameters import table
from promptbits.lsp.values.uris import uri_of
from promptbits.optimize.reviews import wording
from promptbits.optimize.reviews.model import Candidate, Review
from promptbits.optimize.reviews.revisions import is_stale

REVIEWS: Final = "promptbits/reviews"


class ReviewRequests:
    """Answers the request."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def answer(self, params: Any) -> Json:
        """The open reviews, and the newest of the others; the newest first.

        Raises:
            RequestFailedError: the prompt that is named is not there.
        """
        await self._session.configured.wait()
        only = table(params).get("uri") if params is not None else None
        for folder in self._session.roots.folders:
            self._session.roots.of(folder / "any.json")  # its reviews are looked at as well
        for state in self._session.roots.states():
            await state.library_read()  # only then it is known which prompt is which
        await self._session.reviews_known()
        wanted = prompt_in(self._session, params) if only is not None else None
        found = [
            self._written(state, review, prompt)
            for state in self._session.roots.states()
            for review, prompt in self._reviews(state, wanted)
        ]
        return {"reviews": found}

    def _reviews(self, state: RootState, wanted: Snapshot | None) -> Iterator[tuple[Review, Snapshot | None]]:
        for review in reversed(state.reviews):
            if wanted is None:
                yield review, prompt_of(self._session, state, review)
            elif concerns(review, wanted):
                yield review, wanted

    def _written(self, state: RootState, review: Review, prompt: Snapshot | None) -> Json:
        address = None if prompt is None or prompt.path is None else self._session.address(str(prompt.path))
        original = review.run.original
        return {
            "root": uri_of(state.root.path),
            "number": review.number,
            "uri": address,
            "promptId": review.basis.prompt_id,
            "status": review.status,
            "stale": review.status == "open" and prompt is not None and is_stale(review, prompt),
            "summary": wording.headline(review),
            "evidence": wording.basis(review),
            "advice": advice(review),
            "created": review.history[0].time if review.history else None,
            "proposer": review.run.proposer,
            "document": review_uri(state.root.path, review.number),
            "basis": review_uri(state.root.path, review.number, 0),
            "now": wording.rate(original) or None,
            "recommended": review.recommended,
            "candidates": [_candidate(state, review, number, each) for number, each in enumerate(review.candidates, 1)],
            "accepted": review.outcome
            and {
                "candidate": review.outcome.candidate,
                "how": review.outcome.how,
                "promptId": review.outcome.prompt_id,
                "revision": review.outcome.revision,
            },
        }


def _candidate(state: RootState, review: Review, number: int, candidate: Candidate) -> Json:
    between = wording.gain(candidate, review.run)
    rated = wording.shows_rates(review)
    return {
        "number": number,
        "document": review_uri(state.root.path, review.number, number),
        "edits": [{"name": name, "rationale": why} for name, why in rationales(candidate.edits)],
        "predicted": wording.rate(candidate.prediction) or None if rated else None,
        "gain": None if between is None else between._asdict(),
        "gainText": None if between is None else wording.points(between),
        "probabilityBetter": candidate.probability_better if rated else None,
    }
