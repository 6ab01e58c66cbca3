"""The language server."""

from __future__ import annotations

import logging
import os
import sys
from typing import NoReturn

from lsprotocol import types
from pygls.lsp.server import LanguageServer

from promptbits import __version__
from promptbits.lsp.routes import register
from promptbits.lsp.rpc import transport
from promptbits.lsp.rpc.protocol import Protocol

LOG_VARIABLE = "PROMPTBITS_LOG"


def create() -> LanguageServer:
    """A server with every feature registered."""
    server = LanguageServer(
        "promptbits",
        __version__,
        text_document_sync_kind=types.TextDocumentSyncKind.Incremental,
        protocol_cls=Protocol,
    )
    protocol = server.protocol
    assert isinstance(protocol, Protocol)
    register(server, protocol)
    return server


def main() -> NoReturn:
    """Serve on stdin and stdout until the client leaves, then end the process.

    Log lines go to stderr, from the level that PROMPTBITS_LOG names (warning without it). They never hold prompt text.
    """
    level = getattr(logging, os.environ.get(LOG_VARIABLE, "warning").upper(), logging.WARNING)
    logging.basicConfig(stream=sys.stderr, level=level, format="promptbits: %(levelname)s: %(message)s")
    transport.run(create())
