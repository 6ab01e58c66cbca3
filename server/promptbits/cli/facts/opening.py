"""The fact store of a root, opened for a command."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from promptbits.cli.errors import CommandError
from promptbits.facts.store import StoreError

if TYPE_CHECKING:
    from promptbits.facts.store import FactStore


@contextmanager
def opened(path: Path, *, create: bool = False, read_only: bool = False) -> Generator[FactStore]:
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
