"""Prompts and their reviews: which root keeps the reviews of a prompt, and which prompt a review is of."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from promptbits.checks.snapshot import Snapshot
from promptbits.language.reviewing.matching import concerns, reviews_of
from promptbits.lsp.state.roots import RootState
from promptbits.lsp.state.session import Session
from promptbits.lsp.state.surface import Surface

if TYPE_CHECKING:
    from promptbits.optimize.reviews.model import Review


@dataclass(frozen=True, slots=True)
class Placed:
    """A prompt as the client shows it, in the root that keeps its reviews.

    `snapshot` is that of the surface, with that root and its library: a prompt that ships lies in no root of its own.
    """

    surface: Surface
    snapshot: Snapshot
    state: RootState

    @property
    def root(self) -> Path:
        """The folder of the root."""
        return self.state.root.path

    @property
    def reviews(self) -> list[Review]:
        """The open reviews of the prompt, the newest first."""
        return reviews_of(self.snapshot, self.state.reviews)


def placed(session: Session, surface: Surface) -> Placed | None:
    """The prompt behind a surface in its place; None where it lies in no file, or no root is there to keep reviews."""
    snapshot = surface.snapshot
    if snapshot.path is None:
        return None
    if session.roots.ships(snapshot.path):
        state = session.roots.of_unsaved()
        if state is None:
            return None
        return Placed(surface, replace(snapshot, root=state.root, library=state.library), state)
    return Placed(surface, snapshot, session.roots.of(snapshot.path))


def prompt_of(session: Session, state: RootState, review: Review) -> Snapshot | None:
    """The prompt of a review as it stands in the editor or on disk; None where it is no longer there."""
    library, basis = state.library, review.basis
    paths = [str(state.root.path / basis.path)] if basis.path is not None else []
    paths += [each.path for each in library.by_id(basis.prompt_id) if (each.layer == "shipped") == (basis.path is None)]
    for path in paths:
        surface = session.surface(session.address(path))
        found = placed(session, surface) if surface is not None else None
        if found is not None and (found.state is state) and concerns(review, found.snapshot):
            return found.snapshot
    return None
