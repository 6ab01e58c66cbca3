"""Lineage: the prompt that one evolved from, and those that evolved from it. One step at a time: circles end there."""

from __future__ import annotations

from promptbits.checks.snapshot import Snapshot
from promptbits.language.names import name_at
from promptbits.prompts.entry import Entry, entry_of_value
from promptbits.prompts.library import Library


def lineage_item(snapshot: Snapshot, offset: int) -> Entry | None:
    """The prompt that is named at an offset as parent or related; anywhere else the prompt of this document.

    An id is one item, whatever files share it: the one that wins stands for them.
    """
    name = name_at(snapshot, offset)
    if name is not None and name.kind == "prompt" and not name.is_declaration:
        return snapshot.library.served(name.name)
    return _own(snapshot)


def supertypes(library: Library, entry: Entry) -> list[Entry]:
    """The parent of a prompt; none where it names itself or nobody that is known."""
    parent = library.served(entry.parent) if entry.parent != entry.id else None
    return [parent] if parent else []


def subtypes(library: Library, entry: Entry) -> list[Entry]:
    """The prompts that evolved from a prompt, the first revision first."""
    return library.evolved_from(entry.id)


def _own(snapshot: Snapshot) -> Entry | None:
    if not snapshot.prompt:
        return None
    path = str(snapshot.path or "")
    entry = snapshot.library.by_path(path) if path else None
    if entry is None:
        # A document outside of the library is its own item, even where the library has another one of its id.
        entry = entry_of_value(path, snapshot.layer or "custom", snapshot.prompt)
        return entry if entry.id else None
    return snapshot.library.served(entry.id)
