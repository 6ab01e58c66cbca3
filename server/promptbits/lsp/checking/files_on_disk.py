"""Files as they are on disk now: what tells one state of them from the next, and the bytes of those that changed."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from typing import Final

from promptbits.lsp.state.reading import read_file

# How many files a thread looks at, and reads, before others have their turn.
SLICE: Final = 200

# What tells one version of a file from the next; None where there is none.
Stamp = tuple[int, int, int] | None
Read = tuple[Stamp, bytes | None]


def read_changed(files: Iterable[tuple[str, Stamp]]) -> list[Read]:
    """The stamps of files, and the bytes of those that have another stamp than is known."""
    read: list[Read] = []
    for path, known in files:
        stamp = stamp_of(path)  # before it is read: what changes meanwhile is seen the next time
        data = None
        if stamp is not None and stamp != known:
            try:
                data = read_file(Path(path))
            except OSError:
                stamp = None
        read.append((stamp, data))
    return read


def stamp_of(path: str) -> Stamp:
    """The stamp of a file; None for anything but an ordinary one."""
    try:
        info = os.stat(path)  # noqa: PTH116  (of thousands of files: Path costs more than the call)
    except (OSError, ValueError):
        return None
    return (info.st_mtime_ns, info.st_size, info.st_ino) if stat.S_ISREG(info.st_mode) else None


def slices(paths: Iterable[str]) -> Iterable[list[str]]:
    """Paths, some at a time."""
    rest = iter(paths)
    while some := list(islice(rest, SLICE)):
        yield some
