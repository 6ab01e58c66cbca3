"""The smallest edits that make one text of another."""

from __future__ import annotations

from difflib import SequenceMatcher

from promptbits.checks.finding import Edit


def smallest(before: str, after: str) -> tuple[Edit, ...]:
    """Edits that turn one text into another, in order, touching only what differs.

    Lines are compared first, so that what stays between two changes is not touched; each changed run of lines is
    then cut down to the characters in it that differ.
    """
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    starts = [0]
    for line in old:
        starts.append(starts[-1] + len(line))
    edits: list[Edit] = []
    for tag, first, last, other_first, other_last in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            start, text = starts[first], before[starts[first] : starts[last]]
            edits.append(_trimmed(start, text, "".join(new[other_first:other_last])))
    return tuple(edits)


def _trimmed(start: int, old: str, new: str) -> Edit:
    """The edit of old to new without the beginning and the end that they share."""
    head = _shared(old, new)
    old, new = old[head:], new[head:]
    tail = _shared(old[::-1], new[::-1])
    end = start + head + len(old)
    return Edit(start + head, end - tail, new[: len(new) - tail])


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
