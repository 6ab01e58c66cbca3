"""The ids of facts that come by OTLP: computed, so that what an exporter sends twice is stored once.

A UUIDv7 (RFC 9562, section 5.7) whose 74 random bits come from a SHA-256. Its time is 0, which section 6.1 leaves to
us: an evaluation names the span that it is about by trace id and span id alone, and has to find it by them.
"""

from __future__ import annotations

import hashlib
from uuid import UUID


def execution_id(trace_id: str, span_id: str) -> str:
    """The id of the execution that a span is."""
    return _uuid7("execution", trace_id, span_id)


def feedback_id(*parts: object) -> str:
    """The id of an evaluation, from all that tells it from others."""
    return _uuid7("feedback", *parts)


def _uuid7(*parts: object) -> str:
    digest = hashlib.sha256("\0".join(("promptbits.otlp", *map(str, parts))).encode("utf-8", "surrogatepass")).digest()
    a, b = int.from_bytes(digest[:2]) & 0xFFF, int.from_bytes(digest[2:10]) & (1 << 62) - 1
    return str(UUID(int=0x7 << 76 | a << 64 | 0b10 << 62 | b))
