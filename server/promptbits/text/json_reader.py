"""The parser's way through the tokens: one token of look-ahead, remarks passed over, errors collected."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from promptbits.text.json_tokens import Token, tokens
from promptbits.text.json_tree import JsonError

_BOM: Final = "\ufeff"
_LINE_END = re.compile(r"[\r\n]")
_LINE_REST = re.compile(r"[^\r\n]*")


class Reader:
    """Tokens of a text with one token of look-ahead, `token`."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.errors: list[JsonError] = []
        self.conflicts: list[tuple[int, int]] = []
        self.last_end = 0
        # Once one error explains why the text ends too early, what is still open then needs no more of them.
        self.cut_short = False
        self._tokens: Iterator[Token] = tokens(text)
        self.token: Token = next(self._tokens)
        self._skip_remarks()

    def advance(self) -> Token:
        """Take the token."""
        taken = self.token
        if taken.kind != "end":
            self.last_end = taken.end
            self.token = next(self._tokens)
            self._skip_remarks()
        return taken

    def jump(self, offset: int) -> None:
        """Go on with the first token from an offset; what was noted behind it is read again."""
        while self.errors and self.errors[-1].start >= offset:
            self.errors.pop()
        while self.conflicts and self.conflicts[-1][0] >= offset:
            self.conflicts.pop()
        self.last_end = offset
        self._tokens = tokens(self.text, offset)
        self.token = next(self._tokens)
        self._skip_remarks()

    def _skip_remarks(self) -> None:
        """Pass over comments, odd blanks and merge-conflict markers: what stands around them is still JSON."""
        while self.token.kind in ("comment", "conflict", "blank"):
            token = self.token
            if token.kind == "conflict":
                self.conflicts.append((token.start, token.end))
            elif token.kind == "comment":
                closed = not token.text.startswith("/*") or (len(token.text) > 3 and token.text.endswith("*/"))
                self.cut_short = self.cut_short or not closed
                fix = ((token.start, token.end, " " if token.text.startswith("/*") else ""),) if closed else ()
                message = "JSON has no comments" if closed else "JSON has no comments, and this one is never closed"
                self.error("comment", message, token.start, token.end if closed else token.start + 2, fix)
            elif token.text != _BOM or token.start > 0:
                fix = ((token.start, token.end, " "),)
                message = f"U+{ord(token.text[0]):04X} is not white space in JSON"
                self.error("bad-space", message, token.start, token.end, fix)
            self.token = next(self._tokens)

    def ended(self) -> bool:
        """Whether the text ends here."""
        return self.token.kind == "end"

    def at(self, *marks: str) -> bool:
        """Whether the token is one of these marks."""
        return self.token.kind == "mark" and self.token.text in marks

    def breaks_line(self, start: int, end: int) -> bool:
        """Whether a line ends between two offsets."""
        return _LINE_END.search(self.text, start, end) is not None

    def line_end(self, offset: int) -> int:
        """Where the line of an offset ends."""
        rest = _LINE_REST.match(self.text, offset)
        return rest.end() if rest else len(self.text)

    def error(
        self,
        kind: str,
        message: str,
        start: int,
        end: int,
        fix: tuple[tuple[int, int, str], ...] = (),
        related: tuple[int, int, str] | None = None,
    ) -> None:
        """Note an error."""
        self.errors.append(JsonError(kind, message, start, end, fix, related))
