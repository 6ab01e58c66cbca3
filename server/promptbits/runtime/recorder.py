"""The way of a fact: into the store, else into the spool, else it is counted as lost. It never raises.

Threads take turns here: SQLite would let those that wait sleep for longer than it takes the others to write.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from promptbits.runtime.notices import say_once

if TYPE_CHECKING:
    from pathlib import Path

    from promptbits.facts.store import Appended, Fact, FactStore

# While a store cannot be used it is tried again after so many seconds, then after twice as many, up to the last.
_FIRST_RETRY = 1.0
_LAST_RETRY = 60.0
# Another thread may be waiting for another process; who comes after it waits no longer than this, and spools.
_PATIENCE = 0.5
_SPOOLING = "facts cannot be stored now and wait in a spool, which is taken in as soon as they can: %s"
# Texts that are known to be kept. A process has a few; this guards from one that makes them up.
_MOST_TEXTS = 10_000


class RecordingStatus(NamedTuple):
    """What became of the facts that this process recorded. `refused` ones did not have the form of a fact."""

    stored: int = 0
    spooled: int = 0
    refused: int = 0
    lost: int = 0


class Recorder:
    """Records facts in the store of one path; with no path, none."""

    def __init__(self, path: Path | None, clock: Callable[[], float] = time.monotonic) -> None:
        self.path = path
        self._clock = clock
        self._store: FactStore | None = None
        self._begin()

    def _begin(self) -> None:
        self._lock = _Lock()
        self._spool_lock = _Lock()
        self._counting = threading.RLock()
        self._retry_at = 0.0
        self._delay = _FIRST_RETRY
        self._kept: set[str] = set()
        self._taking: threading.Thread | None = None
        self._may_wait = True
        self._status = RecordingStatus()
        # What came while this same thread was recording: the garbage collector closes generators at any time.
        self._later: deque[tuple[Fact, tuple[str, str] | None]] = deque()

    @property
    def status(self) -> RecordingStatus:
        """What became of the facts so far."""
        return self._status

    def record(self, fact: Fact, template: tuple[str, str] | None = None) -> None:
        """Record a fact, and the template that it is about as (hash, text)."""
        if self.path is None:
            return
        if self._lock.is_mine or self._spool_lock.is_mine:
            self._later.append((fact, template))
            return
        self._record_safely(fact, template)
        self._catch_up()

    def _catch_up(self) -> None:
        while self._later:
            self._record_safely(*self._later.popleft())

    def _record_safely(self, fact: Fact, template: tuple[str, str] | None) -> None:
        try:
            self._record(fact, template)
        except Exception as error:
            self._count(lost=1)
            say_once("lost", "a fact is lost, and every one that cannot be kept: %s", _worded(error))

    def _record(self, fact: Fact, template: tuple[str, str] | None) -> None:
        texts = [template] if template and template[0] not in self._kept else []
        if self._clock() < self._retry_at or not self._lock.take(_PATIENCE):
            self._spool(fact, texts)
            return
        try:
            problem = self._append(fact, texts)
        finally:
            self._lock.give_back()
        if problem is None:
            self._count(stored=1)
            if self._may_wait:
                self._start_taking()
        elif not self._is_refused(problem):
            say_once("spooling", _SPOOLING, _worded(problem))
            self._spool(fact, texts)

    def _append(self, fact: Fact, texts: Sequence[tuple[str, str]]) -> Exception | None:
        """Put a fact into the store; what stands in the way, if anything does."""
        if self._clock() < self._retry_at:  # another thread has just found out
            return TimeoutError()
        try:
            store = self._opened()
            for sha256, content in texts:
                self._keep(store, sha256, content)
            store.append([fact])
        except Exception as error:
            if not _is_invalid(error):
                # Leave the store alone for a while: each attempt may wait long for it.
                self._retry_at = self._clock() + self._delay
                self._delay = min(self._delay * 2, _LAST_RETRY)
            return error
        self._delay = _FIRST_RETRY
        return None

    def _keep(self, store: FactStore, sha256: str, content: str) -> None:
        try:
            store.keep_text(sha256, content)
        except Exception as error:
            if not _is_invalid(error):
                raise
            say_once(f"text {sha256}", "a template cannot be kept: %s", error)  # the fact itself may be fine
        self._remember(sha256)

    def _opened(self) -> FactStore:
        if self._store is None:
            from promptbits.facts.opening import open_store

            assert self.path is not None, "nothing is recorded without a path"
            self._store = open_store(self.path)
        return self._store

    def _remember(self, sha256: str) -> None:
        if len(self._kept) >= _MOST_TEXTS:
            self._kept.clear()
        self._kept.add(sha256)

    def _is_refused(self, error: Exception) -> bool:
        """Whether the store will never take the fact: spooling it would be of no use."""
        if not _is_invalid(error):
            return False
        self._count(refused=1)
        say_once(f"refused {error}", "a fact is refused: %s", error)
        return True

    def _spool(self, fact: Fact, texts: Sequence[tuple[str, str]]) -> None:
        from promptbits.facts.spool import spool, spool_folders

        assert self.path is not None, "nothing is recorded without a path"
        *others, last = spool_folders(self.path)
        contents = [content for _, content in texts]
        with self._spool_lock:
            for folder in others:
                try:
                    spool(folder, [fact], contents)
                    break
                except OSError:
                    continue  # the next one may do
            else:
                spool(last, [fact], contents)
            for sha256, _ in texts:
                self._remember(sha256)
        self._may_wait = True
        self._count(spooled=1)

    def _start_taking(self) -> None:
        """Take in what waits, in a thread: nobody who records one fact should wait for ten thousand."""
        from promptbits.facts.spool import is_waiting, spool_folders

        if self._taking is not None and self._taking.is_alive():
            return
        self._may_wait = False
        assert self.path is not None, "nothing is recorded without a path"
        if any(is_waiting(folder) for folder in spool_folders(self.path)):
            thread = threading.Thread(target=self._take_in, name="promptbits-spool")
            self._taking = thread
            try:
                thread.start()
            except RuntimeError:  # the interpreter is ending, or there can be no more threads
                self._taking = None

    def _take_in(self) -> None:
        from promptbits.facts.spool import take_in_all

        assert self.path is not None, "nothing is recorded without a path"
        try:
            with self._lock:
                store = self._opened()
            take_in_all(_Turns(store, self._lock), self.path)
        except Exception as error:
            self._may_wait = True
            say_once("taking in", "what waits in the spool is taken in later: %s", _worded(error))

    def flush(self) -> None:
        """Wait until what waited in the spool is taken in, if this process is at it."""
        thread = self._taking
        if thread is not None:
            thread.join()

    def close(self) -> None:
        """Give back what is open. Recording opens it again."""
        self.flush()
        self._catch_up()
        with self._lock:
            store, self._store = self._store, None
            if store is not None:
                try:
                    store.close()
                except Exception as error:
                    say_once("closing", "the store was not closed in order: %s", _worded(error))

    def after_fork_in_child(self) -> None:
        """Go on alone: what other threads held and counted is the parent's. The store sees to itself."""
        self._begin()

    def _count(self, **more: int) -> None:
        with self._counting:
            status = self._status
            self._status = status._replace(**{name: getattr(status, name) + by for name, by in more.items()})


class _Lock:
    """A lock that knows its holder."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._holder = 0

    @property
    def is_mine(self) -> bool:
        return self._holder == threading.get_ident()

    def take(self, seconds: float) -> bool:
        if not self._lock.acquire(timeout=seconds):
            return False
        self._holder = threading.get_ident()
        return True

    def give_back(self) -> None:
        self._holder = 0
        self._lock.release()

    def __enter__(self) -> None:
        self.take(-1)

    def __exit__(self, *_: object) -> None:
        self.give_back()


class _Turns:
    """A store that is used in turns with everybody else."""

    def __init__(self, store: FactStore, lock: _Lock) -> None:
        self._store = store
        self._lock = lock

    def append(self, facts: Sequence[Fact]) -> Appended:
        with self._lock:
            return self._store.append(facts)

    def keep_text(self, content_sha256: str, content: str) -> None:
        with self._lock:
            self._store.keep_text(content_sha256, content)


def _is_invalid(error: Exception) -> bool:
    from promptbits.facts.store import InvalidFactError

    return isinstance(error, InvalidFactError)


def _worded(error: Exception) -> str:
    """An error in one line that quotes no fact."""
    if isinstance(error, OSError):
        return f"{error.filename or 'the spool'}: {error.strerror or 'input/output error'}"
    from promptbits.facts.store import StoreError

    return str(error) if isinstance(error, StoreError) else type(error).__name__
