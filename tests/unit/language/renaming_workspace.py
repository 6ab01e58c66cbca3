"""A small workspace on disk for the tests of renaming: changes are applied to it, and every file is checked."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from promptbits.checks.engine import check
from promptbits.checks.finding import Edit
from promptbits.checks.snapshot import Snapshot
from promptbits.language.places import Change
from promptbits.language.renaming import rename
from promptbits.prompts.library import Library
from promptbits.prompts.root import Root
from promptbits.text.document import Document


def prompt(id_: str, **fields: Any) -> dict[str, Any]:
    """A prompt in which nothing is found."""
    return {
        "id": id_,
        "trigger": {"Custom": fields.pop("trigger", id_)},
        "category": "Testing",
        "content": "Look at it.\n",
        "confidence": 0.5,
        "source": "Custom",
    } | fields


def applied(text: str, edits: tuple[Edit, ...]) -> str:
    """The text after edits, which must be in order and apart."""
    for edit, following in pairwise(edits):
        assert edit.end <= following.start
    for edit in reversed(edits):
        assert 0 <= edit.start <= edit.end <= len(text)
        text = text[: edit.start] + edit.new + text[edit.end :]
    return text


@dataclass
class Workspace:
    """Prompt files below a root."""

    root: Path

    def put(self, name: str, value: dict[str, Any] | str) -> Path:
        path = self.path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        text = value if isinstance(value, str) else json.dumps(value, indent=2, ensure_ascii=False) + "\n"
        path.write_bytes(text.encode())
        return path

    def path(self, name: str) -> Path:
        return self.root / "prompts" / name

    def value(self, name: str) -> dict[str, Any]:
        return json.loads(self.path(name).read_bytes())

    def files(self) -> dict[str, bytes]:
        """Every file by its path below the folder of prompts."""
        folder = self.root / "prompts"
        return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.json")}

    def library(self) -> Library:
        return Library.load(Root(self.root), use_cache=False)

    @staticmethod
    def read(path: str) -> Document | None:
        return Document.from_bytes(Path(path).read_bytes()) if Path(path).is_file() else None

    def snapshot(self, name: str) -> Snapshot:
        path = self.path(name)
        return Snapshot(Document.from_bytes(path.read_bytes()), path, Root(self.root), self.library())

    def rename(self, name: str, needle: str, new: str, *, files: bool = True) -> Change:
        """Rename what stands two characters into a needle in a file."""
        snapshot = self.snapshot(name)
        offset = snapshot.document.text.index(needle) + 2
        return rename(snapshot, offset, new, self.read, can_rename_files=files)

    def apply(self, change: Change, own: str) -> None:
        """Edits first, then new names; all at once, so that files may change places."""
        paths = [edits.path for edits in change.edits]
        assert len(paths) == len(set(paths))
        for edits in change.edits:
            assert edits.label
            assert edits.edits
            path = Path(edits.path) if edits.path else self.path(own)
            path.write_bytes(applied(path.read_bytes().decode(), edits.edits).encode())
        self.move([(each.old, each.new) for each in change.renamed])

    @staticmethod
    def move(renames: list[tuple[str, str]]) -> None:
        held = [(new, Path(old).read_bytes()) for old, new in renames]
        for old, _ in renames:
            Path(old).unlink()
        for new, data in held:
            assert not Path(new).exists()
            Path(new).parent.mkdir(parents=True, exist_ok=True)
            Path(new).write_bytes(data)

    def findings(self) -> list[tuple[str, str]]:
        """What is found in every file: code and message."""
        root, library = Root(self.root), self.library()
        return sorted(
            (finding.code, finding.message)
            for name, data in self.files().items()
            for finding in check(Snapshot(Document.from_bytes(data), self.path(name), root, library))
        )
