"""Finished runs, kept so that the same question is not worked on twice.

One file per question, named after its key, in the state folder of the root. Whatever goes wrong with it, the run is
done again: a file that is damaged is removed, and one that cannot be written is left out.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from promptbits import __version__
from promptbits.facts.ids import content_sha256
from promptbits.optimize.terms import Basis
from promptbits.prompts import writing
from promptbits.prompts.root import STATE_FOLDER

FOLDER: Final = Path("cache", "optimize")
FORMAT: Final = 1

_MOST_FILES: Final = 200
_MOST_BYTES: Final = 20_000_000
_KEY: Final = re.compile(r"[0-9a-f]{64}")
_SUFFIX: Final = ".json"
_HITS: Final = "hits"
_MISSES: Final = "misses"
# A writer that was killed leaves its file behind; one that is at work is never this old.
_ABANDONED_NS: Final = 3600 * 10**9


@dataclass(frozen=True, slots=True)
class Counts:
    """How a cache is used, by all processes together since it was begun."""

    hits: int
    misses: int
    files: int
    bytes: int


def cache_key(basis: Basis, scorer: str, settings: Mapping[str, Any]) -> str:
    """The key of a run: the same for the same prompt, scorer and settings under the same version of this package.

    Args:
        basis: the prompt, with all that a proposer may see of it.
        scorer: the digest of the scorer.
        settings: who proposes and how, with breadth, depth and seed, as values of JSON.
    """
    # Lists, not tables: a proposer may go by the order of the variables.
    variables = list(basis.variables.items())
    about = [basis.trigger, basis.category, basis.section, basis.token_budget]
    prompt = [content_sha256(basis.content), variables, about]
    parts = {"format": FORMAT, "version": __version__, "prompt": prompt, "scorer": scorer, "settings": dict(settings)}
    return hashlib.sha256(json.dumps(parts, sort_keys=True, allow_nan=False).encode()).hexdigest()


class RunCache:
    """The finished runs of a root. Several processes may use it at once; nothing is locked, and no error comes out.

    Args:
        root: the folder of the root.
        most_files: how many runs are kept.
        most_bytes: how large they may be together; what was not used for longest goes first.
        now: the time, in nanoseconds.
    """

    def __init__(
        self,
        root: Path,
        *,
        most_files: int = _MOST_FILES,
        most_bytes: int = _MOST_BYTES,
        now: Callable[[], int] = time.time_ns,
    ) -> None:
        self._state = root / STATE_FOLDER
        self._folder = self._state / FOLDER
        self._most_files = most_files
        self._most_bytes = most_bytes
        self._now = now

    def get(self, key: str) -> Any | None:
        """What was kept under a key; None if there is nothing. Counts as a hit or a miss."""
        path = self._path(key)
        value = _read(path)
        if value is None:
            self._count(_MISSES)
            return None
        moment = self._now()
        with contextlib.suppress(OSError):
            os.utime(path, ns=(moment, moment))
        self._count(_HITS)
        return value

    def put(self, key: str, value: Any) -> bool:
        """Keep a value of JSON other than null under a key, in place of what was there; whether that could be done.

        Raises:
            ValueError: it is no value of JSON, or null.
        """
        path = self._path(key)
        if value is None:
            raise ValueError("null is what a cache gives for nothing")
        body = json.dumps(value, allow_nan=False, separators=(",", ":")).encode()
        data = hashlib.sha256(body).hexdigest().encode() + b"\n" + body
        if len(data) > self._most_bytes or self._most_files < 1:
            return False
        try:
            self._make_folder()
            temporary = writing.write_beside(path, data, 0o600)
            try:
                moment = self._now()
                os.utime(temporary, ns=(moment, moment))
                temporary.replace(path)
            except BaseException:
                temporary.unlink(missing_ok=True)
                raise
            self._make_room(path)
        except OSError:
            return False
        return True

    def counts(self) -> Counts:
        """How it is used."""
        files = self._files(_SUFFIX)
        return Counts(self._size(_HITS), self._size(_MISSES), len(files), sum(size for _, size, _ in files))

    def clear(self) -> None:
        """Remove all runs; the counts stay."""
        for _, _, path in self._files(_SUFFIX):
            _remove(path)

    def _path(self, key: str) -> Path:
        if not _KEY.fullmatch(key):
            raise ValueError(f"{key!r} is no key")
        return self._folder / f"{key}{_SUFFIX}"

    def _make_room(self, newest: Path) -> None:
        """Remove what was not used for longest until the rest fits, and what killed writers left."""
        files = self._files(_SUFFIX)
        count, total = len(files), sum(size for _, size, _ in files)
        for _, size, path in sorted(files):
            if count <= self._most_files and total <= self._most_bytes:
                break
            if path != newest:
                _remove(path)
                count, total = count - 1, total - size
        for used, _, path in self._files(".tmp"):
            if used < self._now() - _ABANDONED_NS:
                _remove(path)

    def _files(self, suffix: str) -> list[tuple[int, int, Path]]:
        """The files with a suffix: when they were used last, their size, and where they are."""
        found: list[tuple[int, int, Path]] = []
        with contextlib.suppress(OSError), os.scandir(self._folder) as entries:
            for entry in entries:
                if entry.name.endswith(suffix):
                    with contextlib.suppress(OSError):  # another process removed it meanwhile
                        about = entry.stat()
                        found.append((about.st_mtime_ns, about.st_size, self._folder / entry.name))
        return found

    def _make_folder(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(FileExistsError), (self._state / ".gitignore").open("x", encoding="utf-8") as file:
            file.write("*\n")

    def _count(self, name: str) -> None:
        """Count by one byte at the end of a file: the system does that as one step, whoever else does it too."""
        with contextlib.suppress(OSError):
            self._make_folder()
            handle = os.open(self._folder / name, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            try:
                os.write(handle, b".")
            finally:
                os.close(handle)

    def _size(self, name: str) -> int:
        try:
            return (self._folder / name).stat().st_size
        except OSError:
            return 0


def _read(path: Path) -> Any | None:
    """The value in a file; None where there is none. A damaged file is removed."""
    try:
        data = path.read_bytes()
    except OSError:
        return None
    digest, _, body = data.partition(b"\n")
    if hashlib.sha256(body).hexdigest().encode() != digest:
        _remove(path)
        return None
    try:
        return json.loads(body)
    except (ValueError, RecursionError):  # whole, and still nothing that was written here
        _remove(path)
        return None


def _remove(path: Path) -> None:
    with contextlib.suppress(OSError):
        path.unlink()
