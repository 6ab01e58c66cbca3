"""Reviews in a file of the root: `.promptbits/reviews.json`, through TinyDB."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, cast

from tinydb import TinyDB
from tinydb.table import Document

from promptbits.optimize.reviews.model import Review
from promptbits.optimize.reviews.storage import TABLE, LockedStorage
from promptbits.optimize.reviews.store import NoSuchReviewError, ReviewStoreError
from promptbits.optimize.reviews.tables import packed, review_of


class LocalReviews:
    """A `ReviewStore` in one file. A review that cannot be read stays in it, untouched, and is told of.

    Args:
        path: the file.
        say: is told, in one line, what people have to know.
    """

    def __init__(self, path: Path, say: Callable[[str], None]) -> None:
        self.path = path
        self._say = say
        self._storage = LockedStorage(path, say)

    def add(self, review: Review) -> Review:
        """See `ReviewStore.add`."""
        with self._storage.transaction():
            database = self._database()
            same = [each for each in self._all(database) if review.fingerprint and _is_same(each, review)]
            if same:
                return same[0]
            table = _table(database)
            # TinyDB counts from the largest number that is there, and none is ever removed.
            number = max((document.doc_id for document in table), default=0) + 1
            numbered = replace(review, number=number)
            table.insert(Document(packed(numbered), number))
            return numbered

    def get(self, number: int) -> Review:
        """See `ReviewStore.get`."""
        return self._get(self._database(), number)

    def all(self) -> list[Review]:
        """See `ReviewStore.all`."""
        return self._all(self._database(), self._say)

    def update(self, number: int, change: Callable[[Review, list[Review]], list[Review]]) -> Review:
        """See `ReviewStore.update`."""
        with self._storage.transaction():
            database = self._database()
            before = self._get(database, number)
            changed = {each.number: packed(each) for each in change(before, self._all(database))}
            tables = iter(changed.values())
            # By one write, and in this order.
            _table(database).update(partial(_put, tables), doc_ids=list(changed))
            return self._get(database, number)

    def stamp(self) -> object:
        """See `ReviewStore.stamp`."""
        try:
            info = self.path.stat()
        except OSError:
            return None
        return info.st_mtime_ns, info.st_size, info.st_ino

    def _database(self) -> TinyDB:
        # A new one each time: it remembers the next number and what was asked, and others write as well.
        return TinyDB(storage=lambda: self._storage)

    def _get(self, database: TinyDB, number: int) -> Review:
        document = _table(database).get(doc_id=number)
        if document is None:
            raise NoSuchReviewError(f"there is no review {number}")
        try:
            return replace(review_of(document), number=number)
        except ValueError as error:
            raise ReviewStoreError(f"{self.path}: review {number} cannot be read: {error}") from error

    def _all(self, database: TinyDB, say: Callable[[str], None] | None = None) -> list[Review]:
        found: list[Review] = []
        for document in _table(database):
            try:
                found.append(replace(review_of(document), number=document.doc_id))
            except ValueError as error:
                if say is not None:
                    say(f"{self.path}: review {document.doc_id} cannot be read and is left out: {error}")
        return sorted(found, key=lambda review: review.number)


def _table(database: TinyDB) -> Any:
    """The table of reviews; TinyDB does not say what its documents are of."""
    return cast("Any", database).table(TABLE)


def _put(tables: Iterator[dict[str, Any]], document: dict[str, Any]) -> None:
    """Let a document be the next table."""
    document.clear()
    document.update(next(tables))


def _is_same(one: Review, other: Review) -> bool:
    return one.status == "open" and one.fingerprint == other.fingerprint
