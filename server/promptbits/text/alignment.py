"""Which lines of a text another one kept: what merging and comparing texts stand on."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Final, NamedTuple

# A piece without a unique line in which more pairs of equal lines than this would have to be looked at counts as
# wholly changed. That may be a conflict too many, never one too few, and it bounds the time for hostile texts.
_MOST_PAIRS: Final = 10_000


class Block(NamedTuple):
    """Lines of the base that a side kept: base[base:base + size] is side[side:side + size]."""

    base: int
    side: int
    size: int


def kept(base: Sequence[str], side: Sequence[str]) -> list[Block]:
    """The lines of the base that a side kept, in order. Time grows with the texts and with what changed in them."""
    blocks: list[Block] = []
    stack = [(0, len(base), 0, len(side))]
    while stack:
        start, end, side_start, side_end = stack.pop()
        head = common_head(base[start:end], side[side_start:side_end])
        if head:
            blocks.append(Block(start, side_start, head))
        start, side_start = start + head, side_start + head
        tail = common_head(base[start:end][::-1], side[side_start:side_end][::-1])
        if tail:
            blocks.append(Block(end - tail, side_end - tail, tail))
        end, side_end = end - tail, side_end - tail
        if start == end or side_start == side_end:
            continue
        anchors = _anchors(base[start:end], side[side_start:side_end])
        if anchors:
            # Each piece between two anchors is looked at by itself; an anchor is the first line of its piece.
            froms = [(start, side_start), *((start + one, side_start + other) for one, other in anchors)]
            untils = [*froms[1:], (end, side_end)]
            stack += [
                (here, there, side_here, side_there)
                for (here, side_here), (there, side_there) in zip(froms, untils, strict=True)
                if here < there and side_here < side_there
            ]
        else:
            blocks += [
                Block(start + block.base, side_start + block.side, block.size)
                for block in _blocks(base[start:end], side[side_start:side_end])
            ]
    return sorted(blocks)


def _blocks(base: Sequence[str], side: Sequence[str]) -> Iterator[Block]:
    counts = Counter(side)
    if sum(counts[line] for line in base) > _MOST_PAIRS:
        return
    for match in SequenceMatcher(None, base, side, autojunk=False).get_matching_blocks():
        if match.size:
            yield Block(match.a, match.b, match.size)


def _anchors(base: Sequence[str], side: Sequence[str]) -> list[tuple[int, int]]:
    """Lines that each text has exactly once, as many as follow each other in both: offsets in base and side.

    Most lines of a prompt are unique, and finding these takes no comparison of all with all.
    """
    in_base, in_side = Counter(base), Counter(side)
    places = {line: index for index, line in enumerate(side) if in_side[line] == 1}
    pairs = [(index, places[line]) for index, line in enumerate(base) if in_base[line] == 1 and line in places]
    return _rising(pairs)


def _rising(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest choice of pairs, given by rising first numbers, whose second numbers rise as well."""
    ends: list[int] = []  # ends[n]: the lowest second number in which a choice of n + 1 pairs can end
    last: list[int] = []  # the index of the pair that it belongs to
    before: list[int] = []
    for index, (_, second) in enumerate(pairs):
        length = bisect_left(ends, second)
        before.append(last[length - 1] if length else -1)
        ends[length : length + 1] = [second]
        last[length : length + 1] = [index]
    chosen: list[tuple[int, int]] = []
    at = last[-1] if last else -1
    while at >= 0:
        chosen.append(pairs[at])
        at = before[at]
    return chosen[::-1]


def common_head(one: Sequence[str], other: Sequence[str]) -> int:
    """How many lines two texts have in common at the start."""
    shorter = min(len(one), len(other))
    return next((index for index in range(shorter) if one[index] != other[index]), shorter)
