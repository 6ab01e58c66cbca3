"""The library: every prompt of a root, by path, by id, by trigger and by who names whom.

A Library never changes. An edit gives a new one that shares the old tables and lays the changed files over
them, so that neither a lookup nor a keystroke costs more in a larger workspace.
"""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Final, TypeVar

from promptbits.prompts.discovery import Found, Unreadable, reason, walk
from promptbits.prompts.entry import Entry, entry_of_bytes
from promptbits.prompts.index_cache import IndexCache
from promptbits.prompts.root import Layer, Root
from promptbits.prompts.shipped import shipped_prompts
from promptbits.prompts.words import Words

# How many changed files may lie over the tables before they are folded in.
_MOST_CHANGES: Final = 64

Progress = Callable[[int, int], None]

Derived = TypeVar("Derived")


class _Tables:
    """Entries and what leads to them, each table made when first needed."""

    def __init__(self, entries: Mapping[str, Entry]) -> None:
        self.entries = entries
        self._derived: dict[Callable[[Iterable[Entry]], Any], Any] = {}

    @cached_property
    def by_id(self) -> dict[str, list[Entry]]:
        return self._group(lambda entry: (entry.id,) if entry.id else ())

    @cached_property
    def by_trigger(self) -> dict[str, list[Entry]]:
        return self._group(lambda entry: (trigger_key(entry),) if entry.trigger_name else ())

    @cached_property
    def by_reference(self) -> dict[str, list[Entry]]:
        return self._group(lambda entry: tuple(entry.references()))

    @cached_property
    def by_tag(self) -> dict[str, list[Entry]]:
        return self._group(lambda entry: dict.fromkeys(entry.tags))

    @cached_property
    def words(self) -> Words:
        return Words(self.by_id)

    def derived(self, make: Callable[[Iterable[Entry]], Derived]) -> Derived:
        if make not in self._derived:
            self._derived[make] = make(self.entries.values())
        return self._derived[make]

    def _group(self, keys: Callable[[Entry], Iterable[str]]) -> dict[str, list[Entry]]:
        groups: dict[str, list[Entry]] = {}
        for entry in self.entries.values():
            for key in keys(entry):
                groups.setdefault(key, []).append(entry)
        return groups


@dataclass(frozen=True)
class Library:
    """An immutable index of prompts. Lists of entries come with the winning layer first.

    A library that is still being read is not `complete`: what it lacks may exist.
    """

    _tables: _Tables = field(default_factory=lambda: _Tables({}))
    _changes: Mapping[str, Entry | None] = field(default_factory=dict[str, Entry | None])
    unreadable: tuple[Unreadable, ...] = ()
    complete: bool = True

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> Library:
        """A library of these entries."""
        return cls(_Tables({entry.path: entry for entry in entries}))

    @classmethod
    def load(cls, root: Root, *, use_cache: bool = True, progress: Progress | None = None) -> Library:
        """Read every prompt of a root and those that ship with the package.

        Args:
            root: the root with its settings.
            use_cache: take entries of unchanged files from the cache on disk, and write it.
            progress: called now and then with (files done, files in all).
        """
        with no_collection():
            found, unreadable = _find(root)
            cache = IndexCache.load(root.path) if use_cache else None
            entries, read, failed = _read(found, cache, progress)
            if cache is not None and (read or len(entries) != len(cache)):
                cache.store(entries)
            library = cls.beside_shipped(root, (entry for _, entry in entries))
        return replace(library, unreadable=(*unreadable, *failed))

    @classmethod
    def beside_shipped(cls, root: Root | None, entries: Iterable[Entry]) -> Library:
        """A library of entries beside the prompts that ship with the package, unless those are the root's own."""
        return cls(_Tables({entry.path: entry for entry in entries} | _shipped(root)))

    def entries(self) -> Iterator[Entry]:
        """Every entry, in no particular order."""
        for path, entry in self._tables.entries.items():
            if path not in self._changes:
                yield entry
        yield from (entry for entry in self._changes.values() if entry)

    def by_path(self, path: str) -> Entry | None:
        """The entry of a file."""
        return self._changes[path] if path in self._changes else self._tables.entries.get(path)

    def by_id(self, id_: str) -> list[Entry]:
        """The prompts of an id; the first one wins, the others are shadowed or duplicates."""
        return self._select(self._tables.by_id, id_, lambda entry: entry.id == id_)

    def served(self, id_: str) -> Entry | None:
        """The prompt that an id stands for; None where no prompt has it."""
        return next(iter(self.by_id(id_)), None) if id_ else None

    def evolved_from(self, id_: str) -> list[Entry]:
        """The prompts whose parent an id is, the first revision first.

        A file that another one of its id shadows does not count: what is served under that id may have another parent.
        """
        named = self.by_reference(id_) if id_ else []
        evolved = [entry for entry in named if entry.parent == id_ != entry.id and self.served(entry.id) == entry]
        return sorted(evolved, key=lambda entry: (entry.revision, entry.id))

    def by_trigger(self, key: str) -> list[Entry]:
        """The prompts of a trigger, by its `trigger_key`."""
        return self._select(
            self._tables.by_trigger, key, lambda entry: bool(entry.trigger_name) and trigger_key(entry) == key
        )

    def by_reference(self, id_: str) -> list[Entry]:
        """The prompts that name an id as parent or related."""
        return self._select(self._tables.by_reference, id_, lambda entry: id_ in entry.references())

    def by_tag(self, tag: str) -> list[Entry]:
        """The prompts that have a tag."""
        return self._select(self._tables.by_tag, tag, lambda entry: tag in entry.tags)

    def derived(self, make: Callable[[Iterable[Entry]], Derived]) -> tuple[Derived, list[Entry]]:
        """What `make` makes of the entries, and the entries of changed files, which lie over it.

        It is made once for all libraries that share their tables. So it also tells of entries that are no longer
        there: those that `by_path` does not give back.
        """
        return self._tables.derived(make), [entry for entry in self._changes.values() if entry]

    def ids(self) -> set[str]:
        """Every id. Grows with the library: for wording a message, not for every keystroke."""
        return {entry.id for entry in self.entries() if entry.id}

    def nearest_id(self, id_: str) -> str | None:
        """The id that a mistyped one most likely stands for."""
        changed = [entry.id for entry in self._changes.values() if entry and entry.id]
        near = (Words(changed).near(id_) if changed else None) or self._tables.words.near(id_)
        return near if near and self.by_id(near) else None  # the tables still have what was renamed or deleted

    def with_changes(self, changes: Mapping[str, Entry | None]) -> Library:
        """The library with the entries of some files replaced, added, or (None) removed."""
        merged = {**self._changes, **changes}
        if len(merged) <= _MOST_CHANGES:
            return Library(self._tables, merged, self.unreadable, self.complete)
        kept = {path: entry for path, entry in self._tables.entries.items() if path not in merged}
        kept |= {path: entry for path, entry in merged.items() if entry}
        return Library(_Tables(kept), {}, self.unreadable, self.complete)

    def _select(self, table: Mapping[str, list[Entry]], key: str, matches: Callable[[Entry], bool]) -> list[Entry]:
        entries = [entry for entry in table.get(key, ()) if entry.path not in self._changes]
        entries += [entry for entry in self._changes.values() if entry and matches(entry)]
        return sorted(entries, key=lambda entry: (entry.rank, entry.path)) if len(entries) > 1 else entries


def trigger_key(entry: Entry) -> str:
    """What makes two triggers the same: kind and name, upper and lower case alike."""
    return f"{entry.trigger_kind}\0{entry.trigger_name.casefold()}"


def shipped_library() -> Library:
    """The prompts that ship with the package, and nothing else."""
    return Library.beside_shipped(None, ())


def _find(root: Root) -> tuple[list[tuple[Found, Layer]], list[Unreadable]]:
    """The files of a root's prompt folders with their layers, each once, and what cannot be read."""
    layers: dict[Found, Layer] = {}
    unreadable: list[Unreadable] = []
    for folder in root.prompt_folders():
        found, problems = walk(folder)
        unreadable += problems
        for file in found:
            layer = root.layer(file.path)
            if layer is not None:
                layers[file] = layer
    return list(layers.items()), unreadable


def _read(
    found: list[tuple[Found, Layer]], cache: IndexCache | None, progress: Progress | None
) -> tuple[list[tuple[Found, Entry]], int, list[Unreadable]]:
    """The entries of files, from the cache or else from disk; how many came from disk; and what failed."""
    entries: list[tuple[Found, Entry]] = []
    failed: list[Unreadable] = []
    read = 0
    for index, (file, layer) in enumerate(found):
        if progress and index % 500 == 0:
            progress(index, len(found))
        entry = cache.get(file) if cache is not None else None
        if entry is None or entry.layer != layer:
            read += 1
            try:
                with open(file.path, "rb") as handle:  # noqa: PTH123  (half the cost of Path.read_bytes)
                    entry = entry_of_bytes(file.path, layer, handle.read())
            except OSError as error:
                failed.append(Unreadable(file.path, reason(error)))
                continue
        entries.append((file, entry))
    return entries, read, failed


@contextlib.contextmanager
def no_collection() -> Generator[None]:
    """Hold the garbage collector back: thousands of new tuples would set it off again and again for nothing."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _shipped(root: Root | None) -> dict[str, Entry]:
    """The shipped prompts, unless they are the root's own builtin ones, as in the package's repository."""
    folder = shipped_prompts()
    if root and any((parent / "builtin").resolve() == folder.resolve() for parent in root.prompt_folders()):
        return {}
    return {
        found.path: entry_of_bytes(found.path, "shipped", Path(found.path).read_bytes()) for found in walk(folder)[0]
    }
