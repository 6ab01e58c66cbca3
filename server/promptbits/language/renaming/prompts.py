"""Renaming a prompt: its id, its file, and the references of other prompts to it."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from promptbits.checks.finding import Edit
from promptbits.checks.snapshot import Snapshot
from promptbits.checks.words import shown
from promptbits.language.names import Name
from promptbits.language.places import Change, FileEdits, Reader, RefusedError, RenamedFile
from promptbits.language.renaming.guards import place, refuse_broken, refuse_incomplete, refuse_no_kebab
from promptbits.language.renaming.reading import is_text, read_all
from promptbits.language.renaming.value_edits import id_edits, reference_edits
from promptbits.prompts.entry import Entry, entry_of_document
from promptbits.prompts.root import stem
from promptbits.text.document import Document


@dataclass(frozen=True)
class _Target:
    """The prompt that gets another id.

    `path` is None where it is the one that was asked about, `file` where that was never saved. `wins` says whether
    references mean this prompt; `shadowed` are those that they mean without it.
    """

    id: str
    path: str | None
    file: str | None
    wins: bool
    shadowed: tuple[Entry, ...]


def refuse(snapshot: Snapshot, name: Name) -> None:
    """Refuse what is known to have no prompt that can be renamed."""
    refuse_broken(snapshot, name)
    _target(snapshot, name)


def rename(snapshot: Snapshot, name: Name, new: str, read: Reader, *, can_rename_files: bool) -> Change:
    """Rename the prompt that a name stands for."""
    target = _target(snapshot, name)
    refuse_no_kebab("an id", new, "id")
    _refuse_taken(snapshot, target, new)
    file = _renamed_file(snapshot, target, new)
    edits = (_itself(snapshot, target, new, read), *_references(snapshot, target, new, read))
    return Change(edits, renamed=(file,) if file and can_rename_files else ())


def path_of(path: str, new_stem: str) -> str:
    """The path of a prompt file under another stem: in the same folder, with the same ending."""
    file = Path(path)
    return str(file.with_name(new_stem + file.name[len(stem(file)) :]))


def _target(snapshot: Snapshot, name: Name) -> _Target:
    refuse_incomplete(snapshot)
    own = _own_entry(snapshot)
    own_path = str(snapshot.path) if snapshot.path else None
    holders = [entry for entry in snapshot.library.by_id(name.name) if entry.path != own_path]
    if own is not None and own.id == name.name:
        holders = sorted((*holders, own), key=lambda entry: (entry.rank, entry.path))
    if name.is_declaration:
        wins = bool(holders) and holders[0] == own
        return _Target(name.name, None, own_path, wins, _other_than(own, holders))
    if not holders:
        raise RefusedError(f'there is no prompt "{shown(name.name)}" that could be renamed')
    winner = holders[0]
    if winner.layer == "shipped":
        raise RefusedError(f'"{shown(name.name)}" ships with PromptBits and is read-only: it cannot be renamed')
    path = None if winner == own else winner.path
    return _Target(name.name, path, winner.path, wins=True, shadowed=_other_than(winner, holders))


def _own_entry(snapshot: Snapshot) -> Entry | None:
    """The entry of the prompt as its text is now; None outside of the library, where no reference can mean it."""
    if snapshot.path is None:
        return None
    known = snapshot.library.by_path(str(snapshot.path))
    layer = known.layer if known else snapshot.layer
    return entry_of_document(snapshot.path, layer, snapshot.document) if layer else None


def _other_than(one: Entry | None, entries: list[Entry]) -> tuple[Entry, ...]:
    return tuple(entry for entry in entries if entry != one)


def _refuse_taken(snapshot: Snapshot, target: _Target, new: str) -> None:
    holder = next((entry for entry in snapshot.library.by_id(new) if entry.path != target.file), None)
    if holder is None:
        return
    where = "a prompt that ships with PromptBits" if holder.layer == "shipped" else place(snapshot, holder.path)
    raise RefusedError(f'the id "{shown(new)}" is taken by {where}')


def _renamed_file(snapshot: Snapshot, target: _Target, new: str) -> RenamedFile | None:
    """The file under its new name; None where its name never was the id."""
    if target.file is None or stem(Path(target.file)) != target.id:
        return None
    file = path_of(target.file, new)
    if snapshot.library.by_path(file) or _is_another_file(file, target.file):
        raise RefusedError(f"there is a file {place(snapshot, file)} already")
    return RenamedFile(target.file, file, f"The file: {Path(target.file).name} becomes {Path(file).name}")


def _is_another_file(file: str, old: str) -> bool:
    """Whether a file is there already; where upper and lower case count alike, it may be the same one."""
    try:
        return Path(file).exists() and not Path(file).samefile(old)
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:
            raise RefusedError(f"no file can have a name of {len(Path(file).name)} characters") from error
        return Path(file).is_file()  # the old one is not saved yet


def _itself(snapshot: Snapshot, target: _Target, new: str, read: Reader) -> FileEdits:
    document = snapshot.document if target.path is None else read(target.path)
    edits = _edits_of_itself(document, target, new) if document is not None and is_text(document) else ()
    if not edits:
        raise RefusedError(f"the id in {place(snapshot, target.file or '')} cannot be read: mend that file first")
    label = "The prompt itself"
    if not target.wins and target.shadowed:
        label += f" (references mean {place(snapshot, target.shadowed[0].path)} and stay)"
    return FileEdits(target.path, edits, label)


def _edits_of_itself(document: Document, target: _Target, new: str) -> tuple[Edit, ...]:
    own = id_edits(document, target.id, new)
    if not own or not target.wins:
        return own
    return tuple(sorted((*own, *reference_edits(document, {target.id: new})), key=lambda edit: edit.start))


def _references(snapshot: Snapshot, target: _Target, new: str, read: Reader) -> Iterator[FileEdits]:
    if not target.wins:
        return
    label = "References in other prompts"
    if target.shadowed:
        other = target.shadowed[0]
        where = "the one that ships with PromptBits" if other.layer == "shipped" else place(snapshot, other.path)
        label += f' (without this change they mean {where}, which has the id "{shown(target.id)}" as well)'
    for path, document in read_all(snapshot, snapshot.library.by_reference(target.id), read):
        edits = reference_edits(document, {target.id: new}) if path != target.path else ()
        if edits:
            yield FileEdits(path, edits, label, confirm=bool(target.shadowed))
