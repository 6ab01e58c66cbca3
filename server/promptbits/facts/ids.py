"""What a new fact is known by: its id, its time, and the hash of a text.

Applications pay for this module on every call, so it imports next to nothing. uuid6 would make the same ids; importing
it costs as much as importing json and sqlite3 together, and a test holds these ids against it.
"""

from __future__ import annotations

import os
import time

_MILLI = 1_000_000
_SECOND = 1_000_000_000


def new_id(nanoseconds: int | None = None) -> str:
    """A UUIDv7 (RFC 9562, 5.7) of a time, or of now.

    The twelve bits behind the milliseconds count fractions of one (6.2, method 3), so that the ids of one process
    sort as they were made, to a quarter of a microsecond. There is no state to guard from threads and forks.
    """
    now = time.time_ns() if nanoseconds is None else nanoseconds
    milliseconds, rest = divmod(now, _MILLI)
    fraction = rest * 4096 // _MILLI
    random = int.from_bytes(os.urandom(8)) & 0x3FFF_FFFF_FFFF_FFFF
    text = f"{milliseconds & 0xFFFF_FFFF_FFFF:012x}7{fraction:03x}{0x8000_0000_0000_0000 | random:016x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def timestamp(nanoseconds: int | None = None) -> str:
    """A time, or now, as facts have it: RFC 3339, in UTC, to the millisecond."""
    now = time.time_ns() if nanoseconds is None else nanoseconds
    seconds, rest = divmod(now, _SECOND)
    year, month, day, hour, minute, second, *_ = time.gmtime(seconds)
    return f"{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{rest // _MILLI:03}Z"


def content_sha256(content: str) -> str:
    """What a template is known by: the SHA-256 of its text before rendering."""
    import hashlib  # 2 ms: only where a text is read

    return hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()
