"""Fences and headings of Markdown by a scan over its lines: cheap enough for every keystroke.

It follows CommonMark (https://spec.commonmark.org/0.31.2/#fenced-code-blocks) but for containers: a fence may be
indented as far as the list item it stands in, which a line scan cannot know, so any indentation is accepted
after a list item; and a fence in a block quote is read without its `>`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property

_LINE = re.compile(r"[^\n]*(?:\n|\Z)")
_INTERESTING = re.compile(r"^[ \t>]*(?:`{3}|~{3}|#{1,6}(?:[ \t]|$))", re.MULTILINE)
_FENCE = re.compile(
    r"(?P<indent>[ \t]*)(?P<quote>(?:>[ \t]?)*)(?P<inner>[ \t]*)(?P<marker>`{3,}|~{3,})(?P<info>[^\n]*)"
)
_HEADING = re.compile(r"[ ]{0,3}(#{1,6})(?:[ \t]+(.*?))??(?:[ \t]+#+)?[ \t]*$")
_LIST_ITEM = re.compile(r"(?P<indent>[ \t]*)(?:[-*+]|[0-9]{1,9}[.)])(?P<gap>[ \t]+)")


@dataclass(frozen=True, slots=True)
class Fence:
    """Fenced code: text[start:end] with both fence lines; `marker` is the opening run, `info` what follows it."""

    start: int
    end: int
    marker: str
    info: str
    closed: bool


@dataclass(frozen=True, slots=True)
class Heading:
    """An ATX heading: its line is text[start:end], without the line end."""

    level: int
    title: str
    start: int
    end: int


@dataclass(frozen=True)
class Markdown:
    """The blocks that a line scan finds, in order."""

    fences: tuple[Fence, ...]
    headings: tuple[Heading, ...]

    @cached_property
    def _fence_starts(self) -> list[int]:
        return [fence.start for fence in self.fences]

    def in_fence(self, offset: int) -> bool:
        """Whether an offset lies in fenced code."""
        at = bisect_right(self._fence_starts, offset) - 1
        return at >= 0 and offset < self.fences[at].end


def scan(text: str) -> Markdown:
    """Find the fences and headings of a text."""
    if not _INTERESTING.search(text) and "```" not in text and "~~~" not in text:
        return Markdown((), ())
    fences: list[Fence] = []
    headings: list[Heading] = []
    opener: _Opener | None = None
    list_indent = 0
    at = 0
    while at < len(text):
        end_of_line = text.find("\n", at)
        end = end_of_line if end_of_line >= 0 else len(text)
        line = text[at:end].removesuffix("\r")
        if opener is not None:
            if opener.is_closed_by(line):
                fences.append(opener.fence(end, closed=True))
                opener = None
            elif opener.is_left_by(line):
                fences.append(opener.fence(max(at - 1, opener.start), closed=True))
                opener = None
                continue
        else:
            list_indent = _list_indent(line, list_indent)
            opener = _opening(line, at, list_indent)
            if opener is None and (heading := _HEADING.match(line)):
                headings.append(Heading(len(heading[1]), heading[2] or "", at, at + len(line)))
        at = end + 1
    if opener is not None:
        fences.append(opener.fence(len(text), closed=False))
    return Markdown(tuple(fences), tuple(headings))


@dataclass(frozen=True, slots=True)
class _Opener:
    """A fence line that waits for its end."""

    start: int
    marker: str
    info: str
    quoted: bool

    def is_closed_by(self, line: str) -> bool:
        match = _FENCE.fullmatch(line)
        return (
            match is not None
            and match["marker"][0] == self.marker[0]
            and len(match["marker"]) >= len(self.marker)
            and not match["info"].strip()
        )

    def is_left_by(self, line: str) -> bool:
        """A block quote ends with its last `>`, and the fence inside it with it."""
        return self.quoted and not line.lstrip(" ").startswith(">")

    def fence(self, end: int, *, closed: bool) -> Fence:
        return Fence(self.start, end, self.marker, self.info, closed)


def _opening(line: str, at: int, list_indent: int) -> _Opener | None:
    item = _LIST_ITEM.match(line)
    # `- ```python` opens a fence as the first thing of a list item.
    start = item.end() if item and line[item.end() :].startswith(("```", "~~~")) else 0
    match = _FENCE.match(line, start)
    if match is None or (match["marker"][0] == "`" and "`" in match["info"]):
        return None
    indent = _width(match["indent"])
    if not match["quote"] and not start and indent >= list_indent + 4:
        return None  # indented code
    return _Opener(at, match["marker"], match["info"].strip(), bool(match["quote"]))


def _list_indent(line: str, current: int) -> int:
    """How far the content of the list item is indented that a line stands in; 0 outside of lists."""
    stripped = line.strip()
    if not stripped:
        return current
    item = _LIST_ITEM.match(line)
    if item:
        return _width(line[: item.end()])
    indent = _width(line) - _width(line.lstrip(" \t"))
    return min(current, indent) if current else 0


def _width(text: str) -> int:
    """Columns of white space and markers, a tab reaching to the next multiple of four."""
    return len(text.expandtabs(4))
