"""Decisions about proposals: accepted, rejected, promoted. A review changes only once its edit was made."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from promptbits.checks.snapshot import Snapshot
from promptbits.facts.locating import facts_path
from promptbits.facts.store import Fact, InvalidFactError, StoreError
from promptbits.lsp.requests.review_changes import ReviewChanges
from promptbits.lsp.rpc.errors import RequestFailedError
from promptbits.lsp.values.convert import Json
from promptbits.lsp.values.uris import uri_of
from promptbits.optimize.reviews import evolution, lifecycle, revisions
from promptbits.optimize.reviews.lifecycle import By
from promptbits.optimize.reviews.model import How, Outcome, RefusedError, Review
from promptbits.optimize.reviews.opening import open_reviews
from promptbits.optimize.reviews.promoting import base_of, promote
from promptbits.optimize.reviews.store import ReviewStore, ReviewStoreError

if TYPE_CHECKING:
    from pygls.lsp.server import LanguageServer

    from promptbits.lsp.requests.optimizing import Optimizing
    from promptbits.lsp.state.session import Session

Result = TypeVar("Result")

REASONS: Final = ("Not better", "Changes what is meant", "Too long", "Reads badly", "Not now")


class Deciding:
    """Carries decisions out.

    Args:
        server: what asks the client.
        session: knows the prompts.
        optimizing: knows who decides, and finds prompts.
        changes: has the client make changes.

    Attributes:
        on_reviews: called when a review was made or changed; what it gives ends once everybody knows of that.
        on_facts: called once a fact was added.
    """

    def __init__(
        self, server: LanguageServer, session: Session, optimizing: Optimizing, changes: ReviewChanges
    ) -> None:
        self._server = server
        self._session = session
        self._optimizing = optimizing
        self._changes = changes
        self.on_reviews: Callable[[], Awaitable[object]] = session.configured.wait
        self.on_facts: Callable[[], None] = lambda: None

    async def accept(self, uri: str, number: int, candidate: int, how: How) -> Json:
        """Accept a candidate, as a new revision or in place of the text of its prompt.

        Raises:
            RequestFailedError: it cannot be, in words to show.
        """
        place = await self._optimizing.place(uri)
        store, by = self._store(place.root), self._by()
        review = await _done(lambda: store.get(number))
        place = await self._optimizing.place(uri)  # as it is after the wait
        with _Told():
            if how == "revision":
                accepted = revisions.as_revision(review, candidate, place.snapshot, self._changes.reader())
            else:
                accepted = revisions.in_place(review, candidate, place.snapshot)
        outcome = accepted.outcome
        label = f"Accept candidate {candidate} of review {number}"
        await self._changes.make(place.surface, accepted.changes, label)
        text = review.candidate(candidate).text
        await self._record(place.root, [evolution.of_acceptance(review, outcome, by)], [review.basis.content, text])

        def change(it: Review, others: list[Review]) -> list[Review]:
            lifecycle.require_open(it)
            if it.candidates != review.candidates:
                raise RefusedError(f"review {number} has been rebased meanwhile")
            return lifecycle.accepted(it, others, outcome, by)

        try:
            await _done(lambda: store.update(number, change))
        except RequestFailedError as error:
            raise RequestFailedError(f"the change was made, and the review stays as it is: {error}") from error
        await self.on_reviews()
        return _answer(number, "accepted", outcome, accepted.changes[0].path if accepted.changes else None)

    async def reject(self, uri: str, number: int, reason: str | None) -> Json | None:
        """Turn the proposals of a review down; without a reason the author is asked for one.

        Raises:
            RequestFailedError: it cannot be, in words to show.
        """
        place = await self._optimizing.place(uri)
        why = reason if reason is not None else await self._asked_why(number)
        if why is None:
            return None
        store, by = self._store(place.root), self._by()
        found = await _done(lambda: store.update(number, lambda it, _: [lifecycle.rejected(it, why, by)]))
        fact = evolution.of_rejection(found, by)
        if fact is not None:
            await self._record(place.root, [fact], [found.basis.content, found.candidate(1).text])
        await self.on_reviews()
        return {"review": number, "status": "rejected", "message": f"review {number} is rejected: {why}"}

    async def promote(self, uri: str) -> Json:
        """Let the base of a revision have its content and its variables.

        Raises:
            RequestFailedError: it cannot be, in words to show.
        """
        place = await self._optimizing.place(uri)
        store, by = self._store(place.root), self._by()
        every = await _done(store.all)
        place = await self._optimizing.place(uri)
        snapshot, library = place.snapshot, place.snapshot.library
        entry = library.by_path(str(snapshot.path))
        if entry is None or entry.layer != "learned":
            raise RequestFailedError("only a learned revision is promoted")
        with _Told():
            base = base_of(library, entry)
            base_surface = self._session.surface(self._session.address(base.path))
            if base_surface is None:
                raise RequestFailedError(f"{base.path} cannot be read")
            promotion = promote(snapshot, _in_root(base_surface.snapshot, snapshot))
        await self._changes.make(place.surface, promotion.changes, f"Promote {entry.id}")
        origin = next((each for each in every if each.outcome and each.outcome.prompt_id == entry.id), None)
        if promotion.changes or origin is not None:
            fact = evolution.of_promotion(promotion, by, origin)
            await self._record(place.root, [fact], [promotion.before, promotion.after])
        if promotion.changes and origin is not None:
            number = origin.number
            await _done(lambda: store.update(number, lambda it, _: [lifecycle.promoted(it, base.id, by)]))
        await self.on_reviews()
        what = "is" if promotion.changes else "already was"
        return {
            "promptId": base.id,
            "revision": promotion.revision,
            "uri": uri_of(promotion.changes[0].path) if promotion.changes else self._session.address(base.path),
            "message": f"{base.id} {what} revision {promotion.revision}, with the text of {entry.id}",
        }

    async def _asked_why(self, number: int) -> str | None:
        choices = [types.MessageActionItem(each) for each in REASONS]
        asked = types.ShowMessageRequestParams(types.MessageType.Info, f"Why is review {number} rejected?", choices)
        try:
            answer = await self._server.window_show_message_request_async(asked)
        except JsonRpcException as error:
            raise RequestFailedError("say why: this editor cannot ask, so give the reason as an argument") from error
        return answer.title if answer is not None else None

    def _store(self, root: Path) -> ReviewStore:
        loop = asyncio.get_running_loop()

        def say(line: str) -> None:
            loop.call_soon_threadsafe(self._session.warn, [line])

        return open_reviews(root, say)

    def _by(self) -> By:
        return By.now(self._optimizing.who())

    async def _record(self, root: Path, facts: Sequence[Fact], texts: Sequence[str]) -> None:
        """Keep facts about a decision. Where that fails it is said, and what was decided is still done."""
        try:
            await asyncio.to_thread(_append, facts_path(root), facts, texts)
        except (InvalidFactError, StoreError) as error:
            self._session.warn([f"{error}: this decision is no fact"])
        else:
            self.on_facts()


class _Told:
    """What is refused becomes an answer in words."""

    def __enter__(self) -> None:
        """Nothing to prepare."""

    def __exit__(self, _kind: object, error: object, _trace: object) -> None:
        if isinstance(error, RefusedError | ReviewStoreError):
            raise RequestFailedError(str(error)) from error


async def _done(work: Callable[[], Result]) -> Result:
    """Work on the disk, in a thread."""
    with _Told():
        return await asyncio.to_thread(work)


def _append(path: Path, facts: Sequence[Fact], texts: Sequence[str]) -> None:
    from promptbits.facts.ids import content_sha256
    from promptbits.facts.opening import open_store  # only where something is recorded

    store = open_store(path)
    try:
        store.append(facts)
        for text in texts:
            store.keep_text(content_sha256(text), text)
    finally:
        store.close()


def _in_root(base: Snapshot, learned: Snapshot) -> Snapshot:
    """The base with the root and the library of its revision: one that ships lies in no root of its own."""
    return replace(base, root=learned.root, library=learned.library)


def _answer(number: int, status: str, outcome: Outcome, path: Path | None) -> Json:
    if outcome.how == "in-place":
        said = f"{outcome.prompt_id} has the text of candidate {outcome.candidate} now"
    else:
        said = f"{outcome.prompt_id} has the text of candidate {outcome.candidate}. It is served once it is promoted"
    return {
        "review": number,
        "status": status,
        "promptId": outcome.prompt_id,
        "revision": outcome.revision,
        "uri": None if path is None else uri_of(path),
        "message": said,
    }
