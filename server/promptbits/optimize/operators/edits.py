"""Edits of a text, by offsets: applied together, merged, and kept to a part of it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple


class Edit(NamedTuple):
    """Replace text[start:end] by `new`."""

    start: int
    end: int
    new: str


def insertion(at: int, new: str) -> Edit:
    """An edit that only adds."""
    return Edit(at, at, new)


def apply(text: str, edits: Sequence[Edit]) -> str:
    """The text after edits that are in order and do not overlap."""
    parts: list[str] = []
    at = 0
    for start, end, new in edits:
        parts += text[at:start], new
        at = end
    parts.append(text[at:])
    return "".join(parts)


def merged(first: Sequence[Edit], second: Sequence[Edit]) -> list[Edit] | None:
    """Both lists as one, in order; None where an edit of one meets an edit of the other.

    Edits that touch count as meeting, for each was made with the other's text as its neighbour. Two that only add
    at the same place follow each other.
    """
    together = sorted([*((edit, 0) for edit in first), *((edit, 1) for edit in second)], key=_order)
    edits = [edit for edit, _ in together]
    for (before, side), (after, other) in pairwise(together):
        if side != other and _meet(before, after):
            return None
    return edits


def apart(edits: Sequence[Edit], taken: Sequence[Edit]) -> list[Edit]:
    """Those edits that meet none of the taken ones."""
    return [edit for edit in edits if not any(_meet(*sorted((edit, other))) for other in taken)]


def _order(item: tuple[Edit, int]) -> tuple[int, int, int]:
    edit, side = item
    return edit.start, edit.end, side


def _meet(before: Edit, after: Edit) -> bool:
    if before.start == before.end == after.start == after.end:
        return False
    return before.end >= after.start
