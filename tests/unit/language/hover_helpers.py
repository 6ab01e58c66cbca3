"""Hovering in tests: a text with a `|` where the pointer is, beside a few other prompts."""

from __future__ import annotations

from pathlib import Path

from promptbits.checks.snapshot import Snapshot
from promptbits.language.hover import Hover, hover, plain
from promptbits.prompts.entry import Entry
from promptbits.prompts.library import Library
from promptbits.prompts.root import Root
from promptbits.text.document import Document

ROOT = Path("/project")
OWN = "prompts/custom/review.json"
OTHERS = (
    Entry(f"{ROOT}/prompts/custom/base.json", "custom", "base", "The base for Next.js", parent="review"),
    Entry(f"{ROOT}/prompts/builtin/base.json", "builtin", "base"),
    Entry("/elsewhere/base.json", "shipped", "base"),
)


def shot(text: str, *entries: Entry, path: str | None = OWN) -> Snapshot:
    library = Library.of(entries or OTHERS)
    return Snapshot(Document.from_text(text), ROOT / path if path else None, Root(ROOT), library)


def at(marked: str, *entries: Entry) -> Hover | None:
    """The hover at the `|` of a text."""
    before, _, after = marked.partition("|")
    return hover(shot(before + after, *entries), len(before))


def said(marked: str, *entries: Entry) -> str:
    """What a hover says, as plain text."""
    found = at(marked, *entries)
    assert found is not None
    return plain(found.markdown)


def over(marked: str) -> str:
    """The text that a hover is about."""
    found = at(marked)
    assert found is not None
    return marked.replace("|", "")[found.start : found.end]
