"""What a snapshot may know of facts: the summaries of prompts in one state of a store.

Each prompt is read once, when it is first asked for, and remembered: for one state of the store a keystroke costs a
look into a table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Final

from promptbits.facts.statistics import Statistics, combine, grouped
from promptbits.facts.store import UNKNOWN_TEXT, StoreError, Summary

Read = Callable[[Sequence[str]], Iterable[Summary]]

# How many prompts are asked for at once.
_SLICE: Final = 500
# Ids are remembered as they are typed, too; from here on it begins anew.
_MOST: Final = 50_000


@dataclass(frozen=True)
class Measured:
    """What is measured of one prompt. Its numbers are put together once, when first asked for."""

    rows: tuple[Summary, ...] = ()

    @cached_property
    def texts(self) -> dict[str, Statistics]:
        """The statistics of each text by its hash, and under `UNKNOWN_TEXT` those of facts that name none."""
        return grouped(self.rows, lambda row: row.content_sha256)

    @cached_property
    def days(self) -> dict[tuple[str, str], Statistics]:
        """The statistics of each text on each day."""
        return grouped(self.rows, lambda row: (row.content_sha256, row.day))

    @cached_property
    def total(self) -> Statistics:
        """The statistics of all texts together."""
        return combine(self.rows)

    def of(self, content_sha256: str) -> Statistics:
        """The statistics of one text."""
        return self.texts.get(content_sha256, _NONE)

    def revision(self, content_sha256: str) -> int | None:
        """The revision under which a text was seen last; None where no fact says."""
        named = [row for row in self.rows if row.content_sha256 == content_sha256 and row.revision is not None]
        return max(named, key=lambda row: row.last_seen).revision if named else None

    def latest(self, other_than: str) -> str | None:
        """The text that was seen last, of those that are known and not this one."""
        known = [text for text in self.texts if text not in (UNKNOWN_TEXT, other_than)]
        return max(known, key=lambda text: (self.texts[text].last_seen, text)) if known else None


_NONE: Final = Statistics()
_NOTHING: Final = Measured()


class FactsView:
    """One state of a store. To its readers it never changes; it may be asked in any thread.

    Args:
        read: gives the summaries of some prompts, those of one prompt together.
    """

    def __init__(self, read: Read) -> None:
        self._read = read
        self._known: dict[str, Measured] = {}
        self.problem: StoreError | None = None

    def summaries(self, prompt_id: str) -> tuple[Summary, ...]:
        """The summaries of a prompt."""
        return self.measured(prompt_id).rows

    def measured(self, prompt_id: str) -> Measured:
        """What is measured of a prompt: nothing, where the store cannot be read."""
        known = self._known.get(prompt_id)
        if known is None:
            known = self._known.setdefault(prompt_id, self._look([prompt_id]).get(prompt_id, _NOTHING))
        return known

    def renewed(self, more: Iterable[str] = ()) -> FactsView:
        """The view of the store as it is now, with all that was asked of this one; itself, if that is still the same.

        Args:
            more: ids that will be asked for as well.
        """
        before = dict(self._known) if len(self._known) < _MOST else {}
        ids = [*dict.fromkeys((*before, *more))]
        after = FactsView(self._read)
        now = after._look(ids)
        same = all(now.get(id_, _NOTHING).rows == known.rows for id_, known in before.items())
        if same and before and after.problem is None is self.problem:
            self._known |= {id_: now.get(id_, _NOTHING) for id_ in ids if id_ not in before}
            return self
        for id_ in ids:
            known, found = before.get(id_), now.get(id_, _NOTHING)
            after._known[id_] = known if known is not None and known.rows == found.rows else found
            _ = after._known[id_].texts  # here, where nobody waits for it
        return after

    def _look(self, ids: Sequence[str]) -> dict[str, Measured]:
        found: dict[str, Measured] = {}
        try:
            for at in range(0, len(ids), _SLICE):
                rows = self._read(ids[at : at + _SLICE])
                found |= {id_: Measured(tuple(each)) for id_, each in groupby(rows, lambda row: row.prompt_id)}
        except StoreError as error:
            self.problem = error
        return found
