"""What `promptbits diff` is asked to compare: a prompt by its id, a revision of it, one in git's history, a file."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from promptbits.cli.console import shown_path
from promptbits.cli.errors import CommandError
from promptbits.cli.git.history import file_at, find_at
from promptbits.cli.git.runner import Repository
from promptbits.cli.prompts_at_hand import AtHand
from promptbits.prompts.entry import Entry
from promptbits.prompts.library import Library

_REVISION = re.compile(r"(?P<id>[^@:/\\]+)@(?P<revision>[1-9][0-9]*)")


class Side(NamedTuple):
    """One of two versions: what it was called, where it lies, its bytes, and whether it is one of the past."""

    name: str
    path: str
    data: bytes
    is_past: bool = False


def committed(side: Side) -> Side:
    """The file of a version as it was in the last commit.

    Raises:
        CommandError: it was not there.
    """
    path = Path(side.path).resolve()
    if side.is_past:
        raise CommandError(f"{side.name} alone says nothing: name B as well, what to compare it with")
    repository = Repository.around(path.parent)
    try:
        inside, data = file_at(repository, path.relative_to(repository.top.resolve()).as_posix(), "HEAD")
    except CommandError as error:
        raise CommandError(f"{side.path} is not in the last commit: name B as well, what to compare it with") from error
    return Side(f"HEAD:{side.name}", inside, data, is_past=True)


class Finder:
    """Finds versions; the library is read only once an id is asked for."""

    def __init__(self, here: Callable[[], AtHand]) -> None:
        self._load = here
        self._here: AtHand | None = None

    @property
    def here(self) -> AtHand:
        """The library of the working directory."""
        if self._here is None:
            self._here = self._load()
        return self._here

    def find(self, name: str) -> Side:
        """The version that an argument names.

        Raises:
            CommandError: there is none.
            OSError: its file cannot be read.
        """
        path = Path(name)
        if path.is_file() and (path.suffix.lower() == ".json" or len(path.parts) > 1):
            return Side(name, shown_path(path.absolute()), path.read_bytes())
        revision = _REVISION.fullmatch(name)
        if revision and not self.here.library.by_id(name):
            entry = self._revision(revision["id"], int(revision["revision"]))
        elif ":" in name:
            return self.at_ref(*name.split(":", 1))
        elif path.suffix.lower() == ".json" or len(path.parts) > 1:
            raise CommandError(f"{name}: there is no such file")
        else:
            entry = self.here.find(name)[0]
        return Side(name, shown_path(entry.path), Path(entry.path).read_bytes())

    def parent(self, name: str) -> Side:
        """The prompt that one evolved from."""
        entry = self.here.find(name)[0]
        if not entry.parent:
            raise CommandError(f"{name!r} names no parent: `promptbits diff {name}` compares it with the last commit")
        return self.find(entry.parent)

    def at_ref(self, ref: str, id_: str) -> Side:
        """A prompt as it was in a commit, by its id or by its path from the top of the repository."""
        if not id_:
            raise CommandError(f"'{ref}:' names no prompt: write REF:ID")
        root = self.here.root
        repository = Repository.around(root.path)
        path, data = find_at(repository, root, id_, ref)
        return Side(f"{ref}:{id_}", path, data, is_past=True)

    def _revision(self, id_: str, revision: int) -> Entry:
        """The prompt with a revision in the lineage of another: itself, else above it, else below."""
        library = self.here.library
        start = self.here.find(id_)[0]
        found: dict[str, Entry] = {}
        for entry in _lineage(library, start):
            if entry.revision == revision:
                found.setdefault(entry.id, entry)
                if entry is start or entry.id == start.parent:
                    return entry
        if not found:
            known = ", ".join(str(number) for number in sorted({entry.revision for entry in _lineage(library, start)}))
            raise CommandError(
                f"{id_!r} has no revision {revision} (there is {known}): an older one is REF:{id_} in git"
            )
        if len(found) > 1:
            raise CommandError(
                f"several prompts are revision {revision} of {id_!r}: name one of {', '.join(sorted(found))}"
            )
        return next(iter(found.values()))


def _lineage(library: Library, start: Entry) -> Iterator[Entry]:
    """A prompt, those it evolved from, and then all that evolved from the first of these. Circles end it."""
    seen = {start.id}
    yield start
    above = start
    while above.parent and above.parent not in seen and (parents := library.by_id(above.parent)):
        above = parents[0]
        seen.add(above.id)
        yield above
    waiting = sorted(seen)
    while waiting:
        name = waiting.pop(0)
        for entry in library.by_reference(name):
            if entry.parent == name and entry.id not in seen:
                seen.add(entry.id)
                waiting.append(entry.id)
                yield library.by_id(entry.id)[0]
