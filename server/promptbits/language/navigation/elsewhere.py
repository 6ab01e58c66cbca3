"""Names in any file: in the document that was asked about as the editor holds it, in others as they are now."""

from __future__ import annotations

from collections.abc import Iterable

from promptbits.checks.snapshot import Snapshot
from promptbits.language.names import Name, NameKind, mentions
from promptbits.language.places import Place, Reader
from promptbits.prompts.entry import Entry


def files_of(snapshot: Snapshot, entries: Iterable[Entry]) -> list[str | None]:
    """The paths of entries in their order; None for the document that was asked about, last if it has no entry."""
    own = str(snapshot.path) if snapshot.path else None
    files = [None if entry.path == own else entry.path for entry in entries]
    return files if None in files else [*files, None]


def declarations_in(snapshot: Snapshot, path: str | None, read: Reader, name: Name) -> list[Place]:
    """Where a file declares a name."""
    return [_place(path, each) for each in _mentions(snapshot, path, read, name) if each.is_declaration]


def uses_in(snapshot: Snapshot, path: str | None, read: Reader, name: Name) -> list[Place]:
    """Where a file uses a name."""
    return [_place(path, each) for each in _mentions(snapshot, path, read, name) if not each.is_declaration]


def place_of(path: str, read: Reader, kind: NameKind, name: str) -> Place | None:
    """Where a file declares a name, or else uses it first; None where it does not, or no longer."""
    document = read(path)
    found = mentions(Snapshot(document), kind, name) if document else []
    best = next((each for each in found if each.is_declaration), found[0] if found else None)
    return _place(path, best) if best else None


def _mentions(snapshot: Snapshot, path: str | None, read: Reader, name: Name) -> list[Name]:
    if path is None:
        return mentions(snapshot, name.kind, name.name)
    document = read(path)
    return mentions(Snapshot(document), name.kind, name.name) if document else []


def _place(path: str | None, name: Name) -> Place:
    return Place(path, name.start, name.end)
