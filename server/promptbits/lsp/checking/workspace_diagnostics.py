"""`workspace/diagnostic`: every prompt of the workspace, whether it is open or not.

A client that shows problems asks again as soon as it has an answer, for ever. So a request that has nothing new to
hear is held until there is something.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import aclosing
from typing import TYPE_CHECKING, Any, Final, cast

from lsprotocol import types

from promptbits.lsp.checking.diagnostics import packed
from promptbits.lsp.checking.library_checks import NOTHING, Found, LibraryChecks
from promptbits.lsp.values.convert import Json
from promptbits.lsp.values.uris import path_of, uri_of

if TYPE_CHECKING:
    from promptbits.lsp.checking.diagnostics import Diagnostics
    from promptbits.lsp.rpc.protocol import Protocol
    from promptbits.lsp.state.session import Session

# What changes within this is one change, and what goes on for ever is not waited for longer than that.
QUIET_SECONDS: Final = 0.1
MOST_SECONDS: Final = 1.0
# In a large workspace it is looked at less often while somebody types: not for more than a quarter of the time.
_COSTS: Final = 3

# A batch of partial results: as soon as it has so many reports or bytes, or has waited so long.
_BATCH: Final = 100
_BATCH_BYTES: Final = 100_000
_BATCH_SECONDS: Final = 0.2

_PROGRESS: Final = "$/progress"

Notify = Callable[[str, Json], None]


def register(
    protocol: Protocol,
    session: Session,
    diagnostics: Diagnostics,
    checks: LibraryChecks,
    client: types.ClientInfo | None,
) -> None:
    """Register the request, for a client that pulls."""
    requests = WorkspaceDiagnostics(session, diagnostics, checks, protocol.notify_raw)
    protocol.raw(types.WORKSPACE_DIAGNOSTIC)(requests.answer)
    if client is not None and client.name == "Neovim":
        # Neovim 0.12 would answer every refresh with this request alone, and then not take from it what concerns
        # open documents: they would go stale. It is there for who asks, but not announced.
        others = protocol.on_capabilities

        def last_word(capabilities: types.ServerCapabilities) -> None:
            if others is not None:
                others(capabilities)
            if isinstance(capabilities.diagnostic_provider, types.DiagnosticOptions):
                capabilities.diagnostic_provider.workspace_diagnostics = False

        protocol.on_capabilities = last_word


class WorkspaceDiagnostics:
    """Answers the requests of one client.

    Args:
        session: knows the prompts.
        diagnostics: knows what is found in those that are open.
        checks: finds out what there is in all of them.
        notify: sends a notification.
    """

    def __init__(self, session: Session, diagnostics: Diagnostics, checks: LibraryChecks, notify: Notify) -> None:
        self._session = session
        self._diagnostics = diagnostics
        self._notify = notify
        self._checks = checks
        self._changed = asyncio.Event()
        self._changes = 0
        self._newest: object = None
        self._cost = 0.0
        diagnostics.on_change = self._on_change

    async def answer(self, params: Any) -> Json:
        """Answer a request: at once if there is something to tell, or as soon as there is."""
        params = cast("Json", params) if isinstance(params, dict) else Json()
        listed, me = _listed(params), object()
        partial, work_done = params.get("partialResultToken"), params.get("workDoneToken")
        disk = True  # at first even if nobody told of a change: whoever asks wants to know
        self._newest = me
        self._changed.set()  # whoever waits gives way
        await self._session.configured.wait()
        while True:
            seen = self._changes
            report = _Report(listed, self._diagnostics, self._notify, partial)
            await self._look(report, _WorkDone(self._notify, work_done), disk=disk)
            disk, work_done = False, None
            if report.has_news or not listed or not await self._hold(seen, me):
                return report.end()

    async def _look(self, report: _Report, progress: _WorkDone, *, disk: bool) -> None:
        """Bring all that is known up to date and report it."""
        async with self._checks.turn:
            started = time.monotonic()
            run = self._checks.run(report.listed, progress, disk=disk)
            try:
                async with aclosing(run):
                    async for found in run:
                        report.add(found)
            finally:
                self._cost = time.monotonic() - started
                progress.end()
        for key, (uri, _) in list(report.listed.items()):
            if key not in report.told:
                opened = self._session.documents.get(uri)
                examined = self._diagnostics.examine(uri) if opened is not None else None
                items = packed(examined.items) if examined is not None else NOTHING
                report.add(Found(key, opened.version if opened else None, items, uri))

    async def _hold(self, seen: int, me: object) -> bool:
        """Wait for a change, and then until it is quiet; whether there is still somebody who waits for the answer."""
        while self._changes == seen and self._newest is me:
            self._changed.clear()
            await self._changed.wait()
        latest, before = time.monotonic() + MOST_SECONDS, -1
        while self._newest is me and before != self._changes and time.monotonic() < latest:
            before = self._changes
            await asyncio.sleep(min(max(QUIET_SECONDS, _COSTS * self._cost), MOST_SECONDS))
        return self._newest is me

    def _on_change(self) -> None:
        self._changes += 1
        self._changed.set()


class _Report:
    """The answer to one request as it comes together, sent in parts where the client takes parts.

    Attributes:
        listed: what the client has heard before: its address and result id, by path.
        told: the paths that have had their say.
        has_news: whether anything but `unchanged` was said.
    """

    def __init__(
        self, listed: dict[str, tuple[str, Any]], diagnostics: Diagnostics, notify: Notify, token: Any
    ) -> None:
        self.listed = listed
        self.told: set[str] = set()
        self.has_news = False
        self._diagnostics = diagnostics
        self._notify = notify
        self._token = token if isinstance(token, (str, int)) else None
        self._news: list[Json] = []
        self._unchanged: list[Json] = []
        self._bytes = 0
        self._sent = time.monotonic()

    def add(self, found: Found) -> None:
        """Say what was found in a file, if the client does not take it for granted."""
        self.told.add(found.path)
        uri, previous = self.listed.get(found.path, (found.uri, None))
        if found.items == NOTHING and previous is None:
            return  # a file without fault that the client has never heard of
        uri = uri or uri_of(found.path)
        report = {"uri": uri, "version": found.version, **self._diagnostics.report(uri, found.items, previous)}
        if report["kind"] == "unchanged":
            self._unchanged.append(report)
            return
        self.has_news = True
        self._news.append(report)
        self._bytes += len(found.items)
        now = time.monotonic()
        is_due = len(self._news) >= _BATCH or self._bytes >= _BATCH_BYTES or now - self._sent > _BATCH_SECONDS
        if self._token is not None and is_due:
            self._notify(_PROGRESS, {"token": self._token, "value": {"items": self._news}})
            self._news, self._bytes, self._sent = [], 0, now

    def end(self) -> Json:
        """The response: what has not been sent yet."""
        rest = self._news + self._unchanged
        if self._token is None or not rest:
            return {"items": rest}
        self._notify(_PROGRESS, {"token": self._token, "value": {"items": rest}})
        return {"items": []}


class _WorkDone:
    """Shows how far it is, once there is something to wait for."""

    def __init__(self, notify: Notify, token: Any) -> None:
        self._notify = notify
        self._token = token if isinstance(token, (str, int)) else None
        self._started = time.monotonic()
        self._begun = False

    def __call__(self, done: int, total: int) -> None:
        if self._token is None or (not self._begun and time.monotonic() - self._started < _BATCH_SECONDS):
            return
        if not self._begun:
            self._begun = True
            self._tell({"kind": "begin", "title": "Checking prompts", "percentage": 0})
        self._tell({"kind": "report", "message": f"{done:,} of {total:,}", "percentage": 100 * done // total})

    def end(self) -> None:
        """Show it no longer."""
        if self._begun:
            self._tell({"kind": "end"})

    def _tell(self, value: Json) -> None:
        self._notify(_PROGRESS, {"token": self._token, "value": value})


def _listed(params: Json) -> dict[str, tuple[str, Any]]:
    """What a client has heard before, by path, or by address where there is no path; what is malformed is left out."""
    listed: dict[str, tuple[str, Any]] = {}
    items = params.get("previousResultIds")
    for item in cast("list[Any]", items) if isinstance(items, list) else []:
        entry = cast("Json", item) if isinstance(item, dict) else Json()
        uri = entry.get("uri")
        if isinstance(uri, str):
            path = path_of(uri)
            listed[uri if path is None else str(path)] = uri, entry.get("value")
    return listed
