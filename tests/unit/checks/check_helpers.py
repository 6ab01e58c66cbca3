"""Checking prompts in tests: a minimal prompt to vary, one file or several, and findings as plain tuples."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from types import EllipsisType
from typing import Any

from promptbits.checks.engine import check
from promptbits.checks.finding import Finding
from promptbits.checks.snapshot import Snapshot
from promptbits.prompts.entry import entry_of_document
from promptbits.prompts.library import Library
from promptbits.prompts.root import Root
from promptbits.prompts.settings import Settings
from promptbits.text.document import Document

ROOT = Path("/project")
HOME = "prompts/custom/code-review.json"
VALID: dict[str, Any] = {
    "id": "code-review",
    "trigger": {"Language": "Rust"},
    "category": "BestPractices",
    "content": "Review the code.",
    "confidence": 0.8,
    "source": "Custom",
}

Source = str | bytes | Document | Mapping[str, Any]


def prompt(**changes: Any) -> dict[str, Any]:
    """The minimal prompt with some keys changed, added, or (with `...`) left out."""
    merged = VALID | changes
    return {key: value for key, value in merged.items() if not isinstance(value, EllipsisType)}


def text_of(value: Mapping[str, Any]) -> str:
    """A prompt as a file holds it."""
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def document_of(source: Source) -> Document:
    """A document of a text, of bytes, or of a prompt."""
    if isinstance(source, Document):
        return source
    if isinstance(source, bytes):
        return Document.from_bytes(source)
    return Document.from_text(source if isinstance(source, str) else text_of(source))


def snapshots(files: Mapping[str, Source], settings: Settings | None = None) -> dict[str, Snapshot]:
    """The snapshots of files that lie in one root, by their paths relative to it."""
    root = Root(ROOT, settings or Settings())
    documents = {ROOT / name: document_of(source) for name, source in files.items()}
    library = Library.of(
        entry_of_document(path, layer, document)
        for path, document in documents.items()
        if (layer := root.layer(path)) is not None
    )
    return {
        str(path.relative_to(ROOT)): Snapshot(document, path, root, library) for path, document in documents.items()
    }


def snapshot(source: Source, path: str = HOME, settings: Settings | None = None) -> Snapshot:
    """The snapshot of one file alone in its root."""
    return snapshots({path: source}, settings)[path]


def findings(source: Source, path: str = HOME, settings: Settings | None = None) -> list[Finding]:
    """What is found in one file."""
    return check(snapshot(source, path, settings))


def said(source: Source, path: str = HOME, settings: Settings | None = None) -> list[tuple[str, str, str]]:
    """What is found in one file: code, message and the piece of source it is about."""
    return told(snapshot(source, path, settings))


def told(shot: Snapshot) -> list[tuple[str, str, str]]:
    """What is found in a snapshot: code, message and the piece of source it is about."""
    return [(each.code, each.message, shot.document.text[each.start : each.end]) for each in check(shot)]


def codes(source: Source, path: str = HOME) -> list[str]:
    """The codes of what is found in one file."""
    return [each.code for each in findings(source, path)]


def mended(source: Source, code: str, path: str = HOME) -> str:
    """The text of a file after the first fix for a code, as an editor applies it."""
    shot = snapshot(source, path)
    fix = next(each.fix for each in check(shot) if each.code == code and each.fix)
    return applied(shot.document.text, fix.edits)


def applied(text: str, edits: Any) -> str:
    """A text with edits that do not overlap."""
    for edit in sorted(edits, key=lambda edit: edit.start, reverse=True):
        text = text[: edit.start] + edit.new + text[edit.end :]
    return text
