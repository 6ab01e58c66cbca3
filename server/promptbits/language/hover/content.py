"""What is known of the content: its size, its outline and its placeholders. What is estimated says so."""

from __future__ import annotations

from collections import Counter
from typing import Final

from promptbits.checks.content import CHARACTERS_PER_TOKEN
from promptbits.checks.snapshot import Snapshot
from promptbits.language.markup import bullets, code, counted, listed, prose

_MOST_HEADINGS: Final = 20
_MOST_PLACEHOLDERS: Final = 12


def describe_content(snapshot: Snapshot) -> list[str]:
    """The paragraphs about the content."""
    content = snapshot.content
    rows = [
        f"Words: {len(content.split()):,}",
        f"Characters: {len(content):,}",
        f"Tokens: {_tokens(len(content))}",
        f"Placeholders: {_placeholders(snapshot)}",
    ]
    if not snapshot.content_is_whole:
        rows.append("Counted as far as the content can be read: a quote is missing or stands where none belongs")
    headings = snapshot.markdown.headings
    if headings:
        rows.append(f"Headings: {len(headings):,}")
    return [bullets(rows) + _outline(snapshot)]


def estimated_tokens(characters: int) -> int:
    """About how many tokens a text of so many characters has, in two figures: an estimate is no better than that."""
    estimate = -(-characters // CHARACTERS_PER_TOKEN)
    return round(estimate, 2 - len(str(estimate))) if estimate >= 100 else estimate


def _tokens(characters: int) -> str:
    estimate = estimated_tokens(characters)
    return f"about {estimate:,}, an estimate at {CHARACTERS_PER_TOKEN} characters per token"


def _placeholders(snapshot: Snapshot) -> str:
    uses = Counter(use.name for use in snapshot.placeholders)
    if not uses:
        return "none"
    variables = snapshot.variables
    shown = (
        code(name)
        + (f" {count:,} times" if count > 1 else "")
        + (" (not declared)" if variables is not None and name not in variables else "")
        for name, count in uses.items()
    )
    return listed(shown, len(uses), _MOST_PLACEHOLDERS)


def _outline(snapshot: Snapshot) -> str:
    """The headings as a list below the last row, each under the nearest one above that is of a higher level."""
    headings = snapshot.markdown.headings
    text, levels = "", list[int]()
    for heading in headings[:_MOST_HEADINGS]:
        while levels and levels[-1] >= heading.level:
            levels.pop()
        levels.append(heading.level)
        title = prose(heading.title, 80) if heading.title else "(no text)"
        text += f"\n{bullets([title], len(levels))}"
    left = len(headings) - _MOST_HEADINGS
    if left > 0:
        text += "\n" + bullets([f"and {counted(left, 'more heading')}"], 1)
    return text
