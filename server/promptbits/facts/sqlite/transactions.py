"""Every write is one transaction that takes the lock first.

A transaction that reads and then wants to write is refused by SQLite, however long it would wait, if another process
wrote in between; `BEGIN IMMEDIATE` waits at the start and is never refused later.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Generator
from types import TracebackType


class writing:  # noqa: N801 - used as a function; a class costs less than a generator, and this is on every write
    """All that is written within, or nothing."""

    __slots__ = ("_connection",)

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def __enter__(self) -> None:
        self._connection.execute("BEGIN IMMEDIATE")

    def __exit__(
        self, kind: type[BaseException] | None, _problem: BaseException | None, _trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self._connection.execute("COMMIT")
        finally:
            # After a failure; a full disk may have rolled back already.
            if self._connection.in_transaction:
                with contextlib.suppress(sqlite3.Error):
                    self._connection.execute("ROLLBACK")


@contextlib.contextmanager
def reading(connection: sqlite3.Connection) -> Generator[None]:
    """Several reads that see the same state."""
    connection.execute("BEGIN")
    try:
        yield
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
