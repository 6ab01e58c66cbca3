"""Whether Markdown still reads as it was meant: what counts is what is broken more often than in the prompt.

Nobody's Markdown is perfect, and a proposal need not mend it. So faults are counted on both sides, and more of a
fault than before is what rejects a text.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from typing import Final

from promptbits.optimize.filters.reading import Reading

# A heading without its blank, one without its title, and one that has slipped into the line before it. Patterns begin
# with what is rare, and lines with the end of the line before them: that is what a search is fast with.
_GLUED = re.compile(r"\n {0,3}#{2,6}[^\s#]")
_UNTITLED = re.compile(r"\n {0,3}#{1,6}[ \t]*(?=\r?\n|\r?\Z)")
_SLIPPED = re.compile(r"##(?<=[^\s#\0>*+-][ \t]##)#{0,4} +[^\s#]")
# Underlined with hyphens, any line is a heading; a rule with nothing above it is none.
_UNDERLINED = re.compile(r"\n[ \t]*[^\s#>|=*+-][^\n]*(?=\n {0,3}(?:-{2,}|={2,})[ \t]*(?:\r?\n|\r?\Z))")
_TAG = re.compile(r"<(?<!<<)(/?)([A-Za-z][\w.-]{0,60})(?:[ \t][^<>\n\0]*)?>(?!>)")
_EMPHASIS = re.compile(r"\*+|__+")
_MARKS: Final = frozenset(("*", "**", "***", "__"))
_NO_WORD: Final = " \t\r\n*_"
_JOINED: Final = ("_", "*", "\\", "\0")
_HELD: Final = ("_", "*", "\0")
_FAULTS: Final = {
    "a heading without a blank behind its marks": _GLUED,
    "a heading without a title": _UNTITLED,
    "a heading in the middle of a line": _SLIPPED,
    "a line underlined to a heading": _UNDERLINED,
}


def faults(reading: Reading) -> Counter[str]:
    """What is broken in a text, counted by what it is."""
    prose = "\n" + reading.prose
    found = Counter({name: len(pattern.findall(prose)) for name, pattern in _FAULTS.items()})
    found["a fence that is not closed"] = sum(not fence.closed for fence in reading.markdown.fences)
    links = sum(span.kind in ("link", "image") for span in reading.spans)
    found["a link that is none"] = max(prose.count("](") - links, 0)
    found["a tag without its other half"] = _halves(prose)
    found["emphasis without its other half"] = _emphasis(reading)
    found["a placeholder inside code"] = placeholders_in_code(reading)
    return +found


def links(reading: Reading) -> Counter[str]:
    """Links and images by where they lead."""
    text = reading.text
    return Counter(text[slice(*span.inside)] for span in reading.spans if span.kind in ("link", "image"))


def placeholders_in_code(reading: Reading) -> int:
    """How many uses of variables stand in code."""
    starts = [start for start, _ in reading.code]
    count = 0
    for use in reading.placeholders:
        at = bisect_right(starts, use.start) - 1
        count += at >= 0 and use.start < reading.code[at][1]
    return count


def _halves(prose: str) -> int:
    """Tags that open and are not closed, or the other way round."""
    balance: Counter[str] = Counter()
    for closing, name in _TAG.findall(prose) if "<" in prose else ():
        balance[name.lower()] += -1 if closing else 1
    return sum(map(abs, balance.values()))


def _emphasis(reading: Reading) -> int:
    """Marks of emphasis that begin or end it without the other: in each paragraph, for each kind of mark."""
    prose = reading.prose
    if "*" not in prose and "__" not in prose:
        return 0
    starts = [start for start, _ in reading.paragraphs]
    balance: Counter[tuple[int, str]] = Counter()
    for match in _EMPHASIS.finditer(prose):
        mark, (start, end) = match[0], match.span()
        if mark in _MARKS:
            sides = _side(prose[start - 1 : start], prose[end : end + 1])
            if sides:
                balance[bisect_right(starts, start), mark] += sides
    return sum(map(abs, balance.values()))


def _side(before: str, after: str) -> int:
    """1 for marks that begin emphasis, -1 for those that end it, 0 for those that may do both or neither."""
    begins = after.strip(_NO_WORD) != "" and not (before.isalnum() or before in _JOINED)
    ends = before.strip(_NO_WORD + "\\") != "" and not (after.isalnum() or after in _HELD)
    return begins - ends
