"""An immutable text with its line index and its JSON tree, each made when first asked for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from promptbits.text import json_strict
from promptbits.text.json_parser import parse
from promptbits.text.json_positions import tree_of
from promptbits.text.json_tree import JsonTree
from promptbits.text.lines import Encoding, LineIndex

Position = tuple[int, int]

_BOM = "\ufeff"


@dataclass(frozen=True, slots=True)
class TextProblem:
    """Something wrong with the bytes of a file, at a range of the decoded text."""

    kind: Literal["encoding", "byte-order-mark"]
    message: str
    start: int
    end: int


@dataclass(frozen=True)
class Document:
    """One version of a text. Editing gives a new document; this one never changes.

    `problems` says what went wrong when bytes were decoded; each undecodable byte is U+FFFD in `text`.
    A byte-order mark stays in the text, so that offsets agree with the file.
    """

    text: str
    problems: tuple[TextProblem, ...] = ()

    @classmethod
    def from_bytes(cls, data: bytes) -> Document:
        """Decode a file as UTF-8, or as UTF-16 or UTF-32 where a byte-order mark says so. Never raises."""
        wide = _wide_encoding(data)
        if wide is not None:
            text = data.decode(wide, "replace").removeprefix(_BOM)
            message = f"saved as {wide.upper()}: save it as UTF-8"
            return cls(text, (TextProblem("encoding", message, 0, min(1, len(text))),))
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError as error:
            text, problems = _decode_broken(data, error)
        else:
            problems = ()
        return cls(text, (*_byte_order_mark(text), *problems))

    @classmethod
    def from_text(cls, text: str) -> Document:
        """A document from text that an editor holds."""
        return cls(text, _byte_order_mark(text))

    @cached_property
    def lines(self) -> LineIndex:
        """The line index of this version."""
        return LineIndex(self.text)

    @cached_property
    def tree(self) -> JsonTree:
        """The tree of this version, tolerant of whatever is wrong in it."""
        strict, value = self._strict
        return tree_of(self.text, value) if strict else parse(self.text)

    @cached_property
    def _strict(self) -> tuple[bool, Any]:
        # Most versions of most documents are valid, and then the C parser of the standard library is all
        # that is needed: the tree is built only once something asks for a position.
        try:
            return True, json_strict.loads(self.text.removeprefix(_BOM))
        except json_strict.NotStrictError:
            return False, None

    @property
    def is_strict(self) -> bool:
        """Whether the text is JSON to the letter, with no key written twice."""
        return self._strict[0]

    @cached_property
    def value(self) -> Any:
        """The value of the text; of a broken one, what the tolerant parse could keep."""
        strict, value = self._strict
        return value if strict else self.tree.to_python()

    def replace(self, start: int, end: int, new: str) -> Document:
        """The document with the code points from start to end replaced."""
        text = self.text[:start] + new + self.text[end:]
        return Document.from_text(_join_surrogates(text, (start, start + len(new))))

    def edit(self, start: Position, end: Position, new: str, encoding: Encoding) -> Document:
        """The document with a range of positions replaced, as a client asks for; positions are clamped."""
        first = self.lines.offset(*start, encoding)
        last = self.lines.offset(*end, encoding)
        return self.replace(min(first, last), max(first, last), new)


def _join_surrogates(text: str, seams: tuple[int, int]) -> str:
    """Join a surrogate pair that an edit put together from its two halves.

    A UTF-16 client may send the halves in two edits; afterwards they are one character to it.
    """
    for seam in seams:
        if 0 < seam < len(text) and "\ud800" <= text[seam - 1] <= "\udbff" and "\udc00" <= text[seam] <= "\udfff":
            pair = text[seam - 1 : seam + 1].encode("utf-16-le", "surrogatepass").decode("utf-16-le")
            return _join_surrogates(text[: seam - 1] + pair + text[seam + 1 :], (seams[0] - 1, seams[1] - 1))
    return text


def _byte_order_mark(text: str) -> tuple[TextProblem, ...]:
    if not text.startswith(_BOM):
        return ()
    return (TextProblem("byte-order-mark", "the file starts with a byte-order mark (U+FEFF)", 0, 1),)


def _wide_encoding(data: bytes) -> str | None:
    """The encoding that a UTF-16 or UTF-32 byte-order mark announces."""
    if data.startswith((b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff")):
        return "utf-32"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    return None


def _decode_broken(data: bytes, error: UnicodeDecodeError) -> tuple[str, tuple[TextProblem, ...]]:
    """Decode with U+FFFD for what is not UTF-8, and say where the first such byte lies and how many there are."""
    text = data.decode("utf-8", "replace")
    start = len(data[: error.start].decode("utf-8"))
    bad = text.count("\ufffd") - data.count("\ufffd".encode())
    more = f" (and {bad - 1} more places)" if bad > 1 else ""
    message = f"byte 0x{data[error.start]:02x} at offset {error.start} is not UTF-8{more}"
    return text, (TextProblem("encoding", message, start, min(start + 1, len(text))),)
