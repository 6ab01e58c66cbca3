"""Which reviews are about a prompt."""

from __future__ import annotations

from collections.abc import Iterable

from promptbits.checks.snapshot import Snapshot
from promptbits.optimize.reviews.model import Review


def reviews_of(snapshot: Snapshot, reviews: Iterable[Review]) -> list[Review]:
    """The open reviews of a prompt, the newest first."""
    found = [each for each in reviews if each.status == "open" and concerns(each, snapshot)]
    return sorted(found, key=lambda each: -each.number)


def concerns(review: Review, snapshot: Snapshot) -> bool:
    """Whether a review is about this file, or about one of its id that has been moved here."""
    basis, path = review.basis, snapshot.path
    if path is None:
        return False
    library = snapshot.library
    if basis.path is None:
        entry = library.by_path(str(path))
        return entry is not None and entry.layer == "shipped" and entry.id == basis.prompt_id
    if (snapshot.relative_path or path).as_posix() == basis.path:
        return True
    if snapshot.prompt.get("id") != basis.prompt_id or snapshot.root is None or not library.complete:
        return False
    served = library.served(basis.prompt_id)
    was_moved = library.by_path(str(snapshot.root.path / basis.path)) is None
    return was_moved and served is not None and served.path == str(path)
