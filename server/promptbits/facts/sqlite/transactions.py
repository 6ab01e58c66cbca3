"""Every write is one transaction that takes the lock first.

A transaction that reads and then wants to write is refused by SQLite, however long it would wait, if another process
wrote in between; `BEGIN IMMEDIATE` waits at the start and is never refused later.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Generator


@contextlib.contextmanager
def writing(connection: sqlite3.Connection) -> Generator[None]:
    """All that is written within, or nothing."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        # A full disk may have rolled back already.
        if connection.in_transaction:
            with contextlib.suppress(sqlite3.Error):
                connection.execute("ROLLBACK")
        raise


@contextlib.contextmanager
def reading(connection: sqlite3.Connection) -> Generator[None]:
    """Several reads that see the same state."""
    connection.execute("BEGIN")
    try:
        yield
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
