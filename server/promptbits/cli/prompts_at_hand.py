"""The library of the working directory, and finding a prompt in it by id."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from promptbits.cli.errors import CommandError

if TYPE_CHECKING:  # shell completion imports this module on every press of the tab key
    import click

    from promptbits.prompts.entry import Entry
    from promptbits.prompts.library import Library
    from promptbits.prompts.root import Root


class AtHand(NamedTuple):
    """A root and its library."""

    root: Root
    library: Library

    def find(self, id_: str) -> list[Entry]:
        """The prompts of an id, the one that is served first.

        Raises:
            CommandError: there is none.
        """
        entries = self.library.by_id(id_)
        if entries:
            return entries
        from rapidfuzz import process  # only to word an error

        best = process.extractOne(id_, sorted(self.library.ids()), score_cutoff=70)
        hint = f": did you mean {best[0]!r}?" if best else ": `promptbits list` shows all"
        raise CommandError(f"there is no prompt {id_!r} under {self.root.path}{hint}")


def at_hand(*, complain: bool = True) -> AtHand:
    """The library of the working directory's root. Warnings about its settings go to stderr."""
    from promptbits.cli.collect import current_root
    from promptbits.cli.console import say
    from promptbits.cli.progress import Progress
    from promptbits.prompts.library import Library

    root = current_root()
    if complain:
        for warning in root.warnings:
            say(f"warning: {warning}")
        with Progress("Reading") as progress:
            return AtHand(root, Library.load(root, progress=progress))
    return AtHand(root, Library.load(root))


def complete_ids(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[Any]:
    """The ids that begin with what was typed, for the shell. It never fails: nobody would see why."""
    from click.shell_completion import CompletionItem

    try:
        library = at_hand(complain=False).library
    except OSError:
        return []
    found = {entry.id: entry for entry in library.entries() if entry.id.startswith(incomplete)}
    return [CompletionItem(id_, help=found[id_].description or None) for id_ in sorted(found)]
