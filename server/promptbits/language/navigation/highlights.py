"""The mentions of a name that light up in a document when the cursor stands on one of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from promptbits.checks.snapshot import Snapshot
from promptbits.language.names import Name, mentions, name_at

HighlightKind = Literal["read", "write", "text"]


@dataclass(frozen=True, slots=True)
class Highlight:
    """One mention: text[start:end]. A declaration is written; a tag is neither written nor read."""

    start: int
    end: int
    kind: HighlightKind


def highlights(snapshot: Snapshot, offset: int) -> list[Highlight]:
    """Every mention of the name at an offset in this document, in the order of the text."""
    name = name_at(snapshot, offset)
    found = mentions(snapshot, name.kind, name.name) if name else []
    return [Highlight(each.start, each.end, _kind(each)) for each in found]


def _kind(name: Name) -> HighlightKind:
    if name.kind == "tag":
        return "text"
    return "write" if name.is_declaration else "read"
