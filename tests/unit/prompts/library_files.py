"""Prompt files for the tests of the library."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

import pytest

from promptbits.prompts import library
from promptbits.prompts.entry import Entry, entry_of_bytes
from promptbits.prompts.library import Library


def put(root: Path, name: str, value: Any = None, *, age: float = 60.0, **fields: Any) -> Path:
    """Write a prompt, last changed a while ago."""
    path = root / "prompts" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    data = (
        value
        if isinstance(value, bytes)
        else json.dumps(value if value is not None else {"id": path.stem} | fields).encode()
    )
    path.write_bytes(data)
    moment = time.time() - age
    os.utime(path, (moment, moment))
    return path


def own(library_: Library) -> dict[str, Entry]:
    return {entry.path: entry for entry in library_.entries() if entry.layer != "shipped"}


class Reads:
    """Counts the files that are read, not taken from the cache."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.paths: list[str] = []

        def spy(path: str, layer: Any, data: bytes) -> Entry:
            if layer != "shipped":
                self.paths.append(Path(path).name)
            return entry_of_bytes(path, layer, data)

        monkeypatch.setattr(library, "entry_of_bytes", spy)

    def take(self) -> list[str]:
        taken, self.paths = sorted(self.paths), []
        return taken


RICH: dict[str, Any] = {
    "id": "rich", "description": "d", "category": "Testing", "trigger": {"Language": "Rust"}, "tags": ["a", "b"],
    "variables": {"x": {}, "y": {}}, "related": ["a", "b"], "parent": "a", "version": "1+", "revision": 3,
    "confidence": 1, "source": {"Learned": {"from_feedback": []}}, "content": "never kept",
}  # fmt: skip
