"""The roots that open documents belong to, each with its settings and its library."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from promptbits.checks.catalogue import CHECKS
from promptbits.facts.view import FactsView
from promptbits.lsp.state.listing import layer_in, load_library
from promptbits.lsp.state.watcher import settings_stamp
from promptbits.prompts.discovery import takes
from promptbits.prompts.entry import Entry
from promptbits.prompts.library import Library, shipped_library
from promptbits.prompts.root import Layer, Root, find_root, load_root
from promptbits.prompts.settings import FILE_NAME
from promptbits.prompts.shipped import shipped_prompts

if TYPE_CHECKING:
    from promptbits.optimize.reviews.model import Review

logger = logging.getLogger("promptbits.lsp")

_LAYER_NAMES = frozenset({"builtin", "learned", "custom"})


class RootState:
    """A root as it stands now. The library is read in a thread; until then nothing is known to be missing.

    Attributes:
        watched: whether our own watcher tells of changes on disk.
        facts: what is measured of its prompts; None where there is no store.
        reviews: proposals for its prompts: those that are open, and the newest of the others.
    """

    def __init__(self, root: Root) -> None:
        self.root = root
        self.library = Library(complete=False)
        self.loading: asyncio.Task[None] | None = None
        self.settings_stamp = settings_stamp(root.path)
        self.watched = False
        self.facts: FactsView | None = None
        self.reviews: tuple[Review, ...] = ()

    async def library_read(self) -> None:
        """Wait until the library has been read: what asks for every prompt is not told of some."""
        while self.loading is not None and not self.loading.done():  # it may begin anew meanwhile
            await asyncio.wait([self.loading])

    def layer(self, path: Path) -> Layer | None:
        """The layer of a file that the library holds or would hold; None for any other."""
        return layer_in(self.root, path)

    def holds(self, path: Path) -> bool:
        """Whether a file that the library would hold may be at a path, or in a folder of that name."""
        inside = self.root.inside(path)
        return inside is not None and (takes(inside) or takes(f"{inside}{os.sep}.json"))


class Roots:
    """Finds and keeps the root of each document.

    Args:
        client_settings: gives the client's settings for a path.
        spawn: starts background work that ends with the session.
        on_loaded: called when a library has been read.
        on_warnings: called with warnings about settings.
        opened: gives the paths that are open in the editor.

    Attributes:
        on_change: each called when a library was read, and when roots or their settings may have changed.
    """

    def __init__(
        self,
        client_settings: Callable[[Path], object],
        spawn: Callable[..., asyncio.Task[None]],
        on_loaded: Callable[[RootState], None],
        on_warnings: Callable[[Iterable[str]], None],
        opened: Callable[[], Iterable[Path]],
    ) -> None:
        self._client_settings = client_settings
        self._spawn = spawn
        self._on_loaded = on_loaded
        self._on_warnings = on_warnings
        self._opened = opened
        self.on_change: list[Callable[[], None]] = []
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

    def lists(self, path: Path) -> bool:
        """Whether the library of a root has a file, or would have it; no library is read to tell that."""
        folder = path.parent
        root_path = self._roots_of_folders.get(folder) or find_root(folder, self._fallback(folder))
        state = self._states.get(root_path)
        root = state.root if state is not None else load_root(root_path, CHECKS, self._client_settings(root_path))
        return layer_in(root, path) is not None

    def ships(self, path: Path) -> bool:
        """Whether a file comes with the package, and is not what the author works on."""
        return path.is_relative_to(shipped_prompts()) and not any(path.is_relative_to(each) for each in self.folders)

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
        for path in [path for path in self._states if not self._is_in_use(path)]:
            left = self._states.pop(path)
            if left.loading is not None:
                left.loading.cancel()
        for path, state in self._states.items():
            root = self._load(path)
            moved = root.settings.roots != state.root.settings.roots
            state.root, state.settings_stamp = root, settings_stamp(path)
            if moved:
                state.library = replace(state.library, complete=False)
                self.reload(state)
        self._changed()

    def is_current(self, path: Path) -> bool:
        """Whether the root of a file and its settings are still those on disk."""
        state = self.of(path)
        root_path = find_root(path.parent, self._fallback(path.parent))
        return root_path == state.root.path and settings_stamp(root_path) == state.settings_stamp

    def reload(self, state: RootState) -> None:
        """Read the library of a root from disk, in a thread."""
        if state.loading is not None:
            state.loading.cancel()
        state.loading = self._spawn(self._read(state), "reading the prompts")

    async def _read(self, state: RootState) -> None:
        library = await asyncio.to_thread(load_library, state.root)
        for problem in library.unreadable:
            if problem not in state.library.unreadable:  # told already
                logger.warning("%s cannot be read: %s", problem.path, problem.reason)
        state.library = library
        # It lives long: the collector would look through all of it again and again, for 50 ms among 10,000 prompts.
        gc.freeze()
        self._on_loaded(state)
        self._changed()

    def _is_in_use(self, root: Path) -> bool:
        """Whether a root has to do with a workspace folder or an open document."""
        return any(folder.is_relative_to(root) or root.is_relative_to(folder) for folder in self.folders) or any(
            path.is_relative_to(root) for path in self._opened()
        )

    def _changed(self) -> None:
        for hook in self.on_change:
            hook()

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


def with_entry(state: RootState, path: Path, entry: Entry) -> Entry | None:
    """Put the entry of an open document in the library; the one that was there, if it differs."""
    before = state.library.by_path(str(path))
    if before == entry:
        return entry
    state.library = state.library.with_changes({str(path): entry})
    return before
