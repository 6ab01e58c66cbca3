"""A tolerant JSON parser: it takes whatever is there, keeps what it can, and says precisely what is wrong.

It never raises. Recovery follows what authors do: a key without its value, a comma forgotten at the end of
a line, a quote that was never closed or that belongs to the text, a text pasted with its line breaks. One slip
is one error.
"""

from __future__ import annotations

import re
from typing import Final

from promptbits.text.json_leaves import read_number, read_word, shown
from promptbits.text.json_scalars import TEXT, LeafReader
from promptbits.text.json_string import encode
from promptbits.text.json_tokens import Token
from promptbits.text.json_tree import JsonTree, Member, Node

# Deeper than any prompt, and shallow enough for every recursive walk over a tree.
MAX_DEPTH: Final = 200

_KEY_AHEAD = re.compile(r'"(?:[^"\\\r\n]++|\\[^\r\n])*+"[ \t]*+:')
_PROSE = re.compile(r"""[^\s"':,{}\[\]]++[ \t]++[^\s"':,{}\[\]=]""")
_CLOSER: Final = {"{": "}", "[": "]"}
_COLON_MEANT: Final = ("=", "=>", "->")


def parse(text: str) -> JsonTree:
    """Read a text as JSON. Errors come in the order of the text."""
    parser = _Parser(text)
    root = parser.document()
    errors = sorted(parser.errors, key=lambda error: (error.start, error.end))
    return JsonTree(root, tuple(errors), tuple(parser.conflicts))


class _Parser(LeafReader):
    """Recursive descent over one look-ahead token."""

    def document(self) -> Node | None:
        if self.ended():
            if not self.cut_short:
                self.error("empty", "the file is empty: expected a JSON object", 0, len(self.text))
            return None
        self.skip_preface()
        root = self._value()
        if root is None and self.at(",", ":", "}", "]"):
            self.advance()
            root = self._value() if self.at("{", "[") else None
        if not self.ended():
            token = self.token
            self.error("after-end", "the value ends above: nothing may follow it", token.start, token.end)
        return root

    def _value(self) -> Node | None:
        """The value at the token, or None, with an error, where none starts here."""
        token = self.token
        match token.kind:
            case "string" | "quoted":
                return self.string()
            case "number":
                return self.unquoted(read_number(self.advance()))
            case "word":
                return self.unquoted(read_word(self.advance()))
            case "mark" if token.text in _CLOSER:
                return self._nested()
            case "mark":
                self.error("expected-value", f"expected a value before {token.text!r}", token.start, token.end)
            case _:
                self.advance()
                end = self.skip_text(token.end)
                self.error("unexpected", "expected a value", token.start, end)
        return None

    def _nested(self) -> Node:
        if len(self.awaited) >= MAX_DEPTH:
            return self._too_deep()
        self.awaited.append(_CLOSER[self.token.text])
        node = self._object() if self.token.text == "{" else self._array()
        self.awaited.pop()
        return node

    def _object(self) -> Node:
        opener = self.advance()
        node = Node("object", opener.start, opener.end)
        comma: Token | None = None
        while not self._closed(node, opener, comma):
            if self.at(","):
                extra = self.advance()
                fix = ((extra.start, extra.end, ""),)
                self.error("expected-key", "expected a key before this comma", extra.start, extra.end, fix)
                continue
            before = node.members[-1].value if comma and node.members else None
            comma = None
            if before and before.kind == "string" and self._is_prose(before.end):
                comma = self._stray_quote(before)
                continue
            member = self._member()
            if member is None:
                continue
            node.members.append(member)
            comma = self._separator(member.value or member.key, keyed=True, complete=member.value is not None)
        return node

    def _array(self) -> Node:
        opener = self.advance()
        node = Node("array", opener.start, opener.end)
        comma: Token | None = None
        while not self._closed(node, opener, comma):
            if self.at(",", ":"):
                extra = self.advance()
                fix = ((extra.start, extra.end, ""),)
                message = f"expected a value before {extra.text!r}"
                self.error("expected-value", message, extra.start, extra.end, fix)
                continue
            comma = None
            item = self._value()
            if item is None:
                continue
            node.items.append(item)
            comma = self._separator(item, keyed=False, complete=True)
        return node

    def _closed(self, node: Node, opener: Token, comma: Token | None) -> bool:
        """Whether the object or array ends here; says so if it should not."""
        wanted = _CLOSER[opener.text]
        other = "]" if wanted == "}" else "}"
        while self.at(other) and other not in self.awaited:
            # No open bracket waits for this closer: it is one too many, or else it was meant to be ours.
            slip = self.advance()
            if not self.at(wanted, other, ","):
                related = (opener.start, opener.end, f"this {opener.text!r} is closed by {wanted!r}")
                message = f"expected {wanted!r}, not {slip.text!r}"
                fix = ((slip.start, slip.end, wanted),)
                self.error(_unclosed(wanted), message, slip.start, slip.end, fix, related)
                node.end = slip.end
                return True
            fix = ((slip.start, slip.end, ""),)
            self.error("unexpected", f"{slip.text!r} closes nothing here", slip.start, slip.end, fix)
            comma = self.advance() if self.at(",") else comma
        if self.at(wanted):
            if comma:
                fix = ((comma.start, comma.end, ""),)
                self.error("trailing-comma", "JSON has no trailing comma", comma.start, comma.end, fix)
            node.end = self.advance().end
            return True
        if not self.ended() and not self.at(other) and not (wanted == "]" and self._leaves_array()):
            return False
        node.end = self.last_end
        self.unterminated = node.start
        if not self.cut_short:
            self.cut_short = self.ended()
            message = f"expected {wanted!r} to close this {opener.text!r}"
            related = (self.token.start, self.token.end, f"{wanted!r} is expected here at the latest")
            self.error(_unclosed(wanted), message, opener.start, opener.end, related=related)
        return True

    def _member(self) -> Member | None:
        key = self._key()
        if key is None:
            return None
        if self.at(":"):
            colon = self.advance()
        elif self.token.kind == "junk" and self.token.text in _COLON_MEANT:
            colon = self.advance()
            fix = ((colon.start, colon.end, ":"),)
            self.error("expected-colon", f"expected ':', not {colon.text!r}", colon.start, colon.end, fix)
        elif self._starts_value() and not self.breaks_line(key.end, self.token.start):
            fix = ((key.end, key.end, ":"),)
            self.error("expected-colon", "expected ':' after the key", key.start, key.end, fix)
            return Member(key, self._value())
        else:
            if self.unterminated != key.start:
                self.error("expected-colon", "expected ':' and a value after the key", key.start, key.end)
            return Member(key, None)
        while self.at(":"):
            extra = self.advance()
            fix = ((extra.start, extra.end, ""),)
            self.error("unexpected", "one ':' is enough", extra.start, extra.end, fix)
        if self.ended() or self.at(",", "}", "]") or self._is_key_on_new_line(colon.end):
            self.error("expected-value", "expected a value after ':'", colon.start, colon.end)
            return Member(key, None)
        return Member(key, self._value())

    def _is_key_on_new_line(self, after: int) -> bool:
        """Whether the next line holds the next member: what stands before it has not been typed to its end."""
        token = self.token
        if token.kind != "string" or not self.breaks_line(after, token.start):
            return False
        return _KEY_AHEAD.match(self.text, token.start) is not None

    def _leaves_array(self) -> bool:
        """`"tags": [` with the next line holding the next member: the bracket has not been closed yet."""
        return "}" in self.awaited and self._is_key_on_new_line(self.last_end)

    def _starts_value(self) -> bool:
        return self.token.kind in ("string", "quoted", "number", "word") or self.at("{", "[")

    def _key(self) -> Node | None:
        token = self.advance()
        if token.kind in ("string", "quoted"):
            return self.key_without_end(token) or self.plain_string(token)
        if token.kind in ("word", "number"):
            return self._unquoted_key(token)
        if token.kind == "mark" and token.text in _CLOSER:
            self._skip_nested(1)
            end = token.end
        else:
            end = token.end if token.kind == "mark" else self.skip_text(token.end)
        self.error("expected-key", 'expected a key: "name": value', token.start, end)
        return None

    def _unquoted_key(self, token: Token) -> Node | None:
        if half := self.key_without_start(token):
            return half
        end = token.end if self.token.text in _COLON_MEANT else self.skip_text(token.end)
        if end > token.end:
            if not self.at(":"):
                self.error("expected-key", 'expected a key: "name": value', token.start, end)
                return None
            token = Token("word", self.text[token.start : end], token.start, end)
        fix = ((token.start, token.end, f'"{encode(token.text)}"'),)
        message = f"a key is written in double quotes: {shown(token.text)}"
        self.error("unquoted-key", message, token.start, token.end, fix)
        if not self.at(":"):
            self.unterminated = token.start
        return Node("string", token.start, token.end, token.text, source=token.text)

    def _separator(self, before: Node, *, keyed: bool, complete: bool) -> Token | None:
        """The comma after a member or an item, or None at the end; says so where one is missing.

        Nothing is said after a member that is not complete, or a string that was not closed: the error that
        stands there already explains it.
        """
        if self.at(","):
            return self.advance()
        if self.ended() or self.at("}", "]") or not complete or self.unterminated == before.start:
            return None
        if not keyed and self._leaves_array():
            return None
        token = self.token
        if before.kind == "string" and token.text != ";" and not self.breaks_line(before.end, token.start):
            text_follows = token.kind in TEXT and token.kind != "number"
            if text_follows or (keyed and not _KEY_AHEAD.match(self.text, token.start)):
                return self._stray_quote(before)
        if token.text == ";" or (self.at(":") and not keyed):
            wrong = self.advance()
            fix = ((wrong.start, wrong.end, ","),)
            more = ": an array has no keys" if wrong.text == ":" else ""
            self.error("expected-comma", f"expected ',', not {wrong.text!r}{more}", wrong.start, wrong.end, fix)
            return None
        fix = ((before.end, before.end, ","),)
        self.error("expected-comma", "expected ',' after this value", max(before.end - 1, 0), before.end, fix)
        return None

    def _stray_quote(self, before: Node) -> Token | None:
        """A string that goes on after its quote: `"He said "no" twice",`. One error, and on to the end of the line."""
        message = 'the string ends here: a quote that belongs to the text is written \\"'
        self.error("stray-quote", message, before.end - 1, before.end)
        line_end = self.line_end(before.end)
        # Commas and closers at the very end of the line are structure, not text.
        text_end = before.end + len(self.text[before.end : line_end].rstrip(" \t,}]"))
        self.jump(text_end)
        return self.advance() if self.at(",") and self.token.start < line_end else None

    def _is_prose(self, after: int) -> bool:
        """Whether words of text follow a string and its comma on the line: `"He said "no", then left",`."""
        start = self.token.start
        return self.token.kind in TEXT and not self.breaks_line(after, start) and bool(_PROSE.match(self.text, start))

    # Depth

    def _too_deep(self) -> Node:
        opener = self.advance()
        message = f"nested more than {MAX_DEPTH} levels deep: what lies deeper is not read"
        self.error("too-deep", message, opener.start, opener.end)
        self._skip_nested(1)
        self.cut_short = self.cut_short or self.ended()
        return Node("object" if opener.text == "{" else "array", opener.start, self.last_end)

    def _skip_nested(self, level: int) -> None:
        """Pass over everything up to the closer of the level."""
        while level and not self.ended():
            token = self.advance()
            if token.kind == "mark":
                level += (token.text in _CLOSER) - (token.text in "}]")


def _unclosed(closer: str) -> str:
    return "unclosed-object" if closer == "}" else "unclosed-array"
