"""Open a store. The one place that knows which implementations there are."""

from __future__ import annotations

from pathlib import Path

from promptbits.facts.sqlite.embedded import SqliteStore


def open_store(path: Path, *, create: bool = True, read_only: bool = False) -> SqliteStore:
    """The store in a file, ready for use.

    Args:
        path: the file.
        create: make the file, and its folder, if there is none.
        read_only: never write, not even to make the file or to bring an older one up to date.

    Raises:
        StoreError: it cannot be opened; the text is one line and says why.
    """
    return SqliteStore.opened(path, create=create and not read_only, read_only=read_only)
