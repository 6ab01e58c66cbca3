"""Finding prompt files in folders: symbolic links are followed, loops and what cannot be read are told."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from typing import Final, NamedTuple

_SKIPPED: Final = frozenset({"node_modules", "__pycache__"})
_ENDINGS: Final = (".json", ".JSON")


class Found(NamedTuple):
    """A file, with what tells one version of it from the next. A plain tuple: there may be a great many."""

    path: str
    mtime_ns: int
    size: int


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A path that should hold prompts and cannot be read, and why."""

    path: str
    reason: str


def walk(folder: str | os.PathLike[str]) -> tuple[list[Found], list[Unreadable]]:
    """Every `.json` file below a folder, in the order of names. A folder that does not exist has none.

    Hidden folders, `node_modules` and `__pycache__` are passed over.
    """
    walker = _Walker()
    start = os.fspath(folder)
    try:
        info = os.stat(start)  # noqa: PTH116  (the whole walk is on strings: Path costs 3x the walk itself)
    except FileNotFoundError:
        pass
    except OSError as error:
        walker.unreadable.append(Unreadable(start, reason(error)))
    else:
        walker.walk(start, frozenset({(info.st_dev, info.st_ino)}))
    return walker.found, walker.unreadable


def takes(relative: str) -> bool:
    """Whether `walk` takes a file that lies in the folder, by its path relative to it."""
    *above, name = relative.split(os.sep)  # noqa: PTH206  (asked of every file that a client reports as changed)
    return name.endswith(_ENDINGS) and not any(_is_skipped(folder) for folder in above)


def _is_skipped(name: str) -> bool:
    return name.startswith(".") or name in _SKIPPED


class _Walker:
    """What one walk has met so far."""

    def __init__(self) -> None:
        self.found: list[Found] = []
        self.unreadable: list[Unreadable] = []
        # Links that lead to links would otherwise double the walk with every level.
        self._linked: set[tuple[int, int]] = set()

    def walk(self, folder: str, above: frozenset[tuple[int, int]]) -> None:
        try:
            with os.scandir(folder) as scan:
                entries = sorted(scan, key=lambda entry: entry.name)
        except OSError as error:
            self.unreadable.append(Unreadable(folder, reason(error)))
            return
        for entry in entries:
            is_json = entry.name.endswith(_ENDINGS)
            try:
                if entry.is_dir():
                    if is_json:
                        self.unreadable.append(Unreadable(entry.path, "it is a folder, not a file"))
                    if not _is_skipped(entry.name):
                        self._enter(entry, above)
                elif is_json:
                    info = entry.stat()
                    if stat.S_ISREG(info.st_mode):
                        self.found.append(Found(entry.path, info.st_mtime_ns, info.st_size))
                    else:
                        self.unreadable.append(Unreadable(entry.path, "it is not an ordinary file"))
            except OSError as error:
                if is_json or entry.is_symlink():
                    self.unreadable.append(Unreadable(entry.path, reason(error, link=entry.is_symlink())))

    def _enter(self, entry: os.DirEntry[str], above: frozenset[tuple[int, int]]) -> None:
        info = entry.stat()
        identity = (info.st_dev, info.st_ino)
        if identity in above:
            self.unreadable.append(Unreadable(entry.path, "the link leads back to a folder above it"))
        elif not entry.is_symlink() or identity not in self._linked:
            if entry.is_symlink():
                self._linked.add(identity)
            self.walk(entry.path, above | {identity})


def reason(error: OSError, *, link: bool = False) -> str:
    """Why a path cannot be read, in a few words."""
    if link and isinstance(error, FileNotFoundError):
        return "the link leads to nothing"
    text = error.strerror or "input/output error"
    return "the links lead in a circle" if "symbolic links" in text else text[:1].lower() + text[1:]
