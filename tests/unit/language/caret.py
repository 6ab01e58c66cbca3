"""Completion in tests: texts with `|` for the cursor, a small library, and items applied to the text."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from promptbits.checks.snapshot import Snapshot
from promptbits.language.completion import Completions, Item, complete
from promptbits.prompts.entry import Entry, entry_of_document
from promptbits.prompts.library import Library
from promptbits.prompts.root import Root
from promptbits.prompts.settings import Settings
from promptbits.text.document import Document

ROOT = Path("/project")
HOME = "prompts/custom/code-review.json"


def library(prompts: Mapping[str, Mapping[str, Any]]) -> Library:
    """A library of prompts in custom/, by id."""
    folder = ROOT / "prompts" / "custom"
    return Library.of(
        entry_of_document(folder / f"{id_}.json", "custom", Document.from_text(json.dumps({"id": id_, **fields})))
        for id_, fields in prompts.items()
    )


def at_caret(source: str, words: Library | Iterable[Entry] = (), path: str | None = HOME) -> tuple[Snapshot, int]:
    """The snapshot of a text without its caret, and where the caret was."""
    offset = source.index("|")
    document = Document.from_text(source[:offset] + source[offset + 1 :])
    root = Root(ROOT, Settings())
    known = words if isinstance(words, Library) else Library.of(words)
    return Snapshot(document, ROOT / path if path else None, root, known), offset


def offered(source: str, words: Library | None = None, *, most: int = 100, path: str | None = HOME) -> Completions:
    """What is offered at the caret, as snippets."""
    snapshot, offset = at_caret(source, words or Library(), path)
    return complete(snapshot, offset, snippets=True, most=most)


def labels(source: str, words: Library | None = None, **options: Any) -> list[str]:
    """The labels of what is offered, in order."""
    return [item.label for item in offered(source, words, **options).items]


def accepted(
    source: str, label: str, words: Library | None = None, *, snippets: bool = True, path: str | None = HOME
) -> str:
    """The text after the item of that label was chosen; a client would show it, so it must fit what is typed."""
    snapshot, offset = at_caret(source, words or Library(), path)
    found = complete(snapshot, offset, snippets=snippets)
    (item,) = [item for item in found.items if item.label == label]
    holds(item, snapshot.document.text, offset)
    return applied(item, snapshot.document.text)


def holds(item: Item, text: str, offset: int) -> None:
    """An edit is on one line, holds the cursor, and its filter text begins as what is typed does."""
    edit = item.edit
    assert 0 <= edit.start <= offset <= edit.end <= len(text)
    assert not set("\r\n") & set(text[edit.start : edit.end])
    assert all(each.end <= edit.start or each.start > edit.end for each in item.additional)


def applied(item: Item, text: str) -> str:
    """The text after an item was chosen."""
    for edit in sorted((item.edit, *item.additional), key=lambda edit: edit.start, reverse=True):
        text = text[: edit.start] + edit.new + text[edit.end :]
    return text
