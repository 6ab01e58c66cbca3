"""Tokens of JSON, and of what people type in its place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple, get_args

TokenKind = Literal["string", "mark", "number", "word", "comment", "conflict", "quoted", "blank", "junk", "end"]

# A string stops at a raw line end, so that one missing quote spoils one line only. Every repetition is
# possessive or its parts exclude one another: the scan is linear on any input.
_TOKEN = re.compile(
    r"""[\ \t\r\n]*+(?:
      (?P<string>"(?:[^"\\\r\n]++|\\[^\r\n])*+(?:"|\\?))
    | (?P<mark>[{}\[\],:])
    | (?P<number>[-+]?+\.?[0-9][\w.%+-]*+)
    | (?P<word>[-+]?+(?:\$(?=\w))?+[^\W\d][\w$.-]*+)
    | (?P<comment>//[^\r\n]*+|/\*(?:[^*]++|\*(?!/))*+(?:\*/)?|\#[^\r\n]*+)
    | (?P<conflict>(?:(?<=\n)|(?<=\r)|(?<![\s\S]))(?:<{7}|={7}|>{7}|\|{7})(?![<=>|])[^\r\n]*+)
    | (?P<quoted>'(?:[^'\\\r\n]++|\\[^\r\n])*+'?|`(?!`)(?:[^`\\\r\n]++|\\[^\r\n])*+`?
        |[“”„](?:[^“”"\\\r\n]++|\\[^\r\n])*+[“”]?|[‘’](?:[^‘’"\\\r\n]++|\\[^\r\n])*+[‘’]?)
    | (?P<blank>[\x0b\x0c\x85\u00a0\u1680\u2000-\u200b\u2028\u2029\u202f\u205f\u3000\ufeff]++)
    | (?P<end>\Z)
    | (?P<junk>[^\s"'{}\[\],:]++|.)
    )""",
    re.VERBOSE | re.DOTALL,
)


class Token(NamedTuple):
    """A piece of the source: text[start:end]."""

    kind: TokenKind
    text: str
    start: int
    end: int


_KINDS: frozenset[str] = frozenset(get_args(TokenKind))


def tokens(text: str, at: int = 0) -> Iterator[Token]:
    """Every token of a text from an offset on; the last one is `end`, at the end of the text."""
    while True:
        match = _TOKEN.match(text, at)
        assert match is not None, "junk takes any character"
        kind = match.lastgroup
        assert kind in _KINDS
        start, at = match.span(kind)
        yield Token(kind, match[kind], start, at)  # pyright: ignore[reportArgumentType]  (checked just above)
        if kind == "end":
            return
