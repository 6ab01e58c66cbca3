"""JSON-RPC messages as tests write them."""

from __future__ import annotations

import json
from typing import Any

Message = dict[str, Any]


def framed(message: Any) -> bytes:
    """Return a message as bytes with its header."""
    body = message if isinstance(message, bytes) else json.dumps(message).encode()
    return b"Content-Length: %d\r\n\r\n%b" % (len(body), body)


def request(message_id: Any, method: str, params: Any = None) -> Message:
    return {"jsonrpc": "2.0", "id": message_id, "method": method, **({} if params is None else {"params": params})}


def notification(method: str, params: Any = None) -> Message:
    return {"jsonrpc": "2.0", "method": method, **({} if params is None else {"params": params})}
