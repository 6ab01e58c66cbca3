"""Completion: what can be written where the cursor stands."""

from __future__ import annotations

from dataclasses import replace

from promptbits.checks.snapshot import Snapshot
from promptbits.language.completion.content import complete_content, holds
from promptbits.language.completion.docs import documentation
from promptbits.language.completion.item import Completions, Item, Writer
from promptbits.language.completion.keys import complete_keys
from promptbits.language.completion.place import place_at
from promptbits.language.completion.prompt import complete_prompt
from promptbits.language.completion.values import complete_values

__all__ = ["Completions", "Item", "complete", "documentation"]


def complete(snapshot: Snapshot, offset: int, *, snippets: bool, most: int = 100) -> Completions:
    """What can be written at an offset, in a text that may be half typed.

    Args:
        snapshot: the document and its world.
        offset: where the cursor stands; clamped to the text.
        snippets: whether texts may be in the syntax of snippets.
        most: how many items to give; if there are more, the answer is incomplete.
    """
    found = _complete(snapshot, min(max(offset, 0), len(snapshot.document.text)), snippets, most)
    # While the library is still being read, more may come to be known.
    return found if snapshot.library.complete else replace(found, incomplete=True)


def _complete(snapshot: Snapshot, offset: int, snippets: bool, most: int) -> Completions:
    text, content = snapshot.document.text, snapshot.content_node
    if content is not None and holds(content, offset):
        return complete_content(snapshot, content, offset, most)
    place = place_at(text, offset, content)
    if place is None:
        return Completions()
    if place.role == "document":
        return complete_prompt(snapshot, place, snippets=snippets)
    writer = Writer(text, place, snippets)
    return (complete_keys if place.role == "key" else complete_values)(snapshot, writer, most)
