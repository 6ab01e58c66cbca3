"""Fixtures: a tiny server of misbehaving handlers, ours alone or ours and stock pygls in turn."""

from __future__ import annotations

import contextlib
import logging
import os
import sys
import threading
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio
from client import Client
from pygls.io_ import StdinAsyncReader, StdoutWriter, run_async
from pygls.protocol import LanguageServerProtocol
from support import Start
from tiny_server import Tiny, build

from promptbits.lsp.rpc.protocol import Protocol

if TYPE_CHECKING:
    import socket

TINY = Path(__file__).with_name("tiny_server.py")
SHOW_STOCK = bool(os.environ.get("PROMPTBITS_TEST_STOCK"))
EXPECTED = pytest.mark.xfail(
    strict=True, raises=(AssertionError, TimeoutError, ConnectionError), reason="a trap of stock pygls"
)

# Ours.


@pytest.fixture
def server() -> Tiny:
    return build(Protocol)


@pytest_asyncio.fixture
async def fresh(server: Tiny, caplog: pytest.LogCaptureFixture) -> AsyncIterator[Client]:
    """A client of `server` that has not shaken hands."""
    begun = await Client.in_process(server)
    yield begun
    server.thread_gate.set()
    await begun.stop()
    server.shutdown()
    logged = " ".join(record.getMessage() for record in caplog.get_records("call"))
    assert "background work failed" not in logged  # nothing may slip past the protocol's own handling
    assert "taking in a message failed" not in logged


@pytest_asyncio.fixture
async def client(fresh: Client) -> Client:
    """A client of `server` that has shaken hands."""
    await fresh.initialize()
    return fresh


# Both: a test that uses one of these runs against ours and against stock pygls, where it is expected to fail.


@pytest.fixture(params=["ours", pytest.param("stock", marks=() if SHOW_STOCK else EXPECTED)])
def kind(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def patience(kind: str) -> float:
    """Seconds to wait for what stock pygls never sends; ours may be slow on a busy machine, and is not."""
    return 1.5 if kind == "stock" else 20.0


@pytest_asyncio.fixture
async def start(kind: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Start]:
    """Start a server on this event loop and return a client that has not shaken hands."""
    clients: list[Client] = []
    monkeypatch.setattr(logging.getLogger("pygls"), "level", logging.NOTSET)  # ours changes it; stock must be stock

    async def begin(max_workers: int | None = None) -> Client:
        if kind == "ours":
            client = await Client.in_process(build(Protocol, max_workers))
        else:
            server = build(LanguageServerProtocol, max_workers)
            client = await Client.connect(lambda end: serve_stock(server, end))
            client.server = server
        clients.append(client)
        return client

    yield begin
    for client in clients:
        assert isinstance(client.server, Tiny)
        client.server.gate.set()
        client.server.thread_gate.set()
        await client.stop()
        client.server.shutdown()


@pytest_asyncio.fixture
async def either(start: Start) -> Client:
    """A client that has shaken hands with a server on this event loop."""
    begun = await start()
    await begun.initialize()
    return begun


@pytest_asyncio.fixture
async def process(kind: str) -> AsyncIterator[Client]:
    """A client that has shaken hands with a server in a process of its own."""
    begun = await Client.spawn([sys.executable, TINY, kind])
    try:
        await begun.initialize()
        yield begun
    finally:
        assert begun.process is not None
        with contextlib.suppress(ProcessLookupError):
            begun.process.kill()
        await begun.stop()


async def serve_stock(server: Tiny, end: socket.socket) -> None:
    """Do what `server.start_io()` does, on the running loop."""
    gone = contextlib.suppress(OSError)  # the client leaves while answers are still being written
    with gone, end.makefile("rb") as stdin, end.makefile("wb") as stdout:
        server.protocol.set_writer(StdoutWriter(stdout))
        reader = StdinAsyncReader(stdin, server.thread_pool)
        log, report = logging.getLogger("pygls"), server.report_server_error
        await run_async(threading.Event(), reader, server.protocol, log, report)
