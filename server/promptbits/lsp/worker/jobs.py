"""What the worker can do. Each job is given its message, and gives the values of its answer."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from promptbits.facts.store import StoreError
from promptbits.lsp.worker.carrying import Json, unpacked
from promptbits.optimize.options import Options
from promptbits.optimize.reviews import wording
from promptbits.optimize.reviews.lifecycle import By
from promptbits.optimize.reviews.model import RefusedError, Review
from promptbits.optimize.reviews.opening import open_reviews
from promptbits.optimize.reviews.rebasing import Lost, origin_of, rebase
from promptbits.optimize.reviews.store import ReviewStoreError
from promptbits.optimize.running import MissingExtraError, optimize, rescoring

if TYPE_CHECKING:
    from promptbits.facts.sqlite.embedded import SqliteStore

# What goes wrong in a way that people can do something about; the text says what.
TOLD: Final = (RefusedError, ReviewStoreError, MissingExtraError, StoreError)


class Tell(NamedTuple):
    """How a job speaks while it works: how far it is, and what people have to know."""

    progress: Callable[[int, int], None]
    say: Callable[[str], None]


def optimized(job: Json, tell: Tell) -> Json:
    """Propose better versions of a prompt, and keep them as a review."""
    from promptbits.optimize.searching import remembering

    snapshot = unpacked(job["prompt"])
    store = open_reviews(Path(job["prompt"]["root"]), tell.say)
    given = dict(job["options"])
    source = given.pop("from", None)
    if given.get("section") is not None:
        given["section"] = tuple(given["section"])
    origin = None if source is None else origin_of(store.get(source[0]), source[1], snapshot)
    with _facts(job) as facts:
        found = optimize(
            snapshot,
            facts,
            Options(**given),
            by=By.now(job["who"]),
            search=remembering(Path(job["prompt"]["root"])),
            origin=origin,
            progress=tell.progress,
        )
    return _answer(store.add(found))


def rebased(job: Json, tell: Tell) -> Json:
    """Carry the proposals of a review over to the text as it is now."""
    from promptbits.optimize.searching import refuses

    snapshot = unpacked(job["prompt"])
    lost: list[Lost] = []

    def change(it: Review, _others: list[Review]) -> list[Review]:
        with _facts(job) as facts:
            result = rebase(it, snapshot, refuses, By.now(job["who"]), rescoring(snapshot, facts, it.run.model))
        lost.extend(result.lost)
        return [result.review]

    kept = open_reviews(Path(job["prompt"]["root"]), tell.say).update(job["review"], change)
    return _answer(kept) | {"lost": [{"candidate": each.candidate, "reason": each.reason} for each in lost]}


JOBS: Final[dict[str, Callable[[Json, Tell], Json]]] = {"optimize": optimized, "rebase": rebased}


def _answer(review: Review) -> Json:
    return {
        "review": review.number,
        "summary": wording.headline(review),
        "candidates": len(review.candidates),
        "recommended": review.recommended,
    }


@contextmanager
def _facts(job: Json) -> Generator[SqliteStore | None]:
    """The store of the root, to read; None where there is none."""
    from promptbits.facts.locating import facts_path
    from promptbits.facts.opening import open_store

    path = facts_path(Path(job["prompt"]["root"]))
    if not path.exists():
        yield None
        return
    store: Any = open_store(path, create=False, read_only=True)
    try:
        yield store
    finally:
        store.close()
