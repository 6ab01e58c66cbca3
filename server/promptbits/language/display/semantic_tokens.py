"""Semantic tokens: what an editor cannot colour by itself, because it stands in Markdown inside of a JSON string."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

from promptbits.checks.snapshot import Snapshot
from promptbits.language.hover.keys import description_of
from promptbits.text import markdown_inline
from promptbits.text.markdown import Fence

TokenKind = Literal["placeholder", "heading", "fence", "code", "link", "trigger-kind"]

_LINE_END = re.compile(r"\r\n|\n|\r")
_CLOSING = re.compile(r"[ \t>]*+(`{3,}+|~{3,}+)[ \t]*+\r?\Z")


class Token(NamedTuple):
    """A colour for text[start:end]; never over the end of a line, neither of the file's nor of the content's."""

    start: int
    end: int
    kind: TokenKind


def tokens(snapshot: Snapshot) -> list[Token]:
    """Every token of a prompt, in order and without overlap."""
    found = sorted(token for token in (*_in_content(snapshot), *_trigger_kinds(snapshot)) if token.start < token.end)
    if snapshot.document.is_strict:
        return found
    # A string may hold line ends only while the JSON is broken, but then it may hold them anywhere.
    return [piece for token in found for piece in _by_line(snapshot.document.text, token)]


def _in_content(snapshot: Snapshot) -> Iterator[Token]:
    node = snapshot.content_node
    if node is None:
        return
    content = snapshot.content
    for layer in _painted(_layers(snapshot)):
        for start, end, kind in _by_line(content, layer):
            yield Token(node.source_offset(start), node.source_offset(end), kind)


def _layers(snapshot: Snapshot) -> Iterator[list[Token]]:
    """The tokens of the decoded content, in layers: each wins over the ones before it."""
    content, markdown = snapshot.content, snapshot.markdown
    yield [Token(heading.start, heading.end, "heading") for heading in markdown.headings]
    spans = markdown_inline.scan(markdown)
    links = [span for span in spans if span.kind != "code"]
    yield _outermost(Token(span.start, span.end, "link") for span in links)
    yield [Token(span.start, span.end, "code") for span in spans if span.kind == "code"]
    yield [token for fence in markdown.fences for token in _fence_lines(content, fence)]
    yield [Token(use.start, use.end, "placeholder") for use in snapshot.placeholders]


def _outermost(found: Iterable[Token]) -> list[Token]:
    """Tokens without those inside of another one, such as the image that is the text of a link."""
    kept: list[Token] = []
    for token in found:
        if not kept or token.start >= kept[-1].end:
            kept.append(token)
    return kept


def _fence_lines(content: str, fence: Fence) -> Iterator[Token]:
    """The opening line from its marker on, and the closing marker."""
    start = content.index(fence.marker, fence.start)
    end = content.find("\n", start, fence.end)
    opening = content[start : end if end >= 0 else fence.end]
    yield Token(start, start + len(opening.rstrip()), "fence")
    last = content.rfind("\n", start, fence.end) + 1
    if fence.closed and last > start and (closing := _CLOSING.match(content, last, fence.end)):
        yield Token(*closing.span(1), "fence")


def _painted(layers: Iterable[list[Token]]) -> list[Token]:
    """One layer out of many: a token is left out where one of a later layer stands."""
    below: list[Token] = []
    for layer in layers:
        below = _merged(below, layer) if below and layer else below or layer
    return below


def _merged(below: Sequence[Token], above: Sequence[Token]) -> list[Token]:
    """Two layers, each in order and without overlap, in one pass."""
    found = list(above)
    at = 0
    for start, end, kind in below:
        while at < len(above) and above[at].end <= start:
            at += 1
        cut = at
        while cut < len(above) and above[cut].start < end:
            if above[cut].start > start:
                found.append(Token(start, above[cut].start, kind))
            start = max(start, above[cut].end)
            cut += 1
        if start < end:
            found.append(Token(start, end, kind))
    return sorted(found)


def _by_line(text: str, token: Token) -> Iterator[Token]:
    """A token in pieces that each stay on one line, without blanks where a line is cut."""
    piece = text[token.start : token.end]
    if "\n" not in piece and "\r" not in piece:
        yield token
        return
    at = 0
    for end in (*(match.span() for match in _LINE_END.finditer(piece)), (len(piece), len(piece))):
        line = piece[at : end[0]]
        if line.strip():
            start = token.start + at + len(line) - len(line.lstrip())
            yield Token(start, start + len(line.strip()), token.kind)
        at = end[1]


def _trigger_kinds(snapshot: Snapshot) -> Iterator[Token]:
    """The kinds of trigger that there are; in a broken prompt, other keys may seem to stand beside them."""
    trigger = snapshot.document.tree.find(("trigger",))
    for member in trigger.members if trigger else ():
        if isinstance(member.key.value, str) and description_of(("trigger", member.name)):
            start = member.key.source_offset(0)
            yield Token(start, start + len(member.key.source), "trigger-kind")
