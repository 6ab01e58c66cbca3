"""Where something new goes, and how it has to look there."""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

from promptbits.optimize.operators.edits import Edit, insertion
from promptbits.optimize.operators.sections import Section
from promptbits.optimize.operators.view import View


def bullet(view: View) -> str:
    """The mark that most items of lists have here."""
    marks = Counter(view.text[line.start : line.body].strip()[0] for line in view.lines if line.kind == "item")
    found = [(count, mark) for mark, count in marks.items() if mark in "-*+"]
    return max(found)[1] if found else "-"


def heading(view: View, title: str) -> str:
    """A heading for a new section, as those that stand here already."""
    headings = view.markdown.headings
    levels = Counter(each.level for each in headings)
    if levels[1] == 1 and len(headings) > 1:
        del levels[1]
    level = min(levels, key=lambda each: (-levels[each], each), default=2)
    if len(headings) == 1 and headings[0].level == 1:
        level = 2
    top = min((each for each in levels if levels[each] > 1), default=level)
    level = min(level, top)
    titles = [each.title for each in headings if any(character.isalpha() for character in each.title)]
    if titles and sum(each.upper() == each for each in titles) * 2 > len(titles):
        title = title.upper()
    elif titles and all(re.fullmatch(r"[^a-z]*[A-Z]\S*(?: (?:[A-Z&]\S*|and|of|the|to|for|with))*", x) for x in titles):
        title = title.title()
    return f"{'#' * level} {title}"


def is_closed(view: View) -> bool:
    """Whether something may be added behind the text: no fence is left open, and it is more than a line."""
    fences = zip(view.markdown.fences, view.fenced, strict=False)
    return bool(view.text.strip()) and all(fence.closed and fence.end == end for fence, (_, end) in fences)


def last_input(view: View) -> Section | None:
    """The section at the end that holds what the prompt is applied to."""
    last = view.sections[-1] if view.sections else None
    return last if last and last.kind == "input" and last.level else None


def appended(view: View, title: str, body: str) -> Edit | None:
    """A new section at the end, but before the input; without headings, it is a paragraph that its title begins."""
    if not is_closed(view):
        return None
    new = view.newline.join(
        [heading(view, title), "", *body.split("\n")]
        if view.markdown.headings
        else [f"{title}:", "", *body.split("\n")]
    )
    gap = view.newline * 2
    section = last_input(view)
    last = next(line for line in reversed(view.lines) if line.kind != "blank")
    if last.kind == "code":
        return None  # the prompt is written as a program
    if section is not None:
        return insertion(section.start, new + gap)
    end = len(view.text.rstrip(" \t\r\n"))
    if _trailing_variable(view, end):
        return None
    return insertion(end, gap + new)


def _trailing_variable(view: View, end: int) -> bool:
    """Whether the text ends with the material it is applied to: nothing belongs behind that."""
    start = view.text.rfind("\n", 0, end) + 1
    line = view.text[start:end].strip()
    return line.startswith(("<<", "{{", "</", "$", "[")) or re.fullmatch(r"[\w ]{1,30}:", line) is not None


_INTRO: Final = 4  # blocks that an introduction may have
_POINTS: Final = re.compile(r"\b(?:following|below|steps|next)\b", re.IGNORECASE)


def behind_intro(view: View) -> int | None:
    """Where a paragraph can follow the introduction, that of the section that may change; None without one.

    A paragraph that points at what comes next keeps its place before it.
    """
    found: int | None = None
    first: Section | None = None
    blocks = [block for block in view.blocks if view.may_change(block.line_start, block.end)]
    for block in blocks[:_INTRO]:
        section = view.section_at(block.start)
        if found is not None and section != first:
            break
        if (
            block.is_item
            or block.first.indent
            or (view.basis.section is None and section is not None and section.level > 1)
        ):
            break
        text = view.text[block.start : block.end].rstrip()
        follows = view.text[block.end : block.end + 4].replace("\r", "")
        ends = text.endswith((".", "!")) and (follows.startswith("\n\n") or not follows.strip())
        if found is not None and (not ends or _POINTS.search(text)):
            break
        if block.prose and ends:
            found, first = block.end, section
    return found


_LONGEST_LIST: Final = 15
_LABELLED: Final = re.compile(r"(?:\*\*|__)[^*_]+(?:\*\*|__)")


def add_item(view: View, section: Section, words: str) -> Edit | None:
    """One more item for the list that ends a section; None where it does not end with a plain list."""
    inside = [line for line in view.lines if section.body <= line.start < section.end and line.kind != "blank"]
    if len(inside) < 2 or inside[-1].kind != "item":
        return None
    items = [line for line in inside if line.kind == "item" and line.indent == inside[-1].indent]
    if len(items) < 2 or inside[-1].indent != min(line.indent for line in inside if line.kind == "item"):
        return None
    if len(items) > _LONGEST_LIST or sum(bool(_LABELLED.match(view.text, each.body)) for each in items) * 2 > len(
        items
    ):
        return None
    last, before = items[-1], items[-2]
    mark = view.text[last.start : last.body]
    number = re.fullmatch(r"([ \t]*)(\d+)([.)][ \t]+)", mark)
    if number:
        mark = f"{number[1]}{int(number[2]) + 1}{number[3]}"
    elif "[" in mark or not re.fullmatch(r"[ \t]*[-*+][ \t]+", mark):
        return None
    between = view.text[view.text.rfind("\n", 0, last.start - 1) + 1 : last.start].strip()
    gap = view.newline * (2 if not between else 1)
    ends = [view.text[line.end - 1 : line.end] == "." for line in (before, last)]
    return insertion(last.end, gap + mark + (words if any(ends) else words.removesuffix(".")))
