"""What a search looks through, made once for a library: the names in it and the descriptions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from enum import IntEnum
from functools import cached_property
from itertools import chain
from typing import NamedTuple

from promptbits.language.navigation.folded_names import Fit, FoldedNames
from promptbits.prompts.entry import Entry
from promptbits.prompts.words import Words


class Named(IntEnum):
    """What a name names, in the order of two that fit equally well."""

    PROMPT = 0
    TAG = 1
    VARIABLE = 2


class Hit(NamedTuple):
    """A name that fits. Hits of one fit are listed in the order of the fields.

    `holders` are the entries that have it; those of a tag are looked up when it is shown.
    """

    fit: Fit
    what: Named
    length: int
    name: str
    holders: Sequence[Entry] = ()


def by_id(entry: Entry) -> tuple[str, str, str]:
    """The order of entries in alphabet."""
    return entry.id.casefold(), entry.id, entry.path


class SearchTable:
    """Some entries, ready to be searched."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        every = sorted(entries, key=by_id)
        tags: dict[str, None] = {}
        variables: dict[str, list[Entry]] = {}
        for entry in every:
            for tag in entry.tags:
                tags[tag] = None
            for name in entry.variables:
                variables.setdefault(name, []).append(entry)
        self.prompts = [entry for entry in every if entry.id]
        self._declaring = variables
        self._names = {
            Named.PROMPT: FoldedNames([entry.id for entry in self.prompts]),
            Named.TAG: FoldedNames([tag for tag in tags if tag]),
            Named.VARIABLE: FoldedNames([name for name in variables if name]),
        }
        ids = self._names[Named.PROMPT].folded
        self._texts = [f"{id_} {each.description.casefold()}" for id_, each in zip(ids, self.prompts, strict=True)]

    def hits(self, fit: Fit, words: Sequence[str]) -> Iterator[Hit]:
        """What fits the words of a query so well, and no better."""
        if fit is Fit.DESCRIPTION:
            yield from (self._hit(Named.PROMPT, index, fit) for index in self._described(words))
        else:
            for what, names in self._names.items():
                yield from (self._hit(what, index, fit) for index in names.fitting(fit, words))

    def _described(self, words: Sequence[str]) -> Iterator[int]:
        """The prompts that have all the words in id and description, each where a word starts."""
        starts = [re.compile(rf"(?<!\w){re.escape(word)}").search for word in words]
        some: Iterable[int] = range(len(self._texts))
        for word in words:
            some = [index for index in some if word in self._texts[index]]
        return (index for index in some if all(start(self._texts[index]) for start in starts))

    @cached_property
    def words(self) -> Words:
        """The words that the names consist of, for finding the one that a mistyped one stands for."""
        folded = "-".join(chain.from_iterable(names.folded for names in self._names.values()))
        return Words(dict.fromkeys(folded.split("-")))

    def _hit(self, what: Named, index: int, fit: Fit) -> Hit:
        name = self._names[what].names[index]
        match what:
            case Named.PROMPT:
                holders = (self.prompts[index],)
            case Named.TAG:
                holders = ()
            case Named.VARIABLE:
                holders = self._declaring[name]
        return Hit(fit, what, len(name), name, holders)
