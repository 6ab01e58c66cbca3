"""Messages through the whole transport, on this event loop."""

from __future__ import annotations

import asyncio
import os
import sys
from typing import Any

import pytest
from client import Client
from support import protocol
from tiny_server import Tiny
from wire import framed, request

from promptbits.lsp.rpc import transport
from promptbits.lsp.rpc.streams import Writer


@pytest.mark.asyncio
@pytest.mark.parametrize("body", [b"", b"{", b'{"jsonrpc"', b"\xff\xfe", b"[" * 100_000, b'{"a": NaN}', b"nul"])
async def test_a_body_that_is_no_json(client: Client, body: bytes, caplog: pytest.LogCaptureFixture) -> None:
    client.send_bytes(framed(body))
    error = (await client.response(None))["error"]
    assert error == {"code": -32700, "message": "Parse error: the message is not JSON"}
    await client.fence()
    assert len(client.responses(None)) == 1
    assert len(caplog.records) == 1


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "value",
    [
        [],
        [request("in a batch", "tiny/sync", {})],
        7,
        None,
        "text",
        {},
        {"jsonrpc": "2.0", "id": None, "method": "tiny/sync"},
        {"jsonrpc": "2.0", "id": True, "method": "tiny/sync"},
        {"jsonrpc": "2.0", "id": {}, "method": "tiny/sync"},
        {"jsonrpc": "2.0", "method": 5},
    ],
)
async def test_json_that_is_no_message(client: Client, value: Any) -> None:
    client.send(value)
    assert (await client.response(None))["error"]["code"] == -32600
    await client.fence()
    assert len(client.responses(None)) == 1
    assert not client.responses("in a batch")


@pytest.mark.asyncio
@pytest.mark.parametrize("broken", [{"id": 77, "method": "tiny/sync"}, {"jsonrpc": "2.0", "id": 77, "method": 5}])
async def test_an_invalid_request_is_answered_by_its_id(client: Client, broken: Any) -> None:
    client.send(broken)
    assert (await client.response(77))["error"]["code"] == -32600


@pytest.mark.asyncio
async def test_lone_surrogates_survive_the_round_trip(client: Client, server: Tiny) -> None:
    lone = "a\ud800b \U0001f600"

    @server.feature("tiny/echo")
    def echo(params: Any) -> Any:
        return [params, 2**70]

    message = rb'{"jsonrpc":"2.0","id":"x","method":"tiny/echo","params":{"t":"a\ud800b \ud83d\ude00"}}'
    client.send_bytes(framed(message))
    assert (await client.response("x"))["result"] == [{"t": lone}, 2**70]
    protocol(server).notify_raw("tiny/back", {"t": lone})
    assert await client.notified("tiny/back") == {"t": lone}


@pytest.mark.asyncio
async def test_a_client_that_does_not_read_does_not_stop_the_server(client: Client, server: Tiny) -> None:
    big = "x" * 2_000_000
    all_called = asyncio.Event()

    @server.feature("tiny/big")
    def answer(params: Any) -> str:
        server.calls.append("big")
        if len(server.calls) == 5:
            all_called.set()
        return big

    with client.paused():
        client.send(*(request(f"big {n}", "tiny/big", {}) for n in range(5)))
        await asyncio.wait_for(all_called.wait(), 20)
    for number in range(5):
        assert (await client.response(f"big {number}"))["result"] == big


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX pipes")
@pytest.mark.asyncio
@pytest.mark.timeout(20)
async def test_a_writer_does_not_wait_for_a_full_pipe() -> None:
    reading, writing = os.pipe()
    writer = Writer(writing, on_broken=lambda: pytest.fail("the pipe is open"))
    sent = b"".join(b"%06d" % number for number in range(100_000))
    writer.write(sent[:400_000])
    writer.write(sent[400_000:])
    flushing = asyncio.create_task(writer.flush(20))
    received = await asyncio.to_thread(read_exactly, reading, len(sent))
    await flushing
    writer.close()
    os.close(reading)
    os.close(writing)
    assert received == sent


def read_exactly(fd: int, length: int) -> bytes:
    parts: list[bytes] = []
    while sum(map(len, parts)) < length:
        parts.append(os.read(fd, 65536))
    return b"".join(parts)


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX pipes")
@pytest.mark.asyncio
async def test_a_writer_says_once_that_nobody_reads() -> None:
    reading, writing = os.pipe()
    broken: list[bool] = []
    writer = Writer(writing, on_broken=lambda: broken.append(True))
    os.close(reading)
    writer.write(b"a")
    writer.write(b"b")
    await writer.flush(1)
    assert broken == [True]
    os.close(writing)


def test_what_nobody_caught_is_logged_without_its_text(caplog: pytest.LogCaptureFixture) -> None:
    loop = asyncio.new_event_loop()
    transport._log_loop_error(loop, {"message": "m", "exception": ValueError("prompt text")})
    transport._log_loop_error(loop, {"message": "Task was destroyed", "task": "prompt text"})
    loop.close()
    assert "ValueError" in caplog.text
    assert "prompt text" not in caplog.text
