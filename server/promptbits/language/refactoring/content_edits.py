"""Edits of the decoded content, and the edits of the document that they are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from promptbits.checks.finding import Edit
from promptbits.checks.mending import apply
from promptbits.checks.snapshot import Snapshot
from promptbits.language.places import Change, CreatedFile, FileEdits, RefusedError
from promptbits.text.json_string import encode


class ContentEdit(NamedTuple):
    """Replace content[start:end]. `spelled` is the new text as the file already spells it in another place."""

    start: int
    end: int
    new: str
    spelled: str | None = None


def edited(content: str, edits: Iterable[ContentEdit]) -> str:
    """The content after edits that are in order and do not overlap."""
    parts: list[str] = []
    done = 0
    for edit in edits:
        parts += [content[done : edit.start], edit.new]
        done = edit.end
    return "".join([*parts, content[done:]])


def change_with(
    snapshot: Snapshot,
    edits: Sequence[ContentEdit],
    others: Iterable[Edit],
    label: str,
    created: Sequence[CreatedFile] = (),
) -> Change:
    """The change that consists of edits of the content and others outside of it.

    Raises:
        RefusedError: the document would not hold the new content, as where two halves of a character meet.
    """
    inside = [
        Edit(*snapshot.content_range(edit.start, edit.end), encode(edit.new) if edit.spelled is None else edit.spelled)
        for edit in edits
    ]
    every = tuple(sorted([*inside, *others], key=lambda edit: (edit.start, edit.end)))
    after = Snapshot(apply(snapshot.document, every))
    if not after.document.is_strict or after.content != edited(snapshot.content, edits):
        raise RefusedError("the file cannot be written so")
    return Change((FileEdits(None, every, label),), tuple(created))
