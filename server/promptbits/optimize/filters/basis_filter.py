"""All filters together: what is known of the prompt is worked out once, then each proposal is held against it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from promptbits.optimize.filters import characters, kept, sizes, structure
from promptbits.optimize.filters.reading import Reading
from promptbits.optimize.filters.rejecting import Rejection, difference, named
from promptbits.optimize.terms import Basis

# What each code means, for authors.
CODES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "invalid": "The text holds characters that no prompt can have.",
        "empty": "The text says nothing.",
        "growth": "The text is more than one and a half times as long as before.",
        "copy": "The text is the prompt as it is, but for blanks and line ends.",
        "section": "Something outside of the section that may change has changed.",
        "token-budget": "The text is longer than the number of tokens that was asked for.",
        "placeholders": "A placeholder was lost, added, renamed, spoilt, or given other delimiters.",
        "fenced-code": "Fenced code was changed.",
        "inline-code": "Code between backticks was changed.",
        "urls": "An address was changed.",
        "numbers": "A number was changed.",
        "quoted-strings": "Something between quotation marks was changed.",
        "hidden-characters": "The text holds characters that a reader does not see and that were not there before.",
        "markdown": "A heading, link, fence, tag or emphasis was broken, or a placeholder put into code.",
    }
)

_KEPT: Final[Mapping[str, Callable[[Reading], Counter[str]]]] = {
    "placeholders": kept.placeholders,
    "fenced-code": kept.fenced_code,
    "inline-code": kept.inline_code,
    "urls": kept.urls,
    "numbers": kept.numbers,
    "quoted-strings": kept.quoted_strings,
}


@dataclass(frozen=True, slots=True)
class _Before:
    """What the filters know of the prompt."""

    folded: str
    kept: Mapping[str, Counter[str]]
    hidden: Counter[str]
    faults: Counter[str]
    links: Counter[str]


class BasisFilter:
    """Holds proposed texts against one prompt. Pure: the same text gets the same answer."""

    def __init__(self, basis: Basis) -> None:
        self._basis = basis
        reading = Reading(basis.content, basis.variables)
        self._before = _Before(
            sizes.folded(basis.content),
            {code: count(reading) for code, count in _KEPT.items()},
            characters.hidden(reading),
            structure.faults(reading),
            structure.links(reading),
        )

    def check(self, text: str) -> tuple[Rejection, ...]:
        """Every reason why a text may not be proposed, in the order of the codes; none for one that may.

        A text that is no prompt at all, or far too long for one, is not looked at any further.
        """
        after = Reading(text, self._basis.variables)
        return tuple(self._unusable(after)) or tuple(self._changed(after))

    def _unusable(self, after: Reading) -> Iterator[Rejection]:
        yield from _rejections("invalid", characters.invalid(after))
        yield from _rejections("empty", sizes.empty(self._basis, after))
        yield from _rejections("growth", sizes.growth(self._basis, after))

    def _changed(self, after: Reading) -> Iterator[Rejection]:
        before = self._before
        yield from _rejections("copy", sizes.copy(before.folded, after))
        yield from _rejections("section", sizes.section(self._basis, after))
        yield from _rejections("token-budget", sizes.token_budget(self._basis, after))
        for code, count in _KEPT.items():
            yield from _rejections(code, difference(before.kept[code], count(after)))
        yield from _rejections("hidden-characters", _more(before.hidden, characters.hidden(after)))
        yield from _rejections("markdown", _more(before.faults, structure.faults(after)))
        yield from _rejections("markdown", _more(structure.links(after), before.links, "no more a link: "))


def _more(before: Counter[str], after: Counter[str], words: str = "") -> str | None:
    """What there is more of in one count than in the other, in words."""
    found = after - before
    return words + named(found) if found else None


def _rejections(code: str, words: str | None) -> Iterator[Rejection]:
    if words is not None:
        yield Rejection(code, words)
