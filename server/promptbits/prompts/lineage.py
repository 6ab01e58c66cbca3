"""Prompts that evolved from one another: the chain of parents, and what hangs on it."""

from __future__ import annotations

from collections.abc import Iterator

from promptbits.prompts.entry import Entry
from promptbits.prompts.library import Library


def lineage(library: Library, start: Entry) -> Iterator[Entry]:
    """A prompt, those it evolved from, and all that evolved from the first of these. Circles end it."""
    above = [start, *ancestors(library, start)]
    yield from above
    seen = {entry.id for entry in above}
    waiting = [entry.id for entry in above]
    while waiting:
        for entry in library.evolved_from(waiting.pop()):
            if entry.id not in seen:
                seen.add(entry.id)
                waiting.append(entry.id)
                yield entry


def ancestors(library: Library, start: Entry) -> Iterator[Entry]:
    """What a prompt evolved from, its parent first. A circle ends it, and so does a parent that is not there."""
    seen = {start.id}
    parent = library.served(start.parent)
    while parent is not None and parent.id not in seen:
        seen.add(parent.id)
        yield parent
        parent = library.served(parent.parent)
