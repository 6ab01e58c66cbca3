"""Names as a search compares them, and which of them fit a query how well."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from enum import IntEnum
from typing import Final

_SEPARATOR: Final = re.compile(r"[\s\-_./]+")
# A longer query fits nothing better, and must not cost more.
_LONGEST: Final = 200


class Fit(IntEnum):
    """How well something fits a query, the best first."""

    EXACT = 0
    PREFIX = 1
    WORD_START = 2
    PART = 3
    ALL_WORDS = 4
    DESCRIPTION = 5
    SCATTERED = 6
    MISTYPED = 7


class FoldedNames:
    """Names for which upper and lower case count alike, and so do hyphens, underscores, dots and blanks."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = names
        self.folded = [_fold(name) for name in names]

    def fitting(self, fit: Fit, words: Sequence[str]) -> list[int]:
        """The names that fit the words of a query so well, and no better."""
        query, inner = "-".join(words), f"-{'-'.join(words)}"
        names = enumerate(self.folded)
        match fit:
            case Fit.EXACT:
                return [index for index, name in names if name == query]
            case Fit.PREFIX:
                return [index for index, name in names if name.startswith(query) and name != query]
            case Fit.WORD_START:
                return [index for index, name in names if inner in name and not name.startswith(query)]
            case Fit.PART:
                parts = [(index, name) for index, name in names if query in name]
                return [index for index, name in parts if inner not in name and not name.startswith(query)]
            case Fit.ALL_WORDS if len(words) > 1:
                some = [(index, name) for index, name in names if words[0] in name and query not in name]
                return [index for index, name in some if all(word in name for word in words)]
            case Fit.SCATTERED:
                holds = _in_order("".join(words))
                return [index for index, name in names if holds(name) and query not in name]
            case _:
                return []


def words_of(query: str) -> list[str]:
    """The words of a query."""
    return [word for word in _SEPARATOR.split(query[:_LONGEST].casefold()) if word]


def _fold(name: str) -> str:
    # Five times as fast as the pattern, and this is done for every name of a library.
    return name.casefold().replace("_", "-").replace(".", "-").replace(" ", "-").replace("/", "-")


def _in_order(characters: str) -> Callable[[str], object]:
    """Whether a name holds these characters in their order."""
    # No way back into what was passed over: each name is walked once, however it repeats itself.
    return re.compile("".join(f"[^{each}]*+{each}" for each in map(re.escape, characters))).match
