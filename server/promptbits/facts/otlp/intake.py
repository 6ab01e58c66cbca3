"""From bodies to the store, in one thread of its own: what arrives while it writes is written together next time."""

from __future__ import annotations

import asyncio
import contextlib
import queue
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol

from promptbits.facts.otlp.executions import TextOf
from promptbits.facts.otlp.reading import Reader
from promptbits.facts.otlp.records import Batch, Log, Refused
from promptbits.facts.otlp.waiting_file import WaitingFile
from promptbits.facts.spool import spool, spool_folders, take_in_all
from promptbits.facts.store import Appended, Fact, InvalidFactError, StoreError

# How many requests are looked at together, at most.
_TOGETHER: Final = 64
# How many facts are committed together.
_MOST_FACTS: Final = 5_000
# How often is looked for what waits, in seconds: spooled facts, and evaluations whose span came by another way.
_AGAIN: Final = 30.0


class Store(Protocol):
    """The part of a store that is needed here."""

    def append(self, facts: Sequence[Fact]) -> Appended:
        """Add facts."""
        ...

    def get(self, fact_id: str) -> Fact | None:
        """A fact by its id."""
        ...

    def keep_text(self, content_sha256: str, content: str) -> None:
        """Keep a template."""
        ...


class UnwritableError(Exception):
    """Neither the store nor the spool takes anything now."""


@dataclass(slots=True)
class Counts:
    """What has come so far."""

    requests: int = 0
    executions: int = 0
    feedback: int = 0
    repeated: int = 0
    ignored: int = 0
    refused: int = 0
    spooled: int = 0
    waiting: int = 0


@dataclass(slots=True)
class _Job:
    decode: Callable[[], Batch]
    done: Callable[[list[Refused] | Exception], None]
    facts: list[Fact] = field(default_factory=list[Fact])
    refused: list[Refused] = field(default_factory=list[Refused])
    ignored: int = 0


class Intake:
    """Takes batches, one thread for all of them. Use it as a context manager."""

    def __init__(
        self,
        path: Path,
        opened: Callable[[], Store],
        *,
        waiting: Path,
        text_of: TextOf | None = None,
        warn: Callable[[str], None],
    ) -> None:
        """What to write to.

        Args:
            path: of the store, to know where its facts are spooled.
            opened: opens the store. It is asked again if that fails.
            waiting: the file of evaluations that wait for their span.
            text_of: the hash of the text of a revision.
            warn: is told, once, what keeps the store from being written.
        """
        self.counts = Counts()
        self._path = path
        self._opened = opened
        self._store: Store | None = None
        self._warn = warn
        self._warned = False
        self._reader = Reader(text_of, self._stored)
        self._waiting = WaitingFile(waiting)
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="otlp-intake")

    def __enter__(self) -> Intake:
        try:
            self._opened_store()
        except StoreError as error:
            self._be_warned(str(error))
        for log in self._waiting.read():
            self._reader.waiting.add(log)
        self.look_again()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """End when everything that was taken is written."""
        self._jobs.put(None)
        self._thread.join()
        with contextlib.suppress(OSError):
            self._waiting.tidy(self._reader.waiting.logs(), at_once=True)

    async def take(self, decode: Callable[[], Batch]) -> list[Refused]:
        """Decode a body and store what it says; what was refused of it.

        Raises:
            UnwritableError: nothing of it is kept; it has to be sent again.
            Exception: what `decode` raises.
        """
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[list[Refused]] = loop.create_future()

        def settle(result: list[Refused] | Exception) -> None:
            if answer.done():  # whoever asked has left
                return
            if isinstance(result, Exception):
                answer.set_exception(result)
            else:
                answer.set_result(result)

        def done(result: list[Refused] | Exception) -> None:
            with contextlib.suppress(RuntimeError):  # the loop is gone
                loop.call_soon_threadsafe(settle, result)

        self._jobs.put(_Job(decode, done))
        return await answer

    def _run(self) -> None:
        looked = time.monotonic()
        while True:
            jobs: list[_Job | None] = []
            with contextlib.suppress(queue.Empty):
                jobs.append(self._jobs.get(timeout=_AGAIN))
            if time.monotonic() - looked >= _AGAIN:
                self.look_again()
                looked = time.monotonic()
            if not jobs:
                continue
            with contextlib.suppress(queue.Empty):
                while len(jobs) < _TOGETHER and jobs[-1] is not None:
                    jobs.append(self._jobs.get_nowait())
            self._work([job for job in jobs if job is not None])
            if jobs[-1] is None:
                return

    def _work(self, jobs: list[_Job]) -> None:
        before = self._reader.waiting.logs()
        ready: list[_Job] = []
        for job in jobs:
            if self._decoded(job):
                ready.append(job)
            if sum(len(each.facts) for each in ready) >= _MOST_FACTS:  # small bodies unpack to large ones
                self._keep(ready, before)
                before, ready = self._reader.waiting.logs(), []
        self._keep(ready, before)

    def _keep(self, ready: list[_Job], before: list[Log]) -> None:
        """Write what some jobs said, and answer them."""
        try:
            self._keep_waiting(before)
            self._write(ready)
        except Exception as error:  # each of the requests is answered with it
            self._reader.waiting.restore(before)  # all of this comes once more
            known = isinstance(error, UnwritableError | OSError)
            problem = error if not known else UnwritableError(str(error))
            for job in ready:
                job.facts.clear()
                job.done(problem)
            return
        self.counts.waiting = len(self._reader.waiting)
        for job in ready:
            self.counts.requests += 1
            self.counts.ignored += job.ignored
            self.counts.refused += len(job.refused)
            job.facts.clear()  # the list of jobs holds it while others are worked on
            job.done(job.refused)

    def _decoded(self, job: _Job) -> bool:
        try:
            batch = job.decode()
            job.ignored = batch.ignored
            for each in self._reader.facts(batch):
                if isinstance(each, Refused):
                    job.refused.append(each)
                else:
                    job.facts.append(each)
        except Exception as error:  # the answer of this request; the others go on
            job.done(error)
            return False
        return True

    def _keep_waiting(self, before: list[Log]) -> None:
        logs = self._reader.waiting.logs()
        known = set(map(id, before))
        self._waiting.add(log for log in logs if id(log) not in known)

    def _write(self, jobs: list[_Job]) -> None:
        facts = [fact for job in jobs for fact in job.facts]
        try:
            # Not all at once: to send half of them again does no harm, and a transaction of all would take much memory.
            for start in range(0, len(facts), _MOST_FACTS):
                self._append(facts[start : start + _MOST_FACTS])
        except InvalidFactError:
            for job in jobs:
                self._one_by_one(job)
        with contextlib.suppress(OSError):
            self._waiting.tidy(self._reader.waiting.logs())

    def _one_by_one(self, job: _Job) -> None:
        for fact in job.facts:
            try:
                self._append([fact])
            except InvalidFactError as error:
                job.refused.append(Refused(f"fact {fact['id']}", str(error)))

    def _append(self, facts: list[Fact]) -> None:
        try:
            done = self._opened_store().append(facts)
        except StoreError as error:
            self._spool(facts, str(error))
            return
        self._warned = False
        executions = sum(fact["kind"] == "execution" for fact in facts)
        self.counts.repeated += done.repeated
        self.counts.executions += executions
        self.counts.feedback += len(facts) - executions

    def _spool(self, facts: list[Fact], why: str) -> None:
        self._be_warned(why)
        problem: Exception | None = None
        for folder in spool_folders(self._path):
            try:
                spool(folder, facts)
            except OSError as error:
                problem = error
                continue
            self.counts.spooled += len(facts)
            return
        raise UnwritableError(why) from problem

    def _be_warned(self, why: str) -> None:
        if not self._warned:
            self._warned = True
            self._warn(f"{why}; facts wait in a spool until it can be written")

    def look_again(self) -> None:
        """Take in what was spooled, and find the spans of evaluations that others have stored meanwhile."""
        with contextlib.suppress(StoreError, InvalidFactError, OSError, UnwritableError):
            take_in_all(self._opened_store(), self._path)
            found = list(self._reader.again())
            if found:
                self._append(found)
                self._waiting.tidy(self._reader.waiting.logs())
                self.counts.waiting = len(self._reader.waiting)

    def _stored(self, fact_id: str) -> Fact | None:
        try:
            return self._opened_store().get(fact_id)
        except StoreError:
            return None

    def _opened_store(self) -> Store:
        if self._store is None:
            self._store = self._opened()
        return self._store
