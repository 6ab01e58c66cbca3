"""Where a name is used: a variable in this prompt, the id of a prompt and a tag in every file that has it."""

from __future__ import annotations

from promptbits.checks.snapshot import Snapshot
from promptbits.language.names import Name, name_at
from promptbits.language.navigation.definition import declarations
from promptbits.language.navigation.elsewhere import files_of, uses_in
from promptbits.language.places import Place, Reader


def references(snapshot: Snapshot, offset: int, read: Reader, include_declaration: bool) -> list[Place]:
    """Where the name at an offset is used, sorted by path and offset. Only files that may name it are read."""
    name = name_at(snapshot, offset)
    if name is None:
        return []
    places = {place for path in files_using(snapshot, name) for place in uses_in(snapshot, path, read, name)}
    if include_declaration:
        places.update(declarations(snapshot, name, read))
    own = str(snapshot.path or "")
    return sorted(places, key=lambda place: (own if place.path is None else place.path, place.start))


def files_using(snapshot: Snapshot, name: Name) -> list[str | None]:
    """The files that may use a name; None for the document that was asked about."""
    match name.kind:
        case "variable":
            return [None]
        case "prompt":
            return files_of(snapshot, snapshot.library.by_reference(name.name))
        case "tag":
            return files_of(snapshot, snapshot.library.by_tag(name.name))
