"""Fences and headings of Markdown by a scan over its lines: cheap enough for every keystroke.

It follows CommonMark (https://spec.commonmark.org/0.31.2/#fenced-code-blocks) but for containers: a fence may be
indented as far as the list item it stands in, which a line scan cannot know, so any indentation is accepted
after a list item; and a fence in a block quote is read without its `>`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

_FENCE = re.compile(
    r"(?P<indent>[ \t]*+)(?P<quote>(?:>[ \t]?)*+)(?P<inner>[ \t]*+)(?P<marker>`{3,}|~{3,})(?P<info>[^\n]*)"
)
_HEADING = re.compile(r"^[ ]{0,3}(#{1,6})(?=[ \t\r\n]|\Z)", re.MULTILINE)
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
    """The blocks that a line scan finds in a text, in order."""

    text: str
    fences: tuple[Fence, ...]

    @cached_property
    def headings(self) -> tuple[Heading, ...]:
        """The headings outside of fenced code."""
        return tuple(_headings(self)) if "#" in self.text else ()

    @cached_property
    def _fence_starts(self) -> list[int]:
        return [fence.start for fence in self.fences]

    def in_fence(self, offset: int) -> bool:
        """Whether an offset lies in fenced code."""
        at = bisect_right(self._fence_starts, offset) - 1
        return at >= 0 and offset < self.fences[at].end


def scan(text: str) -> Markdown:
    """Find the fences of a text, and its headings once somebody asks for them."""
    fences: list[Fence] = []
    above = _Above(text)
    markers = _Markers(text)
    at = 0
    # Only lines that hold a marker are looked at: prose is passed over at the speed of a substring search.
    while (line := markers.line(at)) is not None:
        start, end = line
        opener = _opening(text[start:end].removesuffix("\r"), start, above.list_indent(start))
        at = end + 1
        if opener is not None:
            fence = _fence(text, opener, at)
            fences.append(fence)
            above.pass_fence(fence, opener.code_indent - 4)
            at = max(fence.end + 1, at)
    return Markdown(text, tuple(fences))


class _Markers:
    """The lines that hold a marker. Each kind of marker is searched for once, not once for each line."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._next = dict.fromkeys(("```", "~~~"), -1)

    def line(self, at: int) -> tuple[int, int] | None:
        """Start and end of the first line from `at` on that holds a marker."""
        text = self._text
        for marker, place in self._next.items():
            if place < at:
                found = text.find(marker, at)
                self._next[marker] = found if found >= 0 else len(text)
        place = min(self._next.values())
        if place == len(text):
            return None
        end = text.find("\n", place)
        return text.rfind("\n", 0, place) + 1, end if end >= 0 else len(text)


def _fence(text: str, opener: _Opener, at: int) -> Fence:
    """The fence that an opening line begins; `at` is where the next line starts."""
    while True:
        place = text.find(opener.marker, at)
        start = text.rfind("\n", 0, place) + 1 if place >= 0 else len(text)
        # A block quote ends with its last `>`, and the fence inside it with it.
        left = _unquoted_line(text, at, start) if opener.quoted else None
        if left is not None:
            return opener.fence(max(left - 1, opener.start), closed=True)
        if place < 0:
            return opener.fence(len(text), closed=False)
        end = text.find("\n", place)
        end = end if end >= 0 else len(text)
        if opener.is_closed_by(text[start:end].removesuffix("\r")):
            return opener.fence(end, closed=True)
        at = end + 1


def _unquoted_line(text: str, at: int, last: int) -> int | None:
    """Where the first line without `>` starts, from the line at `at` to the one at `last`."""
    while at <= last and at < len(text):
        if not text[at : at + 80].lstrip(" ").startswith(">"):
            return at
        end = text.find("\n", at)
        if end < 0:
            break
        at = end + 1
    return None


class _Above:
    """What stands above a line: whether it belongs to a list item, and how far that is indented."""

    # Lines that are looked at to find the item; further up, none is likely to be meant.
    _MOST_LINES = 1000

    def __init__(self, text: str) -> None:
        self._text = text
        self._fence_end = -1
        self._fence_indent = 0

    def pass_fence(self, fence: Fence, list_indent: int) -> None:
        """Remember the last fence: its code says nothing of lists, the item it stands in goes on below it."""
        self._fence_end = fence.end
        self._fence_indent = list_indent

    def list_indent(self, start: int) -> int:
        """How far the content of the list item is indented that the line at `start` stands in; 0 outside of lists."""
        smallest = None
        for _ in range(self._MOST_LINES):
            end = self._text.find("\n", start)
            line = self._text[start : end if end >= 0 else len(self._text)]
            if line.strip():
                item = _LIST_ITEM.match(line)
                if item:
                    width = _width(item[0])
                    return width if smallest is None else min(width, smallest)
                indent = _width(line[: len(line) - len(line.lstrip(" \t"))])
                smallest = indent if smallest is None else min(indent, smallest)
            if smallest == 0 or start == 0:
                break
            if start - 1 <= self._fence_end:
                return min(self._fence_indent, smallest or 0)
            start = self._text.rfind("\n", 0, start - 1) + 1
        return 0


def _headings(markdown: Markdown) -> Iterator[Heading]:
    for match in _HEADING.finditer(markdown.text):
        if not markdown.in_fence(match.start()):
            end = markdown.text.find("\n", match.end())
            end = end if end >= 0 else len(markdown.text)
            line = markdown.text[match.start() : end].removesuffix("\r")
            title = _title(line[match.end() - match.start() :])
            yield Heading(len(match[1]), title, match.start(), match.start() + len(line))


@dataclass(frozen=True, slots=True)
class _Opener:
    """A fence line that waits for its end."""

    start: int
    marker: str
    info: str
    quoted: bool
    code_indent: int  # a line indented this far is code, whatever stands in it

    def is_closed_by(self, line: str) -> bool:
        match = _FENCE.fullmatch(line)
        return (
            match is not None
            and (bool(match["quote"]) or _width(match["indent"]) < self.code_indent)
            and match["marker"][0] == self.marker[0]
            and len(match["marker"]) >= len(self.marker)
            and not match["info"].strip()
        )

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
    return _Opener(at, match["marker"], match["info"].strip(), bool(match["quote"]), list_indent + 4)


def _title(rest: str) -> str:
    """The text of a heading, without the hashes that may close it."""
    title = rest.strip(" \t")
    opened = title.rstrip("#")
    return title if opened and opened[-1] not in " \t" else opened.rstrip(" \t")


def _width(text: str) -> int:
    """Columns of white space and markers, a tab reaching to the next multiple of four."""
    return len(text.expandtabs(4))
