"""What a store knows of the texts of a lineage: what a scorer learns from. Never pooled over models."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from promptbits.checks.snapshot import Snapshot
from promptbits.facts.ids import content_sha256
from promptbits.facts.store import UNKNOWN_TEXT, Summary
from promptbits.prompts.entry import entry_of_value
from promptbits.prompts.lineage import lineage


class FactTexts(Protocol):
    """The part of a fact store that is read here."""

    def summaries(self, prompt_ids: Iterable[str] | None = None) -> list[Summary]:
        """The summaries of some prompts."""
        ...

    def text(self, content_sha256: str) -> str | None:
        """A template that was kept."""
        ...


class MeasuredText(NamedTuple):
    """A text, and how many of its conversations with a known outcome succeeded."""

    text: str
    successes: int
    trials: int


@dataclass(frozen=True, slots=True)
class Measured:
    """The measured texts of a lineage under one model, in the order of their hashes.

    Attributes:
        model: the model; empty for facts that name none.
        texts: the texts.
        models: every model of which the lineage has known outcomes, with their number, the most of them first.
        unknown: how many measured texts were not kept, so that nothing can be learned from them.
    """

    model: str = ""
    texts: tuple[MeasuredText, ...] = ()
    models: tuple[tuple[str, int], ...] = ()
    unknown: int = 0


def measured(snapshot: Snapshot, facts: FactTexts | None, model: str | None = None) -> Measured:
    """What is measured of a prompt, of what it evolved from, and of what evolved from that.

    Args:
        snapshot: the prompt.
        facts: the store; None where nothing is measured.
        model: the model to look at; by itself the one with the most known outcomes, since which wording is the best
            differs from model to model.
    """
    id_ = snapshot.prompt.get("id")
    if facts is None or not isinstance(id_, str) or not id_:
        return Measured(model or "")
    entry = snapshot.library.served(id_) or entry_of_value(str(snapshot.path or ""), "custom", snapshot.prompt)
    rows = facts.summaries({each.id for each in lineage(snapshot.library, entry)})
    known = [row for row in rows if row.content_sha256 != UNKNOWN_TEXT and row.successes + row.failures]
    models: dict[str, int] = {}
    for row in known:
        models[row.model] = models.get(row.model, 0) + row.successes + row.failures
    ordered = tuple(sorted(models.items(), key=lambda each: (-each[1], each[0])))
    chosen = model if model is not None else ordered[0][0] if ordered else ""
    counts: dict[str, tuple[int, int]] = {}
    for row in known:
        if row.model == chosen:
            successes, trials = counts.get(row.content_sha256, (0, 0))
            counts[row.content_sha256] = successes + row.successes, trials + row.successes + row.failures
    own = content_sha256(snapshot.content)
    found = [
        (snapshot.content if sha == own else facts.text(sha), successes, trials)
        for sha, (successes, trials) in sorted(counts.items())
    ]
    texts = tuple(MeasuredText(text, successes, trials) for text, successes, trials in found if text is not None)
    return Measured(chosen, texts, ordered, len(found) - len(texts))
