"""Files to import: opened, unpacked, and looked at once to say what they hold."""

from __future__ import annotations

import gzip
import io
import os
import sys
import zlib
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import PurePath
from typing import BinaryIO, Final, Literal, cast

from promptbits.cli.console import shown_path
from promptbits.cli.errors import CommandError
from promptbits.facts.interchange.lines import Line, lines

Form = Literal["jsonl", "csv", "otlp"]

STDIN: Final = "-"

_GZIP: Final = b"\x1f\x8b"
_HEAD: Final = 64 * 1024
_BUFFER: Final = 1024 * 1024
_OTLP: Final = (b'"resourceSpans"', b'"resourceLogs"')
_UTF_16: Final = (b"\xff\xfe", b"\xfe\xff")
_BOM: Final = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Source:
    """A file that is open. `done` says how many of its `size` bytes were read; the size of a pipe is 0."""

    name: str
    stream: BinaryIO
    form: Form
    size: int
    done: Callable[[], int]

    def lines(self) -> Iterator[Line]:
        """The lines.

        Raises:
            CommandError: the file is packed, and broken.
        """
        try:
            yield from lines(self.stream)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise CommandError(f"{self.name}: the gzip file is broken or cut off: what came before is in") from error


@contextmanager
def opened_source(path: str, form: Form | None) -> Generator[Source]:
    """A file, or stdin.

    Args:
        path: where it is, or `-`.
        form: what it holds; None to find out.

    Raises:
        CommandError: it is not text.
        OSError: it cannot be opened.
    """
    if path == STDIN:
        if sys.stdin is None:  # a process may be started without one
            raise CommandError("stdin is closed: name a file")
        yield _source("stdin", "", sys.stdin.buffer, 0, form, lambda: 0)
        return
    with open(path, "rb", buffering=_BUFFER) as raw:  # noqa: PTH123  (the path is a string, and stays one in messages)
        size = os.fstat(raw.fileno()).st_size
        yield _source(shown_path(path), path, raw, size, form, raw.tell if raw.seekable() else lambda: 0)


def _source(name: str, path: str, raw: BinaryIO, size: int, form: Form | None, done: Callable[[], int]) -> Source:
    buffered = cast("io.BufferedReader", raw)
    stream: BinaryIO = raw
    if buffered.peek(2)[:2] == _GZIP:
        buffered = io.BufferedReader(cast("io.RawIOBase", gzip.GzipFile(fileobj=raw)), _BUFFER)
        stream = cast("BinaryIO", buffered)
    try:
        head = buffered.peek(_HEAD)[:_HEAD]
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise CommandError(f"{name}: the gzip file is broken or cut off") from error
    if head.startswith(_UTF_16):
        raise CommandError(f"{name}: this is UTF-16: save it as UTF-8")
    if b"\0" in head:
        raise CommandError(f"{name}: this is a binary file: expected JSONL, CSV with a header, or OTLP/JSON")
    return Source(name, stream, form or _form(path, head), size, done)


def _form(path: str, head: bytes) -> Form:
    """What a file holds, by its first bytes; where they say nothing, by its name."""
    start = head.removeprefix(_BOM).lstrip()
    if start[:1] in (b"{", b"["):
        return "otlp" if any(mark in head for mark in _OTLP) else "jsonl"
    endings = PurePath(path.lower()).suffixes
    return "jsonl" if ".jsonl" in endings or ".ndjson" in endings else "csv"
