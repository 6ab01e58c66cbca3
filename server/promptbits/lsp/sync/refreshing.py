"""Asks the client to draw again what depends on other files than the one it was asked about."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from promptbits.lsp.requests.display import Display
from promptbits.lsp.requests.virtual_documents import VirtualDocuments
from promptbits.lsp.sync.registration import quietly

if TYPE_CHECKING:
    from pygls.lsp.server import LanguageServer

    from promptbits.lsp.state.session import Session


class Refreshing:
    """Knows what a change of the library, of a document, or of facts makes stale in the client beside diagnostics.

    Args:
        server: what asks the client.
        session: the state of the session.
        display: what has lenses.
        spawn: starts background work that ends with the session.
    """

    def __init__(
        self,
        server: LanguageServer,
        session: Session,
        display: Display,
        spawn: Callable[[Coroutine[Any, Any, Any], str], asyncio.Task[Any]],
    ) -> None:
        self._server = server
        self._session = session
        self._display = display
        self._spawn = spawn
        self.documents = VirtualDocuments(session, self._document)

    def library_changed(self) -> None:
        """Other prompts came, went or changed."""
        if self._session.client.lens_refresh and self._display.has_other_lenses():
            self._spawn(quietly(self._server.workspace_code_lens_refresh_async(None)), "asking for lenses again")
        self.documents.look_again()

    def facts_changed(self) -> None:
        """Other things are measured by now; lenses and documents follow with the diagnostics."""
        if self._session.client.hint_refresh:
            self._spawn(quietly(self._server.workspace_inlay_hint_refresh_async(None)), "asking for hints again")

    def reviews_changed(self) -> None:
        """Other things are proposed by now, or something was decided."""
        self.library_changed()

    def document_changed(self) -> None:
        """The text of an open prompt changed."""
        self.documents.look_again()

    def _document(self, uri: str) -> None:
        params = types.TextDocumentContentRefreshParams(uri)
        work = self._server.workspace_text_document_content_refresh_async(params)
        self._spawn(quietly(work), "asking to read a document again")
