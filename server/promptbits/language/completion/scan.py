"""What is open at a place in JSON that is being typed: objects and arrays, and what they hold so far."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final, Literal

from promptbits.text.json_leaves import is_closed
from promptbits.text.json_string import StringMap
from promptbits.text.json_tokens import Token
from promptbits.text.json_tree import Path

UNSEEN: Final = ("comment", "conflict", "blank")
COLON = re.compile(r"[ \t\r\n]*+:")
_OPENER: Final = {"}": "{", "]": "["}


@dataclass(eq=False)
class Frame:
    """An object or array that is open: what is expected next, and where the last thing in it ends.

    `strings` are the keys of an object, or the strings of an array.
    """

    opener: str
    state: Literal["key", "colon", "value", "after"]
    end: int
    key: str = ""
    index: int = 0
    strings: list[str] = field(default_factory=list[str])

    def comma(self, end: int) -> None:
        """A comma was read."""
        if self.opener == "[" and self.state == "after":
            self.index += 1
        self.state = "key" if self.opener == "{" else "value"
        self.end = end

    def finish(self, end: int) -> None:
        """A value was read to its end."""
        self.state, self.end = "after", end


class Scan:
    """The stack of what is open. Each token is looked at once, and costs the same at any depth."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.stack: list[Frame] = []
        self.seen = False
        self._open = {"{": 0, "[": 0}
        self._reached = 0
        self._line_end = -1

    def path(self) -> Path:
        """The way to the value that is next, or last, in what is open."""
        return tuple(frame.key if frame.opener == "{" else frame.index for frame in self.stack)

    def take(self, token: Token) -> None:
        """Read one token."""
        if token.kind in UNSEEN:
            return
        self.seen = True
        if token.kind != "mark":
            self._leaf(token)
        elif token.text in "{[":
            self.stack.append(Frame(token.text, "key" if token.text == "{" else "value", token.end))
            self._open[token.text] += 1
        elif token.text in "}]":
            self._close(token)
        elif self.stack and token.text == ",":
            self.stack[-1].comma(token.end)
        elif self.stack and self.stack[-1].state == "colon":
            self.stack[-1].state, self.stack[-1].end = "value", token.end

    def role(self, start: int, end: int) -> Literal["key", "value"] | None:
        """What a string or word is; None where nothing can stand. An array may turn out to have been left open."""
        if not self.stack:
            return None
        frame = self.stack[-1]
        new_line = self.new_line(frame.end, start)
        colon = COLON.match(self.text, end) is not None
        if frame.opener == "[":
            if colon and new_line and len(self.stack) > 1 and self.stack[-2].opener == "{":
                self._pop()
                self.stack[-1].finish(frame.end)
                return "key"
            return "value" if frame.state == "value" or new_line else None
        match frame.state:
            case "key":
                return "key"
            case "value":
                return "key" if new_line and colon else "value"
            case "colon":
                return "key" if new_line else "value"
            case _:
                return "key" if new_line or colon else None

    def new_line(self, start: int, end: int) -> bool:
        """Whether a line ends between two offsets; the second ones never go back."""
        if end > self._reached:
            gap = self.text[self._reached : end]
            found = max(gap.rfind("\n"), gap.rfind("\r"))
            self._line_end = self._reached + found if found >= 0 else self._line_end
            self._reached = end
        return self._line_end >= start

    def _pop(self) -> str:
        opener = self.stack.pop().opener
        self._open[opener] -= 1
        return opener

    def _close(self, token: Token) -> None:
        wanted = _OPENER[token.text]
        if self._open[wanted]:
            while self._pop() != wanted:
                pass
        if self.stack:
            self.stack[-1].finish(token.end)

    def _leaf(self, token: Token) -> None:
        role = self.role(token.start, token.end)
        if role is None:
            return
        frame = self.stack[-1]
        if role == "key":
            frame.key = _decoded(token)
            frame.strings.append(frame.key)
            frame.state, frame.end = "colon", token.end
            return
        if frame.opener == "[":
            frame.index += frame.state == "after"
            frame.strings.append(_decoded(token))
        frame.finish(token.end)


def _decoded(token: Token) -> str:
    if token.kind not in ("string", "quoted") or not token.text:
        return token.text
    return StringMap(token.text[1:-1] if is_closed(token) else token.text[1:]).text
