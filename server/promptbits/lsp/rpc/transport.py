"""Serves a protocol on two file descriptors, and ends the process when the session ends, whatever still runs."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import sys
from typing import TYPE_CHECKING, Any, NoReturn

from promptbits.lsp.rpc.errors import log_failure
from promptbits.lsp.rpc.framing import Framer
from promptbits.lsp.rpc.protocol import Protocol
from promptbits.lsp.rpc.stdio import take_stdio
from promptbits.lsp.rpc.streams import Reader, Writer
from promptbits.lsp.rpc.watchdog import Watchdog

if TYPE_CHECKING:
    from collections.abc import Callable

    from pygls.lsp.server import LanguageServer

logger = logging.getLogger("promptbits.lsp")

SETTLE_SECONDS = 0.5
"""How long what was already received may take once the input has ended."""
FLUSH_SECONDS = 0.2
"""How long a client may take to read the last messages."""
LAST_CALL_SECONDS = 0.9
"""After this the process is gone, even if something blocks the event loop."""

_SIGNAL_BASE = 128  # what shells report for a process that a signal ended


async def serve(protocol: Protocol, read_fd: int, write_fd: int, on_ending: Callable[[], None] = lambda: None) -> int:
    """Serve until the client leaves, and return the exit code.

    Args:
        protocol: The protocol of a server with all its features registered.
        read_fd: Where messages come from.
        write_fd: Where messages go.
        on_ending: Called when the end begins: `exit`, or the end of the input.
    """
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()
    framer = Framer()

    def ending() -> None:
        on_ending()
        loop.call_later(SETTLE_SECONDS, ended.set)

    def data(chunk: bytes) -> None:
        for body in framer.feed(chunk):
            try:
                protocol.receive(body)
            except Exception as error:  # a defect of ours must not cost the messages behind this one
                log_failure("taking in a message", error)

    def end_of_input() -> None:
        if framer.pending:
            logger.warning("the input ended in the middle of a message")
        protocol.receive_end()

    loop.set_exception_handler(_log_loop_error)
    protocol.on_ending = ending
    protocol.on_ended = ended.set
    writer = Writer(write_fd, on_broken=ended.set)
    reader = Reader(read_fd, data, end_of_input)
    protocol.set_writer(writer)
    reader.start()
    try:
        await ended.wait()
    finally:
        reader.stop()
        protocol.close()
    await writer.flush(FLUSH_SECONDS)
    writer.close()
    return protocol.exit_code


def run(server: LanguageServer) -> NoReturn:
    """Serve on stdin and stdout, then end the process.

    The process ends without waiting for threads: a session that is over must not live on because of a slow one.
    """
    protocol = server.protocol
    if not isinstance(protocol, Protocol):
        raise TypeError("the server was not built with promptbits.lsp.rpc.protocol.Protocol")
    try:
        read_fd, write_fd = take_stdio()
    except OSError:
        logger.error("a language server talks over stdin and stdout, and one of them is closed")
        _leave(1)
    _leave(_serve_process(protocol, read_fd, write_fd))


def _serve_process(protocol: Protocol, read_fd: int, write_fd: int) -> int:
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    signalled: list[int] = []

    def exit_code() -> int:
        return _SIGNAL_BASE + signalled[0] if signalled else protocol.exit_code

    watchdog = Watchdog(read_fd, LAST_CALL_SECONDS, exit_code)

    def stop(number: int, _frame: object) -> None:
        signalled.append(number)
        watchdog.alarm()
        loop.call_soon_threadsafe(protocol.on_ended)

    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, stop)
    watchdog.start()
    try:
        loop.run_until_complete(serve(protocol, read_fd, write_fd, on_ending=watchdog.alarm))
    except (Exception, SystemExit) as error:  # the last line of defence: one line, no stack trace
        log_failure("serving", error)
    return exit_code()


def _leave(code: int) -> NoReturn:
    logging.shutdown()
    if sys.stderr is not None:
        with contextlib.suppress(OSError, ValueError):
            sys.stderr.flush()
    os._exit(code)


def _log_loop_error(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Log what nobody caught; asyncio's own report would quote the exception and the handler's arguments."""
    error = context.get("exception")
    if isinstance(error, BaseException):
        log_failure("background work", error)
    else:
        logger.error("background work failed: %s", context.get("message"))
