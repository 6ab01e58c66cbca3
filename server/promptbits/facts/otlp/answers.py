"""The bodies of answers, in the encoding of the request. All are so small that they are written by hand."""

from __future__ import annotations

import json
from typing import Final

PROTOBUF: Final = "application/x-protobuf"
JSON: Final = "application/json"
TYPES: Final = (PROTOBUF, JSON)

# The name of the count in a partial success, by signal.
_REJECTED: Final = {"traces": "rejectedSpans", "logs": "rejectedLogRecords", "metrics": "rejectedDataPoints"}


def success(content_type: str, signal: str, rejected: int = 0, message: str = "") -> bytes:
    """An Export…ServiceResponse: empty, or with `partial_success` if something was rejected.

    In Protobuf all signals have the same fields: partial_success = 1 with the count = 1 and error_message = 2.
    """
    if content_type == JSON:
        partial = {"partialSuccess": {_REJECTED[signal]: str(rejected), "errorMessage": message}}
        return json.dumps(partial if rejected else {}).encode()
    if not rejected:
        return b""
    inner = b"\x08" + _varint(rejected) + b"\x12" + _text(message)
    return b"\x0a" + _varint(len(inner)) + inner


def failure(content_type: str, message: str) -> bytes:
    """A google.rpc.Status with its message (2), which is all that OTLP uses of it."""
    if content_type == JSON:
        return json.dumps({"message": message}).encode()
    return b"\x12" + _text(message)


def _text(text: str) -> bytes:
    data = text.encode("utf-8", "replace")
    return _varint(len(data)) + data


def _varint(number: int) -> bytes:
    data = bytearray()
    while number > 0x7F:
        data.append(number & 0x7F | 0x80)
        number >>= 7
    data.append(number)
    return bytes(data)
