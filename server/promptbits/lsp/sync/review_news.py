"""The reviews of each root, read again when somebody else has changed them: a command, or another editor.

`promptbits/reviewsChanged` tells a client that shows reviews to ask for them again.
"""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from promptbits.lsp.rpc.errors import log_failure
from promptbits.optimize.reviews.opening import open_reviews, reviews_path
from promptbits.optimize.reviews.store import ReviewStoreError

if TYPE_CHECKING:
    from promptbits.lsp.state.session import Session
    from promptbits.optimize.reviews.model import Review

REVIEWS_CHANGED: Final = "promptbits/reviewsChanged"

SECONDS: Final = 1.0
# Of those that were decided about, so many stay at hand: they are read again with every change.
_MOST_DECIDED: Final = 100


class _Look(NamedTuple):
    """What was found of one root: its reviews, or None where they are as they were; and what to tell."""

    stamp: object
    reviews: tuple[Review, ...] | None
    said: tuple[str, ...] = ()


class ReviewNews:
    """Gives each root its reviews.

    Args:
        session: whose roots they are.
        on_changed: called on the event loop when the reviews of a root are others.
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
        self._stamps: dict[Path, object] = {}
        self._wanted = asyncio.Event()
        self._look_ended = asyncio.Event()
        self._begun = self._ended = 0
        session.reviews_known = self.known

    async def known(self) -> None:
        """Wait until the reviews of each root are known as they are at this moment, or later."""
        wanted = self._begun + 1  # a look that goes on already may have seen less
        self.look_now()
        while self._ended < wanted:
            await self._look_ended.wait()

    def look_now(self) -> None:
        """Look at once, and from then on now and then."""
        self._wanted.set()
        if self._watching is None:
            self._watching = self._spawn(self._watch(), "looking at reviews")

    async def _watch(self) -> None:
        thread = ThreadPoolExecutor(1, "lsp-reviews")
        try:
            while True:
                self._wanted.clear()
                self._begun += 1
                await self._look(thread)
                self._ended = self._begun
                self._look_ended.set()
                self._look_ended = asyncio.Event()
                try:
                    await asyncio.wait_for(self._wanted.wait(), SECONDS)
                except TimeoutError:
                    continue
        finally:
            thread.shutdown(wait=False)

    async def _look(self, thread: ThreadPoolExecutor) -> None:
        states = {state.root.path: state for state in self._session.roots.states()}
        before = {path: self._stamps.get(path) for path in states}
        looks = await asyncio.get_running_loop().run_in_executor(thread, _look_at, before)
        changed = False
        for path, look in looks.items():
            self._stamps[path] = look.stamp
            self._session.warn(look.said)
            if look.reviews is not None and look.reviews != states[path].reviews:
                states[path].reviews, changed = look.reviews, True
        for gone in self._stamps.keys() - states:
            del self._stamps[gone]
        if changed:
            self._on_changed()


def _look_at(before: dict[Path, object]) -> dict[Path, _Look]:
    """In the thread: the reviews of each root whose file is another one than before."""
    return {root: _look(root, stamp) for root, stamp in before.items()}


def _look(root: Path, before: object) -> _Look:
    # An absent file has the stamp None, which stands for a root that was never looked at as well: both have none.
    stamp = _stamp(root)
    if stamp == before:
        return _Look(stamp, None)
    if stamp is None:
        return _Look(None, ())
    said: list[str] = []
    try:
        every = open_reviews(root, said.append).all()
        if any(each.status == "open" for each in every):
            # Whoever opens one reads why each edit is done: what knows that takes a while to import.
            importlib.import_module("promptbits.optimize.operators.registry")
    except ReviewStoreError as error:
        return _Look(stamp, (), (*said, str(error)))
    except Exception as error:  # a file that nobody foresaw takes nothing else with it
        log_failure("reading reviews", error)
        return _Look(stamp, (), (f"{reviews_path(root)}: reviews cannot be read",))
    decided = [each for each in every if each.status != "open"]
    kept = {each.number for each in decided[-_MOST_DECIDED:]}
    return _Look(stamp, tuple(each for each in every if each.status == "open" or each.number in kept), tuple(said))


def _stamp(root: Path) -> object:
    try:
        info = reviews_path(root).stat()
    except (OSError, ValueError):
        return None
    return info.st_mtime_ns, info.st_size, info.st_ino
