"""`promptbits.recordFeedback`: what an author thinks of a prompt becomes a fact about its text."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, cast

from promptbits.checks.snapshot import Snapshot
from promptbits.facts.ids import new_id, timestamp
from promptbits.facts.locating import facts_path
from promptbits.facts.store import Fact, InvalidFactError, StoreError
from promptbits.lsp.rpc.errors import RequestFailedError
from promptbits.lsp.state.session import Session
from promptbits.lsp.values.convert import Json

# What else than a rating or an outcome may be told: the conversation or the run that it is about.
_FIELDS: Final = ("rating", "outcome", "conversation_id", "execution_id")


class Feedback:
    """Writes feedback to the store of a prompt's root.

    Attributes:
        on_recorded: called once a fact was added.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self.on_recorded: Callable[[], None] = lambda: None

    async def record(self, address: str, said: Any) -> Json:
        """Record a rating (a number), an outcome (a word), or a table with `rating`, `outcome` and what they are about.

        Raises:
            RequestFailedError: it cannot be recorded, in words to show.
        """
        snapshot = self._session.snapshot(address)
        if snapshot is None or snapshot.root is None or snapshot.path is None:
            raise RequestFailedError("feedback needs a prompt that is saved in a folder")
        fact = _fact(snapshot, _told(said))
        try:
            await asyncio.to_thread(_append, facts_path(snapshot.root.path), fact, snapshot.content)
        except (InvalidFactError, StoreError) as error:
            raise RequestFailedError(f"nothing was recorded: {error}") from error
        self.on_recorded()
        return {"id": fact["id"], "message": _message(fact)}


def _told(said: Any) -> Fact:
    table = cast("dict[str, Any]", said) if isinstance(said, dict) else {}
    if isinstance(said, str):
        table = {"outcome": said}
    elif isinstance(said, int | float) and not isinstance(said, bool):
        table = {"rating": said}
    told = {name: table[name] for name in _FIELDS if table.get(name) is not None}
    if not {"rating", "outcome"} & told.keys():
        raise RequestFailedError('feedback is a rating from 1 to 5, "succeeded" or "failed"')
    return told


def _fact(snapshot: Snapshot, told: Fact) -> Fact:
    id_, text = snapshot.prompt.get("id"), snapshot.content_sha256
    if not isinstance(id_, str) or not id_ or text is None:
        raise RequestFailedError("feedback is about a text: this prompt needs an id, and content that can be read")
    about: Fact = {
        "kind": "feedback",
        "id": new_id(),
        "timestamp": timestamp(),
        "prompt_id": id_,
        "content_sha256": text,
    }
    revision = snapshot.prompt.get("revision")
    if isinstance(revision, int) and not isinstance(revision, bool):
        about["revision"] = revision
    return about | told


def _append(path: Path, fact: Fact, content: str) -> None:
    from promptbits.facts.opening import open_store  # only where something is recorded

    store = open_store(path)
    try:
        store.append([fact])  # first: what is refused leaves no text behind
        store.keep_text(fact["content_sha256"], content)
    finally:
        store.close()


def _message(fact: Fact) -> str:
    said = [f"rating {fact['rating']:g}"] if "rating" in fact else []
    said += [str(fact["outcome"])] if "outcome" in fact else []
    message = f'recorded for "{fact["prompt_id"]}" as it stands: {", ".join(said)}'
    if "outcome" in fact and not {"conversation_id", "execution_id"} & fact.keys():
        message += " (it names no conversation, so no rate counts the outcome)"
    return message
