"""Ids for facts that come without one: the same fact gets the same id each time its file is imported.

The id is made of the time and the content of the fact, and of how many equal ones came before it in the file. So the
order of lines does not matter, nor what else is in the file, and two equal lines stay two facts.
"""

from __future__ import annotations

import sqlite3
from hashlib import sha256
from typing import Final

import orjson

from promptbits.facts.store import Fact
from promptbits.facts.times import canonical_time, milliseconds

_TIME_MASK: Final = 0xFFFF_FFFF_FFFF
# Version 7, and the variant of RFC 9562, in the 80 bits behind the time.
_VERSION: Final = 7 << 76
_VARIANT: Final = 0x2 << 62
_KEPT: Final = (0xFFF << 64) | ((1 << 62) - 1)

_COUNT: Final = """\
INSERT INTO seen VALUES (?, 0) ON CONFLICT (digest) DO UPDATE SET times = times + 1 RETURNING times
"""


class Ids:
    """Gives the facts of one file their ids. What was seen is on disk: a file may be larger than memory."""

    def __init__(self) -> None:
        self._seen: sqlite3.Connection | None = None

    def __enter__(self) -> Ids:
        return self

    def __exit__(self, *_: object) -> None:
        if self._seen is not None:
            self._seen.close()

    def id_of(self, fact: Fact) -> str:
        """The id of the next fact.

        Raises:
            ValueError: it has no time, or holds what JSON does not know.
        """
        if fact.get("timestamp") is None:
            raise ValueError("timestamp: required")
        try:
            time = canonical_time(fact["timestamp"])
        except ValueError as error:
            raise ValueError(f"timestamp: {error}") from None
        try:
            data = orjson.dumps(fact | {"timestamp": time}, option=orjson.OPT_SORT_KEYS)
        except orjson.JSONEncodeError:
            raise ValueError("holds what cannot be written as JSON") from None
        digest = sha256(data).digest()
        repeat = self._times(digest)
        if repeat:
            digest = sha256(digest + repeat.to_bytes(8)).digest()
        number = (milliseconds(time) & _TIME_MASK) << 80
        number |= _VERSION | _VARIANT | (int.from_bytes(digest[:10]) & _KEPT)
        digits = f"{number:032x}"
        return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"

    def _times(self, digest: bytes) -> int:
        """How many facts with this digest came before."""
        if self._seen is None:
            # An empty name: in memory at first, and then in a file without a name, which goes away with the connection.
            self._seen = sqlite3.connect("", isolation_level=None)
            self._seen.execute("PRAGMA synchronous = OFF")
            self._seen.execute("PRAGMA journal_mode = OFF")
            self._seen.execute("CREATE TABLE seen (digest BLOB PRIMARY KEY, times INTEGER) WITHOUT ROWID")
            self._seen.execute("BEGIN")
        return int(self._seen.execute(_COUNT, (digest[:16],)).fetchone()[0])
