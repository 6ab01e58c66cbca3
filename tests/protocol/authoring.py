"""An author at work: a workspace on disk, the whole server in this process, and an editor that talks to it.

async with session(tmp_path) as author:
    author.open("prompts/a.json", prompt("a", confidence=7))
    report = await author.published("prompts/a.json")
    assert codes(report) == ["out-of-range"]
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from collections.abc import AsyncIterator, Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from client import Client

from promptbits.lsp import routes
from promptbits.lsp.server import create
from promptbits.lsp.state.session import Session

Json = dict[str, Any]

DEADLINE = 10.0
PUBLISH = "textDocument/publishDiagnostics"
REFRESH = "workspace/diagnostic/refresh"
CONFIGURATION = "workspace/configuration"
SHOWN = {"relatedInformation": True, "tagSupport": {"valueSet": [1, 2]}}
PUSH: Json = {"textDocument": {"publishDiagnostics": SHOWN}}
PULL: Json = {
    "textDocument": {"publishDiagnostics": SHOWN, "diagnostic": {}},
    "workspace": {"diagnostics": {"refreshSupport": True}},
}
ASKED: Json = {**PUSH, "workspace": {"configuration": True}}


def prompt(id_: str = "demo", **fields: Any) -> str:
    """Return the text of a prompt without fault; a field that is None is left out."""
    value = {
        "id": id_,
        "description": "A prompt of the tests",
        "trigger": {"Custom": f"trigger of {id_}"},
        "category": "Testing",
        "content": f"Say {id_}.",
        "confidence": 0.5,
        "source": "Custom",
        **fields,
    }
    kept = {key: item for key, item in value.items() if item is not None}
    return json.dumps(kept, indent=2, ensure_ascii=False) + "\n"


def codes(report: Json) -> list[str]:
    """Return the codes of a published or pulled report, in its order."""
    return [item["code"] for item in report.get("diagnostics", report.get("items", []))]


def item(report: Json, code: str) -> Json:
    """Return the only diagnostic of a code."""
    [found] = [each for each in report.get("diagnostics", report.get("items", [])) if each["code"] == code]
    return found


def cut(text: str, span: Json) -> str:
    """Return what a range in UTF-16 covers, found the slow and obvious way."""
    source = text.encode("utf-16-le", "surrogatepass")
    starts = [0, *(at + 2 for at in range(0, len(source), 2) if source[at : at + 2] == b"\n\0")]
    first, last = (starts[span[end]["line"]] + 2 * span[end]["character"] for end in ("start", "end"))
    return source[first:last].decode("utf-16-le", "surrogatepass")


def units(text: str, encoding: str) -> int:
    """Return the number of code units of a text."""
    width = {"utf-8": 1, "utf-16": 2, "utf-32": 4}[encoding]
    return len(text.encode(encoding if width == 1 else f"{encoding}-le", "surrogatepass")) // width


class Author:
    """One editor with one workspace. Names are paths relative to the workspace."""

    def __init__(self, client: Client, folder: Path, server_session: Session) -> None:
        self.client = client
        self.folder = folder
        self.session = server_session
        self._looked_at: dict[str, int] = {}

    def uri(self, name: str) -> str:
        return name if ":" in name else (self.folder / name).as_uri()

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode("utf-8", "surrogatepass"))
        return path

    def open(self, name: str, text: str, *, version: int = 1, language: str = "json") -> None:
        self.client.open_document(self.uri(name), text, version=version, language=language)

    def type(self, name: str, version: int, text: str, span: tuple[int, int, int, int] | None = None) -> None:
        """Change a document: the whole text, or a range (line, character, line, character) of it."""
        change: Json = {"text": text}
        if span is not None:
            start, end = {"line": span[0], "character": span[1]}, {"line": span[2], "character": span[3]}
            change["range"] = {"start": start, "end": end}
        self.client.change_document(self.uri(name), version, change)

    def close(self, name: str) -> None:
        self.client.close_document(self.uri(name))

    def touched(self, *changes: tuple[str, int]) -> None:
        """Tell the server of files that were created (1), changed (2) or deleted (3) on disk."""
        params = {"changes": [{"uri": self.uri(name), "type": kind} for name, kind in changes]}
        self.client.notify("workspace/didChangeWatchedFiles", params)

    def ignore(self, method: str) -> None:
        """Hear a request of the server and never answer it."""
        take = self.client._take

        def hear(message: Json) -> None:
            if message.get("method") == method:
                self.client.received.append(message)
                self.client._look()
            else:
                take(message)

        self.client._take = hear

    async def published(self, name: str, *wanted: str, version: int | None = None) -> Json:
        """Return the next report on a document, or the next with exactly these codes, or of this version."""
        return await self._next(
            name,
            lambda report: (not wanted or codes(report) == list(wanted)) and version in (None, report.get("version")),
        )

    async def cleared(self, name: str) -> Json:
        """Return the next empty report on a document."""
        return await self._next(name, lambda report: not report["diagnostics"])

    async def _next(self, name: str, fits: Callable[[Json], bool]) -> Json:
        uri = self.uri(name)

        def found() -> int | None:
            for index in range(self._looked_at.get(uri, -1) + 1, len(self.client.received)):
                message = self.client.received[index]
                if message.get("method") == PUBLISH and message["params"]["uri"] == uri and fits(message["params"]):
                    return index
            return None

        await self.client.until(lambda: found() is not None, deadline=DEADLINE, what=f"a report on {name}")
        index = found()
        assert index is not None
        self._looked_at[uri] = index
        return self.client.received[index]["params"]

    async def pull(self, name: str, previous: str | None = None) -> Json:
        params: Json = {"textDocument": {"uri": self.uri(name)}}
        if previous is not None:
            params["previousResultId"] = previous
        return await self.client.request("textDocument/diagnostic", params, deadline=DEADLINE)

    async def asked(self, method: str, number: int = 1) -> None:
        """Wait until the server has asked something for the given number of times in all."""
        await self.client.until(lambda: self.client.methods().count(method) >= number, deadline=DEADLINE, what=method)

    async def read(self) -> None:
        """Wait until the libraries of all roots met so far have been read, with all changes told so far."""
        await self.client.fence(deadline=DEADLINE)
        for state in self.session.roots.states():
            if state.loading is not None:
                await asyncio.wait([state.loading])
        if self.session.disk.draining is not None:
            await asyncio.wait([self.session.disk.draining])

    async def settled(self) -> None:
        """Wait until all libraries have been read and the client has been told what that made stale."""
        await self.read()
        diagnostics: Any = getattr(self.session.on_stale, "__self__", None)

        async def told() -> None:
            while diagnostics._stale is not None or diagnostics._timers:  # noqa: ASYNC110  (a timer has no event)
                await asyncio.sleep(0)

        await asyncio.wait_for(told(), DEADLINE)
        await self.client.fence(deadline=DEADLINE)

    def reports(self, name: str) -> list[Json]:
        """Return every report published so far on a document."""
        uri = self.uri(name)
        found = (message["params"] for message in self.client.received if message.get("method") == PUBLISH)
        return [report for report in found if report["uri"] == uri]

    def warnings(self) -> list[str]:
        """Return every line shown to the user so far."""
        shown = (each["params"] for each in self.client.received if each.get("method") == "window/showMessage")
        return [params["message"] for params in shown]


@contextlib.asynccontextmanager
async def session(
    folder: Path,
    capabilities: Json = PUSH,
    *,
    folders: Iterable[str] | None = ("",),
    settings: Any = None,
    handshake: bool = True,
    quiet: float | None = None,
    failures: int | None = 0,
    **params: Any,
) -> AsyncIterator[Author]:
    """Start a server and shake hands. A log record at ERROR fails the test.

    Args:
        folder: the workspace; `author.write` writes below it.
        capabilities: what the client can do.
        folders: the workspace folders, relative to `folder`; None for no folder at all.
        settings: what the client answers to each `workspace/configuration` item: a value, or a function of the item.
        handshake: False leaves `initialize` to the test.
        quiet: seconds of quiet before an analysis, instead of the server's own.
        failures: how many records at ERROR the test provokes; None for any number.
        params: more parameters of `initialize`.
    """
    made: list[Session] = []

    class Spied(Session):
        def __init__(self, *args: Any) -> None:
            super().__init__(*args)
            made.append(self)

    with pytest.MonkeyPatch.context() as patch, errors_logged() as errors:
        patch.setenv("PROMPTBITS_CACHE", str(folder.with_name(f"{folder.name}-cache")))
        patch.delenv("PROMPTBITS_ROOT", raising=False)
        patch.setattr(routes, "Session", Spied)
        if quiet is not None:
            patch.setattr("promptbits.lsp.checking.diagnostics.QUIET_SECONDS", quiet)
            patch.setattr("promptbits.lsp.checking.diagnostics._MOST_SECONDS", quiet)
        client = await Client.in_process(create())
        client.answers[CONFIGURATION] = lambda asked: [
            settings(each) if callable(settings) else settings for each in asked["items"]
        ]
        author = Author(client, folder, made[0])
        if folders is not None:
            params.setdefault("workspaceFolders", [{"uri": author.uri(each), "name": each} for each in folders])
        try:
            if handshake:
                await client.initialize(capabilities, **params)
            yield author
        finally:
            await client.stop()
    assert failures is None or len(errors) == failures, errors


@contextlib.contextmanager
def errors_logged() -> Any:
    """Collect what is logged at ERROR and above, by whomever."""
    lines: list[str] = []

    class Collector(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(record.getMessage())

    handler = Collector(logging.ERROR)
    logging.getLogger().addHandler(handler)
    try:
        yield lines
    finally:
        logging.getLogger().removeHandler(handler)
