"""Lines, and the one place where columns are converted to and from the client's encoding."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import Final, Literal

Encoding = Literal["utf-8", "utf-16", "utf-32"]

# LSP counts these as line ends and nothing else: not U+2028, not U+0085, not a form feed.
_LINE_END = re.compile(r"\r\n|\n|\r")

# How many code points lie between two remembered column counts. A conversion encodes at most this many.
_STRIDE: Final = 2048


class LineIndex:
    """Line starts of a text, and positions in UTF-8, UTF-16 and UTF-32.

    Offsets are code points into the text. Positions are (line, character), both from 0, where a character
    is a code unit of the encoding. Whatever lies out of range is clamped, and a position inside a surrogate
    pair or a multi-byte sequence goes back to its start: stale positions are ordinary in an editor.
    """

    __slots__ = ("_ends", "_starts", "_text", "_units")

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts, self._ends = _lines(text)
        # Text that is all ASCII has one unit per code point in every encoding.
        self._units: dict[Encoding, list[int]] | None = None if text.isascii() else {}

    @property
    def line_count(self) -> int:
        """The number of lines; a text that ends in a line end has an empty last line."""
        return len(self._starts)

    def line_of(self, offset: int) -> int:
        """The line that holds an offset."""
        return max(bisect_right(self._starts, offset) - 1, 0)

    def span(self, line: int) -> tuple[int, int]:
        """Start and end of a line, without its line end."""
        line = min(max(line, 0), len(self._starts) - 1)
        return self._starts[line], self._ends[line]

    def offset(self, line: int, character: int, encoding: Encoding) -> int:
        """The offset of a position."""
        if line < 0:
            return 0
        if line >= len(self._starts):
            return len(self._text)
        start, end = self._starts[line], self._ends[line]
        if character <= 0:
            return start
        if self._units is None or encoding == "utf-32":
            return min(start + character, end)
        target = self._count(start, encoding) + character
        table = self._table(encoding)
        stride = max(bisect_right(table, target) - 1, 0)
        base = stride * _STRIDE
        chunk = self._text[base : base + _STRIDE]
        # The count of a prefix never falls as the prefix grows, so the place is found by bisection. Decoding
        # the first `target` units would be shorter, but joins lone surrogates and so miscounts.
        found = bisect_right(
            range(1, len(chunk) + 1),
            target - table[stride],
            key=lambda length: _units(chunk[:length], encoding),
        )
        return min(max(base + found, start), end)

    def position(self, offset: int, encoding: Encoding) -> tuple[int, int]:
        """The position of an offset."""
        offset = min(max(offset, 0), len(self._text))
        line = self.line_of(offset)
        start = self._starts[line]
        offset = max(min(offset, self._ends[line]), start)
        if self._units is None or encoding == "utf-32":
            return line, offset - start
        if offset - start <= _STRIDE:
            return line, _units(self._text[start:offset], encoding)
        return line, self._count(offset, encoding) - self._count(start, encoding)

    def _count(self, offset: int, encoding: Encoding) -> int:
        """Units of the encoding before an offset, from the beginning of the text."""
        stride, rest = divmod(offset, _STRIDE)
        return self._table(encoding)[stride] + _units(self._text[offset - rest : offset], encoding)

    def _table(self, encoding: Encoding) -> list[int]:
        """Units before every _STRIDE-th offset, counted once per text and encoding."""
        assert self._units is not None
        table = self._units.get(encoding)
        if table is None:
            table = [0]
            for base in range(0, len(self._text), _STRIDE):
                table.append(table[-1] + _units(self._text[base : base + _STRIDE], encoding))
            self._units[encoding] = table
        return table


def _lines(text: str) -> tuple[list[int], list[int]]:
    """Where lines start, and where they end without their line ends."""
    starts: list[int] = [0]
    ends: list[int] = []
    if "\r" in text:
        for match in _LINE_END.finditer(text):
            ends.append(match.start())
            starts.append(match.end())
    else:  # the common case: a prompt has few lines, and a substring search leaps from one to the next
        at = text.find("\n")
        while at >= 0:
            ends.append(at)
            starts.append(at + 1)
            at = text.find("\n", at + 1)
    ends.append(len(text))
    return starts, ends


def _units(text: str, encoding: Encoding) -> int:
    """Code units of a short text. Lone surrogates count as what they are: one UTF-16 unit."""
    if text.isascii():
        return len(text)
    if encoding == "utf-16":
        return len(text.encode("utf-16-le", "surrogatepass")) // 2
    return len(text.encode("utf-8", "surrogatepass"))
