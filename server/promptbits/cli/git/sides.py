"""What `promptbits diff` is asked to compare: a prompt by its id, a revision of it, one in git's history, a file."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from promptbits.cli.console import shown_path
from promptbits.cli.errors import CommandError
from promptbits.cli.git.history import file_in, find_at, id_of
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

    def committed(self, side: Side) -> Side | None:
        """A version as it was in the last commit, also where its file has moved since; None for a new prompt.

        Raises:
            CommandError: git does not look after the file, or there is no commit.
        """
        if side.is_past:
            name = side.name.partition(":")[2]
            raise CommandError(
                f"{side.name} is of the past: name B as well, as in `promptbits diff {side.name} {name}`"
            )
        path = Path(side.path).resolve()
        repository = Repository.around(path.parent)
        inside = path.relative_to(repository.top.resolve()).as_posix()
        found = file_in(repository, inside, "HEAD")
        if found is not None:
            return Side(f"HEAD:{side.name}", shown_path(path), found, is_past=True)
        # Installed prompts in an environment that git ignores have not come since the last commit.
        if not repository.run("ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", inside):
            raise CommandError(f"{side.path} is ignored by git: name B as well, what to compare it with")
        return self._moved(side)

    def _moved(self, side: Side) -> Side | None:
        """The file that a prompt had in the last commit; None if there was none, or it is still there."""
        id_ = id_of(side.data)
        if not id_ or "/" in id_ or id_.lower().endswith(".json"):
            return None
        try:
            old = self.at_ref("HEAD", id_)
        except CommandError:
            return None
        return None if Path(old.path).exists() else old._replace(name=f"HEAD:{side.name}")

    def at_ref(self, ref: str, id_: str) -> Side:
        """A prompt as it was in a commit, by its id or by its path from the top of the repository."""
        if not id_:
            raise CommandError(f"'{ref}:' names no prompt: write REF:ID")
        root = self.here.root
        repository = Repository.around(root.path)
        path, data = find_at(repository, root, id_, ref)
        return Side(f"{ref}:{id_}", shown_path(repository.top.resolve() / path), data, is_past=True)

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
