"""`promptbits.optimize_prompt`: what applications and scripts call."""

from __future__ import annotations

import re
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from promptbits.checks.snapshot import Snapshot
from promptbits.optimize.options import Options
from promptbits.optimize.reviews import wording
from promptbits.optimize.reviews.lifecycle import By
from promptbits.optimize.reviews.model import Candidate, Review, Run
from promptbits.prompts import drafts
from promptbits.prompts.content import UnfitError, decoded
from promptbits.prompts.library import Library
from promptbits.prompts.root import Root
from promptbits.runtime.errors import PromptError, PromptNotFoundError, PromptUnreadableError
from promptbits.runtime.notices import say_once
from promptbits.runtime.session import session
from promptbits.text.document import Document

if TYPE_CHECKING:
    from promptbits.facts.sqlite.embedded import SqliteStore

_ID: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_TEXT: Final = "text"


@dataclass(frozen=True, slots=True)
class OptimizationResult:
    """What came of an optimization. Nothing in it is measured but the facts that it stands on.

    Attributes:
        prompt_id: the prompt; None for a plain text.
        original: the text as it was.
        text: the text to use: the recommended candidate, or else the original.
        candidates: the proposals, the best first, each with its edits and what is predicted of it.
        recommended: the number of the candidate that is likely enough to be better; None if none is.
        summary: the proposals in one line.
        evidence: what the predictions stand on, in one line.
        advice: what to do now, in one line.
        review: the number under which it is kept for review; None for a plain text.
        run: how it was done.
    """

    prompt_id: str | None
    original: str
    text: str
    candidates: tuple[Candidate, ...]
    recommended: int | None
    summary: str
    evidence: str
    advice: str
    review: int | None
    run: Run


def optimize_prompt(
    prompt: str,
    /,
    *,
    breadth: int = 10,
    depth: int = 3,
    seed: int = 0,
    max_seconds: float | None = None,
    model: str | None = None,
) -> OptimizationResult:
    """Propose better versions of a prompt, without any model or network. No prompt is changed.

    Args:
        prompt: the id of a prompt, whose proposals are kept as a review; or any text.
        breadth: how many texts each round has; at least 2.
        depth: how many rounds there are; at least 1.
        seed: what the choices hang on: the same seed gives the same proposals.
        max_seconds: stop after this time with what there is by then.
        model: the model whose facts count; by itself the one with the most.

    Raises:
        PromptNotFoundError: the text has the form of an id, and no prompt has it.
        PromptUnreadableError: its file is not in order.
        PromptError: the review cannot be kept, or what scores is not installed.
        ValueError: breadth or depth is too small.
    """
    if breadth < 2 or depth < 1:
        raise ValueError("breadth is at least 2, and depth at least 1")
    options = Options(breadth, depth, seed, max_seconds, model)
    return _of_id(prompt, options) if _ID.fullmatch(prompt) else _of_text(prompt, options)


def _of_id(id_: str, options: Options) -> OptimizationResult:
    from promptbits.optimize.reviews.opening import open_reviews
    from promptbits.optimize.reviews.store import ReviewStoreError

    root = session().shelf.root()
    library = Library.load(root)
    entry = library.served(id_)
    if entry is None:
        near = library.nearest_id(id_)
        raise PromptNotFoundError(
            f"{root.path}: no prompt has the id {id_!r}" + (f" (did you mean {near!r}?)" if near else "")
        )
    try:
        document = Document.from_bytes(Path(entry.path).read_bytes())
        decoded(document)
    except (OSError, UnfitError) as error:
        raise PromptUnreadableError(f"{entry.path}: not in order: promptbits check says where") from error
    with _facts(root) as facts:
        review = _run(Snapshot(document, Path(entry.path), root, library), facts, options)
    try:
        kept = open_reviews(root.path, lambda line: say_once(line, "%s", line)).add(review)
    except ReviewStoreError as error:
        raise PromptError(str(error)) from error
    return _result(kept, id_, kept.number)


def _of_text(text: str, options: Options) -> OptimizationResult:
    if not text.strip():
        raise ValueError("there is no text to optimize")
    document = Document.from_text(drafts.as_text({**drafts.from_text(_TEXT, text), "content": text}))
    return _result(_run(Snapshot(document), None, options), None, None)


def _run(snapshot: Snapshot, facts: SqliteStore | None, options: Options) -> Review:
    from promptbits.optimize.running import MissingExtraError, optimize
    from promptbits.optimize.searching import remembering

    try:
        search = remembering(snapshot.root.path if snapshot.root else None)
        return optimize(snapshot, facts, options, by=By.now("promptbits.optimize_prompt"), search=search)
    except MissingExtraError as error:
        raise PromptError(str(error)) from error


def _result(review: Review, prompt_id: str | None, number: int | None) -> OptimizationResult:
    chosen = review.recommended
    return OptimizationResult(
        prompt_id,
        review.basis.content,
        review.basis.content if chosen is None else review.candidate(chosen).text,
        review.candidates,
        chosen,
        wording.headline(review),
        wording.basis(review),
        wording.advice(review),
        number,
        review.run,
    )


@contextmanager
def _facts(root: Root) -> Generator[SqliteStore | None]:
    """The store that this process records in, to read; None where there is none, or none that can be read."""
    from promptbits.facts.locating import facts_path
    from promptbits.facts.opening import open_store
    from promptbits.facts.store import StoreError

    chosen = session().choices.get("facts")
    path = Path(chosen) if chosen else facts_path(root.path)
    if chosen is False or not path.exists():
        yield None
        return
    try:
        store = open_store(path, read_only=True)
    except StoreError as error:
        say_once(f"optimize {path}", "%s: optimized without facts", error)
        yield None
        return
    try:
        yield store
    finally:
        store.close()
