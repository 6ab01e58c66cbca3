"""Formatting a document to its canonical bytes."""

from __future__ import annotations

from promptbits.checks.finding import Edit
from promptbits.checks.snapshot import Snapshot
from promptbits.prompts.formatting import FormatError, canonical
from promptbits.text.changes import changes


def format_document(snapshot: Snapshot) -> tuple[Edit, ...]:
    """The edits that make a document canonical; none for one that is, or that does not parse."""
    try:
        after = canonical(snapshot.document)
    except FormatError:
        return ()
    before = snapshot.document.text
    return tuple(Edit(*change) for change in changes(before, after))
