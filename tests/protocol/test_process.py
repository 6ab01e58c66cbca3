"""The server as a process: its stdio, signals and end."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from client import Client
from support import bodies
from wire import framed, notification, request

TINY = [sys.executable, str(Path(__file__).with_name("tiny_server.py")), "ours"]
posix_only = pytest.mark.skipif(sys.platform == "win32", reason="POSIX pipes and signals")

INITIALIZE = request(1, "initialize", {"processId": None, "rootUri": None, "capabilities": {}})
SESSION = b"".join(
    framed(message)
    for message in (
        INITIALIZE,
        notification("initialized", {}),
        request(2, "tiny/sync", {}),
        request(3, "shutdown"),
        notification("exit"),
    )
)


@contextlib.asynccontextmanager
async def process() -> AsyncIterator[Client]:
    client = await Client.spawn(TINY)
    try:
        await client.initialize()
        yield client
    finally:
        with contextlib.suppress(ProcessLookupError):
            assert client.process is not None
            client.process.kill()
        await client.stop()


@pytest.mark.asyncio
async def test_a_proper_session_exits_with_0_and_says_nothing() -> None:
    async with process() as client:
        assert await client.request("tiny/sync", {}) == "done"
        await client.request("shutdown")
        client.notify("exit")
        assert await client.exit_code() == 0
        await client.closed.wait()
        assert client.stderr == b""


@pytest.mark.asyncio
@pytest.mark.parametrize("shutdown", [True, False])
async def test_the_end_of_the_input_ends_the_process(shutdown: bool) -> None:
    async with process() as client:
        if shutdown:
            await client.request("shutdown")
        client.close_input()
        assert await client.exit_code() == (0 if shutdown else 1)
        assert client.stderr == b""


@pytest.mark.asyncio
async def test_the_input_ends_within_a_message() -> None:
    async with process() as client:
        client.send_bytes(framed(request(7, "tiny/sync", {}))[:-3])
        client.close_input()
        assert await client.exit_code() == 1
        await client.closed.wait()
        await client.until(lambda: b"the input ended in the middle of a message" in client.stderr)


@posix_only
@pytest.mark.asyncio
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("busy", [False, True])
async def test_a_signal_ends_the_process_quietly(number: signal.Signals, busy: bool) -> None:
    async with process() as client:
        assert client.process is not None
        if busy:
            client.start_request("tiny/busy", {})
            await client.until(lambda: b"busy" in client.stderr)
        client.process.send_signal(number)
        assert await client.exit_code() == 128 + number
        assert client.stderr in (b"", b"busy\n")


@posix_only
def test_a_closed_output_ends_the_process_quietly() -> None:
    reading, writing = os.pipe()
    with subprocess.Popen(TINY, stdin=subprocess.PIPE, stdout=writing, stderr=subprocess.PIPE) as server:
        os.close(writing)
        os.close(reading)
        assert server.stdin is not None
        assert server.stderr is not None
        server.stdin.write(framed(INITIALIZE))
        server.stdin.flush()
        assert server.wait(20) == 1  # although its input is still open
        assert server.stderr.read() == b""


@pytest.mark.parametrize("feed", ["pipe", "file"])
@pytest.mark.parametrize("collect", ["pipe", "file"])
def test_a_session_recorded_in_advance(tmp_path: Path, feed: str, collect: str) -> None:
    """Pipes are polled; files have a reader thread and blocking writes."""
    recorded, answers = tmp_path / "in", tmp_path / "out"
    recorded.write_bytes(SESSION)
    with recorded.open("rb") as source, answers.open("wb") as sink:
        done = subprocess.run(
            TINY,
            **({"input": SESSION} if feed == "pipe" else {"stdin": source}),
            stdout=subprocess.PIPE if collect == "pipe" else sink,
            stderr=subprocess.PIPE,
            timeout=20,
        )
    output = done.stdout if collect == "pipe" else answers.read_bytes()
    assert (done.returncode, done.stderr) == (0, b"")
    assert len(bodies(output)) == 3
    assert output.endswith(b'"id":3,"result":null}')


def test_waiting_messages_are_answered_although_the_input_has_ended() -> None:
    messages = [INITIALIZE, *(request(n, "tiny/sync", {}) for n in range(2, 52))]
    data = b"".join(framed(message) for message in messages)
    done = subprocess.run(TINY, input=data, capture_output=True, timeout=20)
    assert len(bodies(done.stdout)) == 51
    assert (done.returncode, done.stderr) == (1, b"")


@posix_only
@pytest.mark.parametrize("redirection", ["<&-", ">&-"])
def test_a_process_without_stdio_says_so(redirection: str) -> None:
    command = f'exec "$0" "$@" {redirection}'
    done = subprocess.run(["/bin/sh", "-c", command, *TINY], capture_output=True, timeout=20)
    assert done.returncode == 1
    assert done.stderr.count(b"\n") == 1
    assert b"stdin and stdout" in done.stderr


@posix_only
def test_a_process_without_stderr_works() -> None:
    command = 'exec "$0" "$@" 2>&-'
    done = subprocess.run(["/bin/sh", "-c", command, *TINY], input=SESSION, stdout=subprocess.PIPE, timeout=20)
    assert done.returncode == 0
    assert len(bodies(done.stdout)) == 3
