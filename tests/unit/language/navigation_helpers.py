"""A workspace in memory: prompts by their paths, the carets in them, and what a place holds."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from promptbits.checks.snapshot import Snapshot
from promptbits.language.places import Place
from promptbits.prompts.entry import entry_of_document
from promptbits.prompts.library import Library
from promptbits.prompts.root import Root
from promptbits.text.document import Document

ROOT = Root(Path("/project"))


class Workspace:
    """Files by their path below prompts/. `reads` tells which ones were read."""

    def __init__(self, files: Mapping[str, Any]) -> None:
        self.documents = {
            self.path(name): Document.from_text(value if isinstance(value, str) else json.dumps(value))
            for name, value in files.items()
        }
        self.reads: list[str] = []
        self.library = Library.of(
            entry_of_document(Path(path), ROOT.layer(Path(path)) or "custom", document)
            for path, document in self.documents.items()
        )

    @staticmethod
    def path(name: str) -> str:
        return f"/project/prompts/{name}.json"

    def read(self, path: str) -> Document | None:
        self.reads.append(path)
        return self.documents.get(path)

    def opened(self, name: str | None, source: str) -> tuple[Snapshot, int]:
        """A document with `|` for the cursor as an editor holds it; the library knows of it, if it has a name."""
        offset = source.index("|")
        document = Document.from_text(source[:offset] + source[offset + 1 :])
        path = Path(self.path(name)) if name else None
        layer = ROOT.layer(path) if path else None
        changes = {str(path): entry_of_document(path, layer, document)} if path and layer else {}
        return Snapshot(document, path, ROOT, self.library.with_changes(changes)), offset

    def shown(self, snapshot: Snapshot, places: list[Place]) -> list[str]:
        """Places as `file key: text`, of the asked document as `key: text`."""
        return [self._shown(snapshot, place) for place in places]

    def _shown(self, snapshot: Snapshot, place: Place) -> str:
        document = snapshot.document if place.path is None else self.documents[place.path]
        name = "" if place.path is None else place.path.removeprefix("/project/prompts/").removesuffix(".json") + " "
        for path in (("id",), ("parent",), ("related",), ("tags",), ("variables",), ("content",)):
            node = document.tree.find(path)
            if node and node.start <= place.start <= place.end <= node.end:
                return f"{name}{path[0]}: {document.text[place.start : place.end]}"
        raise AssertionError(place)
