"""A language client as small as one can be: it talks to the real server over stdio, as an editor does."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self, cast

# Long enough for a cold start on a slow machine; then something is wrong.
_PATIENCE_SECONDS = 60

_CAPABILITIES = {
    "general": {"positionEncodings": ["utf-16"]},
    "textDocument": {
        "publishDiagnostics": {"relatedInformation": True, "versionSupport": True},
        "codeAction": {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": ["quickfix"]}}},
    },
    "workspace": {"workspaceEdit": {"documentChanges": True, "resourceOperations": ["create", "rename", "delete"]}},
}


class ServerGoneError(RuntimeError):
    """The server ended or did not answer."""


class Client:
    """An editor with one workspace folder. Text is changed by (line, character, length to remove, new text)."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._next_id = 0
        self._versions: dict[str, int] = {}

    async def __aenter__(self) -> Self:
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "promptbits", "lsp", "--stdio"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            await self.request("shutdown", None)
            self._send({"method": "exit"})
            await asyncio.wait_for(self._process.wait(), _PATIENCE_SECONDS)
        elif self._process.returncode is None:
            self._process.kill()
            await self._process.wait()

    async def start(self) -> dict[str, Any]:
        """Open the session; what the server says of itself."""
        params = {"processId": None, "rootUri": self._folder.as_uri(), "capabilities": _CAPABILITIES}
        answer = await self.request("initialize", params)
        self._send({"method": "initialized", "params": {}})
        return cast("dict[str, Any]", answer["serverInfo"])

    async def open(self, path: Path, awaited: str | None = None) -> tuple[list[dict[str, Any]], float]:
        """Open a file; its diagnostics, and how many seconds they took.

        The first ones come before the server has read the other prompts of the folder. `awaited` is a code that
        needs them: what comes before it is passed over.
        """
        uri = path.as_uri()
        self._versions[uri] = 1
        text = path.read_bytes().decode("utf-8", "replace")
        item = {"uri": uri, "languageId": "json", "version": 1, "text": text}
        return await self._tell("textDocument/didOpen", {"textDocument": item}, uri, awaited)

    def close(self, path: Path) -> None:
        """Close a file without saving it."""
        self._send({"method": "textDocument/didClose", "params": {"textDocument": {"uri": path.as_uri()}}})

    async def type(
        self, path: Path, line: int, character: int, remove: int, text: str
    ) -> tuple[list[dict[str, Any]], float]:
        """Change a text as a keystroke does; its diagnostics, and how many seconds they took."""
        uri = path.as_uri()
        self._versions[uri] += 1
        span = {
            "start": {"line": line, "character": character},
            "end": {"line": line, "character": character + remove},
        }
        params = {
            "textDocument": {"uri": uri, "version": self._versions[uri]},
            "contentChanges": [{"range": span, "text": text}],
        }
        return await self._tell("textDocument/didChange", params, uri)

    async def request(self, method: str, params: Any) -> Any:
        """Send a request and wait for its result."""
        self._next_id += 1
        message = {"id": self._next_id, "method": method}
        self._send(message if params is None else message | {"params": params})
        while True:
            answer = await self._receive()
            if answer.get("id") == self._next_id and "method" not in answer:
                if "error" in answer:
                    raise ServerGoneError(f"{method}: {answer['error'].get('message')}")
                return answer.get("result")

    async def _tell(
        self, method: str, params: Any, uri: str, awaited: str | None = None
    ) -> tuple[list[dict[str, Any]], float]:
        started = time.perf_counter()
        self._send({"method": method, "params": params})
        while True:
            message = await self._receive()
            if message.get("method") != "textDocument/publishDiagnostics":
                continue
            shown = message["params"]
            if shown["uri"] != uri or shown.get("version") != self._versions[uri]:
                continue
            if awaited is None or any(each.get("code") == awaited for each in shown["diagnostics"]):
                return shown["diagnostics"], time.perf_counter() - started

    def _send(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self._process.stdin is not None
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)

    async def _receive(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                head = await self._process.stdout.readuntil(b"\r\n\r\n")
                return json.loads(await self._process.stdout.readexactly(int(head.split(b":")[1].split()[0])))
        except asyncio.IncompleteReadError as error:
            raise ServerGoneError("the server ended unexpectedly") from error
        except TimeoutError as error:
            raise ServerGoneError(f"the server did not answer within {_PATIENCE_SECONDS} seconds") from error
