"""Where facts wait while their store cannot take them: append-only JSONL beside it, one fact a line.

Writers append to one file per user, one write a line, under a lock that is held for no longer than that. Whoever opens
the store gives the file a name of its own first, so that nobody appends to it any more, and then takes it in. A
process that dies in between leaves a file that the next one takes in; ids make every fact count once. A line that a
killed process tore is passed over and harms no other.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple, Protocol, cast

from promptbits.facts.ids import content_sha256, new_id
from promptbits.facts.spool_files import locked, make_folder, opened, opened_to_append, stands_at
from promptbits.facts.store import Appended, Fact, InvalidFactError

# Lines that the store refuses are kept here, for people to look at.
REFUSED: Final = "refused.txt"

# How many facts are committed together while they are taken in.
_BATCH: Final = 500
_WAITING: Final = "waiting-"
_TAKEN: Final = "taken-"
_ENDING: Final = ".jsonl"
# A template, which is no fact, has a line of its own.
_TEXT: Final = "text"


class Taker(Protocol):
    """The part of a store that takes facts."""

    def append(self, facts: Sequence[Fact]) -> Appended:
        """Add facts."""
        ...

    def keep_text(self, content_sha256: str, content: str) -> None:
        """Keep a template."""
        ...


class TakenIn(NamedTuple):
    """What became of the lines of a spool. `torn` lines were never written to their end."""

    added: int = 0
    repeated: int = 0
    refused: int = 0
    torn: int = 0

    def and_then(self, other: TakenIn) -> TakenIn:
        """Both together."""
        return TakenIn(*(mine + its for mine, its in zip(self, other, strict=True)))


def spool_folders(store: Path) -> list[Path]:
    """The folders in which the facts of a store wait, by the path of the store; the first one is the place for them.

    It lies beside the store. Where that is read-only, the user's own state folder is the place
    (`PROMPTBITS_STATE` overrides).
    """
    import hashlib

    path = store.absolute()
    beside = path.parent / "spool" if path.name == "facts.db" else path.with_name(f"{path.name}.spool")
    key = hashlib.sha256(os.fsencode(path)).hexdigest()[:24]
    return [beside, _state_folder() / "spool" / key]


def spool(folder: Path, facts: Iterable[Fact], texts: Iterable[str] = ()) -> None:
    """Append facts, and templates, to the spool in a folder.

    Raises:
        OSError: they cannot be written.
        ValueError: one is no JSON.
        TypeError: one is no JSON.
    """
    tables = [{"kind": _TEXT, "content": text} for text in texts]
    lines = [json.dumps(table, allow_nan=False).encode() for table in (*tables, *facts)]
    make_folder(folder)
    user = os.getuid() if hasattr(os, "getuid") else 0
    path = folder / f"{_WAITING}{user}{_ENDING}"
    with opened_to_append(path) as handle:
        for line in lines:
            # The line end in front closes a line that somebody tore.
            data = b"\n" + line + b"\n"
            if os.write(handle, data) != len(data):
                raise OSError(28, "No space left on device", str(path))


def is_waiting(folder: Path) -> bool:
    """Whether there is anything to take in."""
    return next(_waiting(folder), None) is not None


def take_in(store: Taker, folder: Path) -> TakenIn:
    """Put what waits in a folder into its store, each fact once, and remove it. Safe to do in several processes.

    Raises:
        StoreError: the store cannot take it now; everything still waits.
        OSError: the folder cannot be read or changed; nothing is lost.
    """
    total = TakenIn()
    for path in list(_waiting(folder)):
        try:
            taken = _set_apart(path)
            if taken is not None:
                total = total.and_then(_take_file(store, taken))
        except FileNotFoundError:
            continue  # somebody else has just taken it in
        except PermissionError:
            continue  # it is another user's, who will
    return total


def take_in_all(store: Taker, path: Path) -> TakenIn:
    """Put everything that waits for a store into it, by the path of the store; see `take_in`."""
    total = TakenIn()
    for folder in spool_folders(path):
        total = total.and_then(take_in(store, folder))
    return total


def _waiting(folder: Path) -> Iterator[Path]:
    try:
        names = sorted(os.listdir(folder))  # noqa: PTH208  (names are all that is wanted)
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        return
    for name in names:
        if name.startswith((_WAITING, _TAKEN)) and name.endswith(_ENDING):
            yield folder / name


def _set_apart(path: Path) -> Path | None:
    """Give a file that is still written to a name of its own; None if somebody else has just done so."""
    if path.name.startswith(_TAKEN):
        return path
    taken = path.with_name(f"{_TAKEN}{new_id()}{_ENDING}")
    if os.name != "posix":  # an open file cannot be renamed there: that nobody has it open is what must be known
        return path.rename(taken)
    with opened(path, os.O_RDWR) as handle, locked(handle):
        return path.rename(taken) if stands_at(handle, path) else None


def _take_file(store: Taker, path: Path) -> TakenIn:
    total = TakenIn()
    with path.open("rb") as file, locked(file.fileno(), wait=False) as is_mine:
        if not is_mine:  # somebody is at it
            return total
        for batch in _batches(file):
            total = total.and_then(_take_lines(store, batch, path.parent))
        if os.name == "posix":
            path.unlink(missing_ok=True)  # while it is locked: nobody then reads it once more
    if os.name != "posix":  # an open file cannot be removed there
        path.unlink(missing_ok=True)
    return total


def _take_lines(store: Taker, lines: list[bytes], folder: Path) -> TakenIn:
    facts: list[Fact] = []
    torn = 0
    for line in lines:
        table = _table(line)
        if table is None:
            torn += 1
        elif table.get("kind") == _TEXT:
            _take_text(store, table.get("content"))
        else:
            facts.append(table)
    try:
        done = store.append(facts) if facts else Appended(0, 0)
    except InvalidFactError:
        return _one_by_one(store, facts, folder)._replace(torn=torn)
    return TakenIn(done.added, done.repeated, 0, torn)


def _take_text(store: Taker, content: object) -> None:
    if isinstance(content, str):
        with contextlib.suppress(InvalidFactError):  # facts about it are worth having without it
            store.keep_text(content_sha256(content), content)


def _one_by_one(store: Taker, facts: list[Fact], folder: Path) -> TakenIn:
    """Take in what the store takes; what it refuses is written to a file of its own."""
    total = TakenIn()
    for fact in facts:
        try:
            done = store.append([fact])
        except InvalidFactError:
            with opened(folder / REFUSED, os.O_WRONLY | os.O_CREAT | os.O_APPEND) as handle:
                os.write(handle, json.dumps(fact).encode() + b"\n")
            total = total.and_then(TakenIn(refused=1))
        else:
            total = total.and_then(TakenIn(done.added, done.repeated))
    return total


def _table(line: bytes) -> dict[str, Any] | None:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return cast("dict[str, Any]", value) if isinstance(value, dict) else None


def _batches(lines: Iterable[bytes]) -> Iterator[list[bytes]]:
    batch: list[bytes] = []
    for line in lines:
        if line.strip():
            batch.append(line)
        if len(batch) >= _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _state_folder() -> Path:
    chosen = os.environ.get("PROMPTBITS_STATE")
    if chosen:
        return Path(chosen)
    import platformdirs  # late, as elsewhere

    return Path(platformdirs.user_state_dir("promptbits", appauthor=False))
