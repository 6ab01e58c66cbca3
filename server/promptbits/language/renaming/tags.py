"""Renaming a tag in every prompt that has it."""

from __future__ import annotations

from collections.abc import Iterator

from promptbits.checks.snapshot import Snapshot
from promptbits.checks.words import shown
from promptbits.language.names import Name
from promptbits.language.places import Change, FileEdits, Reader
from promptbits.language.renaming.guards import refuse_broken, refuse_incomplete, refuse_no_kebab
from promptbits.language.renaming.reading import read_all
from promptbits.language.renaming.value_edits import tag_edits


def refuse(snapshot: Snapshot, name: Name) -> None:
    """Refuse while it is not known which prompts have the tag."""
    refuse_broken(snapshot, name)
    refuse_incomplete(snapshot)


def rename(snapshot: Snapshot, old: str, new: str, read: Reader) -> Change:
    """Rename a tag. Where a prompt has the new one as well, the two become one."""
    refuse_no_kebab("a tag", new, "tags")
    return Change(tuple(_edits(snapshot, old, new, read)))


def _edits(snapshot: Snapshot, old: str, new: str, read: Reader) -> Iterator[FileEdits]:
    # Two tags that have become one cannot be told apart again: that is worth a question.
    joins = bool(snapshot.library.by_tag(new))
    suffix = f' (joins the tag "{shown(new)}" that is there already)' if joins else ""
    for path, document in read_all(snapshot, snapshot.library.by_tag(old), read):
        edits = tag_edits(document, {old: new})
        if edits:
            where = "this prompt" if path is None else "other prompts"
            yield FileEdits(path, edits, f"The tag in {where}{suffix}", confirm=joins)
