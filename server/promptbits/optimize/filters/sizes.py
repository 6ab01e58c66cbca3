"""Whether there is a text, a new one, and one that is not too long."""

from __future__ import annotations

from typing import Final

from promptbits.optimize.filters.reading import Reading
from promptbits.optimize.operators.shortening import tokens
from promptbits.optimize.terms import Basis

MOST_GROWTH: Final = 1.5
# A prompt of a line or two has hardly said anything yet: it may grow to a paragraph.
FLOOR: Final = 400


def empty(_basis: Basis, after: Reading) -> str | None:
    """Nothing is left that says anything."""
    return None if any(map(str.isalnum, after.text)) else "the text says nothing"


def growth(basis: Basis, after: Reading) -> str | None:
    """The text has become much longer."""
    most = max(int(MOST_GROWTH * len(basis.content)), FLOOR)
    if len(after.text) <= most:
        return None
    return f"{len(after.text):,} characters; with {len(basis.content):,} before, at most {most:,}"


def copy(before: str, after: Reading) -> str | None:
    """The words are those of the prompt; `before` is folded."""
    return "the same text but for blanks and line ends" if folded(after.text) == before else None


def folded(text: str) -> str:
    """A text with one blank for each run of white space, and none around it."""
    return " ".join(text.split())


def token_budget(basis: Basis, after: Reading) -> str | None:
    """The text is longer than the author asked for."""
    if basis.token_budget is None or tokens(after.text) <= basis.token_budget:
        return None
    return f"about {tokens(after.text):,} tokens by estimate, more than the {basis.token_budget:,} asked for"


def section(basis: Basis, after: Reading) -> str | None:
    """Something has changed outside of the part that may."""
    if basis.section is None:
        return None
    start, end = basis.section
    head, tail = basis.content[:start], basis.content[end:]
    text = after.text
    if text.startswith(head) and text.endswith(tail) and len(text) >= len(head) + len(tail):
        return None
    return f"something changed {'after' if text.startswith(head) else 'before'} the section"
