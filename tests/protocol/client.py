"""A small JSON-RPC client for tests: it records everything, waits only with a deadline, and hides nothing.

client = await Client.spawn([sys.executable, "-m", "promptbits", "lsp"])     # a process
client = await Client.in_process(server)                                     # a server on this event loop
await client.initialize()
hover = await client.request("textDocument/hover", {...})                    # raises ResponseError
diagnostics = await client.notified("textDocument/publishDiagnostics")       # the next one not yet taken
await client.fence()                                                         # all earlier messages were handled
await client.stop()
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import os
import socket
from typing import TYPE_CHECKING, Any

from wire import Message, framed, notification, request

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, Sequence
    from pathlib import Path

    from pygls.lsp.server import LanguageServer

DEADLINE = 20.0
"""Seconds after which a test gives up on what must come; generous, because it costs nothing when it comes."""


class ResponseError(Exception):
    """The server answered with an error."""

    def __init__(self, error: Message) -> None:
        super().__init__(f"{error.get('code')}: {error.get('message')}")
        self.error = error
        self.code: int = error["code"]
        self.message: str = error["message"]
        self.data = error.get("data")


class Client:
    """One connection to a server.

    Attributes:
        received: Every message in the order of arrival.
        garbage: What arrived outside of any message.
        answers: Method of a request by the server -> what to answer; a `ResponseError` is sent as one, `...` leaves
            the server waiting. Other requests are answered with null.
        process: The server's process, if it has one of its own.
        stderr: What the process wrote to stderr so far.
    """

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.received: list[Message] = []
        self.garbage = b""
        self.answers: dict[str, Callable[[Any], Any]] = {}
        self.process: asyncio.subprocess.Process | None = None
        self.server: LanguageServer | None = None
        self.stderr = b""
        self.closed = asyncio.Event()
        self._reader = reader
        self._writer = writer
        self._ids = itertools.count(1)
        self._waiters: list[tuple[Callable[[], bool], asyncio.Future[None]]] = []
        self._taken: set[int] = set()
        self._tasks = [asyncio.create_task(self._read())]
        self._served: Awaitable[Any] | None = None

    @classmethod
    async def spawn(
        cls, command: Sequence[str | Path], *, cwd: Path | None = None, env: dict[str, str] | None = None
    ) -> Client:
        """Start a server process and connect to its stdio."""
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(
            *command, cwd=cwd, env={**os.environ, **(env or {})}, stdin=pipe, stdout=pipe, stderr=pipe
        )
        assert process.stdin is not None
        assert process.stdout is not None
        client = cls(process.stdout, process.stdin)
        client.process = process
        client._tasks.append(asyncio.create_task(client._read_stderr()))
        return client

    @classmethod
    async def connect(cls, start: Callable[[socket.socket], Awaitable[Any]]) -> Client:
        """Connect to something on this event loop that serves the other end of a socket pair."""
        ours, theirs = socket.socketpair()
        served = asyncio.ensure_future(start(theirs))
        reader, writer = await asyncio.open_connection(sock=ours)
        client = cls(reader, writer)
        client._served = served
        served.add_done_callback(lambda _: theirs.close())
        return client

    @classmethod
    async def in_process(cls, server: LanguageServer) -> Client:
        """Serve one of our servers on this event loop, through the real transport."""
        from promptbits.lsp.rpc.protocol import Protocol
        from promptbits.lsp.rpc.transport import serve

        protocol = server.protocol
        assert isinstance(protocol, Protocol)
        client = await cls.connect(lambda end: serve(protocol, end.fileno(), end.fileno()))
        client.server = server
        return client

    # Sending.

    def send_bytes(self, data: bytes) -> None:
        self._writer.write(data)

    def send(self, *messages: Any) -> None:
        """Send messages in one write, so that they arrive together."""
        self.send_bytes(b"".join(framed(message) for message in messages))

    def notify(self, method: str, params: Any = None) -> None:
        self.send(notification(method, params))

    def start_request(self, method: str, params: Any = None) -> int:
        """Send a request and return its id."""
        number = next(self._ids)
        self.send(request(number, method, params))
        return number

    def cancel(self, message_id: Any) -> None:
        self.notify("$/cancelRequest", {"id": message_id})

    def open_document(self, uri: str, text: str, *, version: int = 1, language: str = "json") -> None:
        document = {"uri": uri, "languageId": language, "version": version, "text": text}
        self.notify("textDocument/didOpen", {"textDocument": document})

    def change_document(self, uri: str, version: int, *changes: Message) -> None:
        """Send content changes: `{"text"}` or `{"range", "text"}`."""
        params = {"textDocument": {"uri": uri, "version": version}, "contentChanges": changes}
        self.notify("textDocument/didChange", params)

    def close_document(self, uri: str) -> None:
        self.notify("textDocument/didClose", {"textDocument": {"uri": uri}})

    def close_input(self) -> None:
        """Close the server's input, as an editor that goes away does."""
        self._writer.close()

    # Waiting.

    async def request(self, method: str, params: Any = None, *, deadline: float = DEADLINE) -> Any:
        """Send a request and return its result."""
        message = await self.response(self.start_request(method, params), deadline=deadline)
        if "error" in message:
            raise ResponseError(message["error"])
        return message["result"]

    async def response(self, message_id: Any, *, deadline: float = DEADLINE) -> Message:
        """Wait for the response to an id."""
        await self.until(lambda: bool(self.responses(message_id)), deadline=deadline, what=f"response {message_id}")
        return self.responses(message_id)[0]

    def responses(self, message_id: Any) -> list[Message]:
        """Return all responses to an id so far: there should be one."""
        return [m for m in self.received if "method" not in m and m.get("id") == message_id]

    async def notified(
        self, method: str, where: Callable[[Any], bool] = lambda _: True, *, deadline: float = DEADLINE
    ) -> Any:
        """Wait for a notification that no earlier call has returned, and return its parameters."""

        def found() -> list[int]:
            numbered = (pair for pair in enumerate(self.received) if pair[1].get("method") == method)
            return [index for index, m in numbered if index not in self._taken and where(m.get("params"))]

        await self.until(lambda: bool(found()), deadline=deadline, what=method)
        index = found()[0]
        self._taken.add(index)
        return self.received[index].get("params")

    def methods(self) -> list[str]:
        """Return the methods of all notifications and requests the server sent."""
        return [message["method"] for message in self.received if "method" in message]

    async def fence(self, *, deadline: float = DEADLINE) -> None:
        """Wait until the server has handled (async handlers: started) everything sent so far."""
        with contextlib.suppress(ResponseError):
            await self.request("test/fence", {}, deadline=deadline)

    async def until(self, condition: Callable[[], bool], *, deadline: float = DEADLINE, what: str = "it") -> None:
        """Wait until a condition on what was received holds, stderr included."""
        if condition():
            return
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiters.append((condition, future))
        try:
            await asyncio.wait_for(future, deadline)
        except TimeoutError:
            raise TimeoutError(f"{what} did not come within {deadline} s; received: {self.received}") from None

    async def exit_code(self, *, deadline: float = DEADLINE) -> int:
        """Wait for the process to end."""
        assert self.process is not None
        return await asyncio.wait_for(self.process.wait(), deadline)

    # Sessions.

    async def initialize(self, capabilities: Message | None = None, **params: Any) -> Message:
        """Shake hands, and return the result of `initialize`."""
        values = {"processId": None, "rootUri": None, "capabilities": capabilities or {}, **params}
        result = await self.request("initialize", values)
        self.notify("initialized", {})
        return result

    async def stop(self) -> None:
        """End the connection and the server, politely if it still listens."""
        self._writer.close()
        if self.process is not None:
            try:
                await self.exit_code(deadline=5)
            except TimeoutError:
                self.process.kill()
                await self.process.wait()
        elif self._served is not None:
            await asyncio.wait_for(self._served, DEADLINE)
        await asyncio.wait(self._tasks, timeout=5)
        for task in self._tasks:
            task.cancel()
        with contextlib.suppress(OSError):
            await self._writer.wait_closed()

    # Receiving.

    @contextlib.contextmanager
    def paused(self) -> Iterator[None]:
        """Read nothing meanwhile, as a client that hangs."""
        transport = self._writer.transport
        assert isinstance(transport, asyncio.ReadTransport)
        transport.pause_reading()
        yield
        transport.resume_reading()

    async def _read(self) -> None:
        try:
            while not self._reader.at_eof():
                await self._read_message()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            self.closed.set()
            for _, future in self._waiters:
                if not future.done():
                    future.set_exception(ConnectionError(f"the server closed; stderr: {self.stderr.decode()}"))

    async def _read_message(self) -> None:
        length = 0
        while (line := await self._reader.readline()) not in (b"\r\n", b""):
            name, _, value = line.partition(b":")
            if name == b"Content-Length":
                length = int(value)
            elif name != b"Content-Type":
                self.garbage += line
        if length:
            self._take(json.loads(await self._reader.readexactly(length)))

    def _take(self, message: Message) -> None:
        self.received.append(message)
        if "method" in message and "id" in message:
            answer = self.answers.get(message["method"], lambda _: None)(message.get("params"))
            body = {"error": answer.error} if isinstance(answer, ResponseError) else {"result": answer}
            if answer is not ...:
                self.send({"jsonrpc": "2.0", "id": message["id"], **body})
        self._look()

    def _look(self) -> None:
        for waiter in list(self._waiters):
            condition, future = waiter
            if future.done() or condition():
                self._waiters.remove(waiter)
                if not future.done():
                    future.set_result(None)

    async def _read_stderr(self) -> None:
        assert self.process is not None
        assert self.process.stderr is not None
        while chunk := await self.process.stderr.read(65536):
            self.stderr += chunk
            self._look()
