"""Renaming files: an id that was the name of its file follows, and so do the references to it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from promptbits.checks.words import shown
from promptbits.language.places import Change, FileEdits, Reader
from promptbits.language.renaming.guards import is_kebab
from promptbits.language.renaming.reading import is_text
from promptbits.language.renaming.value_edits import id_edits, reference_edits
from promptbits.prompts.entry import Entry, entry_of_document
from promptbits.prompts.library import Library
from promptbits.prompts.root import Layer, claims_schema, names_a_prompt, stem
from promptbits.text.document import Document

LayerOf = Callable[[str], Layer | None]


@dataclass(frozen=True)
class _Move:
    """A file whose id follows its name. `entry` is None outside of the library."""

    path: str
    document: Document
    old: str
    new: str
    entry: Entry | None


def will_rename(renames: Iterable[tuple[str, str]], library: Library, layer_of: LayerOf, read: Reader) -> Change:
    """The edits that belong to renaming files, by the paths before.

    Never refused: what would clash is left as it is, and the check `id-file-name` says so afterwards.

    Args:
        renames: the old and the new path of each file. Folders change no id.
        library: every prompt; while it is not complete nothing follows, for it is not known what would clash.
        layer_of: the layer of a path.
        read: gives the documents of files.
    """
    if not library.complete:
        return Change()
    asked = [move for old, new in renames if (move := _move(old, new, library, layer_of, read))]
    moves = _without_clashes(asked, library)
    done = {move.path for move in moves}
    left = [move.new for move in asked if move.path not in done]
    return Change(tuple(_edits(moves, left, library, read)))


def _move(old: str, new: str, library: Library, layer_of: LayerOf, read: Reader) -> _Move | None:
    before, after = Path(old), Path(new)
    old_id, new_id = stem(before), stem(after)
    if old_id == new_id or before.suffix.lower() != ".json" or after.suffix.lower() != ".json" or not is_kebab(new_id):
        return None
    known = library.by_path(old)
    layer = known.layer if known else layer_of(old)
    document = read(old) if layer != "shipped" else None
    if document is None or not is_text(document):
        return None
    if layer is None and not names_a_prompt(before) and not claims_schema(document.text):
        return None  # some other JSON file
    if not id_edits(document, old_id, new_id):
        return None
    return _Move(old, document, old_id, new_id, entry_of_document(before, layer, document) if layer else None)


def _without_clashes(moves: list[_Move], library: Library) -> list[_Move]:
    """The moves to ids that are free, or that become free by other moves: files may change places."""
    while True:
        leaving = {move.path for move in moves}
        # Files of one id may go to another one together; files of two ids would meet there.
        sources: dict[str, set[str]] = {}
        for move in moves:
            sources.setdefault(move.new, set()).add(move.old)
        kept = [
            move
            for move in moves
            if len(sources[move.new]) == 1 and all(entry.path in leaving for entry in library.by_id(move.new))
        ]
        if len(kept) == len(moves):
            return kept
        moves = kept


def _edits(moves: list[_Move], left: list[str], library: Library, read: Reader) -> Iterator[FileEdits]:
    suffix = f" (left as they are, for the ids are taken: {', '.join(map(shown, left[:5]))})" if left else ""
    names: dict[str, str] = {}
    unsure: set[str] = set()
    done = {move.path: move.new for move in moves}
    for move in moves:
        holders = _holders(move, library)
        if move.entry is not None and holders[0].path == move.path:
            names[move.old] = move.new
            # References mean another prompt afterwards, unless that one goes to the same id.
            if any(done.get(entry.path) != move.new for entry in holders):
                unsure.add(move.old)
    for move in moves:
        edits = (*id_edits(move.document, move.old, move.new), *reference_edits(move.document, names))
        label = f"The id follows the file name{suffix}"
        yield FileEdits(move.path, tuple(sorted(edits, key=lambda edit: edit.start)), label)
    yield from _references(names, unsure, done.keys(), library, read, suffix)


def _holders(move: _Move, library: Library) -> list[Entry]:
    """The prompts of the old id with the file as it is now, the one first that references mean."""
    holders = [entry for entry in library.by_id(move.old) if entry.path != move.path]
    return sorted([*holders, *([move.entry] if move.entry else [])], key=lambda entry: (entry.rank, entry.path))


def _references(
    names: dict[str, str], unsure: set[str], done: Collection[str], library: Library, read: Reader, suffix: str
) -> Iterator[FileEdits]:
    """The references in files that keep their names."""
    entries = {entry.path: entry for old in names for entry in library.by_reference(old)}
    for path, entry in entries.items():
        document = read(path) if path not in done and entry.layer != "shipped" else None
        edits = reference_edits(document, names) if document is not None and is_text(document) else ()
        if edits:
            confirm = not unsure.isdisjoint(entry.references())
            other = " (without this change they mean another prompt of the same id)" if confirm else ""
            yield FileEdits(path, edits, f"References follow the file name{other}{suffix}", confirm)
