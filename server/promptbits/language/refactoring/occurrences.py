"""Where words of the content stand, and where they can give way to a placeholder."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import Final, Generic, TypeVar

from promptbits.checks.snapshot import Range, Snapshot
from promptbits.text.markdown import Fence
from promptbits.text.placeholders import Escape, Placeholder, Span, pieces

_Span = TypeVar("_Span", bound=Span)

_WORD: Final = re.compile(r"\w")


class Free:
    """The parts of the content that can be extracted."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._content = content = snapshot.content
        fences = snapshot.markdown.fences
        found: Sequence[Placeholder | Escape] = snapshot.placeholders
        if "\\<<" in content or "\\{{" in content:
            found = [*pieces(content, fences, snapshot.variables or {})]
        self._pieces = _Spans(found)
        self._fences = _Spans(fences)

    def holds(self, start: int, end: int) -> bool:
        """Whether a range touches no placeholder, cuts through no escape of one, and holds no part of a fence line."""
        return all(
            isinstance(piece, Escape) and start <= piece.start and piece.end <= end
            for piece in self._pieces.touched(start, end)
        ) and all(self._is_body(fence, start, end) for fence in self._fences.touched(start, end))

    def _is_body(self, fence: Fence, start: int, end: int) -> bool:
        body = self._content.find("\n", fence.start) + 1
        last = self._content.rfind("\n", fence.start, fence.end) if fence.closed else fence.end
        return 0 < body <= start and end <= last


class _Spans(Generic[_Span]):
    """Spans in order and without overlap, to be asked about many ranges."""

    def __init__(self, spans: Sequence[_Span]) -> None:
        self._spans = spans
        self._starts = [span.start for span in spans]
        self._ends = [span.end for span in spans]

    def touched(self, start: int, end: int) -> Sequence[_Span]:
        """Those that a range has a part of."""
        return self._spans[bisect_right(self._ends, start) : bisect_left(self._starts, end)]


def equal_words(content: str, start: int, end: int) -> Iterator[Range]:
    """The other places that hold the same words; none for a piece of a word, which many other words hold."""
    text = content[start:end]
    # With an escape in it, what is equal as text need not be rendered alike.
    is_alike = "<<" not in text and "{{" not in text and _is_edge(content, start) and _is_edge(content, end)
    at = content.find(text) if is_alike else -1
    while at >= 0:
        to = at + len(text)
        is_other = to <= start or at >= end
        if is_other and _is_edge(content, at) and _is_edge(content, to):
            yield at, to
            at = content.find(text, to)
        else:
            at = content.find(text, at + 1)


def _is_edge(content: str, at: int) -> bool:
    """Whether a word starts or ends at an offset, or neither side of it is one."""
    around = content[max(at - 1, 0) : at + 1]
    return len(around) < 2 or not (_WORD.match(around[0]) and _WORD.match(around[1]))
