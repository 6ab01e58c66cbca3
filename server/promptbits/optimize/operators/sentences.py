"""Where the sentences of a paragraph or an item begin and end."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sentence:
    """text[start:end], with the mark that ends it; `block` numbers the paragraph or item it stands in."""

    start: int
    end: int
    block: int


# `**Label:**`, `**Label** -` and `Label:` before what an item says.
_LABEL = re.compile(r"(?:(\*\*|__)[^*_\n]{1,80}(?::\1|\1[ ]?(?::|[-–—](?=[ ])))|[A-Z][\w /&-]{0,40}:)[ \t]+")
_END = re.compile(r"[.!?]['\")\]*_]*(?=[ \t]*\r?\n|[ \t]+['\"(\[*_`<\0]*[A-Z\0`*])|[.!?]\Z")
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|vs|cf|approx|incl|no|dr|mr|mrs|st|fig|al)|\b[A-Z])\.\Z", re.IGNORECASE
)


def label_end(masked: str, start: int, end: int) -> int:
    """Where the words begin behind the label of a block; `start` if it has none."""
    label = _LABEL.match(masked, start, end)
    return label.end() if label and label.end() < end else start


def sentences(masked: str, start: int, end: int, block: int) -> Iterator[Sentence]:
    """The sentences in a range of prose, where protected parts are masked."""
    at = start
    for mark in _END.finditer(masked, start, end):
        if _ABBREVIATION.search(masked, max(start, mark.start() - 8), mark.start() + 1):
            continue
        if mark.end() > at:
            yield Sentence(at, mark.end(), block)
        at = mark.end()
        while at < end and masked[at] in " \t\r\n":
            at += 1
    if at < end:
        yield Sentence(at, end, block)
