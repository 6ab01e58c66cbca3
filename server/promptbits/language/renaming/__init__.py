"""Renaming: variables, ids of prompts and tags, in every place that names them."""

from __future__ import annotations

from dataclasses import dataclass

from promptbits.checks.snapshot import Snapshot
from promptbits.language.names import Name, mentions, name_at
from promptbits.language.places import Change, Reader, RefusedError
from promptbits.language.renaming import prompts, tags, variables
from promptbits.language.renaming.guards import refuse_read_only

__all__ = ["Renamable", "prepare", "rename"]


@dataclass(frozen=True, slots=True)
class Renamable:
    """A name that can be renamed: text[start:end] of the document, and the name as it reads."""

    start: int
    end: int
    text: str


def prepare(snapshot: Snapshot, offset: int) -> Renamable | None:
    """The name at an offset, if it can be renamed; None where there is no name.

    Raises:
        RefusedError: there is a name, but it is known that it cannot be renamed.
    """
    name = _name(snapshot, offset)
    if name is None:
        return None
    _refuse(snapshot, name)
    return Renamable(name.start, name.end, name.name)


def rename(snapshot: Snapshot, offset: int, new: str, read: Reader, *, can_rename_files: bool) -> Change:
    """Rename what stands at an offset, wherever it is named.

    Args:
        snapshot: the prompt.
        offset: where the name stands.
        new: the new name.
        read: gives the documents of other files.
        can_rename_files: whether the change may rename the file of a prompt.

    Raises:
        RefusedError: the name cannot be renamed, or not to the new one; the text says why.
    """
    name = _name(snapshot, offset)
    if name is None:
        raise RefusedError("there is nothing here that can be renamed")
    _refuse(snapshot, name)
    if new == name.name:
        return Change()
    match name.kind:
        case "variable":
            return variables.rename(snapshot, name.name, new)
        case "prompt":
            return prompts.rename(snapshot, name, new, read, can_rename_files=can_rename_files)
        case "tag":
            return tags.rename(snapshot, name.name, new, read)


def _name(snapshot: Snapshot, offset: int) -> Name | None:
    """The name at an offset. In a key written twice, only the last one means something."""
    name = name_at(snapshot, offset)
    return name if name in (mentions(snapshot, name.kind, name.name) if name else ()) else None


def _refuse(snapshot: Snapshot, name: Name) -> None:
    refuse_read_only(snapshot)
    match name.kind:
        case "variable":
            variables.refuse(snapshot)
        case "prompt":
            prompts.refuse(snapshot, name)
        case "tag":
            tags.refuse(snapshot, name)
