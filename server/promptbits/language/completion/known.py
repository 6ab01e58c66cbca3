"""What the prompts of a library have in common, counted once for each library and only when it is asked for."""

from __future__ import annotations

import weakref
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from promptbits.prompts.entry import Entry
from promptbits.prompts.library import Library
from promptbits.text.placeholders import is_name

# How many libraries are remembered: one for each root that somebody works in.
_MOST: Final = 8


@dataclass(frozen=True)
class Ranking:
    """Names, the most used first, and how many prompts use each."""

    names: tuple[str, ...]
    counts: dict[str, int]

    @classmethod
    def of(cls, names: Iterable[str]) -> Ranking:
        """The ranking of names, of which each stands as often as it is used."""
        counts = Counter(names)
        return cls(tuple(sorted(counts, key=lambda name: (-counts[name], name))), dict(counts))

    def only(self, names: Iterable[str]) -> set[str]:
        """Those names that a single prompt uses."""
        return {name for name in names if self.counts.get(name, 0) <= 1}


class Known:
    """The words of a library. It does not keep the library alive."""

    def __init__(self, library: Library) -> None:
        self.library = weakref.ref(library)

    @cached_property
    def tags(self) -> Ranking:
        """Tags."""
        return Ranking.of(tag for entry in self._entries() for tag in set(entry.tags))

    @cached_property
    def variables(self) -> Ranking:
        """Variables that are declared."""
        return Ranking.of(name for entry in self._entries() for name in entry.variables if is_name(name))

    @cached_property
    def triggers(self) -> dict[str, Ranking]:
        """The names of triggers by their kind."""
        kinds: dict[str, list[str]] = {}
        for entry in self._entries():
            if entry.trigger_name:
                kinds.setdefault(entry.trigger_kind, []).append(entry.trigger_name)
        return {kind: Ranking.of(names) for kind, names in kinds.items()}

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """Ids, in alphabetical order."""
        library = self.library()
        return tuple(sorted(library.ids())) if library else ()

    def _entries(self) -> Iterable[Entry]:
        library = self.library()
        return library.entries() if library else ()


_recent: list[Known] = []


def known(library: Library) -> Known:
    """The words of a library; the same object for the same library."""
    for each in _recent:
        if each.library() is library:
            return each
    found = Known(library)
    _recent[:] = [found, *(each for each in _recent if each.library() is not None)][:_MOST]
    return found
