"""Request bodies as they were before compression, within a limit that holds for what comes out as well."""

from __future__ import annotations

import zlib
from typing import Final

from promptbits.facts.otlp.records import MalformedBodyError

ENCODINGS: Final = ("gzip", "deflate", "identity")
_BOTH: Final = zlib.MAX_WBITS | 32  # gzip or zlib, as the header says


class TooLargeError(ValueError):
    """A body is larger than the limit, as it came or unpacked."""


def unpacked(body: bytes, encoding: str, limit: int) -> bytes:
    """A body without its compression.

    Raises:
        TooLargeError: it would be larger than the limit; no more than that is unpacked to find out.
        MalformedBodyError: it is not compressed as was said.
    """
    if encoding in ("", "identity"):
        return body
    parts: list[bytes] = []
    room = limit
    while True:
        unpacker = zlib.decompressobj(_BOTH)
        try:
            part = unpacker.decompress(body, room + 1)
        except zlib.error as error:
            raise MalformedBodyError(f"the body is not valid {encoding}") from error
        room -= len(part)
        if room < 0:
            raise TooLargeError
        if not unpacker.eof:
            raise MalformedBodyError(f"the {encoding} body ends too early")
        parts.append(part)
        body = unpacker.unused_data  # gzip allows several members, one after the other
        if not body:
            return b"".join(parts)
