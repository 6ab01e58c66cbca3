"""Search through a library: prompts by id and description, tags, and variables, the best first."""

from __future__ import annotations

import heapq
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final, Literal

from promptbits.language.names import NameKind
from promptbits.language.navigation.elsewhere import place_of
from promptbits.language.navigation.folded_names import Fit, words_of
from promptbits.language.navigation.search_table import Hit, Named, SearchTable, by_id
from promptbits.language.places import Place, Reader
from promptbits.prompts.entry import Entry
from promptbits.prompts.library import Library

FoundKind = Literal["id", "tag", "variable", "description"]

MOST: Final = 100
# Of a variable that many prompts declare, only so many are listed: the others would push out everything else.
_MOST_OF_A_VARIABLE: Final = 5
_WRITTEN: Final = tuple(fit for fit in Fit if fit < Fit.SCATTERED)
_NAMES: Final[dict[FoundKind, NameKind]] = {
    "id": "prompt",
    "description": "prompt",
    "tag": "tag",
    "variable": "variable",
}


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that was found.

    `kind` says what fits: the id of a prompt, a word of its description, a tag, a variable. `name` is what to show:
    the id, the tag, the variable; `word` is what fits, and `detail` what tells it from others of its name.
    `entry` is the file to open, for a tag the first one that has it. A higher `score` is better.
    """

    entry: Entry
    kind: FoundKind
    name: str
    word: str
    detail: str
    score: int


def search(library: Library, query: str, most: int = MOST) -> list[Found]:
    """What fits a query, the best first. Without a query, the prompts by their ids."""
    words = words_of(query)
    table, changed = library.derived(SearchTable)
    tables = (table, SearchTable(changed)) if changed else (table,)
    hits = _hits(tables, words) if words else _every(tables)
    return list(islice(_shown(library, hits, words), max(most, 0)))


def locate(found: Found, read: Reader) -> Place | None:
    """Where something that was found stands in its file now; None where it does not any more."""
    return place_of(found.entry.path, read, _NAMES[found.kind], found.name)


def _every(tables: Sequence[SearchTable]) -> Iterator[Hit]:
    prompts = heapq.merge(*(table.prompts for table in tables), key=by_id)
    return (Hit(Fit.PREFIX, Named.PROMPT, 0, each.id, (each,)) for each in prompts)


def _hits(tables: Sequence[SearchTable], words: Sequence[str]) -> Iterator[Hit]:
    """What fits a query, each kind of fit looked for once the better ones have been taken."""
    is_known = False
    for fit in Fit:
        for hit in _fitting(tables, fit, words):
            is_known = is_known or fit is not Fit.SCATTERED
            yield hit
    if not is_known and (meant := _meant(tables, words)) is not None:
        yield from (hit._replace(fit=Fit.MISTYPED) for fit in _WRITTEN for hit in _fitting(tables, fit, meant))


def _fitting(tables: Sequence[SearchTable], fit: Fit, words: Sequence[str]) -> list[Hit]:
    """What fits a query so well, the shorter name first."""
    return sorted((hit for table in tables for hit in table.hits(fit, words)), key=lambda hit: hit[:4])


def _meant(tables: Sequence[SearchTable], words: Sequence[str]) -> list[str] | None:
    """The words that were meant; None where one of them stands for nothing that is known."""
    meant: list[str] = []
    for word in words:
        near = next((near for table in reversed(tables) if (near := table.words.near(word))), None)
        if near is None:
            return None
        meant.append(near)
    return meant


def _shown(library: Library, hits: Iterable[Hit], words: Sequence[str]) -> Iterator[Found]:
    """Each prompt, each tag, and each variable of a prompt once."""
    seen = set[tuple[Named, str, str]]()
    for hit in hits:
        for found in _found(library, hit, words):
            key = (hit.what, found.name, found.entry.path)
            if key not in seen:
                seen.add(key)
                yield found


def _found(library: Library, hit: Hit, words: Sequence[str]) -> Iterator[Found]:
    """What to show of a hit, as far as it still stands in the library."""
    score = 100 - 10 * hit.fit
    match hit.what:
        case Named.PROMPT:
            for entry in _standing(library, hit.holders):
                described = hit.fit is Fit.DESCRIPTION
                word = _word_in(entry.description, words) if described else hit.name
                yield Found(entry, "description" if described else "id", hit.name, word, entry.description, score)
        case Named.TAG:
            holders = library.by_tag(hit.name)
            if holders:
                detail = "tag of 1 prompt" if len(holders) == 1 else f"tag of {len(holders):,} prompts"
                yield Found(holders[0], "tag", hit.name, hit.name, detail, score)
        case Named.VARIABLE:
            for entry in islice(_standing(library, hit.holders), _MOST_OF_A_VARIABLE):
                yield Found(entry, "variable", hit.name, hit.name, entry.id or Path(entry.path).name, score)


def _standing(library: Library, entries: Iterable[Entry]) -> Iterator[Entry]:
    """Those entries that have not changed meanwhile, and that no other file of their id wins over."""
    for entry in entries:
        if library.by_path(entry.path) is entry and (not entry.id or library.by_id(entry.id)[0] is entry):
            yield entry


def _word_in(description: str, words: Sequence[str]) -> str:
    """The first word of a description that starts as a word of the query."""
    starts = "|".join(map(re.escape, words))
    found = re.search(rf"(?<!\w)(?:{starts})\w*", description, re.IGNORECASE)
    return found[0] if found else words[0]
