"""Folding: objects and arrays of the JSON, and inside of the content its sections, fenced code and comments."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from typing import Literal, NamedTuple

from promptbits.checks.snapshot import Snapshot
from promptbits.text.json_tree import Node

FoldKind = Literal["comment", "region"]


class Fold(NamedTuple):
    """A range that may be folded to its first line.

    What stands on one line of the surface it is shown on cannot be folded: most of the content in the JSON, which is a
    view's to unfold.
    """

    start: int
    end: int
    kind: FoldKind | None = None


def folds(snapshot: Snapshot) -> list[Fold]:
    """Every fold, in the order of the text, outer ones first; two of them lie side by side or one in the other."""
    found: list[Fold] = []
    around: list[Fold] = []
    for fold in sorted({*_json(snapshot), *_content(snapshot)}, key=lambda fold: (fold.start, -fold.end)):
        while around and around[-1].end <= fold.start:
            around.pop()
        if around and around[-1].end < fold.end:
            # In broken JSON, what is not closed ends on the line that closes what is around it.
            fold = fold._replace(end=around[-1].end)
        found.append(fold)
        around.append(fold)
    return found


def _json(snapshot: Snapshot) -> Iterator[Fold]:
    """Objects and arrays over several lines, of those that start on one line the outermost.

    The line of the closing bracket stays visible, as editors have it.
    """
    text, lines = snapshot.document.text, snapshot.document.lines
    folded = set[int]()
    stack = [snapshot.document.tree.root]
    while stack:
        node = stack.pop()
        if node is None or node.kind not in ("object", "array"):
            continue
        stack += node.items
        stack += [member.value for member in node.members]
        first, last = lines.line_of(node.start), lines.line_of(max(node.end - 1, node.start))
        if not _is_closed(text, node):
            end = len(text[: node.end].rstrip())
        else:
            end = lines.span(last - 1)[1] if last > first else node.start
        if lines.line_of(end) > first and first not in folded:
            folded.add(first)
            yield Fold(node.start, end)


def _is_closed(text: str, node: Node) -> bool:
    return node.end - 1 > node.start and text[node.end - 1] == ("}" if node.kind == "object" else "]")


def _content(snapshot: Snapshot) -> Iterator[Fold]:
    """The folds of the content that have more than one line of it, with offsets into the JSON."""
    node, content = snapshot.content_node, snapshot.content
    if node is None:
        return
    for fold in (*_sections(snapshot), *_fences(snapshot), *_comments(snapshot)):
        if content.find("\n", fold.start, fold.end) >= 0:
            yield Fold(node.source_offset(fold.start), node.source_offset(fold.end), fold.kind)


def _sections(snapshot: Snapshot) -> Iterator[Fold]:
    for start, end in sections(snapshot):
        yield Fold(start, _without_blank_lines(snapshot.content, start, end))


def sections(snapshot: Snapshot) -> list[tuple[int, int]]:
    """Of each heading, the range of the content up to the next heading that is not below it."""
    found: list[tuple[int, int]] = []
    open_ones: list[tuple[int, int]] = []
    for heading in snapshot.markdown.headings:
        while open_ones and open_ones[-1][0] >= heading.level:
            found.append((open_ones.pop()[1], heading.start))
        open_ones.append((heading.level, heading.start))
    found += [(start, len(snapshot.content)) for _, start in open_ones]
    return sorted(found)


def _fences(snapshot: Snapshot) -> Iterator[Fold]:
    for fence in snapshot.markdown.fences:
        yield Fold(fence.start, _without_blank_lines(snapshot.content, fence.start, fence.end))


def _comments(snapshot: Snapshot) -> Iterator[Fold]:
    """HTML comments outside of fenced code. One that crosses a heading or a fence is left out: those come first."""
    content, markdown = snapshot.content, snapshot.markdown
    headings = [heading.start for heading in markdown.headings]
    close, start = -1, content.find("<!--")
    while start >= 0:
        if close < start + 4:
            close = content.find("-->", start + 4)
            if close < 0:
                return
        after = start + 4
        if not markdown.in_fence(start):
            after = close + 3
            crosses = bisect_right(headings, start) < bisect_left(headings, after) or markdown.in_fence(close)
            if not crosses:
                yield Fold(start, after, "comment")
        start = content.find("<!--", after)


def _without_blank_lines(content: str, start: int, end: int) -> int:
    """Where the last line of a range ends that is not blank."""
    last = start + len(content[start:end].rstrip())
    line_end = content.find("\n", last, end)
    return line_end if line_end >= 0 else end
