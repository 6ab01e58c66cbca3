"""Changes on disk, gathered and brought into the libraries at one go.

A branch switch is told in thousands of events and in many messages. They are gathered until it is quiet for a
moment; then every file is read once, in threads, each library changes once, and the client hears of it once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from pathlib import Path
from typing import Any, Final

from promptbits.lsp.state.listing import LinkedError, Seen, load_library, look_at, with_seen
from promptbits.lsp.state.roots import Roots, RootState
from promptbits.lsp.values.uris import path_of
from promptbits.prompts.library import Library

# What belongs together comes within this, and what goes on for ever waits no longer than that.
QUIET_SECONDS: Final = 0.05
MOST_SECONDS: Final = 0.5

# How long an answer waits for it.
_PATIENCE_SECONDS: Final = 2.0

# How many files one thread reads before others have their turn.
_SLICE: Final = 200

# From here on every file is looked at: the system may have dropped events from a flood of them, and the cache on
# disk, which makes the next start quick, is written anew.
_FLOOD: Final = 1000


class Disk:
    """Gathers what changed on disk. All of it is touched on the event loop only.

    Attributes:
        draining: the task that reads, while there is something to read.

    Args:
        roots: the roots whose libraries are kept up to date.
        opened: gives the paths that are open in the editor: their entries are the editor's.
        spawn: starts background work that ends with the session.
        on_changed: called when libraries have taken changes in.
    """

    def __init__(
        self,
        roots: Roots,
        opened: Callable[[], Iterable[Path]],
        spawn: Callable[[Coroutine[Any, Any, Any], str], asyncio.Task[Any]],
        on_changed: Callable[[], None],
    ) -> None:
        self._roots = roots
        self._opened = opened
        self._spawn = spawn
        self._on_changed = on_changed
        self._touched: dict[Path | str, None] = {}
        self._last = 0.0
        self.draining: asyncio.Task[Any] | None = None

    def touched(self, places: Iterable[Path | str]) -> None:
        """Files or folders came, went or changed: paths, or the addresses of such."""
        before = len(self._touched)
        self._touched.update(dict.fromkeys(places))
        if len(self._touched) > before:
            self._last = asyncio.get_running_loop().time()
            if self.draining is None:
                self.draining = self._spawn(self._drain(), "reading changed prompts")

    async def settled(self) -> None:
        """Wait until what was told so far has been brought in; not for ever, as more may come all the time."""
        if self.draining is not None:
            await asyncio.wait([self.draining], timeout=_PATIENCE_SECONDS)

    async def _drain(self) -> None:
        try:
            while self._touched:
                await self._quiet()
                places, self._touched = self._touched, {}
                paths = await asyncio.to_thread(_paths, places)
                # Only roots that are known: any other is read when a document of it is opened. A package manager
                # changes thousands of files, and to look for the root of each would stop the author from typing.
                changed = [await self._bring_in(state, paths) for state in self._roots.states()]
                if any(changed):
                    self._on_changed()
        finally:
            self.draining = None

    async def _quiet(self) -> None:
        loop = asyncio.get_running_loop()
        latest = loop.time() + MOST_SECONDS
        while True:
            left = min(self._last + QUIET_SECONDS, latest) - loop.time()  # later with every event
            if left <= 0:
                return
            await asyncio.sleep(left)

    async def _bring_in(self, state: RootState, paths: list[Path]) -> bool:
        """Bring one library up to date; whether it may have changed."""
        while True:
            await state.library_read()
            root, loading = state.root, state.loading
            ours, everything = await asyncio.to_thread(_of_root, state, paths, set(self._opened()))
            if not ours and not everything:
                return False
            library = None if everything or len(ours) > _FLOOD else await self._read(state, ours)
            changed = bool(ours)
            if library is None:
                library = await asyncio.to_thread(load_library, root)
                changed = changed or await asyncio.to_thread(_differ, state.library, library)
            if state.loading is loading and state.root.settings.roots == root.settings.roots:
                break
            # The library has been read anew meanwhile, perhaps of other folders: what was read here may be older.
        editors = {str(path): state.library.by_path(str(path)) for path in self._opened() if state.layer(path)}
        if changed:
            state.library = library.with_changes(editors)
        return changed

    async def _read(self, state: RootState, paths: list[Path]) -> Library | None:
        """The library with these paths read; None where that cannot be told without reading everything."""
        base, seen = state.library, Seen({}, set())
        try:
            for start in range(0, len(paths), _SLICE):
                seen.update(await asyncio.to_thread(look_at, state.root, paths[start : start + _SLICE]))
        except LinkedError:
            return None
        return await asyncio.to_thread(with_seen, base, seen)


def _paths(places: Iterable[Path | str]) -> list[Path]:
    """Paths, each once, of paths and addresses; what has none is left out."""
    found = (place if isinstance(place, Path) else path_of(place) for place in places)
    return list(dict.fromkeys(path for path in found if path is not None))


def _of_root(state: RootState, paths: list[Path], opened: set[Path]) -> tuple[list[Path], bool]:
    """The paths inside of a root's prompt folders that no editor has open; and whether a whole folder is meant."""
    folders = {above for folder in state.root.prompt_folders() for above in (folder, *folder.parents)}
    ours = [path for path in paths if state.holds(path) and path not in opened]
    return ours, any(path in folders for path in paths)


def _differ(one: Library, other: Library) -> bool:
    return {entry.path: entry for entry in one.entries()} != {entry.path: entry for entry in other.entries()}
