"""A server of a few handlers that misbehave in the ways handlers do. Runs in a test or as a process:

python tiny_server.py ours|stock
"""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from typing import TYPE_CHECKING, Any

from lsprotocol import types
from pygls.lsp.server import LanguageServer

if TYPE_CHECKING:
    from pygls.protocol import LanguageServerProtocol

CANARY = "canary-7f3a of a prompt in /home/someone/secret"
STUCK_SECONDS = 60


class Tiny(LanguageServer):
    """The server, with what its handlers saw.

    Attributes:
        calls: Names of handlers, in the order in which they began.
        gate: Lets slow coroutines end.
        thread_gate: Lets slow threads end.
        in_thread: Set when a slow thread runs.
    """

    def __init__(self, protocol_cls: type[LanguageServerProtocol], max_workers: int | None = None) -> None:
        super().__init__("tiny", "1", protocol_cls=protocol_cls, max_workers=max_workers)
        self.calls: list[Any] = []
        self.gate = asyncio.Event()
        self.thread_gate = threading.Event()
        self.in_thread = threading.Event()


def build(protocol_cls: type[LanguageServerProtocol], max_workers: int | None = None) -> Tiny:
    """Return a server with all its handlers."""
    server = Tiny(protocol_cls, max_workers)

    @server.feature("tiny/sync")
    def sync(ls: Tiny, params: Any) -> str:
        ls.calls.append("sync")
        return "done"

    @server.feature("tiny/slow")
    async def slow(ls: Tiny, params: Any) -> str:
        ls.calls.append("slow")
        try:
            await ls.gate.wait()
        except asyncio.CancelledError:
            ls.calls.append("slow cancelled")
            raise
        return "done"

    @server.feature("tiny/stubborn")
    async def stubborn(ls: Tiny, params: Any) -> str:
        try:
            await ls.gate.wait()
        except asyncio.CancelledError:
            ls.calls.append("stubborn goes on")
        return "done"

    @server.feature("tiny/thread")
    @server.thread()
    def thread(ls: Tiny, params: Any) -> Any:
        ls.in_thread.set()
        ls.thread_gate.wait(STUCK_SECONDS)
        return ls.protocol.msg_id

    @server.feature("tiny/raise")
    def fail(params: Any) -> None:
        raise KeyError(CANARY)

    @server.feature("tiny/raiseLater")
    async def fail_later(params: Any) -> None:
        await asyncio.sleep(0)
        raise ValueError(CANARY)

    @server.feature("tiny/note")
    def note(ls: Tiny, params: Any) -> None:
        ls.calls.append("note")

    @server.feature("tiny/raiseNote")
    def fail_note(params: Any) -> None:
        raise KeyError(CANARY)

    @server.feature("tiny/print")
    def chatter(params: Any) -> str:
        print("printed", flush=True)
        os.write(1, b"written by a library\n")
        return "printed"

    @server.feature("tiny/busy")
    def busy(params: Any) -> None:
        print("busy", file=sys.stderr, flush=True)
        while True:
            pass

    @server.feature(types.TEXT_DOCUMENT_HOVER)
    def hover(ls: Tiny, params: types.HoverParams) -> types.Hover:
        ls.calls.append(("hover", params.position.line, params.position.character))
        return types.Hover(types.MarkupContent(types.MarkupKind.Markdown, CANARY))

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    def change(ls: Tiny, params: types.DidChangeTextDocumentParams) -> None:
        ls.calls.append("didChange")

    @server.feature(types.TEXT_DOCUMENT_DIAGNOSTIC, types.DiagnosticOptions(True, True))
    def diagnostic(params: types.DocumentDiagnosticParams) -> types.RelatedFullDocumentDiagnosticReport:
        return types.RelatedFullDocumentDiagnosticReport(items=[])

    return server


def main() -> None:
    """Run as a process on stdio."""
    if sys.argv[1] == "stock":
        from pygls.protocol import LanguageServerProtocol

        build(LanguageServerProtocol).start_io()
    else:
        from promptbits.lsp.rpc.protocol import Protocol
        from promptbits.lsp.rpc.transport import run

        run(build(Protocol))


if __name__ == "__main__":
    main()
