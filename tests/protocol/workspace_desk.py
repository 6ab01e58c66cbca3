"""A client that shows the problems of a whole workspace, for tests: it asks, and takes in what it is told."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from authoring import DEADLINE, PULL, Author, codes, prompt, session

from promptbits.lsp.checking import workspace_diagnostics

METHOD = "workspace/diagnostic"
A, B, C = "prompts/a.json", "prompts/b.json", "prompts/c.json"
WATCHING: dict[str, Any] = {
    **PULL,
    "workspace": {**PULL["workspace"], "didChangeWatchedFiles": {"dynamicRegistration": True}},
}


class Desk:
    """What a client makes of the reports: for each address its result id and items."""

    def __init__(self, author: Author) -> None:
        self.author = author
        self.known: dict[str, dict[str, Any]] = {}

    def ask(self, **params: Any) -> int:
        previous = [{"uri": uri, "value": report["resultId"]} for uri, report in self.known.items()]
        return self.author.client.start_request(METHOD, {"previousResultIds": previous, **params})

    async def answer(self, number: int) -> dict[str, str]:
        """Wait for an answer and take it in; returns the kind of report for each name."""
        message = await self.author.client.response(number, deadline=DEADLINE)
        return self.take(message["result"]["items"])

    def take(self, items: list[dict[str, Any]]) -> dict[str, str]:
        kinds: dict[str, str] = {}
        for report in items:
            if report["kind"] == "full":
                self.known[report["uri"]] = report
            else:
                assert self.known[report["uri"]]["resultId"] == report["resultId"]
            kinds[self.name(report["uri"])] = report["kind"]
        assert len(kinds) == len(items)
        return kinds

    async def told(self, **params: Any) -> dict[str, str]:
        return await self.answer(self.ask(**params))

    async def held(self) -> int:
        """Ask, and wait until the request is held."""
        held = asyncio.Event()
        hold = workspace_diagnostics.WorkspaceDiagnostics._hold

        async def noticed(*args: Any) -> bool:
            held.set()
            return await hold(*args)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(workspace_diagnostics.WorkspaceDiagnostics, "_hold", noticed)
            number = self.ask()
            await asyncio.wait_for(held.wait(), DEADLINE)
        await self.author.client.fence(deadline=DEADLINE)
        assert not self.author.client.responses(number)
        return number

    def codes(self, name: str) -> list[str]:
        return codes(self.known[self.author.uri(name)])

    def name(self, uri: str) -> str:
        return uri.removeprefix(self.author.uri("")).lstrip("/")


@contextlib.asynccontextmanager
async def desk(folder: Path, capabilities: Any = WATCHING, **options: Any) -> AsyncIterator[tuple[Author, Desk]]:
    """A workspace with one prompt that is wrong and one that is right."""
    async with session(folder, capabilities, **options) as author:
        author.write(A, prompt("a", confidence=7))
        author.write(B, prompt("b"))
        yield author, Desk(author)
