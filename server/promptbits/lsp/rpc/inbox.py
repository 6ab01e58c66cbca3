"""The order in which messages are handled."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from promptbits.lsp.rpc.incoming import Notification, Request


class Inbox:
    """Messages waiting for their turn: first in, first out, one per turn of the event loop.

    Between two turns the loop reads what has arrived, so that a cancellation overtakes the request it is for.
    """

    def __init__(self, handle: Callable[[Request | Notification | None], None]) -> None:
        self._handle = handle
        self._waiting: deque[Request | Notification | None] = deque()
        self._scheduled = False
        self._held = False

    def put(self, message: Request | Notification | None) -> None:
        """Append a message; None is the end of the input."""
        self._waiting.append(message)
        self._schedule()

    def hold(self) -> None:
        """Let nothing out until `release`."""
        self._held = True

    def release(self) -> None:
        """Undo `hold`."""
        self._held = False
        self._schedule()

    def clear(self) -> None:
        """Forget what waits."""
        self._waiting.clear()

    def _schedule(self) -> None:
        if self._waiting and not self._scheduled and not self._held:
            self._scheduled = True
            # A timer, because the loop runs due timers after it has polled for input, and `call_soon` before.
            asyncio.get_running_loop().call_later(0, self._turn)

    def _turn(self) -> None:
        self._scheduled = False
        if not self._waiting or self._held:
            return
        try:
            self._handle(self._waiting.popleft())
        finally:
            self._schedule()
