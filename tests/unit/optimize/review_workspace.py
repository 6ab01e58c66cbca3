"""A root with prompts, and decisions about reviews carried out on the disk."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from review_samples import AFTER, BEFORE, review

from promptbits.checks import engine
from promptbits.checks.catalogue import CHECKS
from promptbits.checks.finding import Finding
from promptbits.checks.snapshot import Snapshot
from promptbits.facts.ids import content_sha256
from promptbits.optimize.reviews.changes import CreatedFile, FileChange
from promptbits.optimize.reviews.model import Review
from promptbits.prompts.library import Library
from promptbits.prompts.root import load_root
from promptbits.text.document import Document
from promptbits.text.json_string import escape_surrogates


def table(id_: str, content: str = BEFORE, **fields: Any) -> dict[str, Any]:
    """A prompt that no check complains of."""
    return {
        "id": id_,
        "description": "Writes a report",
        "trigger": {"Custom": id_},
        "category": "Examples",
        "content": content,
        "variables": {"notes": {"description": "What it is about"}},
        "confidence": 0.70,
        "source": "Custom",
        "tags": ["writing"],
    } | fields


def text_of(value: Any) -> str:
    return escape_surrogates(json.dumps(value, indent=2, ensure_ascii=False)) + "\n"


class Workspace:
    """A root on the disk."""

    def __init__(self, path: Path) -> None:
        self.path = path
        (path / "promptbits.toml").write_text("")

    def write(self, layer: str, value: dict[str, Any] | str, id_: str | None = None) -> Path:
        name = id_ or (value["id"] if isinstance(value, dict) else "report")
        path = self.path / "prompts" / layer / f"{name}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes((value if isinstance(value, str) else text_of(value)).encode())
        return path

    def library(self) -> Library:
        return Library.load(load_root(self.path, CHECKS), use_cache=False)

    def snapshot(self, id_: str) -> Snapshot:
        """A prompt as it is now."""
        library = self.library()
        entry = library.served(id_)
        assert entry is not None
        document = Document.from_bytes(Path(entry.path).read_bytes())
        return Snapshot(document, Path(entry.path), load_root(self.path, CHECKS), library)

    def findings(self, id_: str) -> list[Finding]:
        return engine.check(self.snapshot(id_))

    def carry_out(self, changes: tuple[FileChange, ...]) -> None:
        """What an editor or a command does with changes."""
        for change in changes:
            if isinstance(change, CreatedFile):
                change.path.parent.mkdir(parents=True, exist_ok=True)
                with change.path.open("x", encoding="utf-8", newline="") as file:
                    file.write(change.text)
            else:
                assert change.path.read_bytes().decode() == change.before
                change.path.write_bytes(change.after.encode())

    def review(self, id_: str = "report", *texts: str, number: int = 1) -> Review:
        """A review of a prompt as it is now, as if it were stored."""
        content = self.snapshot(id_).content
        made = review(content, *(texts or (AFTER,)), prompt_id=id_)
        return replace(made, number=number, basis=replace(made.basis, content_sha256=content_sha256(content)))
