"""What is done with an open file, and how long it takes: one class for the file, one table of operations."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final

from benchmarks.client import Session
from benchmarks.figures import Block

BURST: Final = 50
KEY_SECONDS: Final = 0.08
"""Between two keys of somebody who types fast."""
BUDGET_SECONDS: Final = 10.0
"""After this a server that takes long for an operation is not asked to do it again."""

_PLAIN_WORDS: Final = re.compile("[a-z]{4} [a-z]{4}")
_CATEGORY: Final = '"category": "'
_SOURCE: Final = '"source"'


def position(text: str, offset: int) -> dict[str, int]:
    """An offset as the protocol says it: lines, and UTF-16 units."""
    start = text.rfind("\n", 0, offset) + 1
    character = len(text[start:offset].encode("utf-16-le")) // 2
    return {"line": text.count("\n", 0, offset), "character": character}


def edit_offset(text: str) -> int:
    """A place inside a plain word, as near to the middle of the content as there is one."""
    start = text.index('"content": "')
    middle = (start + text.index('\n  "variables"', start)) // 2
    found = _PLAIN_WORDS.search(text, middle)
    if found is None:
        raise ValueError("there is no plain word behind the middle")
    return found.start() + 2


class Desk:
    """A file in an editor that talks to one server."""

    def __init__(self, session: Session, uri: str, text: str) -> None:
        self.session = session
        self.findings = 0
        self._text = text
        self._uri = uri
        self._version = 1
        self._result_id: str | None = None
        self._longer = False
        here = position(text, edit_offset(text))
        self._here = {"start": here, "end": here}
        self._letter = {"start": here, "end": here | {"character": here["character"] + 1}}
        category = text.find(_CATEGORY)
        # The files with errors have no category; what is asked there is what goes between two keys.
        self._complete_at = position(text, category + len(_CATEGORY) if category >= 0 else text.index('"id"'))
        self._hover_at = position(text, text.index(_SOURCE) + 3)

    async def open(self) -> float:
        """Open the file and wait for its diagnostics."""
        started = time.perf_counter_ns()
        document = {"uri": self._uri, "languageId": "json", "version": self._version, "text": self._text}
        self.session.notify("textDocument/didOpen", {"textDocument": document})
        return (await self._diagnosed() - started) / 1e6

    async def edit(self) -> float:
        """Insert a letter, or delete it, and wait for the diagnostics of that version."""
        started = time.perf_counter_ns()
        self._edit()
        return (await self._diagnosed() - started) / 1e6

    async def key(self) -> float:
        """The same, at the pace of somebody who types."""
        took = await self.edit()
        await asyncio.sleep(max(0.0, KEY_SECONDS - took / 1000))
        return took

    async def complete(self) -> float:
        """Edit, and ask for completions at once."""
        started = time.perf_counter_ns()
        self._edit()
        return await self._ask("completion", started, position=self._complete_at)

    async def burst(self) -> float:
        """Many edits with no pause, then the diagnostics of the last version."""
        started = time.perf_counter_ns()
        for _ in range(BURST):
            self._edit()
        return (await self._diagnosed() - started) / 1e6

    async def burst_complete(self) -> float:
        """Many edits with no pause, then completions."""
        started = time.perf_counter_ns()
        for _ in range(BURST):
            self._edit()
        return await self._ask("completion", started, position=self._complete_at)

    async def hover(self) -> float:
        """Rest on a key."""
        return await self._ask("hover", position=self._hover_at)

    async def outline(self) -> float:
        """Ask for the symbols of the file."""
        return await self._ask("documentSymbol")

    async def format(self) -> float:
        """Format a file that is well formatted already, as most are that are formatted on save."""
        return await self._ask("formatting", options={"tabSize": 2, "insertSpaces": True})

    async def _ask(self, what: str, started: int | None = None, **params: Any) -> float:
        started = time.perf_counter_ns() if started is None else started
        answer = await self.session.request(f"textDocument/{what}", {"textDocument": {"uri": self._uri}, **params})
        return (answer.arrived - started) / 1e6

    def _edit(self) -> None:
        self._version += 1
        change = {"range": self._letter, "text": ""} if self._longer else {"range": self._here, "text": "x"}
        self._longer = not self._longer
        document = {"uri": self._uri, "version": self._version}
        self.session.notify("textDocument/didChange", {"textDocument": document, "contentChanges": [change]})

    async def _diagnosed(self) -> int:
        """Wait for the diagnostics of this version; when they arrived."""
        if not self.session.pull:
            return await self._pushed()
        params: dict[str, Any] = {"textDocument": {"uri": self._uri}}
        if self._result_id is not None:
            params["previousResultId"] = self._result_id
        answer = await self.session.request("textDocument/diagnostic", params)
        self._result_id = answer.result.get("resultId")
        if answer.result["kind"] == "full":
            self.findings = len(answer.result["items"])
        return answer.arrived

    async def _pushed(self) -> int:
        """Wait until they come; a server that names no version is believed, as no two edits are under way at once."""
        async with asyncio.timeout(BUDGET_SECONDS):
            while True:
                params, arrived = await self.session.published.get()
                if params["uri"] == self._uri and params.get("version") in (None, self._version):
                    self.findings = len(params["diagnostics"])
                    return arrived


@dataclass(frozen=True, slots=True)
class Scenario:
    """An operation that is measured.

    Attributes:
        key: what the results call it.
        title: what the table calls it.
        run: does it once and gives its wall time in ms.
        count: how often in a block. Even for those that edit, so that each block ends with the text it began with.
        blocks: how many blocks; between two blocks of a server the others have theirs.
        provider: the capability without which a server is not asked.
        settle: seconds until what a server does after its answer is over; its CPU time counts.
        warm_up: how often it is done before anything is measured; even for those that edit.
    """

    key: str
    title: str
    run: Callable[[Desk], Awaitable[float]]
    count: int
    blocks: int
    provider: str | None = None
    settle: float = 0.02
    warm_up: int = 4

    def fits(self, desk: Desk) -> bool:
        """Whether a server says that it can do this."""
        return self.provider is None or desk.session.capabilities.get(self.provider) not in (None, False)


SCENARIOS: Final = (
    Scenario("edit", "edit → diagnostics", Desk.edit, 20, 5, settle=0.12),
    Scenario("typing", "the same while typing, a key every 80 ms", Desk.key, 12, 2, settle=0.12, warm_up=0),
    Scenario("completion", "edit → completion", Desk.complete, 10, 4, "completionProvider", 0.12),
    Scenario("hover", "hover", Desk.hover, 15, 3, "hoverProvider"),
    Scenario("outline", "outline", Desk.outline, 15, 3, "documentSymbolProvider"),
    Scenario("formatting", "formatting", Desk.format, 15, 3, "documentFormattingProvider"),
    Scenario(
        "burst-completion", f"{BURST} edits → completion", Desk.burst_complete, 1, 5, "completionProvider", 0.12, 0
    ),
    Scenario("burst", f"{BURST} edits → diagnostics", Desk.burst, 1, 5, settle=0.12, warm_up=0),
)
PUSH: Final = Scenario("push", "edit → diagnostics that are pushed", Desk.edit, 10, 3, settle=0.12, warm_up=2)


async def block(desk: Desk, scenario: Scenario) -> Block:
    """Do an operation some times in a row; fewer if it takes very long, but always an even number of edits."""
    before = desk.session.cpu_ms()
    samples: list[float] = []
    begun = time.monotonic()
    while len(samples) < scenario.count:
        samples.append(await scenario.run(desk))
        if time.monotonic() - begun > BUDGET_SECONDS and len(samples) % 2 == 0:
            break
    await asyncio.sleep(scenario.settle)
    after = desk.session.cpu_ms()
    return Block(tuple(samples), None if before is None or after is None else after - before)
