"""How a rejection is worded, and how two counts of things are compared."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Final

_MOST_SHOWN: Final = 3
_LONGEST_SHOWN: Final = 60


@dataclass(frozen=True, slots=True)
class Rejection:
    """Why a text may not be proposed: the code of the filter, and what it found."""

    code: str
    words: str


def difference(before: Counter[str], after: Counter[str]) -> str | None:
    """What went and what came, in words; None where nothing did."""
    if before == after:
        return None
    parts = [("lost", before - after), ("new", after - before)]
    return "; ".join(f"{what}: {named(found)}" for what, found in parts if found)


def named(found: Counter[str]) -> str:
    """The first few of some things, each shortened to what fits a line."""
    names = [shown(each) + (f" ({count} times)" if count > 1 else "") for each, count in found.items()]
    rest = len(names) - _MOST_SHOWN
    return ", ".join(names[:_MOST_SHOWN]) + (f" and {rest:,} more" if rest > 0 else "")


def shown(text: str) -> str:
    """A piece of a text on one line: blanks folded, nothing that cannot be printed, and not too long."""
    line = " ".join(text[: 4 * _LONGEST_SHOWN].split())
    line = "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in line)
    return line if len(line) <= _LONGEST_SHOWN else line[: _LONGEST_SHOWN - 1] + "…"
