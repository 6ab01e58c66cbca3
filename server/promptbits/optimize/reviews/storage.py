"""A storage for TinyDB that several processes may use at once, and that a crash leaves whole.

TinyDB reads all of a file and writes all of it. Its own storages do that in place and without a lock, so that two
writers lose each other's documents, and a crash tears the file. Here whoever writes holds a lock from before reading
until after writing, and a file is replaced by renaming a finished one.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import threading
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any, Final, cast

from tinydb.storages import Storage

from promptbits.facts.ids import timestamp
from promptbits.optimize.reviews.locking import HeldError, held
from promptbits.optimize.reviews.store import ReviewStoreError
from promptbits.prompts import writing
from promptbits.prompts.discovery import reason
from promptbits.prompts.root import STATE_FOLDER
from promptbits.text.json_string import escape_surrogates

# Of the file. A newer one is refused: what it holds beyond this would be lost.
FORMAT: Final = 1

TABLE: Final = "reviews"
_VERSION: Final = "version"
_FULL: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_SECONDS: Final = 10.0

Tables = dict[str, dict[str, Any]]


class LockedStorage(Storage):
    """Tables of documents in one JSON file.

    Args:
        path: the file. A lock file lies beside it.
        say: is told, in one line, what people have to know: that a damaged file was set aside.
        seconds: for how long to wait for whoever writes.
    """

    def __init__(self, path: Path, say: Callable[[str], None], seconds: float = _SECONDS) -> None:
        self._path = path
        self._say = say
        self._seconds = seconds
        self._owner: int | None = None

    @contextlib.contextmanager
    def transaction(self) -> Generator[None]:
        """Hold the lock: nobody else writes meanwhile, and `write` may be called.

        Raises:
            ReviewStoreError: somebody else holds it for too long, or the folder cannot be written.
        """
        with contextlib.ExitStack() as until_done:
            self._acquire(until_done)
            self._owner = threading.get_ident()
            try:
                yield
            finally:
                self._owner = None

    def _acquire(self, until_done: contextlib.ExitStack) -> None:
        try:
            _make_folder(self._path.parent)
            # Apart from the file itself, which is replaced; never removed, or two could hold a lock of that name.
            until_done.enter_context(held(self._path.with_suffix(".lock"), self._seconds))
        except HeldError:
            raise ReviewStoreError(
                f"{self._path}: another process has been writing for more than {self._seconds:g} s; "
                "try again, or end it"
            ) from None
        except OSError as error:
            if error.errno in (errno.ENOLCK, errno.ENOTSUP):
                message = f"{self._path}: this file system has no locks: keep the root on another"
                raise ReviewStoreError(message) from error
            raise _failed(self._path, error) from error

    def read(self) -> Tables | None:
        """The tables; None where there are none yet.

        Raises:
            ReviewStoreError: the file cannot be read, is of a newer format, or is damaged and cannot be set aside.
        """
        try:
            return self._read()
        except _DamagedError:
            if self._is_mine:
                return self._set_aside()
        with self.transaction():
            try:
                return self._read()  # somebody may have set it aside by now
            except _DamagedError:
                return self._set_aside()

    def write(self, data: Tables) -> None:
        """Replace the tables; only within a `transaction`.

        Raises:
            ReviewStoreError: they cannot be written. Then the file is as it was.
        """
        assert self._is_mine, "whoever writes holds the lock"
        text = escape_surrogates(json.dumps({_VERSION: FORMAT, **data}, indent=2, ensure_ascii=False)) + "\n"
        target = Path(os.path.realpath(self._path))
        try:
            for left in target.parent.glob(f".{target.name}.*.tmp"):
                left.unlink(missing_ok=True)  # of a writer that was killed: none is at work but us
            temporary = writing.write_beside(target, text.encode("utf-8"), 0o600)
            try:
                temporary.replace(target)
            except BaseException:
                temporary.unlink(missing_ok=True)
                raise
            _sync(target.parent)
        except OSError as error:
            raise _failed(self._path, error) from error

    @property
    def _is_mine(self) -> bool:
        return self._owner == threading.get_ident()

    def _read(self) -> Tables | None:
        # Windows lets nobody replace a file that is open.
        alone = self.transaction() if os.name == "nt" and not self._is_mine else contextlib.nullcontext()
        try:
            with alone:
                data = self._path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise ReviewStoreError(f"{self._path}: cannot be read: {reason(error)}") from error
        try:
            value: Any = json.loads(data.decode("utf-8"))
        except (ValueError, RecursionError):
            raise _DamagedError from None
        version = cast("dict[str, Any]", value).get(_VERSION) if isinstance(value, dict) else None
        if isinstance(version, bool) or not isinstance(version, int) or version < 1:
            raise _DamagedError
        if version > FORMAT:
            raise ReviewStoreError(
                f"{self._path}: written by a newer PromptBits (format {version}, this one knows {FORMAT}): "
                "update promptbits"
            )
        tables = {name: table for name, table in cast("dict[str, Any]", value).items() if name != _VERSION}
        if tables.keys() != {TABLE} or not _is_table(tables[TABLE]):
            raise _DamagedError
        return tables

    def _set_aside(self) -> None:
        when = timestamp().replace("-", "").replace(":", "")
        aside = self._path.with_name(f"{self._path.stem}.damaged-{when}.json")
        if aside.exists():  # twice within a millisecond
            aside = self._path.with_name(f"{self._path.stem}.damaged-{when}-{os.urandom(3).hex()}.json")
        try:
            self._path.rename(aside)
        except OSError as error:
            raise ReviewStoreError(
                f"{self._path}: the file is damaged and cannot be set aside ({reason(error)}): move it away"
            ) from error
        self._say(f"{self._path}: the file was damaged: it is kept as {aside.name}, and reviews begin anew")


class _DamagedError(Exception):
    """The file is no file of reviews."""


def _is_table(table: Any) -> bool:
    """Whether a value is a table as TinyDB has them: documents by number."""
    if not isinstance(table, dict):
        return False
    items = cast("dict[str, Any]", table).items()
    return all(key.isascii() and key.isdigit() and key[0] != "0" and isinstance(each, dict) for key, each in items)


def _failed(path: Path, error: OSError) -> ReviewStoreError:
    if error.errno in _FULL:
        return ReviewStoreError(f"{path}: the disk is full; nothing was written")
    return ReviewStoreError(f"{path}: cannot be written: {reason(error)}")


def _make_folder(folder: Path) -> None:
    """Make the folder of a root's state, which git passes over."""
    folder.mkdir(parents=True, exist_ok=True)
    if folder.name == STATE_FOLDER:
        with contextlib.suppress(FileExistsError), (folder / ".gitignore").open("x", encoding="utf-8") as file:
            file.write("*\n")


def _sync(folder: Path) -> None:
    """Let the new name be on the disk as well, where folders can be opened."""
    if os.name != "posix":
        return
    with contextlib.suppress(OSError):  # some file systems cannot, and the file itself is written
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
