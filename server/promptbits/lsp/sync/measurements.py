"""What is measured of the prompts of each root, kept up to date by a look at a counter now and then.

Stores are looked at in a thread of their own. A store may appear, vanish, be replaced, be damaged or be newer than this
server: that is said once, and everything else goes on without numbers.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable, Coroutine, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

from promptbits.facts.locating import facts_path
from promptbits.facts.store import StoreError
from promptbits.facts.view import FactsView
from promptbits.lsp.rpc.errors import log_failure

if TYPE_CHECKING:
    from promptbits.facts.store import FactStore
    from promptbits.lsp.state.documents import OpenDocument
    from promptbits.lsp.state.session import Session

# How often the counters are looked at; less often where that takes long: not for more than a tenth of the time.
SECONDS: Final = 1.0
_COSTS: Final = 10
# How soon a store that could not be opened is tried again, although its file is as it was.
_AGAIN_SECONDS: Final = 10.0

Stamp = tuple[int, ...]


class Look(NamedTuple):
    """What was found of one root: its view, and what to tell of its store."""

    facts: FactsView | None
    problem: str | None = None


class Measurements:
    """Gives each root its view of facts, a new one when something that was asked of it has changed.

    Args:
        session: whose roots they are.
        on_changed: called on the event loop when a root has another view.
        spawn: starts background work that ends with the session.
    """

    def __init__(
        self,
        session: Session,
        on_changed: Callable[[], None],
        spawn: Callable[[Coroutine[Any, Any, Any], str], asyncio.Task[Any]],
    ) -> None:
        self._session = session
        self._on_changed = on_changed
        self._spawn = spawn
        self._watching: asyncio.Task[Any] | None = None
        self._stores: dict[Path, _Store] = {}
        self._wanted = asyncio.Event()
        self._looked: set[Path] = set()
        self._look_ended = asyncio.Event()
        session.facts_known = self.known

    async def known(self) -> None:
        """Wait until the store of each root was looked at: before, nobody knows that nothing is measured."""
        while any(state.root.path not in self._looked for state in self._session.roots.states()):
            ended = self._look_ended
            self.look_now()
            await ended.wait()

    def look_now(self) -> None:
        """Look at once, and from then on now and then."""
        self._wanted.set()
        if self._watching is None:
            self._watching = self._spawn(self._watch(), "looking at what is measured")

    async def _watch(self) -> None:
        thread = ThreadPoolExecutor(1, "lsp-measurements")
        try:
            while True:
                self._wanted.clear()
                started = time.monotonic()
                await self._look(thread)
                self._look_ended.set()
                self._look_ended = asyncio.Event()
                pause = max(SECONDS, _COSTS * (time.monotonic() - started))
                try:
                    await asyncio.wait_for(self._wanted.wait(), pause)
                except TimeoutError:
                    continue
        finally:
            thread.submit(_close, list(self._stores.values()))
            thread.shutdown(wait=False)

    async def _look(self, thread: ThreadPoolExecutor) -> None:
        states = {state.root.path: state for state in self._session.roots.states()}
        for gone in self._stores.keys() - states:
            thread.submit(_close, [self._stores.pop(gone)])
        if not states:
            return
        ids = _ids(self._session.documents.all())
        work = [(self._stores.setdefault(path, _Store(path)), state.facts) for path, state in states.items()]
        found = await asyncio.get_running_loop().run_in_executor(thread, _look_at, work, ids)
        self._looked = set(states)
        changed = False
        for (path, state), look in zip(states.items(), found, strict=True):
            if look.problem is not None:
                self._session.warn([look.problem])
            if state.facts is not look.facts and path in self._stores:
                state.facts, changed = look.facts, True
        if changed:
            self._on_changed()


class _Store:
    """The store of one root. Touched in the thread of the looks only."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._path: Path | None = None
        self._store: FactStore | None = None
        self._file: Stamp | None = None
        self._counter: int | None = None
        self._failed: tuple[Stamp, float] | None = None

    def look(self, facts: FactsView | None, ids: Iterable[str]) -> Look:
        """The view of now: the same where nothing has changed, None where nothing can be read."""
        path = facts_path(self._root)
        state = _stamp(path)
        if state is None:
            self.close()
            self._failed = None
            return Look(None)
        if self._failed is not None and self._failed[0] == state and time.monotonic() < self._failed[1]:
            return Look(None)
        try:
            return Look(self._view(path, state[:2], facts, ids))
        except StoreError as error:
            problem = str(error)
        except Exception as error:  # a store that nobody foresaw takes nothing else with it
            log_failure("reading what is measured", error)
            problem = f"{path}: what is measured cannot be read"
        self.close()
        self._failed = state, time.monotonic() + _AGAIN_SECONDS
        return Look(None, f"{problem}. Prompts are shown without what is measured of them")

    def close(self) -> None:
        """Give the file back."""
        if self._store is not None:
            self._store.close()
        self._store = self._counter = None

    def _view(self, path: Path, file: Stamp, facts: FactsView | None, ids: Iterable[str]) -> FactsView:
        if facts is not None and facts.problem is not None:
            raise facts.problem
        if self._store is None or (self._path, self._file) != (path, file):
            from promptbits.facts.opening import open_store  # only where there is a store

            self.close()
            self._store = open_store(path, create=False, read_only=True)
            self._path, self._file = path, file
            facts = None
        counter = self._store.change_counter()
        if facts is not None and counter == self._counter:
            facts.prepare(ids)  # of documents that were opened meanwhile
            return facts
        # What comes after this look is seen by the next one.
        self._counter = counter
        view = (facts or FactsView(self._store.summaries)).renewed(ids)
        if view.problem is not None:
            raise view.problem
        return view


def _look_at(work: list[tuple[_Store, FactsView | None]], ids: list[str]) -> list[Look]:
    return [store.look(facts, ids) for store, facts in work]


def _close(stores: Iterable[_Store]) -> None:
    for store in stores:
        store.close()


def _stamp(path: Path) -> Stamp | None:
    """What tells one file from another, and one state of it from the next; None where there is none."""
    try:
        info = os.stat(path)  # noqa: PTH116  (every second: Path costs more than the call)
    except (OSError, ValueError):
        return None
    return info.st_dev, info.st_ino, info.st_mtime_ns, info.st_size


def _ids(opened: Iterable[OpenDocument]) -> list[str]:
    """The prompts that are open, and their parents: they are read where nobody waits for it."""
    found: dict[str, None] = {}
    for each in opened:
        value: object = each.document.value if each.path is not None else None
        table = cast("dict[str, Any]", value) if isinstance(value, dict) else {}
        for id_ in (table.get("id"), table.get("parent")):
            if isinstance(id_, str) and id_:
                found[id_] = None
    return list(found)
