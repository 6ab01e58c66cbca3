"""From `initialize` to `exit`: pygls' built-in handlers, with what they lack."""

from __future__ import annotations

import asyncio
import enum
from typing import TYPE_CHECKING, Any

from lsprotocol import types
from pygls.protocol import lsp_method

from promptbits.lsp.rpc.errors import log_failure
from promptbits.lsp.rpc.registry import Registry
from promptbits.lsp.rpc.sending import SendingProtocol

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from cattrs import Converter
    from pygls.lsp.server import LanguageServer

    from promptbits.lsp.rpc.handlers import Steps

METHODS = frozenset({types.INITIALIZE, types.SHUTDOWN, types.EXIT})


class State(enum.Enum):
    """How far the session is."""

    STARTING = enum.auto()
    RUNNING = enum.auto()
    STOPPING = enum.auto()


class LifecycleProtocol(SendingProtocol):
    """The beginning and the end of a session.

    Attributes:
        on_capabilities: Has the last word on the capabilities that are sent to the client.
        on_close: Called, in order, when the session ends for whatever reason; they must be quick.
        on_ending: Set by the transport: the end has begun.
        on_ended: Set by the transport: nothing is left to do.
    """

    def __init__(self, server: LanguageServer, converter: Converter) -> None:
        self.on_capabilities: Callable[[types.ServerCapabilities], None] | None = None
        self.on_close: list[Callable[[], None]] = []
        self.on_ending: Callable[[], None] = lambda: None
        self.on_ended: Callable[[], None] = lambda: None
        self._state = State.STARTING
        self._shutdown_done: asyncio.Future[None] | None = None
        super().__init__(server, converter)
        self._registry = Registry(self.fm, converter)

    @property
    def exit_code(self) -> int:
        """What the process exits with: 0 only after a proper shutdown."""
        return 0 if self._state is State.STOPPING else 1

    @lsp_method(types.INITIALIZE)
    def lsp_initialize(self, params: types.InitializeParams) -> Generator[Any, Any, types.InitializeResult]:
        """Agree on capabilities; the registered handler runs before they are computed."""
        result = yield from super().lsp_initialize(params)
        if self.on_capabilities is not None:
            self.on_capabilities(result.capabilities)
        self._state = State.RUNNING
        return result

    @lsp_method(types.SHUTDOWN)
    def lsp_shutdown(self, *args: Any) -> Steps:
        """Give up what we asked the client, run the registered handler, answer null whatever happens in it."""
        self._shutdown_done = asyncio.get_running_loop().create_future()
        for future in list(self._request_futures.values()):
            future.cancel()
        try:
            yield from self._registered(types.SHUTDOWN, args)
        finally:
            self._shutdown_done.set_result(None)

    @lsp_method(types.EXIT)
    def lsp_exit(self, *args: Any) -> Steps:
        """End the session, once a shutdown that is still under way has been answered."""
        if self._shutdown_done is not None:
            yield _wait, (self._shutdown_done,), None
        yield from self._registered(types.EXIT, args)
        self.on_ended()

    def _registered(self, method: str, args: tuple[Any, ...]) -> Steps:
        handler = self._registry.registered(method)
        if handler is not None:
            try:
                yield handler, args, None
            except Exception as error:  # nothing may keep the session from ending
                log_failure(f"handling {method}", error)


async def _wait(done: asyncio.Future[None]) -> None:
    await asyncio.wait([done])
