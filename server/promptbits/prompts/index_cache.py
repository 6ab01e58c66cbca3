"""The library's cache on disk: entries by path, valid while time and size of the file stay as they were.

It lies in the user's cache folder (`PROMPTBITS_CACHE` overrides), not in the workspace, which may be read-only.
A cache that cannot be read or written costs time and nothing else.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final, cast

import orjson

from promptbits.prompts.discovery import Found
from promptbits.prompts.entry import Entry

# Raised whenever Entry or what is put in it changes.
_FORMAT: Final = 1

# Fields that JSON gives back as lists.
_TUPLES: Final = tuple(index for index, name in enumerate(Entry._fields) if name in ("tags", "variables", "related"))

# A file changed this shortly before it was read may change again without a new time stamp (git calls such an
# entry racy). File systems that count whole seconds need more.
_RACY_NS: Final = 20_000_000
_RACY_COARSE_NS: Final = 2_000_000_000


class IndexCache:
    """The remembered entries of one root."""

    def __init__(self, path: Path, rows: Mapping[str, list[Any]]) -> None:
        self._path = path
        self._rows = rows

    @classmethod
    def load(cls, root: Path) -> IndexCache:
        """Read the cache of a root; one that is missing, broken or of another format is empty."""
        import hashlib  # 2 ms, and `promptbits check` does without this cache

        path = cache_folder() / f"{hashlib.sha256(os.fsencode(root)).hexdigest()[:24]}.json"
        rows: dict[str, list[Any]] = {}
        with contextlib.suppress(OSError, orjson.JSONDecodeError):
            data = orjson.loads(path.read_bytes())
            if isinstance(data, dict):
                table = cast("dict[str, Any]", data)
                if table.get("format") == _FORMAT and isinstance(table.get("files"), dict):
                    rows = table["files"]
        return cls(path, rows)

    def __len__(self) -> int:
        return len(self._rows)

    def get(self, found: Found) -> Entry | None:
        """The entry of a file that has not changed since it was stored."""
        row = self._rows.get(found.path)
        try:
            if row is None or row[0] != found.mtime_ns or row[1] != found.size:
                return None
            fields = row[2]
            for index in _TUPLES:
                fields[index] = tuple(fields[index])
            return Entry._make(fields)
        except (TypeError, LookupError):
            return None  # somebody else's idea of a cache

    def store(self, entries: Iterable[tuple[Found, Entry]]) -> None:
        """Write the cache anew. Files that changed a moment ago are left out."""
        now = time.time_ns()
        rows = {
            found.path: (found.mtime_ns, found.size, tuple(entry))
            for found, entry in entries
            if now - found.mtime_ns > (_RACY_NS if found.mtime_ns % 1_000_000_000 else _RACY_COARSE_NS)
        }
        try:
            data = orjson.dumps({"format": _FORMAT, "files": rows})
        except orjson.JSONEncodeError:
            rows = {path: row for path, row in rows.items() if _is_writable((path, row))}
            data = orjson.dumps({"format": _FORMAT, "files": rows})
        with contextlib.suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            _write_atomically(self._path, data)


def _is_writable(row: object) -> bool:
    """Whether UTF-8 can hold a row: lone surrogates stand in odd file names and in broken prompts."""
    try:
        orjson.dumps(row)
    except orjson.JSONEncodeError:
        return False
    return True


def cache_folder() -> Path:
    """Where caches lie."""
    chosen = os.environ.get("PROMPTBITS_CACHE")
    if chosen:
        return Path(chosen)
    import platformdirs  # late: applications that bring their own folder do without

    return Path(platformdirs.user_cache_dir("promptbits", appauthor=False)) / "index"


def _write_atomically(path: Path, data: bytes) -> None:
    import tempfile  # 20 ms with what it imports, and a cache is seldom written

    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(name).replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise
