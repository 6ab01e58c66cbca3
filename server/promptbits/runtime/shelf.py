"""The prompts of a root, as an application asks for them: read once, and again when the files have changed.

What the library finds is served: custom, learned, builtin, shipped. Each call looks at the time stamp of the one file
that it serves; whether files came, went or were renamed is looked at once in a while, by the time stamps of folders.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

from promptbits.facts.ids import content_sha256
from promptbits.runtime.errors import PromptNotFoundError, PromptUnreadableError
from promptbits.runtime.notices import say_once
from promptbits.runtime.prompt import Text

if TYPE_CHECKING:
    from promptbits.prompts.entry import Entry
    from promptbits.prompts.library import Library
    from promptbits.prompts.root import Root

# What changed this shortly before it was looked at may change again without a new time stamp.
_RACY_NS: Final = 20_000_000
_RACY_COARSE_NS: Final = 2_000_000_000

# What tells one version of a file from the next; None says that it is too fresh to tell.
Stamp = tuple[int, int, int] | None


class _Served(NamedTuple):
    text: Text
    stamp: Stamp


class Shelf:
    """The prompts of one root.

    Args:
        path: the root.
        refresh: for how many seconds folders are taken to be as they were.
        clock: what tells the time.
    """

    def __init__(self, path: Path, refresh: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.path = path
        self._refresh = refresh
        self._clock = clock
        self._served: dict[str, _Served] = {}
        self._library: Library | None = None
        self._folders: dict[str, Stamp] = {}
        self._look_at = 0.0
        self.renew_lock()

    def renew_lock(self) -> None:
        """Forget who holds the lock: in a child of a fork, where they do not exist."""
        self._lock = threading.RLock()

    def at_hand(self, id_: str) -> Text | None:
        """The text of an id if it was read before and its file is as it was then."""
        served = self._served.get(id_)
        if served is None or served.stamp is None or self._clock() >= self._look_at:
            return None
        return served.text if _stamp(served.text.path) == served.stamp else None

    def text(self, id_: str) -> Text:
        """The text that an id stands for.

        Raises:
            PromptNotFoundError: no prompt has the id.
            PromptUnreadableError: its file is not in order, and was not before.
        """
        found = self.at_hand(id_)
        if found is not None:
            return found
        with self._lock:
            for library in (self._fresh_library, self._read_library, self._read_library_anew):
                found = self._found_in(library(), id_)
                if found is not None:
                    return found
            raise self._not_found(id_)

    def table(self, id_: str) -> dict[str, Any]:
        """The whole prompt, as it stands in its file."""
        with self._lock:
            path = self.text(id_).path
            return _load(_bytes_of(path), path)

    def root(self) -> Root:
        """The root with its settings, as far as they matter here."""
        from promptbits.prompts.root import Root
        from promptbits.prompts.settings import combine, read_file

        table, _ = read_file(self.path)
        # Only where prompts lie: how checks are set is none of an application's business.
        settings, _ = combine({name: table[name] for name in ("roots",) if name in table}, None, ())
        return Root(self.path, settings)

    def custom_entry(self, id_: str) -> Entry | None:
        """The prompt of the user's own that has an id."""
        with self._lock:
            return next((entry for entry in self._read_library().by_id(id_) if entry.layer == "custom"), None)

    def forget(self) -> None:
        """Look at everything anew."""
        with self._lock:
            self._library = None

    def _found_in(self, library: Library, id_: str) -> Text | None:
        entry = library.served(id_)
        return self._read(entry) if entry is not None else None

    def _fresh_library(self) -> Library:
        if self._library is None:
            return self._read_library()
        if self._clock() >= self._look_at:
            if any(stamp is None or _stamp(folder) != stamp for folder, stamp in self._folders.items()):
                return self._read_library()
            self._look_at = self._clock() + self._refresh
        return self._library

    def _read_library_anew(self) -> Library:
        return self._read_library(use_cache=False)

    def _read_library(self, *, use_cache: bool = True) -> Library:
        from promptbits.prompts.library import Library

        root = self.root()
        # Before they are read: what changes meanwhile is then seen the next time.
        folders = {folder: _stamp(folder) for folder in _folders(root)}
        self._library = Library.load(root, use_cache=use_cache)
        # Folders that links lead to are known by what lies in them.
        linked = {os.path.dirname(entry.path) for entry in self._library.entries()} - folders.keys()  # noqa: PTH120
        self._folders = folders | {folder: _stamp(folder) for folder in linked}
        self._look_at = self._clock() + self._refresh
        return self._library

    def _read(self, entry: Entry) -> Text | None:
        stamp = _stamp(entry.path)
        before = self._served.get(entry.id)
        try:
            text = _text_of(entry)
        except PromptUnreadableError as error:
            # Perhaps it is only half written: an application that runs goes on with what it had.
            if before is None or before.text.path != entry.path:
                raise
            say_once(f"broken {entry.path} {stamp}", "%s: the version before is served on", error)
            return before.text
        if text.id != entry.id:  # the file has got another id since the library was read
            self._served.pop(entry.id, None)
            return None
        self._served[entry.id] = _Served(text, stamp)
        return text

    def _not_found(self, id_: str) -> PromptNotFoundError | PromptUnreadableError:
        from promptbits.prompts.root import stem

        library = self._fresh_library()
        for entry in library.entries():
            if not entry.readable and stem(Path(entry.path)) == id_:
                return PromptUnreadableError(f"{entry.path}: not in order: promptbits check says where")
        near = library.nearest_id(id_)
        meant = f" (did you mean {near!r}?)" if near else ""
        return PromptNotFoundError(f"there is no prompt {id_!r} in {self.path}{meant}")


def _folders(root: Root) -> set[str]:
    """What decides which prompts there are: folders, whether they exist yet or not, and the settings."""
    found = {str(root.path / "promptbits.toml")}
    for folder in root.prompt_folders():
        found.add(str(folder))
        for above, below, _ in os.walk(folder):
            found.add(above)
            below[:] = [name for name in below if not (name.startswith(".") or name == "node_modules")]
    return found


def _stamp(path: str) -> Stamp:
    """The stamp of a file or folder; that of one that does not exist is a stamp as well."""
    try:
        info = os.stat(path)  # noqa: PTH116  (on the way of every call)
    except OSError:
        return (0, 0, 0)
    age = time.time_ns() - info.st_mtime_ns
    if 0 <= age < (_RACY_NS if info.st_mtime_ns % 1_000_000_000 else _RACY_COARSE_NS):
        return None
    return (info.st_mtime_ns, info.st_size, info.st_ino)


def _text_of(entry: Entry) -> Text:
    table = _load(_bytes_of(entry.path), entry.path)
    content = table.get("content")
    if not isinstance(content, str):
        raise PromptUnreadableError(f"{entry.path}: it has no content")
    # The entry may be older than what was just read.
    from promptbits.prompts.entry import entry_of_value

    now = entry_of_value(entry.path, entry.layer, table)
    return Text(now.id, entry.layer, now.revision, content, _declared(table), content_sha256(content), entry.path)


def _bytes_of(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as error:
        from promptbits.prompts.discovery import reason

        raise PromptUnreadableError(f"{path}: {reason(error)}") from error


def _load(data: bytes, path: str) -> dict[str, Any]:
    from promptbits.text.document import Document

    document = Document.from_bytes(data)
    value = document.value if document.is_strict else None
    if not isinstance(value, dict) or any(problem.kind == "encoding" for problem in document.problems):
        raise PromptUnreadableError(f"{path}: not in order: promptbits check says where")
    return cast("dict[str, Any]", value)


def _declared(table: dict[str, Any]) -> dict[str, Mapping[str, Any]]:
    variables = table.get("variables")
    if not isinstance(variables, dict):
        return {}
    declared = cast("dict[str, Any]", variables)
    return {name: cast("dict[str, Any]", spec) if isinstance(spec, dict) else {} for name, spec in declared.items()}
