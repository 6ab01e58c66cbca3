"""A language client that measures: one session with one server over stdin and stdout.

The time of a message is taken when its last byte has arrived, before it is parsed.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast

from benchmarks import processes
from benchmarks.framing import Framer, frame
from benchmarks.servers import Server

PATIENCE_SECONDS: Final = 120

_STDOUT: Final = 1
_MARKUP: Final = ["markdown", "plaintext"]
_CAPABILITIES: Final[dict[str, Any]] = {
    "general": {"positionEncodings": ["utf-16"]},
    "workspace": {
        "configuration": True,
        "workspaceFolders": True,
        "didChangeConfiguration": {"dynamicRegistration": True},
        "didChangeWatchedFiles": {"dynamicRegistration": True},
        "diagnostics": {"refreshSupport": True},
    },
    "textDocument": {
        "synchronization": {"didSave": True},
        "publishDiagnostics": {"relatedInformation": True, "versionSupport": True, "tagSupport": {"valueSet": [1, 2]}},
        "diagnostic": {"dynamicRegistration": False, "relatedDocumentSupport": False},
        "completion": {
            "completionItem": {
                "snippetSupport": True,
                "documentationFormat": _MARKUP,
                "resolveSupport": {"properties": ["documentation", "detail"]},
            }
        },
        "hover": {"contentFormat": _MARKUP},
        "documentSymbol": {"hierarchicalDocumentSymbolSupport": True},
        "formatting": {"dynamicRegistration": False},
    },
}


class ServerError(Exception):
    """A server refused a request, or is gone."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A result, and when it arrived on the clock of `time.perf_counter_ns`."""

    result: Any
    arrived: int


class Session(asyncio.SubprocessProtocol):
    """A running server and the client's end of the conversation."""

    def __init__(self, server: Server, root: Path, *, pull: bool = True) -> None:
        self.server = server
        self.pull = pull
        self.spawned = 0
        self.startup_ms = 0.0
        self.startup_cpu: float | None = None
        self.capabilities: dict[str, Any] = {}
        self.published: asyncio.Queue[tuple[dict[str, Any], int]] = asyncio.Queue()
        self._root = root
        self._framer = Framer()
        self._waiting: dict[int, asyncio.Future[Answer]] = {}
        self._ended = asyncio.Event()
        self._transport: asyncio.SubprocessTransport | None = None

    @classmethod
    async def start(cls, server: Server, root: Path, environment: dict[str, str], *, pull: bool = True) -> Session:
        """Start a server and greet it.

        Args:
            server: which.
            root: the workspace folder, and the server's working directory; its stderr goes to a file there.
            environment: of the server.
            pull: announce that diagnostics are pulled; without it they are pushed.

        Raises:
            ServerError: it did not start.
        """
        session = cls(server, root, pull=pull)
        errors = root / f"{server.name}.stderr"
        with errors.open("ab") as log:
            session.spawned = time.perf_counter_ns()
            await asyncio.get_running_loop().subprocess_exec(
                lambda: session, *server.command, stderr=log, cwd=root, env=environment
            )
        try:
            answer = await session.request("initialize", session._greeting())
        except (ServerError, TimeoutError) as error:
            await session.stop()
            said = errors.read_text("utf-8", "replace").strip().splitlines() or ["it said nothing"]
            raise ServerError(f"{server.name} did not start: {said[-1]}") from error
        session.startup_cpu = session.cpu_ms()
        session.startup_ms = (answer.arrived - session.spawned) / 1e6
        session.capabilities = answer.result["capabilities"]
        session.notify("initialized", {})
        if server.settings:
            session.notify("workspace/didChangeConfiguration", {"settings": server.settings})
        return session

    @property
    def pid(self) -> int:
        """The server's process."""
        if self._transport is None:
            raise ServerError(f"{self.server.name} was not started")
        return self._transport.get_pid()

    @property
    def over(self) -> bool:
        """Whether the server has ended."""
        return self._ended.is_set()

    def cpu_ms(self) -> float | None:
        """CPU time that the server has used so far."""
        return processes.cpu_ms(self.pid)

    def notify(self, method: str, params: Any) -> None:
        """Send a notification."""
        self._send({"method": method, "params": params})

    async def request(self, method: str, params: Any) -> Answer:
        """Send a request and wait for its result.

        Raises:
            ServerError: the server answered with an error, or ended.
            TimeoutError: the server did not answer.
        """
        number = len(self._waiting) + 1  # answered ones stay in the table, so the number is new
        future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting[number] = future
        self._send({"id": number, "method": method, "params": params})
        async with asyncio.timeout(PATIENCE_SECONDS):
            return await future

    @property
    def newest(self) -> int:
        """The number of the request that was sent last."""
        return len(self._waiting)

    def cancel(self, number: int) -> None:
        """Cancel a request."""
        self.notify("$/cancelRequest", {"id": number})

    async def stop(self) -> None:
        """Take leave; a server that does not go is ended."""
        with contextlib.suppress(ServerError, TimeoutError):
            async with asyncio.timeout(5):
                await self.request("shutdown", None)
                self.notify("exit", None)
                await self._ended.wait()
        if self._transport is not None:
            self._transport.close()
            await self._ended.wait()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The process runs."""
        self._transport = cast("asyncio.SubprocessTransport", transport)

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        """The server wrote something."""
        now = time.perf_counter_ns()
        if fd == _STDOUT:
            for body in self._framer.feed(data):
                self._receive(json.loads(body), now)

    def process_exited(self) -> None:
        """The server ended: nobody waits for it any more."""
        self._ended.set()
        for future in self._waiting.values():
            if not future.done():
                future.set_exception(ServerError(f"{self.server.name} ended"))

    def _send(self, message: dict[str, Any]) -> None:
        pipe = self._transport.get_pipe_transport(0) if self._transport is not None and not self.over else None
        if pipe is None:
            raise ServerError(f"{self.server.name} is not running")
        cast("asyncio.WriteTransport", pipe).write(frame(message))

    def _receive(self, message: dict[str, Any], now: int) -> None:
        method = message.get("method")
        if method is None:
            future = self._waiting.get(message["id"])
            if future is None or future.done():
                return
            if message.get("error"):
                future.set_exception(ServerError(f"{self.server.name}: {message['error'].get('message', '')[:200]}"))
            else:
                future.set_result(Answer(message.get("result"), now))
        elif "id" in message:
            self._send({"id": message["id"], "result": _reply(method, message.get("params"))})
        elif method == "textDocument/publishDiagnostics":
            self.published.put_nowait((message["params"], now))

    def _greeting(self) -> dict[str, Any]:
        capabilities = _CAPABILITIES
        if not self.pull:
            documents = {key: each for key, each in capabilities["textDocument"].items() if key != "diagnostic"}
            capabilities = capabilities | {"textDocument": documents}
        uri = self._root.as_uri()
        return {
            "processId": os.getpid(),
            "clientInfo": {"name": "promptbits-bench"},
            "rootUri": uri,
            "rootPath": str(self._root),
            "workspaceFolders": [{"uri": uri, "name": self._root.name}],
            "capabilities": capabilities,
            "initializationOptions": self.server.options,
        }


def _reply(method: str, params: Any) -> Any:
    """What an editor without any settings of its own answers."""
    return [None] * len(params["items"]) if method == "workspace/configuration" else None
