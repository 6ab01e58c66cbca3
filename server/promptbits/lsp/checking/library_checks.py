"""The findings of all prompts that lie in the roots of a session, kept up to date at little cost.

A file is checked again only where it has changed on disk, or the answers of the library that its findings depend on.
All of it happens on the event loop, a moment at a time; only reading, and long files, are a matter for threads.
"""

from __future__ import annotations

import asyncio
import gc
import os
import time
from collections.abc import AsyncGenerator, Callable, Container
from pathlib import Path
from typing import Final, NamedTuple

from promptbits.checks.dependencies import Asked, FactsRecorder, Ledger, Recorder, still_measured
from promptbits.checks.engine import check
from promptbits.checks.snapshot import Snapshot
from promptbits.facts.view import FactsView, Measured
from promptbits.lsp.checking.diagnostics import Diagnostics, Items, log_family, packed
from promptbits.lsp.checking.files_on_disk import Read, Stamp, read_changed, slices, stamp_of
from promptbits.lsp.state.roots import RootState
from promptbits.lsp.state.session import Session
from promptbits.lsp.state.surface import Surface
from promptbits.lsp.values.uris import uri_of
from promptbits.prompts.library import Library, no_collection
from promptbits.prompts.root import Root
from promptbits.text.document import Document

# How long the event loop is kept at a stretch, and how many rounds it then goes without us: from its arrival to its
# answer, a request takes several.
_STRETCH_SECONDS: Final = 0.002
_ROUNDS: Final = 4
# A file of more bytes is checked in a thread. There it is slower, but the event loop goes on.
_LONG: Final = 60_000

# After so many files that were checked, what is known of them is no longer worth a look of the garbage collector.
_MANY: Final = 1000

# As the protocol numbers them.
_ERROR, _WARNING = 1, 2

# No items, packed.
NOTHING: Final = packed([])

# Called with how many files have been looked at, and how many there are.
Progress = Callable[[int, int], None]


class Found(NamedTuple):
    """What was found in one file, packed: `version` is None for one that is not open.

    `root` is the folder of the root that it belongs to, `problems` counts errors and warnings, and `text` is the hash
    of its content, None where that cannot be read.
    """

    path: str
    version: int | None
    items: bytes
    uri: str | None = None
    root: Path | None = None
    problems: tuple[int, int] = (0, 0)
    text: str | None = None


class _Known(NamedTuple):
    """A file that was checked, and what its items depend on."""

    stamp: Stamp
    asked: tuple[Asked, ...]
    measured: tuple[tuple[str, Measured], ...] | None
    located: tuple[tuple[str, object], ...]
    items: bytes
    problems: tuple[int, int]
    text: str | None


class _Prompts:
    """What is known of the prompts of one root, for one choice of settings."""

    def __init__(self, root: Root, facts: FactsView | None) -> None:
        self.root = root
        self.facts = facts
        self.ledger = Ledger()
        self.files: dict[str, _Known] = {}
        self.done = False
        self.read: FactsView | None = None


class Pace:
    """Lets others have their turn."""

    def __init__(self) -> None:
        self._since = time.perf_counter()

    def is_over(self) -> bool:
        """Whether it is time to rest."""
        return time.perf_counter() - self._since > _STRETCH_SECONDS

    async def rest(self) -> None:
        """Let everybody who waits have a turn."""
        for _ in range(_ROUNDS):
            await asyncio.sleep(0)
        self._since = time.perf_counter()


class LibraryChecks:
    """Checks the prompts of all roots.

    Attributes:
        turn: held by whoever runs them: one caller at a time.
    """

    def __init__(self, session: Session, diagnostics: Diagnostics) -> None:
        self._session = session
        self._diagnostics = diagnostics
        self._roots: dict[Path, _Prompts] = {}
        self.turn = asyncio.Lock()
        self._checked = 0

    async def run(self, wanted: Container[str], progress: Progress, *, disk: bool) -> AsyncGenerator[Found]:
        """Every prompt in which something is found, and those that are wanted, whatever is found in them.

        Args:
            wanted: paths.
            progress: told now and then how far it is.
            disk: whether to look at every file on disk, although no library tells of a change.
        """
        pace = Pace()
        for opened in self._session.documents.all():
            if self._session.record(opened):
                self._diagnostics.all_stale()  # the client may not have pulled it yet
        met: set[Path] = set()
        while (state := self._next(met)) is not None:
            met.add(state.root.path)
            await state.library_read()
            async for found in self._root(state, wanted, progress, pace, disk=disk):
                yield found
        for path in [path for path in self._roots if path not in met]:
            del self._roots[path]

    def _next(self, met: set[Path]) -> RootState | None:
        """A root that has not had its turn: files may have been met meanwhile that lie in others."""
        for folder in self._session.roots.folders:
            self._session.roots.of(folder / "any.json")
        return next((state for state in self._session.roots.states() if state.root.path not in met), None)

    async def _root(
        self, state: RootState, wanted: Container[str], progress: Progress, pace: Pace, *, disk: bool
    ) -> AsyncGenerator[Found]:
        root = state.root  # what it is now, to the end: settings may change meanwhile
        prompts = self._roots.get(root.path)
        if prompts is None or prompts.root.settings != root.settings:
            prompts = self._roots[root.path] = _Prompts(root, state.facts)
        facts = prompts.facts = state.facts
        same = prompts.done and prompts.ledger.library is state.library
        prompts.done = False
        prompts.ledger.turn_to(state.library)
        if facts is not None and prompts.read is not facts:
            # The checks look up each prompt: to read them one by one would keep the event loop.
            await asyncio.to_thread(_read_facts, facts, state.library)
            prompts.read = facts
        opened, paths = await self._paths(state, pace)
        for path, uri in opened.items():
            if pace.is_over():
                await pace.rest()
            document = self._session.documents.get(uri)
            if document is None:
                paths[path] = None  # closed meanwhile
                continue
            examined = self._diagnostics.examine(uri)
            items = examined.items if examined is not None else []
            text = examined.snapshot.content_sha256 if examined is not None else None
            yield Found(path, document.version, packed(items), uri, root.path, counted(items), text)
        for path in prompts.files.keys() - paths:
            del prompts.files[path]
        done = 0
        for chunk in slices(paths):
            looked = await _look(chunk, prompts) if disk or not same else None
            for index, path in enumerate(chunk):
                if pace.is_over():
                    await pace.rest()
                read = looked[index] if looked is not None else None
                known = await self._known(prompts, path, read, same=same)
                if known is not None and (known.items != NOTHING or path in wanted):
                    yield Found(path, None, known.items, None, root.path, known.problems, known.text)
            done += len(chunk)
            progress(done, len(paths))
        prompts.done = True

    async def _paths(self, state: RootState, pace: Pace) -> tuple[dict[str, str], dict[str, None]]:
        """The paths of the prompts of a root: those that are open with their addresses, and the others."""
        own: dict[str, bool] = {}
        paths: dict[str, None] = {}
        for number, entry in enumerate(state.library.entries()):
            if number % 100 == 0 and pace.is_over():
                await pace.rest()
            path = entry.path
            if entry.layer == "shipped":
                continue  # somebody else's
            folder = path.rpartition(os.sep)[0]
            if folder not in own:
                own[folder] = self._session.roots.of(Path(path)) is state  # else a root inside of this one has it
            if own[folder]:
                paths[path] = None
        uris = {str(opened.path): opened.uri for opened in self._session.documents.all()}
        opened = {path: uri for path, uri in uris.items() if path in paths}
        for path in opened:
            del paths[path]
        return opened, paths

    async def _known(self, prompts: _Prompts, path: str, read: Read | None, *, same: bool) -> _Known | None:
        """What there is to know of a file; None where it cannot be read."""
        known = prompts.files.get(path)
        stamp, data = read if read is not None else (known.stamp if known else None, None)
        if (
            known is not None
            and known.stamp == stamp
            and (same or prompts.ledger.holds(known.asked))
            and _measure_the_same(prompts.facts, known.measured)
            and all(self._token(other) == token for other, token in known.located)
        ):
            return known
        if data is None and (stamp is not None or read is None):
            [(stamp, data)] = await asyncio.to_thread(read_changed, [(path, None)])
        if data is None:
            prompts.files.pop(path, None)
            return None
        known = prompts.files[path] = await self._check(prompts, path, stamp, data)
        self._checked += 1
        if self._checked % _MANY == 0:
            gc.freeze()  # as below
        return known

    async def _check(self, prompts: _Prompts, path: str, stamp: Stamp, data: bytes) -> _Known:
        recorder = Recorder(prompts.ledger)
        facts = FactsRecorder(prompts.facts) if prompts.facts is not None else None
        snapshot = Snapshot(Document.from_bytes(data), Path(path), prompts.root, recorder.as_library, facts)
        if len(data) > _LONG:
            findings = await asyncio.to_thread(check, snapshot, log_family)
        else:
            findings = check(snapshot, log_family)
        measured = facts.noted() if facts is not None else None
        if not findings:
            return _Known(stamp, recorder.noted(), measured, (), NOTHING, (0, 0), snapshot.content_sha256)
        located: dict[str, object] = {}

        def locate(other: str, *key: str | int) -> dict[str, object] | None:
            located[other] = self._token(other)
            return self._session.locate(other, *key)

        surface = Surface(uri_of(path), None, snapshot, self._session.documents.encoding)
        items = self._diagnostics.shown(surface, findings, locate).items
        rest = packed(items), counted(items), snapshot.content_sha256
        return _Known(stamp, recorder.noted(), measured, tuple(located.items()), *rest)

    def _token(self, path: str) -> object:
        """What tells one state of another file from the next."""
        opened = self._session.documents.at(Path(path))
        return stamp_of(path) if opened is None else opened.document


def counted(items: Items) -> tuple[int, int]:
    """The errors and the warnings among diagnostics."""
    severities = [item["severity"] for item in items]
    return severities.count(_ERROR), severities.count(_WARNING)


def _measure_the_same(facts: FactsView | None, known: tuple[tuple[str, Measured], ...] | None) -> bool:
    """Whether what is measured is still what it was; a store may have come or gone."""
    return facts is known is None or (facts is not None and known is not None and still_measured(facts, known))


def _read_facts(facts: FactsView, library: Library) -> None:
    """Read what is measured of every prompt of a library."""
    with no_collection():
        facts.read([entry.id for entry in library.entries() if entry.id])
    gc.freeze()  # it lives long: the collector would look through all of it again and again


async def _look(paths: list[str], prompts: _Prompts) -> list[Read]:
    """The stamps of files, and the bytes of those that have changed."""
    known = [(path, prompts.files[path].stamp if path in prompts.files else None) for path in paths]
    return await asyncio.to_thread(read_changed, known)
