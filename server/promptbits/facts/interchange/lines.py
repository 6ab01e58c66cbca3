"""The lines of a file, one at a time, however long the file or one of its lines is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, Final, NamedTuple

from promptbits.facts.store import Fact

# No fact is as long as this. A line that is, is passed over without being held in memory.
LONGEST: Final = 8 * 1024 * 1024

_BOM: Final = b"\xef\xbb\xbf"


class Read(NamedTuple):
    """A fact as it was read, not yet checked."""

    line: int
    fact: Fact


class Refused(NamedTuple):
    """A line, or what lies at `where` in it, that is no fact. The reason quotes nothing of it."""

    line: int
    why: str
    where: str = ""


class Line(NamedTuple):
    """A line with its end; None for one that is too long."""

    number: int
    data: bytes | None


def lines(stream: BinaryIO, longest: int = LONGEST) -> Iterator[Line]:
    """The lines of a stream, counted from 1. They end at line feeds; a byte-order mark at the start is dropped."""
    number = 0
    while data := stream.readline(longest + 1):
        number += 1
        if number == 1:
            data = data.removeprefix(_BOM)
        if len(data) <= longest:
            yield Line(number, data)
            continue
        while not data.endswith(b"\n") and (data := stream.readline(longest + 1)):
            pass
        yield Line(number, None)


def too_long(longest: int = LONGEST) -> str:
    """Why a line is refused that is not held in memory."""
    return f"the line is longer than {longest // (1024 * 1024)} MB"
