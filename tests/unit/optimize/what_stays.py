"""What no operator may change, found in other ways than the operators find it."""

from __future__ import annotations

import re
from collections import Counter

from markdown_it import MarkdownIt
from markdown_it.token import Token

_PLACEHOLDER = re.compile(r"<<[A-Za-z_][\w.]*>>|\{\{[ \t]*[A-Za-z_][\w.]*[ \t]*\}\}")
_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
_NUMBERED = re.compile(r"^([ \t>]*)\d{1,9}([.)](?:[ \t]|$))", re.MULTILINE)
_QUOTED = re.compile(r'"[^"\n]*"|“[^”\n]*”')
_URL = re.compile(r"https?://[^\s<>\"`)\]]+")
_HIDDEN = re.compile(
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]"
)


def _code(tokens: list[Token]) -> list[str]:
    found = [token.content for token in tokens if token.type in ("fence", "code_inline")]
    return found + [each for token in tokens if token.children for each in _code(token.children)]


def what_stays(text: str) -> dict[str, Counter[str]]:
    """Everything that has to be there as often as before; numbers of list items may change."""
    return {
        "placeholders": Counter(_PLACEHOLDER.findall(text)),
        "code": Counter(_code(MarkdownIt().parse(text))),
        "numbers": Counter(_NUMBER.findall(_NUMBERED.sub(r"\1\2", text))),
        "quotes": Counter(_QUOTED.findall(text)),
        "urls": Counter(_URL.findall(text)),
        "hidden": Counter(_HIDDEN.findall(text)),
    }


def lost_or_added(before: str, after: str) -> dict[str, tuple[Counter[str], Counter[str]]]:
    """What differs, by kind: what went, and what came."""
    old, new = what_stays(before), what_stays(after)
    return {kind: (old[kind] - new[kind], new[kind] - old[kind]) for kind in old if old[kind] != new[kind]}
