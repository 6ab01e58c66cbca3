"""File descriptors as message streams on the event loop, with no thread pool in between."""

from __future__ import annotations

import asyncio
import contextlib
import os
import stat
import sys
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_CHUNK = 256 * 1024
MAX_BACKLOG = 512 * 1024 * 1024
"""A client that has left this much unread has stopped reading for good."""


def can_poll(fd: int) -> bool:
    """Whether the loop can watch a descriptor: pipes and sockets, on POSIX."""
    mode = os.fstat(fd).st_mode
    return sys.platform != "win32" and (stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode))


class Reader:
    """Feeds what arrives on a descriptor to a callback, on the loop, and says once when it ends.

    Files, terminals and everything on Windows are read by one thread of their own, which nothing waits for.
    """

    def __init__(self, fd: int, on_data: Callable[[bytes], None], on_end: Callable[[], None]) -> None:
        self._fd = fd
        self._on_data = on_data
        self._on_end = on_end
        self._loop = asyncio.get_running_loop()
        self._polls = can_poll(fd)

    def start(self) -> None:
        """Begin to read."""
        if self._polls:
            os.set_blocking(self._fd, False)
            self._loop.add_reader(self._fd, self._readable)
        else:
            threading.Thread(target=self._read_all, name="lsp-input", daemon=True).start()

    def stop(self) -> None:
        """Read no more."""
        if self._polls:
            self._loop.remove_reader(self._fd)

    def _readable(self) -> None:
        try:
            chunk = os.read(self._fd, _CHUNK)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:  # the other side is gone in a hurry
            chunk = b""
        if not chunk:
            self.stop()
        self._deliver(chunk)

    def _read_all(self) -> None:
        chunk = b"..."
        while chunk:
            try:
                chunk = os.read(self._fd, _CHUNK)
            except OSError:
                chunk = b""
            try:
                self._loop.call_soon_threadsafe(self._deliver, chunk)
            except RuntimeError:  # the loop is closed: the session ended first
                return

    def _deliver(self, chunk: bytes) -> None:
        if chunk:
            self._on_data(chunk)
        else:
            self._on_end()


class Writer:
    """Writes to a descriptor; never waits for a slow client, and says once when there is none left.

    Has the shape of a pygls writer.
    """

    def __init__(self, fd: int, on_broken: Callable[[], None]) -> None:
        self._fd = fd
        self._on_broken = on_broken
        self._loop = asyncio.get_running_loop()
        self._backlog = bytearray()
        self._empty = asyncio.Event()
        self._empty.set()
        self._broken = False
        self._polls = can_poll(fd)
        if self._polls:
            os.set_blocking(fd, False)

    def write(self, data: bytes) -> None:
        """Write now what the descriptor takes, and the rest when it takes more."""
        if self._broken:
            return
        waiting = bool(self._backlog)
        self._backlog += data
        if not waiting:
            self._push()
            if self._backlog:
                self._empty.clear()
                self._loop.add_writer(self._fd, self._writable)
        if len(self._backlog) > MAX_BACKLOG:
            self._break()

    def close(self) -> None:
        """Write no more."""
        if self._polls:
            self._loop.remove_writer(self._fd)
        self._backlog.clear()
        self._empty.set()
        self._broken = True

    async def flush(self, seconds: float) -> None:
        """Wait until everything is written, but no longer than this."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._empty.wait(), seconds)

    def _writable(self) -> None:
        self._push()
        if not self._backlog:
            self._loop.remove_writer(self._fd)
            self._empty.set()

    def _push(self) -> None:
        try:
            while self._backlog:
                written = os.write(self._fd, self._backlog)
                del self._backlog[:written]
        except (BlockingIOError, InterruptedError):
            return
        except OSError:  # a closed pipe, a reset socket: nobody reads any more
            self._break()

    def _break(self) -> None:
        self.close()
        self._on_broken()
