"""The worker process: takes one job after the other, a line of JSON each, and answers in lines.

A line is `{"progress": [done, of]}`, `{"say": text}`, and at the end of a job `{"result": …}` or `{"failed": text}`;
the text is null where only the log says more.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import queue
import signal
import sys
import threading
import time
from typing import Any, Final, NoReturn

from promptbits.lsp.rpc.errors import log_failure
from promptbits.lsp.rpc.stdio import take_stdio

# The editor comes first where there is more to do than there are processors.
_NICE: Final = 5
_PROGRESS_SECONDS: Final = 0.05
_CHUNK: Final = 1 << 16


def main() -> NoReturn:
    """Work until the server closes the pipe, or is gone."""
    logging.basicConfig(stream=sys.stderr, format="promptbits: worker: %(levelname)s: %(message)s")
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # of a terminal, it is meant for the server
    read_fd, write_fd = take_stdio()
    with contextlib.suppress(AttributeError, OSError):
        os.nice(_NICE)
    lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(read_fd, lines), name="worker-pipe", daemon=True).start()
    while True:
        _work(json.loads(lines.get()), _Mouth(write_fd))


class _Mouth:
    """Writes the lines of one job."""

    def __init__(self, fd: int) -> None:
        self._fd = fd
        self._told = 0.0

    def send(self, **message: Any) -> None:
        data = json.dumps(message).encode("ascii") + b"\n"
        try:
            while data:
                data = data[os.write(self._fd, data) :]
        except OSError:
            os._exit(0)  # nobody listens any more

    def progress(self, done: int, total: int) -> None:
        now = time.monotonic()
        if now - self._told >= _PROGRESS_SECONDS:
            self._told = now
            self.send(progress=[done, total])

    def say(self, text: str) -> None:
        self.send(say=text)


def _work(job: Any, mouth: _Mouth) -> None:
    try:
        from promptbits.lsp.worker.jobs import JOBS, TOLD, Tell

        try:
            result = JOBS[job["job"]](job, Tell(mouth.progress, mouth.say))
        except TOLD as error:
            mouth.send(failed=str(error))
            return
    except Exception as error:  # whatever it is, the next job has a worker
        log_failure("heavy work", error)
        mouth.send(failed=None)
        return
    mouth.send(result=result)


def _listen(fd: int, lines: queue.SimpleQueue[bytes]) -> None:
    """Hand on what the server writes; once it is gone, this process is as well, whatever it does."""
    waiting = b""
    while True:
        try:
            chunk = os.read(fd, _CHUNK)
        except OSError:
            chunk = b""
        if not chunk:
            os._exit(0)
        *whole, waiting = (waiting + chunk).split(b"\n")
        for line in whole:
            lines.put(line)


if __name__ == "__main__":
    main()
