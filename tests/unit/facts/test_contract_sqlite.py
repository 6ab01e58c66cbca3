"""The embedded store keeps the contract."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path

from contract import StoreContract

from promptbits.facts.opening import open_store
from promptbits.facts.store import FactStore


class TestSqlite(StoreContract):
    @contextlib.contextmanager
    def make(self) -> Iterator[FactStore]:
        with tempfile.TemporaryDirectory() as folder:
            store = open_store(Path(folder) / "facts.db")
            yield store
            store.close()
