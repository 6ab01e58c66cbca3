r"""Three texts merged line by line: what two sides made of one base, as `diff3` and git do it.

Lines end at `\n`, `\r\n` and `\r` and keep their ends. The package `merge3` does the same, but is under the GPL and
so cannot be a dependency of ours.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from promptbits.text.alignment import common_head, kept

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_LINE_END = re.compile(r"\r\n|\r|\n")


class Merged(NamedTuple):
    """A merged text, and how many conflicts are marked in it."""

    text: str
    conflicts: int


class _Chunk(NamedTuple):
    """A stretch of the three texts between two places where all of them agree, or such a place itself."""

    base: Sequence[str]
    ours: Sequence[str]
    theirs: Sequence[str]


def merge(
    base: str,
    ours: str,
    theirs: str,
    labels: tuple[str, str, str] = ("ours", "base", "theirs"),
    *,
    marker_size: int = 7,
    show_base: bool = False,
) -> Merged:
    """Merge what two sides made of a base.

    Changes of different lines are both taken, and a change that both made is taken once. Where both changed the same
    lines or lines next to each other, both versions stand between conflict markers.

    Args:
        base: the text that both sides started from.
        ours: what one side made of it.
        theirs: what the other side made of it.
        labels: what the markers call ours, base and theirs.
        marker_size: how many characters a marker has.
        show_base: put the lines of the base into conflicts as well, as git's conflict style `diff3` does.
    """
    if ours == theirs or theirs == base:
        return Merged(ours, 0)
    if ours == base:
        return Merged(theirs, 0)
    end = _line_end(ours, base, theirs)
    merged: list[str] = []
    conflicts = 0
    for chunk in _chunks(lines_of(base), lines_of(ours), lines_of(theirs)):
        if chunk.ours == chunk.theirs or chunk.theirs == chunk.base:
            merged += chunk.ours
        elif chunk.ours == chunk.base:
            merged += chunk.theirs
        else:
            conflicts += 1
            merged += _conflict(chunk, labels, marker_size, end, show_base=show_base)
    return Merged("".join(merged), conflicts)


def lines_of(text: str) -> list[str]:
    """The lines of a text with their line ends; the last one may have none."""
    return _LINE.findall(text)


def _line_end(*texts: str) -> str:
    """The line end that the texts use: the first that is met."""
    return next((match[0] for match in map(_LINE_END.search, texts) if match), "\n")


def _conflict(chunk: _Chunk, labels: tuple[str, str, str], size: int, end: str, *, show_base: bool) -> Iterator[str]:
    """The lines of a conflict. What both sides have alike at its start and end stands outside of the markers."""
    base, ours, theirs = chunk
    # With the base between them, both versions are shown whole: else it would look as if the base lacked lines.
    head = 0 if show_base else common_head(ours, theirs)
    rest = min(len(ours), len(theirs)) - head
    tail = 0 if show_base else common_head(ours[::-1][:rest], theirs[::-1][:rest])
    yield from ours[:head]
    yield f"{'<' * size} {labels[0]}{end}"
    yield from _ended(ours[head : len(ours) - tail], end)
    if show_base:
        yield f"{'|' * size} {labels[1]}{end}"
        yield from _ended(base, end)
    yield f"{'=' * size}{end}"
    yield from _ended(theirs[head : len(theirs) - tail], end)
    yield f"{'>' * size} {labels[2]}{end}"
    yield from ours[len(ours) - tail :]


def _ended(lines: Sequence[str], end: str) -> Iterator[str]:
    """The lines, the last of them with a line end: a marker follows on a line of its own."""
    yield from lines
    if lines and lines[-1][-1] not in "\r\n":
        yield end


def _chunks(base: list[str], ours: list[str], theirs: list[str]) -> Iterator[_Chunk]:
    """The three texts cut wherever all of them agree."""
    at_base = at_ours = at_theirs = 0
    for in_base, in_ours, in_theirs, size in _agreements(base, ours, theirs):
        yield _Chunk(base[at_base:in_base], ours[at_ours:in_ours], theirs[at_theirs:in_theirs])
        at_base, at_ours, at_theirs = in_base + size, in_ours + size, in_theirs + size
        same = base[in_base:at_base]
        yield _Chunk(same, same, same)
    yield _Chunk(base[at_base:], ours[at_ours:], theirs[at_theirs:])


def _agreements(base: list[str], ours: list[str], theirs: list[str]) -> Iterator[tuple[int, int, int, int]]:
    """Where all three texts have the same lines: offsets in base, ours and theirs, and how many lines."""
    kept_by_us, kept_by_them = kept(base, ours), kept(base, theirs)
    us = them = 0
    while us < len(kept_by_us) and them < len(kept_by_them):
        one, other = kept_by_us[us], kept_by_them[them]
        start = max(one.base, other.base)
        end = min(one.base + one.size, other.base + other.size)
        if start < end:
            yield start, one.side + start - one.base, other.side + start - other.base, end - start
        if one.base + one.size < other.base + other.size:
            us += 1
        else:
            them += 1
