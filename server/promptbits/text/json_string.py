"""JSON strings: decoding that never fails, and the way from a decoded character back to the source."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from typing import Final

_ESCAPE = re.compile(r"\\u[0-9a-fA-F]{4}|\\.|\\", re.DOTALL)
_SIMPLE: Final = {'"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
# How long the pieces are that a string is cut into, and the characters that the longest escape takes.
_PIECE: Final = 1024
_LONGEST_ESCAPE: Final = 6
_STRICT: Final = json.JSONDecoder()
_LENIENT: Final = json.JSONDecoder(strict=False)
_HIGH, _LOW = range(0xD800, 0xDC00), range(0xDC00, 0xE000)


class StringMap:
    """What the inside of a string literal decodes to, and where each decoded character stands in the source.

    Offsets into `text` are decoded code points; offsets that come back are relative to the inside.
    `bad` lists the (start, end) ranges of escapes that JSON does not know; they decode to themselves.

    The inside is cut into pieces. Each is decoded by the C decoder of the standard library, and a table of its
    escapes is made only for a piece that holds a bad one or that somebody asks about: content is one long string,
    and a keystroke in it must not cost a step of Python for every escape.
    """

    __slots__ = ("_decoded", "_inside", "_pieces", "_source", "bad", "text")

    def __init__(self, inside: str) -> None:
        self._inside = inside
        self._pieces: dict[int, _Escapes] = {}
        self._source = _cuts(inside)
        self._decoded = [0]
        self.bad: list[tuple[int, int]] = []
        parts: list[str] = []
        for index, start in enumerate(self._source[:-1]):
            part = _decode_fast(inside[start : self._source[index + 1]])
            if part is None:
                escapes = self._piece(index)
                part = escapes.text
                self.bad += ((start + first, start + last) for first, last in escapes.bad)
            parts.append(part)
            self._decoded.append(self._decoded[-1] + len(part))
        self.text = "".join(parts)

    def source(self, decoded: int) -> int:
        """Where a decoded offset stands in the source; the end of the text maps to the end of the inside."""
        decoded = max(decoded, 0)
        if decoded >= len(self.text):
            return len(self._inside)
        index = bisect_right(self._decoded, decoded) - 1
        return self._source[index] + self._piece(index).source_of(decoded - self._decoded[index])

    def decoded(self, source: int) -> int:
        """The decoded offset of a source offset; inside an escape, that of the escape's character."""
        source = max(source, 0)
        if source >= len(self._inside):
            return len(self.text)
        index = bisect_right(self._source, source) - 1
        return self._decoded[index] + self._piece(index).decoded_of(source - self._source[index])

    def _piece(self, index: int) -> _Escapes:
        if index not in self._pieces:
            self._pieces[index] = _Escapes(self._inside[self._source[index] : self._source[index + 1]])
        return self._pieces[index]


def _cuts(inside: str) -> list[int]:
    """Where to cut: about every _PIECE characters, where no escape has begun within the length of one."""
    cuts = [0]
    at = _PIECE
    while at < len(inside):
        last = inside.rfind("\\", max(at - _LONGEST_ESCAPE, 0), at)
        if last < 0:
            cuts.append(at)
            at += _PIECE
        else:
            at = last + _LONGEST_ESCAPE + 1
    return [*cuts, len(inside)]


def _decode_fast(piece: str) -> str | None:
    """The piece as the standard library decodes it; None where that fails."""
    if "\\" not in piece:
        return piece
    try:
        return _LENIENT.decode(f'"{piece}"')
    except ValueError:
        return None


class _Escapes:
    """Every escape of a piece of a string. Offsets are relative to the piece."""

    __slots__ = ("_decoded", "_source", "bad", "text")

    def __init__(self, piece: str) -> None:
        parts: list[str] = []
        # Pairs of a decoded and a source offset. From a pair on, characters run in step until the next pair;
        # an escape has a pair at its start and one after its end.
        self._decoded = [0]
        self._source = [0]
        self.bad: list[tuple[int, int]] = []
        done = length = 0
        for match in _ESCAPE.finditer(piece):
            start, end = match.span()
            if start < done:
                continue  # the low half of a pair that was taken with its high half
            char, end = self._decode(piece, start, end)
            parts += (piece[done:start], char)
            length += start - done
            self._decoded += (length, length + len(char))
            self._source += (start, end)
            length += len(char)
            done = end
        parts.append(piece[done:])
        self.text = "".join(parts)

    def _decode(self, piece: str, start: int, end: int) -> tuple[str, int]:
        """The character of an escape, and where the escape ends."""
        body = piece[start + 1 : end]
        if body.startswith("u") and len(body) == 5:
            unit = int(body[1:], 16)
            if unit in _HIGH and (low := _low_half(piece, end)) is not None:
                return chr(0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00)), end + 6
            return chr(unit), end
        if body in _SIMPLE:
            return _SIMPLE[body], end
        self.bad.append((start, end))
        return piece[start:end], end

    def source_of(self, decoded: int) -> int:
        at = bisect_right(self._decoded, decoded) - 1
        return self._source[at] + decoded - self._decoded[at]

    def decoded_of(self, source: int) -> int:
        at = bisect_right(self._source, source) - 1
        if at + 1 < len(self._source) and not self._in_step(at):
            return self._decoded[at]
        return self._decoded[at] + source - self._source[at]

    def _in_step(self, at: int) -> bool:
        return self._source[at + 1] - self._source[at] == self._decoded[at + 1] - self._decoded[at]


def _low_half(inside: str, at: int) -> int | None:
    match = _ESCAPE.match(inside, at)
    if match is None or len(match[0]) != 6:
        return None
    unit = int(match[0][2:], 16)
    return unit if unit in _LOW else None


_MENDED = re.compile(r"""\\u[0-9a-fA-F]{4}|\\["\\/bfnrt]|\\'|\\|"|\r\n|[\x00-\x1f]""")


def mend(inside: str) -> str:
    """The inside of a string as JSON writes it: quotes, control characters and line breaks escaped, escapes kept."""
    return _MENDED.sub(_mended, inside)


def _mended(match: re.Match[str]) -> str:
    match match[0]:
        case "\\'":
            return "'"
        case "\\":
            return "\\\\"
        case '"':
            return '\\"'
        case "\r\n":
            return "\\n"
        case piece:
            return piece if piece[0] == "\\" else encode(piece)


def decode(literal: str) -> str | None:
    """The text of a string literal with its quotes, or None for one that is not JSON to the letter."""
    if not literal.startswith('"'):
        return None
    try:
        return _STRICT.decode(literal)
    except ValueError:
        return None


def encode(text: str) -> str:
    """The inside of the JSON string for a text: json's own escapes, with lone surrogates escaped as well."""
    inside = json.dumps(text, ensure_ascii=False)[1:-1]
    return inside if inside.isascii() else escape_surrogates(inside)


_SURROGATE = re.compile("[\ud800-\udfff]")


def escape_surrogates(text: str) -> str:
    """Write lone surrogates, which UTF-8 cannot hold, as the escapes that they are in JSON."""
    return _SURROGATE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
