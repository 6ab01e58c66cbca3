"""Where a name is declared: a variable in `variables`, a prompt in the file that wins its id."""

from __future__ import annotations

from promptbits.checks.snapshot import Snapshot
from promptbits.language.names import Name, name_at
from promptbits.language.navigation.elsewhere import declarations_in, files_of
from promptbits.language.places import Place, Reader


def definition(snapshot: Snapshot, offset: int, read: Reader) -> list[Place]:
    """Where the name at an offset is declared, the place that counts first. On a declaration, that itself.

    Nothing declares a tag: it leads to itself, which editors take as a wish to see where it is used.
    """
    name = name_at(snapshot, offset)
    if name is not None and name.kind == "tag":
        return [Place(None, name.start, name.end)]
    return declarations(snapshot, name, read) if name else []


def declarations(snapshot: Snapshot, name: Name, read: Reader) -> list[Place]:
    """Where a name is declared. Nothing declares a tag."""
    match name.kind:
        case "variable":
            return declarations_in(snapshot, None, read, name)
        case "prompt":
            return _prompt(snapshot, name, read)
        case "tag":
            return []


def _prompt(snapshot: Snapshot, name: Name, read: Reader) -> list[Place]:
    """The `id` of the winner; all of them for somebody who stands on an own id that loses."""
    files = files_of(snapshot, snapshot.library.by_id(name.name))
    loses = name.is_declaration and files[0] is not None
    places: list[Place] = []
    for path in files:
        places += declarations_in(snapshot, path, read, name)
        if places and not loses:
            break
    return places
