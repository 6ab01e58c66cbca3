"""JSON strings: decoding that never fails, and the way from a decoded character back to the source."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from typing import Final

_ESCAPE = re.compile(r"\\u[0-9a-fA-F]{4}|\\.|\\", re.DOTALL)
_SIMPLE: Final = {'"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_HIGH, _LOW = range(0xD800, 0xDC00), range(0xDC00, 0xE000)


class StringMap:
    """What the inside of a string literal decodes to, and where each decoded character stands in the source.

    Offsets into `text` are decoded code points; offsets that come back are relative to the inside.
    `bad` lists the (start, end) ranges of escapes that JSON does not know; they decode to themselves.
    """

    __slots__ = ("_decoded", "_size", "_source", "bad", "text")

    def __init__(self, inside: str) -> None:
        parts: list[str] = []
        # Pairs of a decoded and a source offset. From a pair on, characters run in step until the next pair;
        # an escape has a pair at its start and one after its end.
        self._decoded = [0]
        self._source = [0]
        self._size = len(inside)
        self.bad: list[tuple[int, int]] = []
        done = length = 0
        for match in _ESCAPE.finditer(inside):
            start, end = match.span()
            if start < done:
                continue  # the low half of a pair that was taken with its high half
            char, end = self._decode(inside, start, end)
            parts += (inside[done:start], char)
            length += start - done
            self._decoded += (length, length + len(char))
            self._source += (start, end)
            length += len(char)
            done = end
        parts.append(inside[done:])
        self.text = "".join(parts)

    def _decode(self, inside: str, start: int, end: int) -> tuple[str, int]:
        """The character of an escape, and where the escape ends."""
        body = inside[start + 1 : end]
        if body.startswith("u") and len(body) == 5:
            unit = int(body[1:], 16)
            if unit in _HIGH and (low := _low_half(inside, end)) is not None:
                return chr(0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00)), end + 6
            return chr(unit), end
        if body in _SIMPLE:
            return _SIMPLE[body], end
        self.bad.append((start, end))
        return inside[start:end], end

    def source(self, decoded: int) -> int:
        """Where a decoded offset stands in the source; the end of the text maps to the end of the inside."""
        if decoded >= len(self.text):
            return self._size
        at = bisect_right(self._decoded, max(decoded, 0)) - 1
        return self._source[at] + decoded - self._decoded[at]

    def decoded(self, source: int) -> int:
        """The decoded offset of a source offset; inside an escape, that of the escape's character."""
        source = min(max(source, 0), self._size)
        at = bisect_right(self._source, source) - 1
        ahead = source - self._source[at]
        if at + 1 < len(self._source):
            ahead = ahead if self._in_step(at) else 0
        return self._decoded[at] + ahead

    def _in_step(self, at: int) -> bool:
        return self._source[at + 1] - self._source[at] == self._decoded[at + 1] - self._decoded[at]


def _low_half(inside: str, at: int) -> int | None:
    match = _ESCAPE.match(inside, at)
    if match is None or len(match[0]) != 6:
        return None
    unit = int(match[0][2:], 16)
    return unit if unit in _LOW else None


def encode(text: str) -> str:
    """The inside of the JSON string for a text: json's own escapes, with lone surrogates escaped as well."""
    inside = json.dumps(text, ensure_ascii=False)[1:-1]
    return inside if inside.isascii() else escape_surrogates(inside)


_SURROGATE = re.compile("[\ud800-\udfff]")


def escape_surrogates(text: str) -> str:
    """Write lone surrogates, which UTF-8 cannot hold, as the escapes that they are in JSON."""
    return _SURROGATE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
