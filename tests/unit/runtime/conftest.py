"""What these tests share: a root of their own, and the store that belongs to it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import promptbits
from promptbits.facts.opening import open_store


class Desk:
    """A root with prompts and facts. What an application sees is up to date at each call."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.store_path = root / ".promptbits" / "facts.db"
        self.spool = self.store_path.parent / "spool"

    def write(self, id_: str, content: str, layer: str = "custom", **fields: Any) -> Path:
        prompt = {
            "id": id_,
            "trigger": {"Custom": id_},
            "category": "Examples",
            "content": content,
            "confidence": 0.5,
            "source": "Custom",
        } | fields
        path = self.root / "prompts" / layer / f"{id_}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(prompt), "utf-8")
        return path

    def facts(self) -> list[dict[str, Any]]:
        store = open_store(self.store_path)
        try:
            return list(store.facts())
        finally:
            store.close()

    def text(self, sha256: str) -> str | None:
        store = open_store(self.store_path)
        try:
            return store.text(sha256)
        finally:
            store.close()

    def spooled(self) -> list[dict[str, Any]]:
        """The lines that wait."""
        return [
            json.loads(line)
            for file in sorted(self.spool.glob("*.jsonl"))
            for line in file.read_text().splitlines()
            if line
        ]


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    root = tmp_path / "root"
    root.mkdir()
    (root / "promptbits.toml").touch()
    monkeypatch.setenv("PROMPTBITS_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("PROMPTBITS_STATE", str(tmp_path / "state"))
    monkeypatch.delenv("PROMPTBITS_ROOT", raising=False)
    monkeypatch.delenv("PROMPTBITS_FACTS", raising=False)
    promptbits.configure(root=root, facts=None, keep_text=None, refresh=0)
    yield Desk(root)
    promptbits.configure(root=None, facts=None, keep_text=None, refresh=None)
