"""Renaming a variable: its declaration and every placeholder, each with the marks it has."""

from __future__ import annotations

from promptbits.checks.finding import Edit
from promptbits.checks.snapshot import Snapshot
from promptbits.checks.variables import all_read
from promptbits.checks.words import shown
from promptbits.language.names import mentions
from promptbits.language.places import Change, FileEdits, RefusedError
from promptbits.text.document import Document
from promptbits.text.placeholders import is_name


def is_whole(snapshot: Snapshot) -> bool:
    """Whether every use and every declaration was read."""
    if not snapshot.content_is_whole:
        return False
    if all_read(snapshot):
        return True
    return snapshot.variables is None and '"variables"' not in snapshot.document.text


def refuse(snapshot: Snapshot) -> None:
    """Refuse while uses or declarations may be hidden by an error in the JSON."""
    if not is_whole(snapshot):
        raise RefusedError("the JSON is broken, so not every use of the variable can be found: mend it first")


def rename(snapshot: Snapshot, old: str, new: str) -> Change:
    """Rename a variable, declared or not, in the whole prompt."""
    if not is_name(new):
        raise RefusedError(
            f'"{shown(new)}" cannot name a variable: use letters, digits and _, not a digit first, parts joined by dots'
        )
    if new in (snapshot.variables or ()):
        raise RefusedError(f'there is a variable "{shown(new)}" already')
    if any(use.name == new for use in snapshot.placeholders):
        raise RefusedError(f'the content uses "{shown(new)}" already')
    # A name is plain letters: it needs no escapes in JSON.
    edits = tuple(Edit(each.start, each.end, new) for each in mentions(snapshot, "variable", old))
    _refuse_other_meaning(snapshot, edits, old, new)
    return Change((FileEdits(None, edits, "The variable and its uses"),))


def _refuse_other_meaning(snapshot: Snapshot, edits: tuple[Edit, ...], old: str, new: str) -> None:
    """Refuse where the changed prompt would not have the same placeholders and declarations under the new name.

    So it is with `{{new}}` in fenced code: it is code until a variable of that name is declared.
    """
    text = snapshot.document.text
    for edit in reversed(edits):
        text = text[: edit.start] + edit.new + text[edit.end :]
    after = Snapshot(Document.from_text(text), snapshot.path, snapshot.root, snapshot.library)
    if _uses(after, {}) != _uses(snapshot, {old: new}):
        raise RefusedError(f"{{{{{shown(new)}}}}} in fenced code would become a placeholder, or cease to be one")
    if list(after.variables or ()) != [new if name == old else name for name in snapshot.variables or ()]:
        raise RefusedError("the JSON is broken, so the declarations would be read in another way: mend it first")


def _uses(snapshot: Snapshot, names: dict[str, str]) -> list[tuple[str, str]]:
    return [(names.get(use.name, use.name), use.style) for use in snapshot.placeholders]
