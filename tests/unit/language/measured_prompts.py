"""Prompts with measurements in tests of the editor's features."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from promptbits.checks.snapshot import Snapshot
from promptbits.facts.histogram import bucket_of
from promptbits.facts.ids import content_sha256
from promptbits.facts.store import Summary
from promptbits.facts.view import FactsView
from promptbits.prompts.library import Library
from promptbits.prompts.root import Root
from promptbits.text.document import Document

ROOT = Root(Path("/project"))
OWN = Path("/project/prompts/custom/greet.json")
FIELDS = {
    "id": "greet",
    "trigger": {"Custom": "x"},
    "category": "Testing",
    "content": "Say hello.",
    "confidence": 0.9,
    "source": "Custom",
    "revision": 2,
    "parent": "base",
}


def text_of(**fields: object) -> str:
    return json.dumps(FIELDS | fields, indent=2, ensure_ascii=False) + "\n"


def row(prompt_id: str, text: str, successes: int, trials: int, **more: object) -> Summary:
    """The summary of a text, by its words, on one day."""
    fields = {"day": "2026-11-20", "model": "", "variant": "", "executions": trials, "last_seen": 1_795_190_400_000}
    fields |= {"successes": successes, "failures": trials - successes} | more
    hash_ = content_sha256(text) if text else ""
    return Summary(prompt_id=prompt_id, content_sha256=hash_, **fields)  # type: ignore[arg-type]  (by name)


def timed(summary: Summary, milliseconds: float) -> dict[int, int]:
    """The latency of a row whose runs all took as long."""
    return {bucket_of(milliseconds): summary.executions}


def view(rows: Iterable[Summary]) -> FactsView:
    """A view of some summaries, ordered as a store has them."""
    known = sorted(rows, key=lambda each: (each.prompt_id, each.content_sha256, each.variant, each.model, each.day))

    def read(ids: Sequence[str]) -> list[Summary]:
        return [each for each in known if each.prompt_id in ids]

    return FactsView(read)


def shot(text: str, *rows: Summary, path: Path | None = OWN) -> Snapshot:
    return Snapshot(Document.from_text(text), path, ROOT, Library(), view(rows))
