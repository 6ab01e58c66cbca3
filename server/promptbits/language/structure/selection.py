"""Growing a selection: from the word under the cursor outwards to the whole document."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from promptbits.checks.snapshot import Range, Snapshot
from promptbits.language.structure.folding import sections
from promptbits.language.target import decoded_offset
from promptbits.text import markdown_inline
from promptbits.text.json_tree import Node
from promptbits.text.markdown import Fence

_WORD = re.compile(r"\w++")
# How far from the cursor a word may reach: nobody selects one that is longer.
_LONGEST_WORD = 200


def selections(snapshot: Snapshot, offset: int) -> list[Range]:
    """The ranges that a selection at an offset grows through, each inside of the next; never empty.

    Every one holds the offset, or ends there.
    """
    text = snapshot.document.text
    offset = min(max(offset, 0), len(text))
    wanted = {each for each in _ranges(snapshot, offset) if each[0] < each[1]} | {(0, len(text))}
    chain: list[Range] = []
    for start, end in sorted(wanted, key=lambda each: (each[1] - each[0], each)):
        # Of two that cross, such as the line and a code span over its end, the smaller one stays.
        inner = chain[-1] if chain else (offset, offset)
        if start <= inner[0] and inner[1] <= end:
            chain.append((start, end))
    return chain


def _ranges(snapshot: Snapshot, offset: int) -> Iterator[Range]:
    """Everything in the JSON that an offset stands in, or at the end of."""
    node = snapshot.document.tree.root
    while node is not None:
        yield node.start, node.end
        if node.kind == "string":
            yield from _in_string(snapshot, node, offset)
        inner: Node | None = next((item for item in node.items if item.start <= offset <= item.end), None)
        for member in node.members:
            if member.start <= offset <= member.end:
                yield member.start, member.end
                on_key = offset <= member.key.end
                inner = member.key if on_key else member.value
                break
        node = inner if inner is not None and inner.start <= offset <= inner.end else None


def _in_string(snapshot: Snapshot, node: Node, offset: int) -> Iterator[Range]:
    """What a string holds at an offset; the content is read as Markdown."""
    inside = node.source_offset(0)
    if not inside <= offset <= inside + len(node.source):
        return
    yield inside, inside + len(node.source)
    at = decoded_offset(node, offset)
    ranges = [*_word(node.value, at)]
    if node is snapshot.content_node:
        ranges += _in_content(snapshot, at)
    for start, end in ranges:
        yield node.source_offset(start), node.source_offset(end)


def _word(text: str, at: int) -> Iterator[Range]:
    first = max(at - _LONGEST_WORD, 0)
    for match in _WORD.finditer(text, first, at + _LONGEST_WORD):
        if match.start() <= at <= match.end():
            yield match.span()


def _in_content(snapshot: Snapshot, at: int) -> Iterator[Range]:
    """The ranges of the decoded content."""
    content, markdown = snapshot.content, snapshot.markdown
    for use in snapshot.placeholders:
        if use.start <= at <= use.end:
            name = content.index(use.name, use.start)
            if name <= at <= name + len(use.name):
                yield name, name + len(use.name)
            yield use.start, use.end
    yield _line(content, at)
    fence = next((each for each in markdown.fences if each.start <= at <= each.end), None)
    bounds = _Bounds(0, len(content))
    if fence is None:
        for span in markdown_inline.scan(markdown, at, at):
            if span.start <= at <= span.end:
                yield span.inside
                yield span.start, span.end
        bounds = _between_blocks(snapshot, at)
    else:
        yield fence.start, fence.end
        body = _body(content, fence)
        bounds = body if body is not None and body.start <= at <= body.end else None
        if bounds:
            yield bounds
    if bounds:
        yield _paragraph(content, at, bounds)
    yield from (each for each in sections(snapshot) if each[0] <= at <= each[1])


class _Bounds(NamedTuple):
    """What a paragraph may not reach beyond."""

    start: int
    end: int


def _line(content: str, at: int) -> Range:
    """The line of the content, without its line end."""
    start = content.rfind("\n", 0, at) + 1
    end = content.find("\n", at)
    return start, end if end >= 0 else len(content)


def _body(content: str, fence: Fence) -> _Bounds | None:
    """The lines between the fence lines."""
    start = content.find("\n", fence.start, fence.end) + 1
    if not start:
        return None
    end = content.rfind("\n", start - 1, fence.end) if fence.closed else fence.end
    return _Bounds(start, end) if end > start else None


def _between_blocks(snapshot: Snapshot, at: int) -> _Bounds | None:
    """The text around an offset up to the next heading or fence on either side; None on a heading."""
    start, end = 0, len(snapshot.content)
    for block in (*snapshot.markdown.headings, *snapshot.markdown.fences):
        if block.start <= at <= block.end:
            return None
        if block.end < at:
            start = max(start, block.end + 1)
        else:
            end = min(end, block.start - 1)
    return _Bounds(start, end) if start <= at <= end else None


def _paragraph(content: str, at: int, bounds: _Bounds) -> Range:
    """The lines around an offset up to a blank one on either side."""
    start, end = _line(content, at)
    if not content[start:end].strip():
        return start, end
    while start > bounds.start:
        above = content.rfind("\n", 0, start - 1) + 1
        if not content[above : start - 1].strip():
            break
        start = above
    while end < bounds.end:
        below = content.find("\n", end + 1)
        below = below if below >= 0 else len(content)
        if not content[end + 1 : below].strip():
            break
        end = below
    return max(start, bounds.start), min(end, bounds.end)
