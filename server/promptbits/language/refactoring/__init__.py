"""Refactorings of a prompt: other delimiters, a variable extracted or inlined, a prompt split at a heading."""

from __future__ import annotations

from typing import Final

from promptbits.checks.snapshot import Snapshot
from promptbits.language.places import Change, RefusedError
from promptbits.language.refactoring import delimiters, extract, inline, split
from promptbits.language.refactoring.item import Refactoring
from promptbits.language.refactoring.selection import select

__all__ = ["Refactoring", "change_of", "refactorings"]

_CHANGES: Final = {
    delimiters.OF_VARIABLE: delimiters.change,
    delimiters.OF_ALL: delimiters.change,
    extract.ONE: extract.change,
    extract.EVERY: extract.change,
    inline.INLINE: inline.change,
    split.SPLIT: split.change,
}


def refactorings(snapshot: Snapshot, start: int, end: int) -> list[Refactoring]:
    """What can be done with a selection of the document, or at a cursor where start and end are one.

    This only decides what applies: it is asked for on every movement of the cursor.
    """
    selection = select(snapshot, start, end)
    if selection is None:
        return []
    return [
        *extract.offers(snapshot, selection),
        *inline.offers(snapshot, selection),
        *delimiters.offers(snapshot, selection),
        *split.offers(snapshot, selection),
    ]


def change_of(snapshot: Snapshot, refactoring: Refactoring, start: int, end: int) -> Change:
    """The edits of a refactoring that was offered for the same selection.

    Raises:
        RefusedError: it would change more than the form of the prompt, or does not apply here any more.
    """
    change = _CHANGES.get(refactoring.name)
    selection = select(snapshot, start, end)
    if change is None or selection is None:
        raise RefusedError("this does not apply here")
    return change(snapshot, selection, refactoring)
