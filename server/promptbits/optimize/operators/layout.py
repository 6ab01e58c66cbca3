"""Operators on the look of Markdown: markers, headings, ends of items, blank lines. They know no language."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

from promptbits.optimize.operators.edits import Edit, insertion
from promptbits.optimize.operators.lines import Line
from promptbits.optimize.operators.view import View

# A dot is no mark of Markdown: what stands behind it may only become an item if it is a word.
_MARKED: Final = re.compile(r"[ \t]*(?:[-*+]|[ ]{0,3}•[ ]{1,3}(?=\w))")


def _is_marked(line: str) -> bool:
    return _MARKED.match(line) is not None


def markers(view: View, _rng: random.Random) -> list[Edit] | None:
    """One mark for all items of lists."""
    marks = [
        (line.body, view.text.index(view.text[line.start : line.body].strip()[0], line.start))
        for line in view.lines
        if line.kind == "item" and _is_marked(view.text[line.start : line.end])
    ]
    counted = Counter(view.text[at] for _, at in marks)
    if counted["+"] == 1 or (len(counted) < 2 and "•" not in counted):
        return None
    most = max((mark for mark in counted if mark != "•"), key=lambda mark: counted[mark], default="-")
    return [Edit(at, at + 1, most) for _, at in marks if view.text[at] != most]


def _lists(view: View) -> Iterator[list[Line]]:
    """Runs of items at one depth, with nothing but blank lines between them."""
    run: list[Line] = []
    for line in view.lines:
        if line.kind == "item" and (not run or line.indent == run[0].indent):
            run.append(line)
        elif line.kind != "blank":
            if len(run) > 1:
                yield run
            run = [line] if line.kind == "item" else []
    if len(run) > 1:
        yield run


_FEWEST_ITEMS: Final = 3
_KEEPS_END: Final = re.compile(r"(?:\betc|e\.g|i\.e|\.\.)\.\Z", re.IGNORECASE)
_OTHER_ENDS: Final = ("?", "!", ":", ",", ";", "…")
_CLAUSE: Final = re.compile(r"[A-Za-z\0'’,-]+(?: [A-Za-z\0'’,()/-]+){3,}\Z")


def item_ends(view: View, _rng: random.Random) -> list[Edit] | None:
    """All items of a list end with a full stop, or none does, as most of them have it."""
    edits: list[Edit] = []
    for run in _lists(view):
        words = [view.masked[line.body : line.end].rstrip() for line in run]
        stops = sum(each.endswith(".") for each in words)
        if any(each.endswith(_OTHER_ENDS) for each in words):
            continue
        if len(run) < _FEWEST_ITEMS or stops in (0, len(run)) or stops * 3 in range(len(run) + 1, 2 * len(run)):
            continue
        for line, each in zip(run, words, strict=True):
            end = line.body + len(each)
            if stops * 2 > len(run) and _CLAUSE.match(each) and not each.endswith("\0"):
                edits.append(insertion(end, "."))
            elif stops * 2 < len(run) and each.endswith(".") and not _KEEPS_END.search(each) and ". " not in each:
                edits.append(Edit(end - 1, end, ""))
    return edits or None


_LONGEST_TITLE: Final = 7  # with its hashes; a longer one is a sentence, and may end like one


def heading_marks(view: View, _rng: random.Random) -> list[Edit] | None:
    """Headings without a colon or a full stop at their end."""
    edits: list[Edit] = []
    for heading in view.markdown.headings:
        line = view.text[heading.start : heading.end].rstrip()
        found = re.search(r"(?<=[\w)`])[:.;]+\Z", line)
        if (
            found
            and len(line.split()) <= _LONGEST_TITLE
            and not line.endswith(("etc.", "..."))
            and heading.title.strip(":.;")
        ):
            edits.append(Edit(heading.start + found.start(), heading.start + found.end(), ""))
    return edits or None


def heading_levels(view: View, _rng: random.Random) -> list[Edit] | None:
    """No heading more than one level below the one it belongs to."""
    headings = view.markdown.headings
    edits: list[Edit] = []
    path: list[tuple[int, int]] = []  # levels as they are, and as they become
    for heading in headings:
        while path and path[-1][0] >= heading.level:
            path.pop()
        level = min(heading.level, path[-1][1] + 1) if path else heading.level
        path.append((heading.level, level))
        if level != heading.level:
            at = view.text.index("#", heading.start)
            edits.append(Edit(at, at + heading.level, "#" * level))
    return edits or None


_BOLD_LINE: Final = re.compile(r"(\*\*|__)(?P<title>[A-Z][^*_\n:.!?]{2,60}?):?(?:\1):?[ \t]*")
_FEWEST_BOLD: Final = 2


def bold_headings(view: View, _rng: random.Random) -> list[Edit] | None:
    """Lines that are bold from end to end become the headings that they were meant as."""
    found: list[Edit] = []
    levels = [heading.level for heading in view.markdown.headings]
    for at, line in enumerate(view.lines):
        match = _BOLD_LINE.fullmatch(view.text[line.start : line.end]) if line.kind == "text" else None
        if match is None or not view.is_free(line.start, line.end):
            continue
        above = view.lines[at - 1].kind if at else "blank"
        below = view.lines[at + 1].kind if at + 1 < len(view.lines) else "blank"
        if above != "blank" or below not in ("blank", "item") or at + 2 >= len(view.lines):
            continue
        section = view.section_at(line.start)
        if section is not None and section.kind == "examples":
            continue
        level = min(section.level + 1, 6) if section and section.level else min(levels, default=2)
        gap = "" if below == "blank" else view.newline
        found.append(Edit(line.start, line.end, f"{'#' * level} {match['title'].strip()}{gap}"))
    return found if len(found) >= _FEWEST_BOLD else None


_LABEL_LINE: Final = re.compile(r"(?P<title>[A-Z][A-Za-z]*(?:[ ,&/-]+[A-Za-z]+){0,5})(?P<colon>:?)[ \t]*")


def label_headings(view: View, _rng: random.Random) -> list[Edit] | None:
    """Short lines that stand alone above lists become headings, in a prompt that has none."""
    if view.markdown.headings:
        return None
    found: list[Edit] = []
    for at, line in enumerate(view.lines):
        match = _LABEL_LINE.fullmatch(view.text[line.start : line.end]) if line.kind == "text" else None
        if match is None or line.indent or not view.is_free(line.start, line.end):
            continue
        below = [each.kind for each in view.lines[at + 1 : at + 3]]
        above = view.lines[at - 1].kind if at else "blank"
        if above != "blank" or not (below[:1] == ["item"] or below == ["blank", "item"]):
            continue
        gap = view.newline if below[0] == "item" else ""
        found.append(Edit(line.start, line.end, f"## {match['title']}{gap}"))
    return found if len(found) >= _FEWEST_BOLD else None


# Words that no abbreviation hides in: only headings made of these are written small.
_PLAIN_WORDS: Final = """
identity and purpose steps step output instructions input inputs the format example examples goal goals task tasks
sections section rules constraints context background role of to for your notes note overview summary requirements
guidelines process instruction outputs about important persona main key focus areas best practices template
expected response workflow general project structure introduction description analysis method
"""
_PLAIN: Final = frozenset(_PLAIN_WORDS.split())


def heading_case(view: View, _rng: random.Random) -> list[Edit] | None:
    """OUTPUT INSTRUCTIONS -> Output instructions, where the prompt does not speak of it in capital letters."""
    found: list[Edit] = []
    for heading in view.markdown.headings:
        title = heading.title.rstrip(":")
        words = re.findall(r"[A-Za-z]+", title)
        shouted = [word for word in words if word.isupper()]
        if not shouted or len("".join(shouted)) < 4 or any(word.lower() not in _PLAIN for word in words):
            continue
        if len(re.findall(rf"\b{re.escape(title)}\b", view.text)) > sum(
            each.title.rstrip(":") == title for each in view.markdown.headings
        ):
            continue
        at = view.text.index(title, heading.start)
        found.append(Edit(at, at + len(title), title[0].upper() + title[1:].lower()))
    shouting = [each for each in view.markdown.headings if each.title.isupper()]
    return found if len(found) >= len(shouting) and found else None


def spacing(view: View, _rng: random.Random) -> list[Edit] | None:
    """No blanks at line ends, no stacks of blank lines, a blank line around headings."""
    text = view.text
    edits: list[Edit] = []
    for at, line in enumerate(view.lines):
        section = view.section_at(line.start)
        if line.kind in ("fence", "code") or (section is not None and section.kind == "examples"):
            continue
        if line.kind == "blank":
            stacked = at > 0 and view.lines[at - 1].kind == "blank" and at + 1 < len(view.lines)
            if stacked and view.lines[at + 1].kind != "code" and view.lines[at - 1].start > 0:
                edits.append(Edit(line.start, view.lines[at + 1].start, ""))
            continue
        end = line.start + len(text[line.start : line.end].rstrip(" \t"))
        blanks = text[end : line.end]
        is_empty = re.fullmatch(r"[ \t]*(?:[-*+]|[0-9]+[.)])", text[line.start : end])
        if blanks and blanks != "  " and not is_empty and not text[:end].endswith("\\"):
            edits.append(Edit(end, line.end, ""))
        if line.kind == "heading" and at + 1 < len(view.lines) and view.lines[at + 1].kind in ("text", "item"):
            edits.append(insertion(line.end, view.newline))
        if line.kind == "heading" and at and view.lines[at - 1].kind in ("text", "item"):
            edits.append(insertion(line.start, view.newline))
    return sorted(edits) or None
