"""Facts in tests of checks: summaries as a store would give them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from promptbits.checks.snapshot import Snapshot
from promptbits.facts.ids import content_sha256
from promptbits.facts.store import Summary
from promptbits.facts.view import FactsView


def row(prompt_id: str, text: str, successes: int, trials: int, **more: object) -> Summary:
    """The summary of a text, by its words, on one day."""
    fields = {"executions": trials, "successes": successes, "failures": trials - successes, "last_seen": 1} | more
    return Summary(prompt_id, content_sha256(text), "", "", "2026-11-20", **fields)  # type: ignore[arg-type]  (by name)


def view(rows: Iterable[Summary]) -> FactsView:
    """A view of some summaries."""
    known = list(rows)

    def read(ids: Sequence[str]) -> list[Summary]:
        return sorted(
            (each for each in known if each.prompt_id in ids),
            key=lambda each: (each.prompt_id, each.content_sha256, each.variant, each.model, each.day),
        )

    return FactsView(read)


def told_of(shot: Snapshot, words: str) -> Summary:
    """What `measured=360/400` or `before=360/400` says of a prompt."""
    which, _, counts = words.partition("=")
    successes, trials = map(int, counts.split("/"))
    text = shot.content if which == "measured" else f"before: {shot.content}"
    return row(shot.prompt["id"], text, successes, trials)
