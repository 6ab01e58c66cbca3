"""What a scorer is trained on: the measured texts of one lineage under one model, and from when they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from promptbits.checks.snapshot import Snapshot
from promptbits.facts.ids import content_sha256
from promptbits.facts.store import UNKNOWN_TEXT
from promptbits.optimize.observations import FactTexts, MeasuredText, measured
from promptbits.prompts.entry import Entry
from promptbits.prompts.library import Library
from promptbits.prompts.lineage import ancestors, lineage
from promptbits.prompts.root import Root
from promptbits.text.document import Document


@dataclass(frozen=True, slots=True)
class Material:
    """The facts that one scorer learns from.

    Attributes:
        lineage: the id of the first prompt of the lineage.
        model: the model; empty for facts that name none.
        prompts: the ids of the lineage, in order.
        texts: the measured texts by their hashes, in the order of these.
        first: the first day with a known outcome, such as `2026-11-20`; empty where there is none.
        last: the last one.
        unknown: how many measured texts were not kept, so that nothing can be learned from them.
    """

    lineage: str
    model: str
    prompts: tuple[str, ...] = ()
    texts: tuple[tuple[str, MeasuredText], ...] = ()
    first: str = ""
    last: str = ""
    unknown: int = 0

    @property
    def trials(self) -> int:
        """Conversations with a known outcome."""
        return sum(each.trials for _, each in self.texts)

    @property
    def successes(self) -> int:
        """Those of them that succeeded."""
        return sum(each.successes for _, each in self.texts)

    @property
    def tells_apart(self) -> bool:
        """Whether any two texts were measured differently."""
        return len({each.successes / each.trials for _, each in self.texts}) > 1


def first_of(library: Library, entry: Entry) -> str:
    """The id of the first prompt of a lineage, the same from wherever one looks; of a circle, the least id."""
    line = [entry, *ancestors(library, entry)]
    ids = [each.id for each in line]
    parent = line[-1].parent
    return min(ids[ids.index(parent) :]) if parent in ids else ids[-1]


def lineages(library: Library, prompt_ids: Iterable[str]) -> list[str]:
    """The first prompts of the lineages of some prompts, in order. Ids that no prompt has are passed over."""
    entries = (library.served(each) for each in set(prompt_ids))
    return sorted({first_of(library, entry) for entry in entries if entry is not None})


def materials(root: Root, library: Library, facts: FactTexts, first: str, model: str | None) -> Iterator[Material]:
    """What is measured of a lineage, for each model that it has known outcomes of, or for one.

    Args:
        root: the root that its files lie in.
        library: the prompts.
        facts: the store.
        first: the id of the first prompt of the lineage.
        model: only this one.
    """
    entry = library.served(first)
    if entry is None:
        return
    path = Path(entry.path)
    snapshot = Snapshot(Document.from_bytes(path.read_bytes()), path, root, library)
    prompts = tuple(sorted({each.id for each in lineage(library, entry)}))
    days: dict[str, set[str]] = {}
    for row in facts.summaries(prompts):
        if row.content_sha256 != UNKNOWN_TEXT and row.successes + row.failures:
            days.setdefault(row.model, set()).add(row.day)
    for name in [model] if model is not None else sorted(days):
        known = measured(snapshot, facts, name)
        texts = tuple(sorted((content_sha256(each.text), each) for each in known.texts))
        span = days.get(name, {""})
        yield Material(first, name, prompts, texts, min(span), max(span), known.unknown)
