"""The store in one SQLite file."""

from __future__ import annotations

import hashlib
import itertools
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from promptbits.facts.fields import checked
from promptbits.facts.sqlite import reading, summaries, writing
from promptbits.facts.sqlite.connection import Connections
from promptbits.facts.sqlite.records import fact_of
from promptbits.facts.sqlite.schema import SCHEMA_VERSION
from promptbits.facts.sqlite.transactions import writing as transaction
from promptbits.facts.sqlite.versions import refuse_newer, version_of
from promptbits.facts.store import Appended, Fact, InvalidFactError, Kind, StoreError, Summary
from promptbits.facts.times import canonical_time, milliseconds


class SqliteStore:
    """A `FactStore`. Any number of processes and threads may use the same file."""

    def __init__(self, path: Path, *, create: bool = True, read_only: bool = False) -> None:
        self.path = path
        self.read_only = read_only
        self.connections = Connections(path, create=create, read_only=read_only)

    @classmethod
    def opened(cls, path: Path, *, create: bool, read_only: bool) -> SqliteStore:
        """The store in a file that is there, sound as far as its head tells, and of this version.

        Raises:
            StoreError: it is not.
        """
        if read_only and not path.exists():
            raise StoreError(f"{path}: there is no fact store")
        store = cls(path, create=create, read_only=read_only)
        store.change_counter()
        return store

    def append(self, facts: Sequence[Fact]) -> Appended:
        """See `FactStore.append`."""
        self._be_writable()
        ready = [checked(fact) for fact in facts]
        if not ready:
            return Appended(0, 0)
        with self.connections.lend() as (connection, names):
            return writing.append(connection, names, ready, self._still_ours)

    def keep_text(self, content_sha256: str, content: str) -> None:
        """See `FactStore.keep_text`."""
        self._be_writable()
        data = content.encode("utf-8", "surrogatepass")
        digest = hashlib.sha256(data)
        if digest.hexdigest() != content_sha256:
            raise InvalidFactError("the hash is not that of the text")
        with self.connections.lend() as (connection, _), transaction(connection):
            self._still_ours(connection)
            added = connection.execute(
                "INSERT INTO template VALUES (?, ?) ON CONFLICT DO NOTHING", (digest.digest(), data)
            )
            if added.rowcount:
                connection.execute("UPDATE meta SET value = value + 1 WHERE key = 'changes'")

    def text(self, content_sha256: str) -> str | None:
        """See `FactStore.text`."""
        with self.connections.lend() as (connection, _):
            key = bytes.fromhex(content_sha256)
            row = connection.execute("SELECT content FROM template WHERE content_sha256 = ?", (key,)).fetchone()
        return row and bytes(row[0]).decode("utf-8", "surrogatepass")

    def get(self, fact_id: str) -> Fact | None:
        """See `FactStore.get`."""
        with self.connections.lend() as (connection, names):
            return reading.get(connection, names, fact_id)

    def facts(
        self,
        *,
        kinds: Iterable[Kind] | None = None,
        prompt_id: str | None = None,
        since: str | None = None,
        newest_first: bool = False,
        limit: int | None = None,
    ) -> Iterator[Fact]:
        """See `FactStore.facts`."""
        prompt = None
        if prompt_id is not None:
            with self.connections.lend() as (connection, names):
                prompt = names.known_word(connection, prompt_id)
            if prompt is None:
                return iter(())
        found = reading.in_order(
            self._page,
            kinds=kinds,
            prompt=prompt,
            since=None if since is None else milliseconds(canonical_time(since)),
            newest_first=newest_first,
            page=reading.PAGE if limit is None else max(min(limit, reading.PAGE), 1),
        )
        return (fact for _, _, fact in itertools.islice(found, limit))

    def by_technology(self, name: str, *, limit: int = 100) -> list[Fact]:
        """See `FactStore.by_technology`."""
        with self.connections.lend() as (connection, names):
            return reading.by_technology(connection, names, name, limit)

    def similar(self, signature: str, *, limit: int = 100) -> list[Fact]:
        """See `FactStore.similar`."""
        with self.connections.lend() as (connection, names):
            return reading.similar(connection, names, signature, limit)

    def above(self, rate: float, *, at_least: int = 30) -> list[tuple[str, str]]:
        """See `FactStore.above`."""
        with self.connections.lend() as (connection, _):
            return reading.above(connection, rate, at_least)

    def summaries(self, prompt_ids: Iterable[str] | None = None) -> list[Summary]:
        """See `FactReader.summaries`."""
        with self.connections.lend() as (connection, _):
            return summaries.read(connection, prompt_ids)

    def change_counter(self) -> int:
        """See `FactReader.change_counter`. Facts are numbered and never leave: the last number tells of nearly all."""
        with self.connections.lend() as (connection, _):
            row = connection.execute(
                "SELECT ifnull((SELECT max(seq) FROM fact), 0) + (SELECT value FROM meta WHERE key = 'changes')"
            ).fetchone()
        return int(row[0])

    def close(self) -> None:
        """See `FactStore.close`."""
        self.connections.close()

    def _page(self, statement: str, values: tuple[Any, ...]) -> list[reading.Placed]:
        with self.connections.lend() as (connection, names):
            return [(row[2], row[0], fact_of(connection, names, row)) for row in connection.execute(statement, values)]

    def _still_ours(self, connection: sqlite3.Connection) -> None:
        """Within a transaction: nobody has brought the file to a later version since it was opened."""
        refuse_newer(self.path, version_of(connection), SCHEMA_VERSION)

    def _be_writable(self) -> None:
        if self.read_only:
            raise StoreError(f"{self.path}: opened for reading only")
