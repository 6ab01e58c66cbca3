"""The lenses about open reviews: on the line of the id, in the words that are used everywhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from promptbits.checks.snapshot import Snapshot
from promptbits.language.display.code_lens import lens_range
from promptbits.optimize.reviews import wording
from promptbits.optimize.reviews.model import Review
from promptbits.optimize.reviews.revisions import is_stale

_MOST: Final = 3


class ReviewLens(NamedTuple):
    """A line to draw above text[start:end], about a review. It holds numbers, and no text of prompts."""

    start: int
    end: int
    title: str
    review: int


def lenses(snapshot: Snapshot, reviews: Sequence[Review]) -> Iterator[ReviewLens]:
    """A lens for each of the open reviews of a prompt, as far as somebody looks at them."""
    member = snapshot.document.tree.find_member(("id",))
    where = (member.key.start, member.key.end) if member is not None else lens_range(snapshot)
    if where is None:
        return
    for review in reviews[:_MOST]:
        # While the content cannot be read to its end, nobody knows whether it is another one.
        changed = " · the text has changed since" if snapshot.content_is_whole and is_stale(review, snapshot) else ""
        yield ReviewLens(*where, f"{wording.headline(review)}{changed}", review.number)
