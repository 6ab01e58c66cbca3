"""Where the cursor stands in JSON that is being typed: at a key or a value, of what, beside what.

The tree says what a text most likely means as a whole. Here the text before the cursor counts, and what stands
behind it only says which marks need not be written again: so tokens are read, not the tree.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from promptbits.language.completion.scan import COLON, UNSEEN, Scan
from promptbits.text.json_leaves import is_closed
from promptbits.text.json_tokens import Token, tokens
from promptbits.text.json_tree import Node, Path

Role = Literal["key", "value", "document"]

_BLANKS = re.compile(r"[ \t\r\n]*+")
_REST_OF_STRING = re.compile(r'[^",:{}\[\]\\\r\n]*+"(?![\w$])')
_REST_OF_WORD = re.compile(r"[\w$.-]*+")


@dataclass(frozen=True)
class Place:
    """The place of the cursor: text[start:end] is what an answer replaces, with its quotes if there are any.

    `path` leads to the value, or for a key to its object. `taken` are the other keys, or the other items.
    `comma_before` is where the member above ends that lacks its comma; `follows` says that `:` stands behind a key.
    """

    role: Role
    path: Path
    start: int
    end: int
    quote: str
    typed: str
    taken: frozenset[str] = frozenset()
    comma_before: int | None = None
    comma_after: bool = False
    follows: bool = False

    @property
    def caret(self) -> int:
        """Where the cursor stands, behind what was typed."""
        return self.start + len(self.quote) + len(self.typed)


def place_at(text: str, offset: int, content: Node | None) -> Place | None:
    """The place of an offset; None where there is nothing to offer. `content` is a string to pass over whole."""
    scan = Scan(text)
    current: Token | None = None
    for token in _read(text, 0, content):
        if token.start >= offset or token.kind == "end":
            break
        if _holds(token, offset):
            current = token
            break
        scan.take(token)
    if current is None:
        return _blank(scan, offset, content)
    if current.kind in UNSEEN or (current.kind == "junk" and current.text != "$"):
        return None
    return _touched(scan, current, offset, content)


def _touched(scan: Scan, token: Token, offset: int, content: Node | None) -> Place | None:
    """The place of a string or word that has been begun."""
    quote = token.text[0] if token.kind in ("string", "quoted") else ""
    end = _end(scan.text, token, offset)
    typed = scan.text[token.start + len(quote) : offset]
    if not scan.seen:
        whole = next(_seen(_read(scan.text, end, content))).kind == "end"
        return Place("document", (), token.start, end, quote, typed) if whole else None
    depth = len(scan.stack)
    role = scan.role(token.start, end)
    if role is None:
        return None
    frame = scan.stack[-1]
    # Behind an array that turned out to be open, a comma would mend nothing.
    lacks_comma = frame.state == "after" and len(scan.stack) == depth
    return _place(scan, role, (token.start, end), quote, typed, content, frame.end if lacks_comma else None)


def _blank(scan: Scan, offset: int, content: Node | None) -> Place | None:
    """The place of an offset at which nothing has been begun."""
    if not scan.stack:
        whole = not scan.seen and next(_seen(_read(scan.text, offset, content))).kind == "end"
        start, end = _blanks_around(scan.text, offset)
        return Place("document", (), start, end, "", "") if whole else None
    frame = scan.stack[-1]
    if frame.state == "colon" or (frame.state == "after" and not scan.new_line(frame.end, offset)):
        return None
    role: Role = "value" if frame.opener == "[" or frame.state == "value" else "key"
    if role == "value" and frame.opener == "{":
        token = next(_seen(_read(scan.text, offset, content)))
        if token.kind not in ("mark", "end") and not COLON.match(scan.text, token.end):
            return None  # the value is there already
        if token.text in ("{", "["):
            return None
    lacks_comma = frame.state == "after"
    return _place(scan, role, (offset, offset), "", "", content, frame.end if lacks_comma else None)


def _place(
    scan: Scan,
    role: Role,
    span: tuple[int, int],
    quote: str,
    typed: str,
    content: Node | None,
    comma_before: int | None,
) -> Place:
    """The place, with what stands behind it: read on to the end of the object or array."""
    frame, depth = scan.stack[-1], len(scan.stack)
    if frame.opener == "[" and comma_before is not None:
        frame.index += 1
    path = scan.path()[: -1 if role == "key" else None]
    behind = _seen(_read(scan.text, span[1], content))
    token = next(behind)
    colon = token.kind == "mark" and token.text == ":"
    keyed = COLON.match(scan.text, token.end) is not None
    if frame.opener == "[":
        starts = token.kind in ("string", "quoted", "word", "number") or token.text in ("{", "[")
        comma_after = starts and not (keyed and scan.new_line(span[1], token.start))
        frame.state = "value"
    else:
        comma_after = token.kind in ("string", "quoted", "word") and (keyed or role == "key")
        frame.state = "after" if role == "value" else "colon" if colon else "key"
    frame.end = span[1]
    while token.kind != "end":
        scan.take(token)
        if len(scan.stack) < depth:
            break
        token = next(behind)
    taken = frozenset(frame.strings)
    return Place(role, path, *span, quote, typed, taken, comma_before, comma_after, role == "key" and colon)


def _read(text: str, at: int, content: Node | None) -> Iterator[Token]:
    """The tokens from an offset on. The content, which may hold anything, is one token without its text."""
    for token in tokens(text, at):
        yield token
        blanks = _BLANKS.match(text, token.end) if content and token.text == ":" else None
        if content and blanks and blanks.end() == content.start:
            yield Token("string", "", content.start, content.end)
            yield from tokens(text, content.end)
            return


def _seen(read: Iterator[Token]) -> Iterator[Token]:
    return (token for token in read if token.kind not in UNSEEN)


def _holds(token: Token, offset: int) -> bool:
    """Whether an offset lies in a token, or at the end of one that is still being typed."""
    if token.kind in ("mark", "blank") or not token.start < offset <= token.end:
        return False
    closed = (token.kind in ("string", "quoted") and (not token.text or is_closed(token))) or (
        token.kind == "comment" and len(token.text) >= 4 and token.text.startswith("/*") and token.text.endswith("*/")
    )
    return offset < token.end if closed else offset <= token.end


def _end(text: str, token: Token, offset: int) -> int:
    """Where that ends which is replaced.

    A string that was opened in front of other strings seems to end at the next quote, which opens the next one:
    what JSON has between two strings shows it.
    """
    if token.kind not in ("string", "quoted"):
        return token.end
    if token.text[0] == '"':
        rest = _REST_OF_STRING.match(text, offset)
        if rest and rest.end() <= token.end:
            return rest.end()
    elif is_closed(token):
        return token.end
    rest = _REST_OF_WORD.match(text, offset)
    return rest.end() if rest else offset


def _blanks_around(text: str, offset: int) -> tuple[int, int]:
    start = end = offset
    while start > 0 and text[start - 1] in " \t":
        start -= 1
    while end < len(text) and text[end] in " \t":
        end += 1
    return start, end
