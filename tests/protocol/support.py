"""Small helpers of the protocol tests."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from client import Client

from promptbits.lsp.rpc.framing import Framer
from promptbits.lsp.rpc.protocol import Protocol

if TYPE_CHECKING:
    from pygls.lsp.server import LanguageServer

Start = Callable[..., Awaitable[Client]]
"""Starts a server and returns its client."""


def protocol(server: LanguageServer) -> Protocol:
    assert isinstance(server.protocol, Protocol)
    return server.protocol


async def error_of(client: Client, method: str, params: Any = None) -> dict[str, Any]:
    """Return the error of a request after making sure that it is its only response."""
    message_id = client.start_request(method, params)
    response = await client.response(message_id)
    await client.fence()
    assert client.responses(message_id) == [response]
    return response["error"]


def bodies(data: bytes, framer: Framer | None = None) -> list[bytes]:
    """Return the bodies of the messages that end in some bytes."""
    return list((framer or Framer()).feed(data))
