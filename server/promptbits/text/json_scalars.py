"""Strings, numbers and words as the parser meets them, and text where none of them should be."""

from __future__ import annotations

import re
from typing import Final

from promptbits.text.json_leaves import is_closed, read_run_on, read_string
from promptbits.text.json_reader import Reader
from promptbits.text.json_run_on import run_on_end
from promptbits.text.json_tokens import Token
from promptbits.text.json_tree import JsonError, Node

# What stands between two quotes that should not be there, and in place of a value that is none.
TEXT: Final = ("word", "number", "junk", "quoted")

_KEY_WITHOUT_END = re.compile(r'"(?P<name>[\w$.-]++)[ \t]*+:')
_QUOTE_AND_COLON = re.compile(r'"[ \t]*+:')
_OPENER_ON_A_LINE = re.compile(r"[\r\n][ \t]*+[{\[]")


class LeafReader(Reader):
    """Reads the values that hold no others, and passes over what is no value."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.awaited: list[str] = []  # the closers of the open objects and arrays, innermost last
        self.unterminated = -1  # where the last string starts that was not closed

    def skip_preface(self) -> None:
        """Text before the JSON, such as the fence it was copied with."""
        token = self.token
        if token.kind not in ("word", "junk", "quoted") or token.text in ("true", "false", "null"):
            return
        opener = _OPENER_ON_A_LINE.search(self.text, token.end)
        if opener:
            self.error("unexpected", "expected a JSON object, not text", token.start, self.line_end(token.start))
            self.jump(opener.end() - 1)

    def string(self) -> Node:
        """A string in the place of a value: one with raw line breaks is read to its likely end."""
        token = self.token
        if token.kind == "string" and not is_closed(token):
            run_on = run_on_end(self.text, token.end)
            if run_on is not None:
                end, closed = run_on
                self.unterminated = -1 if closed else token.start
                self.jump(end)
                return self.leaf(read_run_on(token, self.text, end, closed=closed))
        return self.plain_string(self.advance())

    def plain_string(self, token: Token) -> Node:
        """A string that ends on its line."""
        if token.kind == "quoted" or is_closed(token):
            return self.leaf(read_string(token))
        self.unterminated = token.start
        # `{"a": ["text]}` at the very end: the brackets were meant to follow the string.
        tail = token.text[len(token.text.rstrip(" \t,}]")) :] if self.ended() else ""
        swallowed = re.sub(r"[ \t,]", "", tail)
        open_ones = "".join(reversed(self.awaited))
        self.cut_short = self.cut_short or (swallowed != "" and swallowed == open_ones)
        if not open_ones.startswith(swallowed):
            tail = ""
        return self.leaf(read_string(token, tail or token.text[len(token.text.rstrip(" \t,")) :]))

    def key_without_end(self, token: Token) -> Node | None:
        """`"name: "value"` with a quote missing: the key, and on from its colon."""
        match = _KEY_WITHOUT_END.match(token.text)
        text_follows = self.token.kind in TEXT and not self.breaks_line(token.end, self.token.start)
        if match is None or self.at(":") or (is_closed(token) and not text_follows):
            return None
        end = token.start + match.end("name")
        self.jump(token.start + match.end() - 1)
        self.error("unterminated-string", "the key has no closing quote", token.start, end, ((end, end, '"'),))
        return Node("string", token.start, end, match["name"], source=match["name"])

    def key_without_start(self, token: Token) -> Node | None:
        """`name": "value"` with a quote missing: the key, and on from its colon."""
        if not _QUOTE_AND_COLON.match(self.text, token.end):
            return None
        self.jump(token.end + 1)
        fix = ((token.start, token.start, '"'),)
        self.error("unquoted-key", "the key has no opening quote", token.start, token.end + 1, fix)
        return Node("string", token.start, token.end, token.text, source=token.text)

    def unquoted(self, read: tuple[Node, list[JsonError]]) -> Node:
        """A number or word; if it is neither, the words that follow it on the line belong to the same slip."""
        node, errors = read
        if errors and not errors[0].fix and (end := self.skip_text(node.end)) > node.end:
            error = errors[0]
            errors = [JsonError(error.kind, error.message, error.start, end)]
        return self.leaf((node, errors))

    def skip_text(self, end: int) -> int:
        """Pass over what can only be text on the same line; returns where it ends."""
        while self.token.kind in TEXT and not self.breaks_line(end, self.token.start):
            end = self.advance().end
        return end

    def leaf(self, read: tuple[Node, list[JsonError]]) -> Node:
        """The node of what was read, its errors noted."""
        node, errors = read
        self.errors += errors
        return node
