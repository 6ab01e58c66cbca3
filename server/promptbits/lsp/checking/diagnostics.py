"""Diagnostics, pushed or pulled as the client can, never both.

Pushes are coalesced: the text is always in step with the editor at once, its analysis follows a moment after the
last key, and a burst of edits costs one analysis.
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections import Counter
from collections.abc import Callable
from typing import Any, Final, NamedTuple

from promptbits.checks.engine import check
from promptbits.checks.finding import Finding
from promptbits.checks.snapshot import Snapshot
from promptbits.lsp.checking.diagnostic_items import Locate, diagnostics
from promptbits.lsp.rpc import messages
from promptbits.lsp.rpc.errors import log_failure
from promptbits.lsp.state.session import Session
from promptbits.lsp.state.surface import Surface

# Long enough to take a burst as one, short enough to be felt as at once.
QUIET_SECONDS: Final = 0.03
# A long document is analysed less often, so that typing in it stays smooth; never later than this.
_MOST_SECONDS: Final = 0.08

Items = list[dict[str, Any]]


class Examined(NamedTuple):
    """One state of a document, what was found in it, and the same as protocol diagnostics, in step."""

    surface: Surface
    findings: list[Finding]
    items: Items

    @property
    def snapshot(self) -> Snapshot:
        """The state of the prompt."""
        return self.surface.snapshot


class Diagnostics:
    """Computes the diagnostics of documents and brings them to the client.

    Args:
        session: where snapshots come from.
        publish: sends the parameters of `textDocument/publishDiagnostics`.
        refresh: asks a pulling client to pull again.

    Attributes:
        on_change: called when any diagnostics may have changed, of whatever prompt.
        on_settled: called a moment after other files changed, and a moment after the last key in a document.
    """

    def __init__(
        self,
        session: Session,
        publish: Callable[[dict[str, Any]], None],
        refresh: Callable[[], None],
    ) -> None:
        self._session = session
        self._publish = publish
        self._refresh = refresh
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._stale: asyncio.TimerHandle | None = None
        self._published: dict[str, tuple[int, Items]] = {}
        self._memory: dict[str, Examined] = {}
        self._pulled: dict[str, str] = {}
        self._behind: set[str] = set()
        self._closings: Counter[str] = Counter()
        self._last_cost = 0.0
        self.on_change: Callable[[], None] = lambda: None
        self.on_settled: tuple[Callable[[], None], Callable[[], None]] = (lambda: None, lambda: None)
        session.on_stale = self.all_stale

    def opened_or_changed(self, uri: str, *, at_once: bool = False) -> None:
        """A document came or changed: its diagnostics follow shortly."""
        self.on_change()
        if uri not in self._timers:
            delay = 0.0 if at_once else min(max(QUIET_SECONDS, 2 * self._last_cost), _MOST_SECONDS)
            loop = asyncio.get_running_loop()
            self._timers[uri] = loop.call_later(delay, self._due, uri)

    def twin_changed(self, view: str) -> None:
        """The prompt behind a view changed, and with it what is found in the view."""
        self._behind.add(view)
        self.opened_or_changed(view)

    def closed(self, uri: str) -> None:
        """A document went: so do its diagnostics."""
        self._pulled.pop(uri, None)
        self._behind.discard(uri)
        timer = self._timers.pop(uri, None)
        if timer is not None:
            timer.cancel()
        self._memory.pop(uri, None)
        # Neovim 0.12 clears the diagnostics of a buffer that it closes, but comes back with their result id.
        self._closings[uri] += 1
        self.on_change()
        if self._published.pop(uri, (0, []))[1]:
            self._publish({"uri": uri, "diagnostics": []})

    def all_stale(self) -> None:
        """Something that diagnostics depend on changed outside of the documents."""
        self.on_change()
        if self._stale is None:
            self._stale = asyncio.get_running_loop().call_later(QUIET_SECONDS, self._again)

    def pull(self, uri: str, previous: object) -> dict[str, Any]:
        """The report for a client that asks; `unchanged` where it would say the same again."""
        if self._record(uri):
            self.all_stale()
        # Neovim asks again before it has taken in an answer that is on its way, with the result id of the one before:
        # `unchanged` would leave it with the answer in between.
        is_last = self._pulled.get(uri, previous) == previous
        report = self.report(uri, packed(self._compute(uri) or []), previous if is_last else None)
        if self._session.documents.get(uri) is not None:
            self._pulled[uri] = report["resultId"]
        return report

    def report(self, uri: str, items: bytes, previous: object) -> dict[str, Any]:
        """Packed diagnostics as a report: `unchanged` where the client has the result id of just these."""
        state = b"%d %s" % (self._closings[uri], items)
        result_id = hashlib.blake2b(state, digest_size=12).hexdigest()
        if previous == result_id:
            return {"kind": "unchanged", "resultId": result_id}
        return {"kind": "full", "resultId": result_id, "items": messages.decode(items)}

    def _again(self) -> None:
        self._stale = None
        for opened in self._session.documents.all():
            if self._session.client.pull_diagnostics:
                self._session.record(opened)  # the client may pull others before this one, or never this one
            else:
                self.opened_or_changed(opened.uri, at_once=True)
        if self._session.client.pull_diagnostics:
            self._refresh()
        self.on_settled[0]()

    def _due(self, uri: str) -> None:
        """The moment after the last key."""
        del self._timers[uri]
        if not self._session.configured.is_set():
            return  # everything is looked at once the client's settings are here
        if self._record(uri):
            self.all_stale()
        self.on_settled[1]()
        if self._session.client.pull_diagnostics:
            if uri in self._behind:
                self._behind.discard(uri)
                self._pull_again(uri)
            return
        opened = self._session.documents.get(uri)
        if opened is None:
            return
        items = self._compute(uri)
        before = self._published.get(uri)
        if items is None and not (before and before[1]):
            return  # not ours, and never was: not a word about it
        shown = opened.version, items or []
        if before != shown:
            self._published[uri] = shown
            self._publish({"uri": uri, "version": shown[0], "diagnostics": shown[1]})

    def _pull_again(self, uri: str) -> None:
        """Have a document pulled that the author did not touch, if the client knows something else of it."""
        known = self._pulled.get(uri)
        if known is not None and self.report(uri, packed(self._compute(uri) or []), known)["kind"] == "full":
            self._refresh()

    def _record(self, uri: str) -> bool:
        opened = self._session.documents.get(uri)
        return opened is not None and self._session.record(opened)

    def _compute(self, uri: str) -> Items | None:
        """The diagnostics of a document; None where it is not ours."""
        examined = self.examine(uri)
        return None if examined is None else examined.items

    def examine(self, uri: str) -> Examined | None:
        """What is found in a document as it stands now, worked out once for each state; None where it is not ours."""
        surface = self._session.surface(uri)
        if surface is None:
            return None
        snapshot = surface.snapshot
        known = self._memory.get(uri)
        if known is not None and known.snapshot is snapshot and known.surface.shown is surface.shown:
            return known
        started = time.perf_counter()
        examined = self.shown(surface, check(snapshot, log_family), self._session.locate)
        self._last_cost = time.perf_counter() - started
        if self._session.documents.get(uri) is not None:
            self._memory[uri] = examined
        return examined

    def shown(self, surface: Surface, findings: list[Finding], locate: Locate) -> Examined:
        """Findings as this client is shown them, wherever they were made."""
        snapshot = surface.snapshot
        most = snapshot.settings.max_items
        if len(findings) > most:
            name = snapshot.path.name if snapshot.path else "this document"
            self._session.warn([f"{name}: only the first {most:,} findings are shown (the setting is maxItems)"])
            findings = findings[:most]
        items = diagnostics(surface, findings, self._session.client, locate)
        shown = [(finding, item) for finding, item in zip(findings, items, strict=True) if item is not None]
        return Examined(surface, [finding for finding, _ in shown], [item for _, item in shown])


def packed(items: Items) -> bytes:
    """Diagnostics as JSON: a sixth of the memory, and nothing for the garbage collector to look through."""
    return messages.encode(items, str)


def log_family(name: str, error: Exception) -> None:
    """Log that a family of checks failed; the others go on."""
    log_failure(f"the checks of {name}", error)
