"""Cuts a byte stream into LSP messages. Knows no sockets and no JSON, and never raises."""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

logger = logging.getLogger("promptbits.lsp")

MAX_BODY = 256 * 1024 * 1024
MAX_HEADER = 16 * 1024

_HEADER_END = re.compile(rb"\r?\n\r?\n")
_LENGTH = re.compile(rb"[ \t]*content-length[ \t]*:[ \t]*\+?(\d{1,12})[ \t]*", re.IGNORECASE)
# Where a message may begin after something unreadable. Inside JSON a line end is written `\n`, so a real one
# behind the digits cannot be part of a prompt that merely talks about headers.
_RESYNC = re.compile(rb"content-length[ \t]*:[ \t]*\d{1,12}[ \t]*\r?\n", re.IGNORECASE)
_LONGEST_RESYNC = 64


def frame(body: bytes) -> bytes:
    """Return a message body with its header."""
    return b"Content-Length: %d\r\n\r\n%b" % (len(body), body)


class Framer:
    """A push parser: bytes in, message bodies out.

    Header names are matched without case, in any order, among others that are ignored, on lines ended by CRLF or LF.
    What cannot be read is skipped up to the next thing that looks like the header of a message, with one log line.
    """

    def __init__(self, max_body: int = MAX_BODY) -> None:
        self._max_body = max_body
        self._buffer = bytearray()
        self._length: int | None = None  # of the body being read
        self._lost = False

    @property
    def pending(self) -> bool:
        """Whether the stream stopped in the middle of a message."""
        return self._length is not None or (bool(self._buffer) and not self._lost)

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Take the next bytes and yield each body they complete."""
        self._buffer += data
        while True:
            if self._length is None and not self._read_header():
                return
            length = self._length or 0
            if len(self._buffer) < length:
                return
            body = bytes(self._buffer[:length])
            del self._buffer[:length]
            self._length = None
            yield body

    def _read_header(self) -> bool:
        """Try to read a header block; False if more bytes are needed."""
        while True:
            if self._lost and not self._find_header():
                return False
            self._skip_blank_lines()
            end = _HEADER_END.search(self._buffer)
            if end is None:
                if len(self._buffer) <= MAX_HEADER:
                    return False
                self._lose("a message header has no end")
                continue
            length = _content_length(bytes(self._buffer[: end.start()]))
            if length is None:
                self._lose("a message header has no usable Content-Length")
            elif length > self._max_body:
                self._lose("a message is too long", skip=end.end())
            else:
                del self._buffer[: end.end()]
                self._length = length
                return True

    def _skip_blank_lines(self) -> None:
        blank = len(self._buffer) - len(self._buffer.lstrip(b"\r\n"))
        del self._buffer[:blank]

    def _lose(self, why: str, *, skip: int = 1) -> None:
        logger.warning("unreadable input: %s; skipping to the next message", why)
        del self._buffer[:skip]  # at least one byte, or the same header would be found again
        self._lost = True

    def _find_header(self) -> bool:
        found = _RESYNC.search(self._buffer)
        if found is None:
            # Keep the tail: the header may have arrived by half.
            del self._buffer[: max(0, len(self._buffer) - _LONGEST_RESYNC)]
            return False
        del self._buffer[: found.start()]
        self._lost = False
        return True


def _content_length(block: bytes) -> int | None:
    lengths = [int(match[1]) for line in block.splitlines() if (match := _LENGTH.fullmatch(line))]
    return lengths[-1] if lengths else None
