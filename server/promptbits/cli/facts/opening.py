"""The fact store of a root, opened for a command."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from promptbits.cli.console import plural, say
from promptbits.cli.errors import CommandError
from promptbits.facts.store import StoreError

if TYPE_CHECKING:
    from promptbits.facts.sqlite.embedded import SqliteStore


@contextmanager
def opened(path: Path, *, create: bool = False, read_only: bool = False) -> Generator[SqliteStore]:
    """The store in a file, closed afterwards.

    Raises:
        CommandError: it cannot be opened, or later read or written; one line that says what to do.
    """
    from promptbits.facts.opening import open_store

    with told():
        store = open_store(path, create=create, read_only=read_only)
        try:
            yield store
        finally:
            store.close()


@contextmanager
def told() -> Generator[None]:
    """What goes wrong in a store, as an error of the command."""
    try:
        yield
    except StoreError as error:
        raise CommandError(str(error)) from error


def take_in_waiting(path: Path) -> None:
    """Take in what applications could not write into the store. If that still fails, say so and go on without."""
    from promptbits.facts.opening import open_store
    from promptbits.facts.spool import is_waiting, spool_folders, take_in_all

    try:
        if not any(is_waiting(folder) for folder in spool_folders(path)):
            return
        store = open_store(path)
        try:
            taken = take_in_all(store, path)
        finally:
            store.close()
    except (StoreError, OSError) as error:
        say(f"facts wait beside the store, and are not counted here: {error}")
        return
    if taken.added:
        say(f"took in {plural(taken.added, 'fact')} that waited beside the store")
