"""Ends the process when the event loop no longer can."""

from __future__ import annotations

import contextlib
import os
import select
import sys
import threading
import time
from typing import TYPE_CHECKING

from promptbits.lsp.rpc.streams import can_poll

if TYPE_CHECKING:
    from collections.abc import Callable


class Watchdog:
    """A thread that sleeps until the end begins, then gives the loop a moment and ends the process.

    The end begins with `alarm`, or when the client closes its side of the input: that is noticed here as well,
    because a loop that is busy with a handler does not read.
    """

    def __init__(self, fd: int, seconds: float, exit_code: Callable[[], int]) -> None:
        self._fd = fd
        self._seconds = seconds
        self._exit_code = exit_code
        self._ears, self._mouth = os.pipe()

    def start(self) -> None:
        """Begin to watch."""
        threading.Thread(target=self._watch, name="lsp-watchdog", daemon=True).start()

    def alarm(self) -> None:
        """Tell that the end has begun; safe in a signal handler and as often as you like."""
        os.set_blocking(self._mouth, False)
        with contextlib.suppress(BlockingIOError):  # full: told often enough
            os.write(self._mouth, b"!")

    def _watch(self) -> None:
        if sys.platform != "win32" and can_poll(self._fd):
            poll = select.poll()
            # A hang-up is always reported; only Linux tells when a socket is closed in one direction.
            poll.register(self._fd, getattr(select, "POLLRDHUP", 0))
            poll.register(self._ears, select.POLLIN)
            poll.poll()
        else:
            os.read(self._ears, 1)
        time.sleep(self._seconds)
        os._exit(self._exit_code())
