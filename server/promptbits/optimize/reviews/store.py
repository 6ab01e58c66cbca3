"""The contract of a place for reviews. One implementation is a file in the root; a server-side one may come."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from promptbits.optimize.reviews.model import Review


class ReviewStoreError(Exception):
    """Reviews cannot be read or written; the text names the file and says what to do."""


class NoSuchReviewError(ReviewStoreError, LookupError):
    """There is no review of this number."""


class ReviewStore(Protocol):
    """A place for reviews. Safe for several threads and processes; every method may raise `ReviewStoreError`."""

    def add(self, review: Review) -> Review:
        """Keep a new review, and give it its number.

        Where an open one has the same fingerprint, nothing is added: that one is given back.
        """
        ...

    def get(self, number: int) -> Review:
        """The review of a number.

        Raises:
            NoSuchReviewError: there is none.
        """
        ...

    def all(self) -> list[Review]:
        """Every review, by number."""
        ...

    def update(self, number: int, change: Callable[[Review, list[Review]], list[Review]]) -> Review:
        """Replace reviews, all together or not at all, while nobody else can.

        Args:
            number: the review that this is about.
            change: is given that review and all reviews as they are now, and gives back those that differ; what it
                raises leaves everything as it was. It may write files: until it is done nobody decides about a review.

        Raises:
            NoSuchReviewError: there is no review of this number.
        """
        ...

    def stamp(self) -> object:
        """Something that differs once a review has changed, cheap enough to ask every second."""
        ...
