"""Documents that the editor opens, changes, saves and closes."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from promptbits.lsp.rpc.errors import InvalidParamsError
from promptbits.lsp.state.documents import OutOfSyncError
from promptbits.lsp.values.parameters import uri_in
from promptbits.lsp.values.uris import path_of

if TYPE_CHECKING:
    from promptbits.lsp.checking.diagnostics import Diagnostics
    from promptbits.lsp.rpc.protocol import Protocol
    from promptbits.lsp.state.session import Session

logger = logging.getLogger("promptbits.lsp")


def register(protocol: Protocol, session: Session, diagnostics: Diagnostics) -> None:
    """Register what keeps the open documents, and what is found in them, in step with the editor."""
    documents = session.documents

    def look_at_views(path: Path | None) -> None:
        if path is not None:
            for view in session.views.of(path):
                diagnostics.twin_changed(view)

    @protocol.raw(types.TEXT_DOCUMENT_DID_OPEN)
    def did_open(params: Any) -> None:
        opened = documents.open(params)
        session.deleted.discard(opened.uri)
        diagnostics.opened_or_changed(opened.uri, at_once=True)
        look_at_views(opened.path)

    @protocol.raw(types.TEXT_DOCUMENT_DID_CHANGE)
    def did_change(params: Any) -> None:
        try:
            changed = documents.change(params)
        except OutOfSyncError:
            lost(params)
            return
        if changed is not None:
            session.deleted.discard(changed.uri)
            diagnostics.opened_or_changed(changed.uri)
            look_at_views(changed.path)

    @protocol.raw(types.TEXT_DOCUMENT_DID_CLOSE)
    def did_close(params: Any) -> None:
        uri = documents.close(params)
        if uri is not None:
            diagnostics.closed(uri)
            session.closed(uri)
            look_at_views(path_of(uri))

    @protocol.raw(types.TEXT_DOCUMENT_DID_SAVE, types.SaveOptions(include_text=False))
    def did_save(params: Any) -> None:
        uri = uri_in(params)
        session.deleted.discard(uri)
        diagnostics.opened_or_changed(uri, at_once=True)
        session.look_again(uri)

    def lost(params: Any) -> None:
        """An edit could not be applied: say nothing about the text until it comes whole."""
        try:
            opened = documents.lose(uri_in(params))
        except InvalidParamsError:
            return
        if opened is not None:
            name = (opened.path or Path(opened.uri)).name
            logger.warning("an edit could not be applied: waiting for the whole text of a document")
            session.warn([f"lost track of {name}; close and open it again to check it"])
            diagnostics.opened_or_changed(opened.uri, at_once=True)
            look_at_views(opened.path)

    def malformed(method: str, params: Any) -> None:
        if method == types.TEXT_DOCUMENT_DID_CHANGE:
            lost(params)

    protocol.on_malformed_notification = malformed
    _ = did_open, did_change, did_close, did_save
