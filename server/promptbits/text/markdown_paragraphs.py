"""Where the paragraphs of Markdown begin and end, by their lines: what a code span or a link cannot reach beyond."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from promptbits.text.markdown import Markdown

_ITEM_MARK: Final = r"[ \t>]*+(?:[-*+]|[0-9]{1,9}[.)])"
# Lines before which a paragraph ends: blank ones, rules and underlines, items of lists. The line end before them is
# part of the pattern, so that a search leaps from line to line.
_BREAK = re.compile(
    rf"""\n (?: (?=[ \t>]*+ (?:\r?\n|\r?\Z))
              | (?=[ \t>]*+ (?:-[- \t]*+|=++[ \t]*+|(?:\*[ \t]*+){{3,}}+|(?:_[ \t]*+){{3,}}+) (?:\r?\n|\r?\Z))
              | (?={_ITEM_MARK}[ \t]++[^ \t\r\n]) )""",  # an empty item does not end a paragraph
    re.VERBOSE,
)
_BLANK_LINES = re.compile(r"(?:[ \t>]*+\r?\n)*+")
_ITEM = re.compile(rf"{_ITEM_MARK}(?:[ \t]|\r?\n|\r?\Z)")
_CODE_LINES = re.compile(r"(?:(?:[ ]{4}|[ ]{0,3}\t)[^\n]*+(?:\n|\Z))++")
_QUOTED = re.compile(r"[ ]{0,3}>")
_NEXT_QUOTED = re.compile(r"\n(?=[ ]{0,3}>)")


def paragraphs(markdown: Markdown) -> Iterator[tuple[int, int]]:
    """Start and end of every run of text outside of code, in order; headings are runs of their own."""
    blocks = [(fence.start, fence.end, False) for fence in markdown.fences]
    blocks += [(heading.start, heading.end, True) for heading in markdown.headings]
    lines = _Lines(markdown.text)
    at = 0
    for start, end, is_heading in sorted(blocks):
        yield from lines.between(at, start)
        if is_heading:
            yield start, end
        lines.pass_block(start, is_heading=is_heading)
        at = end
    yield from lines.between(at, len(markdown.text))


class _Lines:
    """Reads the lines between blocks, and knows whether they belong to a list: there, indented text is not code."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._in_list = False
        self._fresh = True  # nothing of a paragraph stands above

    def pass_block(self, start: int, *, is_heading: bool) -> None:
        """Pass a heading, which ends a list, or a fence, which may begin one."""
        self._in_list = not is_heading and (self._in_list or _ITEM.match(self._text, start) is not None)
        self._fresh = True

    def between(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """The paragraphs of a piece that holds neither fences nor headings."""
        at = start
        for mark in _BREAK.finditer(self._text, start, end):
            yield from self._run(at, mark.start())
            at = mark.end()
        yield from self._run(at, end)

    def _run(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """The paragraph in a piece without breaks; there may be blank lines and indented code before it."""
        text = self._text
        blank = _BLANK_LINES.match(text, start, end)
        if blank is not None and blank.end() > start:
            self._fresh = True
            start = blank.end()
        if start >= end:
            return
        if self._fresh and not self._in_list and (code := _CODE_LINES.match(text, start, end)):
            start = code.end()
        elif _ITEM.match(text, start, end):
            self._in_list = True
        elif self._fresh and text[start] not in " \t":
            self._in_list = False
        self._fresh = start >= end
        if start >= end:
            return
        # A quote begins a paragraph of its own; text below it may go on with it.
        quote = None if _QUOTED.match(text, start, end) else _NEXT_QUOTED.search(text, start, end)
        if quote is not None:
            yield start, quote.start()
            start = quote.end()
        yield start, end
