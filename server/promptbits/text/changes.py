"""The smallest changes that make one text of another."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from promptbits.text.alignment import Block, kept


class Change(NamedTuple):
    """Replace text[start:end]."""

    start: int
    end: int
    new: str


class Run(NamedTuple):
    """A run of lines that was replaced: old[start:end] by new[new_start:new_end]."""

    start: int
    end: int
    new_start: int
    new_end: int


def changes(before: str, after: str) -> list[Change]:
    """Changes that turn one text into another, in order, touching only what differs.

    Lines are compared first, so that what stays between two changes is not touched; each changed run of lines is
    then cut down to the characters in it that differ.
    """
    if before == after:
        return []
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    starts = [0]
    for line in old:
        starts.append(starts[-1] + len(line))
    made: list[Change] = []
    for run in changed_runs(old, new):
        start, end = starts[run.start], starts[run.end]
        made.append(_trimmed(start, before[start:end], "".join(new[run.new_start : run.new_end])))
    return made


def changed_runs(old: Sequence[str], new: Sequence[str]) -> list[Run]:
    """Where two lists of lines differ, in order. What both begin and end with costs next to nothing."""
    runs: list[Run] = []
    at = new_at = 0
    for block in [*kept(old, new), Block(len(old), len(new), 0)]:
        if at < block.base or new_at < block.side:
            runs.append(Run(at, block.base, new_at, block.side))
        at, new_at = block.base + block.size, block.side + block.size
    return runs


def carried(made: Sequence[Change], offset: int) -> int:
    """Where an offset of the old text stands in the new one; inside of what was replaced, at most at its end."""
    at = bisect_right(made, offset, key=lambda change: change.start)
    shift = sum(len(change.new) - (change.end - change.start) for change in made[:at])
    if at and offset < made[at - 1].end:
        last = made[at - 1]
        before = shift - (len(last.new) - (last.end - last.start))
        return last.start + before + min(offset - last.start, len(last.new))
    return offset + shift


def _trimmed(start: int, old: str, new: str) -> Change:
    """The change of old to new without the beginning and the end that they share."""
    head = _shared(old, new)
    old, new = old[head:], new[head:]
    tail = _shared(old[::-1], new[::-1])
    end = start + head + len(old)
    return Change(start + head, end - tail, new[: len(new) - tail])


def _shared(one: str, other: str) -> int:
    """How many characters two texts begin with alike. By halving: a comparison of slices runs in C."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low
