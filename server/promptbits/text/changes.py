"""The smallest changes that make one text of another."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import Final, NamedTuple

# Comparing lines costs the product of both numbers where many lines are alike. Beyond this, lines that come up again
# and again, such as blank ones, no longer serve to find what belongs together: the changes are right all the same.
_MOST_PAIRS: Final = 4_000_000


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
    head, most = 0, min(len(old), len(new))
    while head < most and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < most - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    inner_old, inner_new = old[head : len(old) - tail], new[head : len(new) - tail]
    if not inner_old and not inner_new:
        return []
    matcher = SequenceMatcher(None, inner_old, inner_new, autojunk=len(inner_old) * len(inner_new) > _MOST_PAIRS)
    return [
        Run(head + first, head + last, head + new_first, head + new_last)
        for tag, first, last, new_first, new_last in matcher.get_opcodes()
        if tag != "equal"
    ]


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
