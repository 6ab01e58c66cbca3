"""The server's side of the worker: one process for all jobs, which wait for their turn.

A thread of its own starts the process, writes to it and reads from it, so that the event loop never waits. To cancel
a job is to kill the process: nothing that runs in it has to look whether it is still wanted. The next job gets another.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final, cast

Json = dict[str, Any]

# `-P`: a workspace may hold a folder of our name, and nothing of it is ever run.
COMMAND: Final = (sys.executable, "-P", "-m", "promptbits.lsp.worker")
# How long a worker that has nothing to do keeps its memory.
IDLE_SECONDS: Final = 300.0
# One thread each: those that wait for work by spinning would take the processor from the editor.
_ENVIRONMENT: Final = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


class JobFailedError(Exception):
    """A job cannot be done; the text says why, in words to show."""


@dataclass(eq=False)
class _Task:
    """A job and what becomes of it."""

    line: bytes
    hear: Callable[[Json], None]
    given_up: bool = False


class Worker:
    """Runs jobs in another process.

    Args:
        say: is told, in one line and on the event loop, what people have to know.
    """

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._thread = ThreadPoolExecutor(1, "lsp-worker")
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._running: _Task | None = None
        self._idle: asyncio.TimerHandle | None = None

    @property
    def pid(self) -> int | None:
        """The process that is there now, if any."""
        process = self._process
        return None if process is None else process.pid

    async def run(self, job: Json, progress: Callable[[int, int], None] = lambda _done, _of: None) -> Json:
        """Do a job. Cancelled, it ends at once.

        Args:
            job: what to do, as JSON.
            progress: is told on the event loop how far it is, of how much.

        Raises:
            JobFailedError: it cannot be done, in words to show.
        """
        loop = asyncio.get_running_loop()

        def heard(message: Json) -> None:
            if "progress" in message:
                progress(*message["progress"])
            else:
                self._say(message["say"])

        def hear(message: Json) -> None:
            with contextlib.suppress(RuntimeError):  # the loop has ended
                loop.call_soon_threadsafe(heard, message)

        task = _Task(json.dumps(job).encode("ascii") + b"\n", hear)
        if self._idle is not None:
            self._idle.cancel()
        try:
            answer = await loop.run_in_executor(self._thread, self._exchange, task)
        finally:
            self._give_up(task)
            self._idle = loop.call_later(IDLE_SECONDS, self.rest)
        if "result" in answer:
            return cast("Json", answer["result"])
        raise JobFailedError(answer["failed"] or "this went wrong: the log of the language server says more")

    def rest(self) -> None:
        """End the process if it has nothing to do."""
        with self._lock:
            if self._running is None:
                self._kill()

    def close(self) -> None:
        """End the process, and take no more jobs."""
        if self._idle is not None:
            self._idle.cancel()
        with self._lock:
            if self._running is not None:
                self._running.given_up = True
            self._kill()
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _give_up(self, task: _Task) -> None:
        with self._lock:
            task.given_up = True
            if self._running is task:
                self._kill()

    def _kill(self) -> None:
        """With the lock held. The thread notices that it has nothing more to read, and buries the process."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            if self._running is None:
                with contextlib.suppress(RuntimeError):  # shut down: whoever ends buries all
                    self._thread.submit(_bury, process)

    # In the thread.

    def _exchange(self, task: _Task) -> Json:
        with self._lock:
            if task.given_up:
                return {"failed": None}
            try:
                process = self._process = self._living() or _started()
            except OSError as error:
                return {"failed": f"the process for heavy work cannot be started: {error.strerror}"}
            self._running = task
        try:
            answer = _answer(process, task)
        finally:
            with self._lock:
                self._running = None
        if answer is None:
            with self._lock:
                if self._process is process:
                    self._process = None
            _bury(process)
            return {"failed": "the process for heavy work has ended: try again"}
        return answer

    def _living(self) -> subprocess.Popen[bytes] | None:
        process = self._process
        if process is None or process.poll() is None:
            return process
        _bury(process)
        return None


def _started() -> subprocess.Popen[bytes]:
    pipe = subprocess.PIPE
    # The command is our own; stdout is a pipe, so that nothing but the protocol reaches that of the server.
    return subprocess.Popen(  # noqa: S603
        COMMAND, stdin=pipe, stdout=pipe, env=_ENVIRONMENT | os.environ, bufsize=-1
    )


def _answer(process: subprocess.Popen[bytes], task: _Task) -> Json | None:
    """The last line that a worker writes about a job; None where it ended before."""
    assert process.stdin is not None
    assert process.stdout is not None
    with contextlib.suppress(OSError, ValueError):
        process.stdin.write(task.line)
        process.stdin.flush()
        for line in process.stdout:
            message = cast("Json", json.loads(line))
            if "progress" not in message and "say" not in message:
                return message
            task.hear(message)
    return None


def _bury(process: subprocess.Popen[bytes]) -> None:
    """Let nothing be left of a process."""
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with contextlib.suppress(OSError):
                pipe.close()
