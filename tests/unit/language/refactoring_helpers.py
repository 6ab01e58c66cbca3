"""Refactorings in tests: texts with `|` at the cursor or at both ends of a selection, and changes applied to them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from promptbits.checks.mending import apply
from promptbits.checks.snapshot import Snapshot
from promptbits.language.places import Change
from promptbits.language.refactoring import Refactoring, change_of, refactorings
from promptbits.prompts.library import Library
from promptbits.prompts.root import Root
from promptbits.text.document import Document

PROJECT = Path("/project")
HOME = "prompts/custom/demo.json"


def shot(text: str, *, library: Library | None = None, path: str | None = HOME) -> Snapshot:
    """The snapshot of a text as a file of a project."""
    return Snapshot(Document.from_text(text), PROJECT / path if path else None, Root(PROJECT), library or Library())


def prompt(content: str, variables: dict[str, Any] | None = None, **more: Any) -> str:
    """A prompt in canonical form; the marks may stand in any of its strings."""
    fields = {"id": "demo", "content": content, "variables": variables, "confidence": 0.5, **more}
    return json.dumps({name: value for name, value in fields.items() if value is not None}, indent=2) + "\n"


def unmarked(source: str) -> tuple[str, int, int]:
    """A text without its marks, and where they were."""
    first = source.index("|")
    last = source.find("|", first + 1)
    if last < 0:
        return source.replace("|", ""), first, first
    return source.replace("|", ""), first, last - 1


def offered(source: str, **options: Any) -> list[Refactoring]:
    """What is offered at the marks."""
    text, start, end = unmarked(source)
    return refactorings(shot(text, **options), start, end)


def names(source: str, **options: Any) -> list[tuple[str, str]]:
    """The names and arguments of what is offered."""
    return [(each.name, each.argument) for each in offered(source, **options)]


def changed(source: str, name: str, argument: str = "", **options: Any) -> tuple[str, Change]:
    """The text after an offered refactoring, and the change."""
    text, start, end = unmarked(source)
    snapshot = shot(text, **options)
    (chosen,) = [
        each for each in refactorings(snapshot, start, end) if each.name == name and each.argument.startswith(argument)
    ]
    change = change_of(snapshot, chosen, start, end)
    return after(snapshot, change), change


def done(source: str, name: str, argument: str = "", **options: Any) -> str:
    """The text after an offered refactoring."""
    return changed(source, name, argument, **options)[0]


def content_of(source: str, name: str, argument: str = "", **options: Any) -> str:
    """The content after an offered refactoring."""
    return json.loads(done(source, name, argument, **options))["content"]


def after(snapshot: Snapshot, change: Change) -> str:
    """The text of a document after a change, whose edits are in order and touch nothing that stays."""
    (file,) = change.edits
    assert file.path is None
    assert list(file.edits) == sorted(file.edits, key=lambda edit: (edit.start, edit.end))
    for one, other in zip(file.edits, file.edits[1:], strict=False):
        assert one.end <= other.start
    return apply(snapshot.document, file.edits).text
