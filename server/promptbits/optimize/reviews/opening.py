"""Open the reviews of a root. The one place that knows which implementations there are."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from promptbits.optimize.reviews.store import ReviewStore
from promptbits.prompts.root import STATE_FOLDER

FILE: Final = "reviews.json"


def reviews_path(root: Path) -> Path:
    """The file of a root's reviews."""
    return root / STATE_FOLDER / FILE


def open_reviews(root: Path, say: Callable[[str], None]) -> ReviewStore:
    """The reviews of a root. Nothing is read or made yet.

    Args:
        root: the folder of the root.
        say: is told, in one line, what people have to know: that a damaged file was set aside.
    """
    from promptbits.optimize.reviews.local import LocalReviews  # late: it imports TinyDB

    return LocalReviews(reviews_path(root), say)
