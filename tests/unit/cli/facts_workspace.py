"""Facts for tests of files and commands."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

from cli_workspace import write

from promptbits.facts.fields import checked
from promptbits.facts.ids import new_id
from promptbits.facts.interchange.csv_table import facts_of_table
from promptbits.facts.interchange.importing import Importer, Text
from promptbits.facts.interchange.jsonl import facts_of_lines
from promptbits.facts.interchange.lines import Read, Refused, lines
from promptbits.facts.opening import open_store
from promptbits.facts.store import Appended, Fact

START = datetime(2026, 11, 1, 12, tzinfo=UTC)


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def execution(number: int = 0, **fields: Any) -> Fact:
    """An execution, a minute later for each number."""
    when = START + timedelta(minutes=number)
    return {
        "kind": "execution",
        "id": new_id(int(when.timestamp()) * 10**9),
        "timestamp": when.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        "prompt_id": "one",
        "outcome": "succeeded",
    } | fields


def lines_of(*facts: Fact) -> bytes:
    return b"".join(json.dumps(fact).encode() + b"\n" for fact in facts)


def stored(root: Path) -> list[Fact]:
    """All facts in the store of a root, in order."""
    store = open_store(root / ".promptbits/facts.db", create=False)
    try:
        return list(store.facts())
    finally:
        store.close()


def fill(root: Path, *facts: Fact) -> None:
    write(root / "promptbits.toml", "")
    store = open_store(root / ".promptbits/facts.db")
    try:
        store.append(facts)
    finally:
        store.close()


class Memory:
    """A target that keeps what it is given."""

    def __init__(self) -> None:
        self.facts: dict[str, Fact] = {}
        self.texts: dict[str, str] = {}

    def append(self, facts: list[Fact]) -> Appended:
        sound = [checked(fact) for fact in facts]
        before = len(self.facts)
        for fact in sound:
            self.facts.setdefault(fact["id"], fact)
        added = len(self.facts) - before
        return Appended(added, len(facts) - added)

    def keep_text(self, content_sha256: str, content: str) -> None:
        self.texts[content_sha256] = content


def no_text(_prompt_id: str, _revision: int) -> Text | None:
    return None


def a_text(_prompt_id: str, revision: int) -> Text | None:
    return Text(sha("do it"), "do it") if revision == 1 else None


def taken(
    source: Iterable[Read | Refused], text_of=no_text, *, keep_text: bool = True
) -> tuple[Memory, Importer, list[Refused]]:
    memory, refused = Memory(), []
    importer = Importer(memory, text_of, refused.append, keep_text=keep_text)
    for _ in importer.run(source):
        pass
    return memory, importer, refused


def of_jsonl(data: bytes) -> Iterator[Read | Refused]:
    return facts_of_lines(lines(BytesIO(data)))


def of_csv(data: bytes | str, kind: str = "execution") -> Iterator[Read | Refused]:
    return facts_of_table(lines(BytesIO(data.encode() if isinstance(data, str) else data)), kind)
