"""Documents by path: as an editor holds them, or as they are on disk."""

from __future__ import annotations

import functools
from pathlib import Path

from promptbits.language.places import Reader
from promptbits.lsp.state.documents import Documents
from promptbits.text.document import Document


def read_file(path: Path) -> bytes:
    """The bytes of an ordinary file; opening a pipe would wait for ever.

    Raises:
        OSError: it cannot be read.
    """
    if not path.is_file():
        raise FileNotFoundError(path)
    return path.read_bytes()


def document_on_disk(path: str) -> Document | None:
    """The document of a file, the same one while the file stays as it is; None where it cannot be read."""
    try:
        info = Path(path).stat()
        return _document(path, info.st_mtime_ns, info.st_size)
    except (OSError, ValueError):  # a ValueError for a NUL in the path
        return None


def reader_of(documents: Documents) -> Reader:
    """Reads documents as they are at this moment. It may be used in another thread: what it holds never changes."""
    opened = {str(each.path): each.document for each in documents.all() if each.path is not None}
    read: dict[str, Document | None] = {}

    def document(path: str) -> Document | None:
        if path in opened:
            return opened[path]
        if path not in read:
            read[path] = document_on_disk(path)
        return read[path]

    return document


@functools.lru_cache(maxsize=32)
def _document(path: str, _mtime_ns: int, _size: int) -> Document:
    return Document.from_bytes(read_file(Path(path)))
