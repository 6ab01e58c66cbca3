"""The documents that a rename has to change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from promptbits.checks.snapshot import Snapshot
from promptbits.language.places import Reader, RefusedError
from promptbits.language.renaming.guards import place
from promptbits.prompts.entry import Entry
from promptbits.text.document import Document


def read_all(snapshot: Snapshot, entries: Iterable[Entry], read: Reader) -> Iterator[tuple[str | None, Document]]:
    """The prompt itself, under None, and the documents of entries that an author may change.

    Raises:
        RefusedError: a file that is there cannot be read, so that the rename would leave it behind.
    """
    yield None, snapshot.document
    own = str(snapshot.path) if snapshot.path else None
    for entry in entries:
        if entry.layer == "shipped" or entry.path == own:
            continue
        document = read(entry.path)
        if document is not None and is_text(document):
            yield entry.path, document
        elif document is not None or Path(entry.path).exists():
            raise RefusedError(
                f"{place(snapshot, entry.path)} has to follow and cannot be read as UTF-8: mend it first"
            )


def is_text(document: Document) -> bool:
    """Whether a document was decoded without loss, so that offsets in it are those of its file."""
    return not any(problem.kind == "encoding" for problem in document.problems)
