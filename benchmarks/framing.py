"""Messages on a byte stream, as the Language Server Protocol frames them. Does no input or output of its own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

_END_OF_HEADERS = b"\r\n\r\n"
_LENGTH = b"content-length"


def frame(message: dict[str, Any]) -> bytes:
    """One message, ready to be written."""
    body = json.dumps({"jsonrpc": "2.0", **message}, ensure_ascii=False, separators=(",", ":")).encode()
    return b"Content-Length: %d\r\n\r\n%s" % (len(body), body)


class Framer:
    """Cuts a stream into the bodies of messages, however it comes in pieces."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._wanted: int | None = None

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Take in bytes, and give the bodies that they complete.

        Raises:
            ValueError: the stream has a header without a length; nothing behind it can be read.
        """
        self._buffer += data
        while True:
            if self._wanted is None:
                end = self._buffer.find(_END_OF_HEADERS)
                if end < 0:
                    return
                self._wanted = _length(bytes(self._buffer[:end]))
                del self._buffer[: end + len(_END_OF_HEADERS)]
            if len(self._buffer) < self._wanted:
                return
            body = bytes(self._buffer[: self._wanted])
            del self._buffer[: self._wanted]
            self._wanted = None
            yield body


def _length(headers: bytes) -> int:
    for line in headers.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.strip().lower() == _LENGTH:
            return int(value)
    raise ValueError("a header without Content-Length")
