"""What stands in a prompt as often as before: placeholders, code, addresses, numbers and quoted strings."""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

from promptbits.optimize.filters.reading import Reading
from promptbits.text.markdown_inline import TRAILING

_MARKS: Final = {"<<": (">>", "<<"), "{{": ("}}", "{{")}


def placeholders(reading: Reading) -> Counter[str]:
    """Uses of variables, each in its delimiters, and marks that belong to no use.

    The blanks inside of `{{ name }}` say nothing, but which delimiters it has was chosen: other tools may look for
    them. A mark that belongs to nothing is a placeholder that came out wrong: a model would get to read it.
    """
    text = reading.text
    uses = Counter(f"{each.style}{each.name}{_MARKS[each.style][0]}" for each in reading.placeholders)
    styles = Counter(each.style for each in reading.placeholders)
    for opening, (closing, style) in _MARKS.items():
        for mark in (opening, closing):
            stray = text.count(mark) - (styles["<<"] if style == "<<" else styles["{{"])
            if stray > 0:
                uses[f"{mark} without a variable"] = stray
    return uses


def fenced_code(reading: Reading) -> Counter[str]:
    """Fenced code to the letter, with its fences and the indentation of its lines."""
    text = reading.text
    return Counter(text[each.start : each.end].removesuffix("\r") for each in reading.markdown.fences)


_LINE_END = re.compile(r"\r?\n[ \t>]*")


def inline_code(reading: Reading) -> Counter[str]:
    """The code between backticks; a line end counts as a blank, as it does to readers of Markdown."""
    text = reading.text
    found = (text[slice(*span.inside)] for span in reading.spans if span.kind == "code")
    return Counter(_LINE_END.sub(" ", each) if "\n" in each else each for each in found)


# Searched for from the middle, which is rare: in code, too, and of whatever scheme.
_ADDRESS = re.compile(r"://[^\s<>\"`]*+")
_SCHEME = re.compile(r"(?<![A-Za-z0-9])[A-Za-z][A-Za-z0-9+.-]*\Z")
_LONGEST_SCHEME: Final = 32
_BRACKET = re.compile(r"[()\[\]]")
_BRACKETS: Final = {")": "(", "]": "["}


def urls(reading: Reading) -> Counter[str]:
    """Addresses wherever they stand, and the targets of links and images."""
    text = reading.text
    found: Counter[str] = Counter()
    for match in _ADDRESS.finditer(text) if "://" in text else ():
        at = match.start()
        while 0 <= at < match.end():
            scheme = _SCHEME.search(text[max(at - _LONGEST_SCHEME, 0) : at])
            end = _end(text, at, match.end())
            found[(scheme[0] if scheme else "") + text[at:end].rstrip(TRAILING)] += 1
            at = text.find("://", end, match.end())
    if "](" in text:
        targets = (text[slice(*span.inside)] for span in reading.spans if span.kind in ("link", "image"))
        found.update(each for each in targets if each and "://" not in each)
    return found


def _end(text: str, start: int, end: int) -> int:
    """Where an address ends: at a bracket that was opened before it, which is the sentence's and not its own."""
    opened: Counter[str] = Counter()
    for bracket in _BRACKET.finditer(text, start, end):
        opening = _BRACKETS.get(bracket[0])
        if opening is None:
            opened[bracket[0]] += 1
        elif opened[opening] == 0:
            return bracket.start()
        else:
            opened[opening] -= 1
    return end


_NUMBER = re.compile(r"\d++(?:[.,:/-]\d++)*+%?")
# The number of an item counts the item: steps may be numbered anew, and prose may become steps.
_ITEM = re.compile(r"\n[ \t>]*+([0-9]{1,9})[.)](?=[ \t\r\n]|\Z)")


def numbers(reading: Reading) -> Counter[str]:
    """Numbers, with their signs and parts, but for those that only count the items of a list."""
    text = reading.text
    found = Counter(_sign(text, match.start()) + match[0] for match in _NUMBER.finditer(text))
    found.subtract(_ITEM.findall("\n" + text))
    return +found


def _sign(text: str, at: int) -> str:
    """A minus before a number; a hyphen that joins it to a word is none."""
    if not text.startswith("-", at - 1) or at == 0:
        return ""
    return "" if at > 1 and (text[at - 2].isalnum() or text[at - 2] in "_-") else "-"


_QUOTE: Final = re.compile("[\"“«„']")
_SINGLE: Final = re.compile(r"(?<![\w']')[^'\n]{1,200}'(?!\w)")  # from behind its mark on
# Where the string ends that a mark begins, or the line that it would have to end on.
_ENDS: Final = {
    '"': re.compile('["\n]'),
    "“": re.compile("[”\n]"),
    "«": re.compile("[»\n]"),
    "„": re.compile("[“”\n]"),
}


def quoted_strings(reading: Reading) -> Counter[str]:
    """What stands in quotation marks on one line, with its marks."""
    text = reading.text
    found: Counter[str] = Counter()
    # The next end of each kind is looked up once, not once for each mark before it: a line of nothing but opening
    # marks would take a time that grows with its square.
    ends = dict.fromkeys(_ENDS, -1)
    at = 0
    while mark := _QUOTE.search(text, at):
        start, at = mark.start(), mark.end()
        if mark[0] == "'":
            single = _SINGLE.match(text, at)
            end = single.end() if single else at
        else:
            if ends[mark[0]] < at:
                closing = _ENDS[mark[0]].search(text, at)
                ends[mark[0]] = closing.start() if closing else len(text)
            stop = ends[mark[0]]
            end = at if text[stop : stop + 1] in ("", "\n") else stop + 1
        if end > at:
            found[text[start:end]] += 1
            at = end
    return found
