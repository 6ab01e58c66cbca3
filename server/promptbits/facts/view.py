"""What a snapshot may know of facts: the numbers of prompts in one state of a store.

Each prompt is read once, when it is first asked for, and remembered: for one state of the store a keystroke costs a
look into a table. The numbers of thousands of prompts are small; the summaries behind them are kept for a few only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Final

from promptbits.facts.intervals import Interval
from promptbits.facts.statistics import Statistics, grouped
from promptbits.facts.store import UNKNOWN_TEXT, StoreError, Summary
from promptbits.facts.trend import changes

Read = Callable[[Sequence[str]], Iterable[Summary]]

# How many prompts are asked for at once: each may have a thousand summaries.
_SLICE: Final = 20
# Ids are remembered as they are typed, too; from here on it begins anew.
_MOST: Final = 50_000


@dataclass(frozen=True)
class Measured:
    """What is measured of one prompt.

    `texts` are the statistics of each text by its hash, and under `UNKNOWN_TEXT` those of facts that name none.
    `revisions` are those under which texts were seen last, where facts say. `trends` tell how much higher the rate of
    each text is in its last days than before, where that can be told.
    """

    texts: Mapping[str, Statistics] = field(default_factory=dict[str, Statistics])
    revisions: Mapping[str, int] = field(default_factory=dict[str, int])
    trends: Mapping[str, Interval] = field(default_factory=dict[str, Interval])

    @classmethod
    def of_rows(cls, rows: Iterable[Summary]) -> Measured:
        """The numbers of the summaries of one prompt."""
        known = list(rows)
        named = sorted((row for row in known if row.revision is not None), key=lambda row: row.last_seen)
        revisions = {row.content_sha256: row.revision for row in named if row.revision is not None}
        return cls(grouped(known, lambda row: row.content_sha256), revisions, changes(known))

    def of(self, content_sha256: str) -> Statistics:
        """The statistics of one text."""
        return self.texts.get(content_sha256, _NONE)

    def latest(self, other_than: str) -> str | None:
        """The text that was seen last, of those that are known and not this one."""
        known = [text for text in self.texts if text not in (UNKNOWN_TEXT, other_than)]
        return max(known, key=lambda text: (self.texts[text].last_seen, text)) if known else None


class _Details:
    """The summaries of a prompt, and what is made of them."""

    def __init__(self, rows: tuple[Summary, ...]) -> None:
        self.rows = rows
        # Of a day, nobody asks how long it took.
        self.days = grouped((replace(row, latency=None) for row in rows), lambda row: (row.content_sha256, row.day))


_NONE: Final = Statistics()
_NOTHING: Final = Measured()


class FactsView:
    """One state of a store. To its readers it never changes; it may be asked in any thread.

    Args:
        read: gives the summaries of some prompts, those of one prompt together.

    Attributes:
        problem: why the store could not be read. Then nothing is measured.
    """

    def __init__(self, read: Read) -> None:
        self._ask = read
        self._known: dict[str, Measured] = {}
        self._details: dict[str, _Details] = {}
        self.problem: StoreError | None = None

    def measured(self, prompt_id: str) -> Measured:
        """The numbers of a prompt."""
        known = self._known.get(prompt_id)
        if known is None:
            known = self._known.setdefault(prompt_id, Measured.of_rows(self._rows([prompt_id]).get(prompt_id, ())))
        return known

    def summaries(self, prompt_id: str) -> tuple[Summary, ...]:
        """The summaries of a prompt: for few prompts only, such as those that somebody looks at."""
        return self._of(prompt_id).rows

    def days(self, prompt_id: str) -> Mapping[tuple[str, str], Statistics]:
        """The statistics of each text of a prompt on each day, without durations: for few prompts only."""
        return self._of(prompt_id).days

    def prepare(self, prompt_ids: Iterable[str]) -> None:
        """Read all that may be asked of some prompts now: where nobody waits for it."""
        for prompt_id in prompt_ids:
            self._of(prompt_id)

    def read(self, prompt_ids: Iterable[str]) -> None:
        """Read the numbers of many prompts now, and at one go: where nobody waits for it."""
        unknown = [prompt_id for prompt_id in prompt_ids if prompt_id not in self._known]
        for at in range(0, len(unknown), _SLICE):
            some = unknown[at : at + _SLICE]
            found = self._rows(some)
            for prompt_id in some:
                self._known.setdefault(prompt_id, Measured.of_rows(found.get(prompt_id, ())))

    def renewed(self, looked_at: Iterable[str] = ()) -> FactsView:
        """The view of the store as it is now, with all that was asked of this one; itself, if that is still the same.

        Args:
            looked_at: the prompts of which more will be asked than numbers.
        """
        before = dict(self._known) if len(self._known) < _MOST else {}
        after = FactsView(self._ask)
        ids = list(before)
        for at in range(0, len(ids), _SLICE):
            some = ids[at : at + _SLICE]
            found = after._rows(some)
            for id_ in some:
                now = Measured.of_rows(found.get(id_, ()))
                after._known[id_] = before[id_] if before[id_] == now else now
        same = all(after._known[id_] is known for id_, known in before.items())
        if same and before and after.problem is None and self.problem is None:
            self.prepare(looked_at)
            return self
        after.prepare(looked_at)
        return after

    def _of(self, prompt_id: str) -> _Details:
        known = self._details.get(prompt_id)
        if known is None:
            rows = tuple(self._rows([prompt_id]).get(prompt_id, ()))
            known = self._details.setdefault(prompt_id, _Details(rows))
            self._known.setdefault(prompt_id, Measured.of_rows(rows))
        return known

    def _rows(self, ids: Sequence[str]) -> dict[str, list[Summary]]:
        try:
            rows = self._ask(ids)
        except StoreError as error:
            self.problem = error
            return {}
        return {id_: list(each) for id_, each in groupby(rows, lambda row: row.prompt_id)}
