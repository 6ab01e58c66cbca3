"""A tolerant JSON parser: it takes whatever is there, keeps what it can, and says precisely what is wrong.

It never raises. Recovery follows what authors do: a key without its value, a comma forgotten at the end of
a line, a quote that was never closed or that belongs to the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from promptbits.text.json_leaves import read_number, read_string, read_word, shown
from promptbits.text.json_string import encode
from promptbits.text.json_tokens import Token, tokens
from promptbits.text.json_tree import JsonError, JsonTree, Member, Node

# Deeper than any prompt, and shallow enough for every recursive walk over a tree.
MAX_DEPTH: Final = 200

_BOM: Final = "\ufeff"
_KEY_AHEAD = re.compile(r'"(?:[^"\\\r\n]++|\\[^\r\n])*+"[ \t]*:')
_LINE_REST = re.compile(r"[^\r\n]*")
_CLOSER: Final = {"{": "}", "[": "]"}


def parse(text: str) -> JsonTree:
    """Read a text as JSON. Errors come in the order of the text."""
    parser = _Parser(text)
    root = parser.document()
    errors = sorted(parser.errors, key=lambda error: (error.start, error.end))
    return JsonTree(root, tuple(errors), tuple(parser.conflicts))


class _Parser:
    """Recursive descent over one look-ahead token, `self.token`."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.errors: list[JsonError] = []
        self.conflicts: list[tuple[int, int]] = []
        self._tokens: Iterator[Token] = tokens(text)
        self._awaited: list[str] = []  # the closers of the open objects and arrays, innermost last
        self._last_end = 0
        self.token: Token = next(self._tokens)
        self._skip_remarks()

    # Reading tokens

    def _advance(self) -> Token:
        taken = self.token
        if taken.kind == "end":
            return taken
        self._last_end = taken.end
        self.token = next(self._tokens)
        self._skip_remarks()
        return taken

    def _skip_remarks(self) -> None:
        """Pass over comments, odd blanks and merge-conflict markers: what stands around them is still JSON."""
        while self.token.kind in ("comment", "conflict", "blank"):
            token = self.token
            if token.kind == "conflict":
                self.conflicts.append((token.start, token.end))
            elif token.kind == "comment":
                fix = ((token.start, token.end, ""),)
                self._error("comment", "JSON has no comments", token.start, token.end, fix)
            elif token.text.strip(_BOM) or token.start > 0:
                fix = ((token.start, token.end, " "),)
                message = f"U+{ord(token.text[0]):04X} is not white space in JSON"
                self._error("bad-space", message, token.start, token.end, fix)
            self.token = next(self._tokens)

    def _ended(self) -> bool:
        return self.token.kind == "end"

    def _at(self, *marks: str) -> bool:
        return self.token.kind == "mark" and self.token.text in marks

    def _error(
        self,
        kind: str,
        message: str,
        start: int,
        end: int,
        fix: tuple[tuple[int, int, str], ...] = (),
        related: tuple[int, int, str] | None = None,
    ) -> None:
        self.errors.append(JsonError(kind, message, start, end, fix, related))

    # The grammar

    def document(self) -> Node | None:
        if self._ended():
            self._error("empty", "the file is empty: expected a JSON object", 0, len(self.text))
            return None
        root = self._value()
        if root is None and not self._ended() and not self._at("{", "["):
            self._advance()
            root = self._value() if self._at("{", "[") else None
        if not self._ended():
            token = self.token
            self._error("after-end", "the value ends above: nothing may follow it", token.start, token.end)
        return root

    def _value(self) -> Node | None:
        """The value at the token, or None, with an error, where none starts here."""
        token = self.token
        match token.kind:
            case "string" | "quoted":
                return self._leaf(read_string(self._advance()))
            case "number":
                return self._leaf(read_number(self._advance()))
            case "word":
                return self._leaf(read_word(self._advance()))
            case "mark" if token.text in _CLOSER:
                return self._nested()
            case "end":
                self._error("expected-value", "expected a value", max(self._last_end - 1, 0), self._last_end)
            case "mark":
                self._error("expected-value", f"expected a value before {token.text!r}", token.start, token.end)
            case _:
                self._error("unexpected", "expected a value", token.start, token.end)
                self._advance()
        return None

    def _nested(self) -> Node:
        if len(self._awaited) >= MAX_DEPTH:
            return self._too_deep()
        self._awaited.append(_CLOSER[self.token.text])
        node = self._object() if self.token.text == "{" else self._array()
        self._awaited.pop()
        return node

    def _object(self) -> Node:
        opener = self._advance()
        node = Node("object", opener.start, opener.end)
        comma: Token | None = None
        while not self._closed(node, opener, comma):
            if self._at(","):
                extra = self._advance()
                fix = ((extra.start, extra.end, ""),)
                self._error("expected-key", "expected a key before this comma", extra.start, extra.end, fix)
                continue
            member = self._member()
            if member is None:
                continue
            node.members.append(member)
            comma = self._separator(member.value or member.key, keyed=True, complete=member.value is not None)
        return node

    def _array(self) -> Node:
        opener = self._advance()
        node = Node("array", opener.start, opener.end)
        comma: Token | None = None
        while not self._closed(node, opener, comma):
            if self._at(",", ":"):
                extra = self._advance()
                fix = ((extra.start, extra.end, ""),)
                message = f"expected a value before {extra.text!r}"
                self._error("expected-value", message, extra.start, extra.end, fix)
                continue
            item = self._value()
            if item is None:
                continue
            node.items.append(item)
            comma = self._separator(item, keyed=False, complete=True)
        return node

    def _closed(self, node: Node, opener: Token, comma: Token | None) -> bool:
        """Whether the object or array ends here; says so if it should not."""
        wanted = _CLOSER[opener.text]
        if self._at(wanted):
            if comma:
                fix = ((comma.start, comma.end, ""),)
                self._error("trailing-comma", "JSON has no trailing comma", comma.start, comma.end, fix)
            node.end = self._advance().end
            return True
        other = "]" if wanted == "}" else "}"
        if not self._ended() and not self._at(other):
            return False
        node.end = self._last_end
        self._error(
            "unclosed-object" if wanted == "}" else "unclosed-array",
            f"expected {wanted!r} to close this {opener.text!r}",
            opener.start,
            opener.end,
            related=(self.token.start, self.token.end, f"{wanted!r} is expected here at the latest"),
        )
        # A closer of the other kind that no outer level waits for is a slip: take it as ours.
        if self._at(other) and other not in self._awaited:
            node.end = self._advance().end
        return True

    def _member(self) -> Member | None:
        key = self._key()
        if key is None:
            return None
        if self._at(":"):
            colon = self._advance()
        elif self._starts_value() and self.text.find("\n", key.end, self.token.start) < 0:
            fix = ((key.end, key.end, ":"),)
            self._error("expected-colon", "expected ':' after the key", key.start, key.end, fix)
            return Member(key, self._value())
        else:
            if not self._is_unterminated(key):
                self._error("expected-colon", "expected ':' and a value after the key", key.start, key.end)
            return Member(key, None)
        if self._ended() or self._at(",", "}", "]", ":"):
            self._error("expected-value", "expected a value after ':'", colon.start, colon.end)
            return Member(key, None)
        if self._is_key_on_new_line(colon):
            self._error("expected-value", "expected a value after ':'", colon.start, colon.end)
            return Member(key, None)
        return Member(key, self._value())

    def _is_key_on_new_line(self, colon: Token) -> bool:
        """`"a":` with the next line holding the next member: the value has not been typed yet."""
        token = self.token
        between = self.text[colon.end : token.start]
        return "\n" in between and token.kind == "string" and _KEY_AHEAD.match(self.text, token.start) is not None

    def _starts_value(self) -> bool:
        return self.token.kind in ("string", "quoted", "number", "word") or self._at("{", "[")

    def _key(self) -> Node | None:
        token = self._advance()
        if token.kind in ("string", "quoted"):
            return self._leaf(read_string(token))
        if token.kind in ("word", "number"):
            fix = ((token.start, token.end, f'"{encode(token.text)}"'),)
            message = f"a key is written in double quotes: {shown(token.text)}"
            self._error("unquoted-key", message, token.start, token.end, fix)
            return Node("string", token.start, token.end, token.text, source=token.text)
        self._error("expected-key", 'expected a key: "name": value', token.start, token.end)
        if token.kind == "mark" and token.text in _CLOSER:
            self._skip_nested(1)
        return None

    def _separator(self, before: Node, *, keyed: bool, complete: bool) -> Token | None:
        """The comma after a member or an item, or None at the end; says so where one is missing.

        Nothing is said after a member that is not complete, or a string that was not closed: the error that
        stands there already explains it.
        """
        if self._at(","):
            return self._advance()
        if self._ended() or self._at("}", "]") or not complete or self._is_unterminated(before):
            return None
        token = self.token
        same_line = not re.search(r"[\r\n]", self.text[before.end : token.start])
        if before.kind == "string" and same_line and not _KEY_AHEAD.match(self.text, token.start) and keyed:
            return self._stray_quote(before)
        fix = ((before.end, before.end, ","),)
        what = "this value" if before.kind != "string" or keyed else "this string"
        self._error("expected-comma", f"expected ',' after {what}", max(before.end - 1, 0), before.end, fix)
        return None

    def _is_unterminated(self, node: Node) -> bool:
        return any(error.kind == "unterminated-string" and error.start == node.start for error in self.errors[-3:])

    def _stray_quote(self, before: Node) -> Token | None:
        """A string that goes on after its quote: `"He said "no" twice",`. One error, and on to the next line."""
        quote = before.end - 1
        self._error(
            "stray-quote",
            'the string ends here: a quote that belongs to the text is written \\"',
            quote,
            before.end,
        )
        rest = _LINE_REST.match(self.text, before.end)
        line_end = rest.end() if rest else len(self.text)
        # A closer at the very end of the line is structure, not text.
        while not self._ended() and self.token.start < line_end:
            closes = self._at("}", "]") and not self.text[self.token.end : line_end].strip(" \t,}]")
            if closes:
                return None
            self._advance()
        return None

    def _leaf(self, read: tuple[Node, list[JsonError]]) -> Node:
        node, errors = read
        self.errors += errors
        return node

    # Depth

    def _too_deep(self) -> Node:
        opener = self._advance()
        message = f"nested more than {MAX_DEPTH} levels deep: what lies deeper is not read"
        self._error("too-deep", message, opener.start, opener.end)
        self._skip_nested(1)
        return Node("object" if opener.text == "{" else "array", opener.start, self._last_end)

    def _skip_nested(self, level: int) -> None:
        """Pass over everything up to the closer of the level."""
        while level and not self._ended():
            token = self._advance()
            if token.kind == "mark":
                level += (token.text in _CLOSER) - (token.text in "}]")
