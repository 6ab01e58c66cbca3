"""What is selected, in the document and in the decoded content."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

from promptbits.checks.snapshot import Range, Snapshot
from promptbits.language.target import decoded_offset
from promptbits.text.json_tree import Node
from promptbits.text.placeholders import Placeholder


@dataclass(frozen=True, slots=True)
class Selection:
    """A range of the document; `inside` is the same range of the decoded content where it lies in that.

    A selection that cuts through a JSON escape is moved to the start of it, at both of its ends.
    """

    start: int
    end: int
    content: Node
    inside: Range | None


def select(snapshot: Snapshot, start: int, end: int) -> Selection | None:
    """The selection; None for a document that is broken or has no content, where nothing can be refactored."""
    if not snapshot.document.is_strict:
        return None
    node = snapshot.content_node
    if node is None:
        return None
    start, end = min(start, end), max(start, end)
    inside = None
    if node.start < start and end < node.end:
        inside = decoded_offset(node, start), decoded_offset(node, end)
    return Selection(start, end, node, inside)


def use_at(snapshot: Snapshot, selection: Selection) -> Placeholder | None:
    """The placeholder that a selection lies in; of two that touch at a cursor, the one that starts there."""
    if selection.inside is None:
        return None
    first, last = selection.inside
    at = bisect_right(snapshot.placeholders, first, key=lambda use: use.start) - 1
    for use in reversed(snapshot.placeholders[max(at - 1, 0) : at + 1]):
        if use.start <= first and last <= use.end:
            return use
    return None
