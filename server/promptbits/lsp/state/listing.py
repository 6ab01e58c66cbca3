"""What is on disk now, as entries of a library. Pure functions for threads."""

from __future__ import annotations

import functools
import os
import stat
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from promptbits.lsp.state.reading import read_file
from promptbits.prompts.discovery import takes, walk
from promptbits.prompts.entry import Entry, entry_of_bytes
from promptbits.prompts.library import Library
from promptbits.prompts.root import Layer, Root


class LinkedError(Exception):
    """A folder lies behind a link."""


class Seen(NamedTuple):
    """What was found at some paths: entries (None where no prompt is), and the folders that are or may have been."""

    entries: dict[str, Entry | None]
    folders: set[str]

    def update(self, later: Seen) -> None:
        """Take in what was seen later."""
        self.entries.update(later.entries)
        self.folders.update(later.folders)


def load_library(root: Root) -> Library:
    """Read the library of a root, with the tables that every analysis looks into, so that none has to make them."""
    return _made_ready(Library.load(root))


def layer_in(root: Root, path: Path) -> Layer | None:
    """The layer of a file that the library of a root holds or would hold; None for any other."""
    inside = root.inside(path)
    return root.layer(path) if inside is not None and takes(inside) else None


def look_at(root: Root, paths: Iterable[Path]) -> Seen:
    """Look at paths. A folder stands for everything below it, and so does one that is gone.

    Raises:
        LinkedError: a folder lies behind a link: which of its files count is known only to who walks the whole root.
    """
    seen = Seen({}, set())
    checked: set[Path] = set()
    for path in paths:
        if path.parent not in checked:
            _refuse_links(root, path.parent)
            checked.add(path.parent)
        try:
            is_folder = stat.S_ISDIR(path.stat().st_mode)
        except OSError:
            seen.entries[str(path)] = None
            seen.folders.add(str(path))
            continue
        if is_folder:
            seen.folders.add(str(path))
            seen.entries[str(path)] = None
            found = [Path(each.path) for each in walk(path)[0]]
            for folder in {path, *(each.parent for each in found)}:
                _refuse_links(root, folder)
            seen.entries.update((str(each), _entry(root, each)) for each in found)
        else:
            seen.entries[str(path)] = _entry(root, path)
    return seen


def _refuse_links(root: Root, folder: Path) -> None:
    inside = root.inside(folder)
    if inside is not None:
        above = (folder, *folder.parents)[: inside.count(os.sep) + 1]
        if any(each.is_symlink() for each in above):
            raise LinkedError


def with_seen(library: Library, seen: Seen) -> Library:
    """The library with what was seen; what lay in a folder and was not seen there is gone."""
    changes = dict(seen.entries)
    # What was a prompt was no folder: most files that are deleted cost no search.
    folders = {folder for folder in seen.folders if library.by_path(folder) is None}
    if folders:
        changes |= {path: None for path in _below(library, folders) if path not in changes}
    return _made_ready(library.with_changes(changes))


def _entry(root: Root, path: Path) -> Entry | None:
    where = layer_in(root, path)
    if where is None:
        return None
    try:
        return entry_of_bytes(str(path), where, read_file(path))
    except OSError:
        return None


def _below(library: Library, folders: set[str]) -> list[str]:
    """The paths of the entries below some folders."""

    @functools.cache
    def is_below(folder: str) -> bool:
        above, name = os.path.split(folder)
        return folder in folders or (bool(name) and is_below(above))

    return [entry.path for entry in library.entries() if is_below(entry.path.rpartition(os.sep)[0])]


def _made_ready(library: Library) -> Library:
    """Let a library make its tables, which it does at the first look-up."""
    library.by_id("")
    library.by_trigger("")
    library.by_reference("")
    return library
