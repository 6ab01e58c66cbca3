"""The roots that open documents belong to, each with its settings and its library."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

from promptbits.checks.catalogue import CHECKS
from promptbits.prompts.discovery import takes
from promptbits.prompts.entry import Entry, entry_of_bytes
from promptbits.prompts.library import Library, shipped_library
from promptbits.prompts.root import Layer, Root, find_root, load_root
from promptbits.prompts.settings import FILE_NAME

logger = logging.getLogger("promptbits.lsp")

_LAYER_NAMES = frozenset({"builtin", "learned", "custom"})


class RootState:
    """A root as it stands now. The library is read in a thread; until then nothing is known to be missing."""

    def __init__(self, root: Root) -> None:
        self.root = root
        self.library = Library(complete=False)
        self.loading: asyncio.Task[None] | None = None
        self.settings_stamp = _stamp(root.path)
        self.rereading = asyncio.Lock()

    def layer(self, path: Path) -> Layer | None:
        """The layer of a file that the library holds or would hold; None for any other."""
        inside = self.root.inside(path)
        return self.root.layer(path) if inside is not None and takes(inside) else None


class Roots:
    """Finds and keeps the root of each document.

    Args:
        client_settings: gives the client's settings for a path.
        spawn: starts background work that ends with the session.
        on_loaded: called when a library has been read.
        on_warnings: called with warnings about settings.
    """

    def __init__(
        self,
        client_settings: Callable[[Path], object],
        spawn: Callable[..., asyncio.Task[None]],
        on_loaded: Callable[[RootState], None],
        on_warnings: Callable[[Iterable[str]], None],
    ) -> None:
        self._client_settings = client_settings
        self._spawn = spawn
        self._on_loaded = on_loaded
        self._on_warnings = on_warnings
        self._states: dict[Path, RootState] = {}
        self._roots_of_folders: dict[Path, Path] = {}
        self.folders: list[Path] = []
        self.shipped: Library | None = None

    def of(self, path: Path) -> RootState:
        """The root of a file, its library being read if this is the first file of it."""
        folder = path.parent
        root_path = self._roots_of_folders.get(folder)
        if root_path is None:
            root_path = self._roots_of_folders[folder] = find_root(folder, self._fallback(folder))
        state = self._states.get(root_path)
        if state is None:
            state = self._states[root_path] = RootState(self._load(root_path))
            self.reload(state)
        return state

    def shipped_only(self) -> Library:
        """The library of a document that belongs to no root."""
        if self.shipped is None:
            self.shipped = shipped_library()
        return self.shipped

    def of_unsaved(self) -> RootState | None:
        """The root that a document without a file will belong to, most likely: that of the first folder."""
        return self.of(self.folders[0] / "unsaved.json") if self.folders else None

    def states(self) -> list[RootState]:
        """Every root met so far."""
        return list(self._states.values())

    def forget(self) -> None:
        """Look for roots anew: a folder, a settings file or the client's settings changed."""
        self._roots_of_folders.clear()
        for path, state in self._states.items():
            root = self._load(path)
            moved = root.settings.roots != state.root.settings.roots
            state.root, state.settings_stamp = root, _stamp(path)
            if moved:
                state.library = replace(state.library, complete=False)
                self.reload(state)

    def is_current(self, path: Path) -> bool:
        """Whether the root of a file and its settings are still those on disk."""
        state = self.of(path)
        root_path = find_root(path.parent, self._fallback(path.parent))
        return root_path == state.root.path and _stamp(root_path) == state.settings_stamp

    def reload(self, state: RootState) -> None:
        """Read the library of a root from disk, in a thread."""
        if state.loading is not None:
            state.loading.cancel()
        state.loading = self._spawn(self._read(state), "reading the prompts")

    async def changed_on_disk(self, state: RootState, paths: Iterable[Path]) -> None:
        """Read files of a root again that came, went or changed."""
        async with state.rereading:  # one after the other: what was read first must not be put in last
            changes = await asyncio.to_thread(_entries, state, list(paths))
            if state.loading is not None and not state.loading.done():
                await asyncio.wait([state.loading])
            state.library = state.library.with_changes(changes)

    async def _read(self, state: RootState) -> None:
        library = await asyncio.to_thread(Library.load, state.root)
        for problem in library.unreadable:
            if problem not in state.library.unreadable:  # told already
                logger.warning("%s cannot be read: %s", problem.path, problem.reason)
        state.library = library
        self._on_loaded(state)

    def _load(self, path: Path) -> Root:
        root = load_root(path, CHECKS, self._client_settings(path))
        # Several roots may have a file of that name: say which one.
        self._on_warnings(
            f"{path}/{warning}" if warning.startswith(f"{FILE_NAME}:") else warning for warning in root.warnings
        )
        return root

    def _fallback(self, folder: Path) -> Path:
        """The innermost workspace folder; without one, the folder above `prompts/<layer>/`, or the file's own."""
        around = [each for each in self.folders if folder.is_relative_to(each)]
        if around:
            return max(around, key=lambda each: len(each.parts))
        for inner, outer in zip((folder, *folder.parents), folder.parents, strict=False):
            if inner.name in _LAYER_NAMES and outer.name == "prompts":
                return outer.parent
        return folder


def _stamp(root: Path) -> int | None:
    """What tells one version of a root's settings file from the next; None where there is none."""
    try:
        return (root / FILE_NAME).stat().st_mtime_ns
    except OSError:
        return None


def read_file(path: Path) -> bytes:
    """The bytes of an ordinary file; opening a pipe would wait for ever.

    Raises:
        OSError: it cannot be read.
    """
    if not path.is_file():
        raise FileNotFoundError(path)
    return path.read_bytes()


def _entries(state: RootState, paths: Iterable[Path]) -> dict[str, Entry | None]:
    """The entries of files as they are on disk now; None for those that are gone or no longer prompts."""
    entries: dict[str, Entry | None] = {}
    for path in paths:
        layer = state.layer(path)
        if layer is None:
            entries[str(path)] = None
            continue
        try:
            entries[str(path)] = entry_of_bytes(str(path), layer, read_file(path))
        except OSError:
            entries[str(path)] = None
    return entries


def with_entry(state: RootState, path: Path, entry: Entry) -> Entry | None:
    """Put the entry of an open document in the library; the one that was there, if it differs."""
    before = state.library.by_path(str(path))
    if before == entry:
        return entry
    state.library = state.library.with_changes({str(path): entry})
    return before
