"""The reviews of a root, its prompts as they are now, and decisions carried out on the disk."""

from __future__ import annotations

import getpass
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from promptbits.checks.catalogue import CHECKS
from promptbits.checks.snapshot import Snapshot
from promptbits.cli import files
from promptbits.cli.console import say, shown_path
from promptbits.cli.errors import CommandError
from promptbits.cli.prompts_at_hand import AtHand, at_hand
from promptbits.optimize.reviews.changes import CreatedFile, FileChange
from promptbits.optimize.reviews.lifecycle import By
from promptbits.optimize.reviews.model import RefusedError
from promptbits.optimize.reviews.opening import open_reviews
from promptbits.optimize.reviews.store import ReviewStoreError
from promptbits.prompts.entry import Entry
from promptbits.prompts.library import Library
from promptbits.prompts.root import find_root, load_root
from promptbits.text.document import Document

if TYPE_CHECKING:
    from promptbits.facts.sqlite.embedded import SqliteStore
    from promptbits.facts.store import Fact
    from promptbits.optimize.reviews.model import Review
    from promptbits.optimize.reviews.store import ReviewStore

Change = Callable[["Review", "list[Review]"], "list[Review]"]


class Desk:
    """A root with its library and its reviews. Decisions are made as the user of this process."""

    def __init__(self, here: AtHand | None = None) -> None:
        self.here = here or at_hand()
        self.store: ReviewStore = open_reviews(self.here.root.path, say)

    @classmethod
    def around(cls, path: Path) -> Desk:
        """The desk of the root that a file lies in, or else of the working directory."""
        here = Path.cwd()
        root = load_root(find_root(path.parent, here), CHECKS)
        for warning in root.warnings:
            say(f"warning: {warning}")
        return cls(AtHand(root, Library.load(root)))

    @contextmanager
    def facts(self) -> Generator[SqliteStore | None]:
        """The store of facts, to read; None where there is none yet."""
        from promptbits.cli.facts.opening import opened, take_in_waiting
        from promptbits.facts.locating import facts_path

        path = facts_path(self.here.root.path)
        take_in_waiting(path)
        if not path.exists():
            yield None
            return
        with opened(path, read_only=True) as store:
            yield store

    def by(self) -> By:
        """Who decides, now."""
        try:
            user = getpass.getuser()
        except (KeyError, OSError, ImportError):
            user = "somebody"
        return By.now(f"{user} (promptbits)")

    def snapshot(self, review: Review) -> Snapshot:
        """The prompt of a review as it is now.

        Raises:
            CommandError: it is no longer there.
        """
        basis = review.basis
        root = self.here.root
        if basis.path is not None:
            path = root.path / basis.path  # an absolute path stays one
            if path.is_file():
                return self.read(path)
        # It was moved, or it ships with the package.
        entry = next((each for each in self.here.library.by_id(basis.prompt_id) if _fits(each, basis.path)), None)
        if entry is None:
            raise CommandError(
                f"{basis.path or basis.prompt_id}: the prompt of review {review.number} is no longer there"
            )
        return self.read(Path(entry.path))

    def read(self, path: Path) -> Snapshot:
        """A prompt file as it is now."""
        return Snapshot(Document.from_bytes(path.read_bytes()), path, self.here.root, self.here.library)

    def renewed(self) -> Desk:
        """The same with the library as it is now: others may have accepted something meanwhile."""
        return Desk(AtHand(self.here.root, Library.load(self.here.root)))

    def record(self, facts: Sequence[Fact], texts: Sequence[str]) -> None:
        """Put facts into the store of the root. Where that fails it is said, and what was decided is still done."""
        from promptbits.cli.facts.adding import add_facts
        from promptbits.facts.locating import facts_path

        try:
            add_facts(facts_path(self.here.root.path), facts, texts)
        except CommandError as error:
            say(f"{error}: this decision is no fact")


def carry_out(changes: Sequence[FileChange]) -> None:
    """Make changes of files: new ones never over what is there, edits only of what was read.

    Raises:
        CommandError: a file is there already, is read-only, or has changed meanwhile.
    """
    for change in changes:
        if isinstance(change, CreatedFile):
            try:
                files.create(change.path, change.text.encode("utf-8"))
            except FileExistsError as error:
                message = f"{shown_path(change.path)}: there is one already, and nothing was overwritten"
                raise CommandError(message) from error
        else:
            data = change.path.read_bytes()
            if Document.from_bytes(data).text != change.before:
                raise CommandError(f"{shown_path(change.path)}: the file has changed meanwhile: nothing was written")
            files.replace(change.path, change.after.encode("utf-8"), expected=data)


@contextmanager
def told() -> Generator[None]:
    """What goes wrong with reviews, as an error of the command."""
    try:
        yield
    except (RefusedError, ReviewStoreError) as error:
        raise CommandError(str(error)) from error


def _fits(entry: Entry, path: str | None) -> bool:
    return path is not None or entry.layer == "shipped"
