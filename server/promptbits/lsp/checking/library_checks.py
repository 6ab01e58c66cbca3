"""The findings of all prompts that lie in the roots of a session, kept up to date at little cost.

A file is checked again only where it has changed on disk, or the answers of the library that its findings depend on.
All of it happens on the event loop, a moment at a time; only reading, and long files, are a matter for threads.
"""

from __future__ import annotations

import asyncio
import os
import stat
import time
from collections.abc import AsyncGenerator, Callable, Container, Iterable
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple

from promptbits.checks.dependencies import Asked, FactsRecorder, Ledger, Recorder, still_measured
from promptbits.checks.engine import check
from promptbits.checks.snapshot import Snapshot
from promptbits.facts.view import FactsView, Measured
from promptbits.lsp.checking.diagnostics import Diagnostics, log_family, packed
from promptbits.lsp.state.reading import read_file
from promptbits.lsp.state.roots import RootState
from promptbits.lsp.state.session import Session
from promptbits.lsp.state.surface import Surface
from promptbits.lsp.values.uris import uri_of
from promptbits.prompts.root import Root
from promptbits.text.document import Document

# How long the event loop is kept at a stretch, and how many rounds it then goes without us: from its arrival to its
# answer, a request takes several.
_STRETCH_SECONDS: Final = 0.002
_ROUNDS: Final = 4
# How many files a thread looks at, and reads, before they are checked.
_SLICE: Final = 200
# A file of more bytes is checked in a thread. There it is slower, but the event loop goes on.
_LONG: Final = 60_000

# No items, packed.
NOTHING: Final = packed([])

# What tells one version of a file from the next; None where there is none.
Stamp = tuple[int, int, int] | None
Read = tuple[Stamp, bytes | None]

# Called with how many files have been looked at, and how many there are.
Progress = Callable[[int, int], None]


class Found(NamedTuple):
    """What was found in one file, packed: `version` is None for one that is not open."""

    path: str
    version: int | None
    items: bytes
    uri: str | None = None


class _Known(NamedTuple):
    """A file that was checked, and what its items depend on."""

    stamp: Stamp
    asked: tuple[Asked, ...]
    measured: tuple[tuple[str, Measured], ...]
    located: tuple[tuple[str, object], ...]
    items: bytes


class _Prompts:
    """What is known of the prompts of one root, for one choice of settings."""

    def __init__(self, root: Root, facts: FactsView | None) -> None:
        self.root = root
        self.facts = facts
        self.ledger = Ledger()
        self.files: dict[str, _Known] = {}
        self.done = False


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
    """Checks the prompts of all roots. One caller at a time."""

    def __init__(self, session: Session, diagnostics: Diagnostics) -> None:
        self._session = session
        self._diagnostics = diagnostics
        self._roots: dict[Path, _Prompts] = {}

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
        if (
            prompts is None
            or prompts.root.settings != root.settings
            or (prompts.facts is None) != (state.facts is None)  # a store came or went
        ):
            prompts = self._roots[root.path] = _Prompts(root, state.facts)
        prompts.facts = state.facts
        same = prompts.done and prompts.ledger.library is state.library
        prompts.done = False
        prompts.ledger.turn_to(state.library)
        opened, paths = await self._paths(state, pace)
        for path, uri in opened.items():
            if pace.is_over():
                await pace.rest()
            document = self._session.documents.get(uri)
            if document is None:
                paths[path] = None  # closed meanwhile
                continue
            examined = self._diagnostics.examine(uri)
            yield Found(path, document.version, packed(examined.items) if examined is not None else NOTHING, uri)
        for path in prompts.files.keys() - paths:
            del prompts.files[path]
        done = 0
        for chunk in _chunks(paths):
            looked = await _look(chunk, prompts) if disk or not same else None
            for index, path in enumerate(chunk):
                if pace.is_over():
                    await pace.rest()
                read = looked[index] if looked is not None else None
                known = await self._known(prompts, path, read, same=same)
                if known is not None and (known.items != NOTHING or path in wanted):
                    yield Found(path, None, known.items)
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
            and (prompts.facts is None or still_measured(prompts.facts, known.measured))
            and all(self._token(other) == token for other, token in known.located)
        ):
            return known
        if data is None and (stamp is not None or read is None):
            [(stamp, data)] = await asyncio.to_thread(_read, [(path, None)])
        if data is None:
            prompts.files.pop(path, None)
            return None
        known = prompts.files[path] = await self._check(prompts, path, stamp, data)
        return known

    async def _check(self, prompts: _Prompts, path: str, stamp: Stamp, data: bytes) -> _Known:
        recorder = Recorder(prompts.ledger)
        facts = FactsRecorder(prompts.facts) if prompts.facts is not None else None
        snapshot = Snapshot(Document.from_bytes(data), Path(path), prompts.root, recorder.as_library, facts)
        if len(data) > _LONG:
            findings = await asyncio.to_thread(check, snapshot, log_family)
        else:
            findings = check(snapshot, log_family)
        measured = facts.noted() if facts is not None else ()
        if not findings:
            return _Known(stamp, recorder.noted(), measured, (), NOTHING)
        located: dict[str, object] = {}

        def locate(other: str, *key: str | int) -> dict[str, object] | None:
            located[other] = self._token(other)
            return self._session.locate(other, *key)

        surface = Surface(uri_of(path), None, snapshot, self._session.documents.encoding)
        items = self._diagnostics.shown(surface, findings, locate).items
        return _Known(stamp, recorder.noted(), measured, tuple(located.items()), packed(items))

    def _token(self, path: str) -> object:
        """What tells one state of another file from the next."""
        opened = self._session.documents.at(Path(path))
        return _stamp(path) if opened is None else opened.document


async def _look(paths: list[str], prompts: _Prompts) -> list[Read]:
    """The stamps of files, and the bytes of those that have changed."""
    known = [(path, prompts.files[path].stamp if path in prompts.files else None) for path in paths]
    return await asyncio.to_thread(_read, known)


def _read(files: Iterable[tuple[str, Stamp]]) -> list[Read]:
    read: list[Read] = []
    for path, known in files:
        stamp = _stamp(path)  # before it is read: what changes meanwhile is seen the next time
        data = None
        if stamp is not None and stamp != known:
            try:
                data = read_file(Path(path))
            except OSError:
                stamp = None
        read.append((stamp, data))
    return read


def _stamp(path: str) -> Stamp:
    try:
        info = os.stat(path)  # noqa: PTH116  (of thousands of files: Path costs more than the call)
    except (OSError, ValueError):
        return None
    return (info.st_mtime_ns, info.st_size, info.st_ino) if stat.S_ISREG(info.st_mode) else None


def _chunks(paths: Iterable[str]) -> Iterable[list[str]]:
    rest = iter(paths)
    while chunk := list(islice(rest, _SLICE)):
        yield chunk
