"""What stands inside the lines of Markdown: code spans, links, images and addresses.

It follows CommonMark (https://spec.commonmark.org/0.31.2/#inlines) for what it finds. References such as `[a][b]` and
HTML are not read, and paragraphs are told apart by their lines alone: a line scan knows no containers. Bare addresses
end as GitHub ends them. Nothing is found in fenced or indented code.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal

from promptbits.text.markdown import Markdown
from promptbits.text.markdown_paragraphs import paragraphs

SpanKind = Literal["code", "link", "image", "autolink", "url"]


@dataclass(frozen=True, slots=True)
class Span:
    """One piece: text[start:end], marks included; links may hold code spans and images, all else lies side by side.

    `inside` is the source range of what counts: the code between the backticks, or the target as it is written.
    `target` is where a link leads, without escapes; empty for code.
    """

    kind: SpanKind
    start: int
    end: int
    inside: tuple[int, int]
    target: str = ""


# Everything that may begin or end a span: one class of characters, which is what a search is fastest with.
_MARK = re.compile(r"[\\`\[\]<]")
_PUNCTUATION: Final = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")
_RUN = re.compile("`++")
_AUTOLINK = re.compile(r"<([A-Za-z][A-Za-z0-9+.-]{1,31}+:[^\x00-\x20<>\x7f]*+)>")
# Searched for from its middle, which is rare. Without brackets, quotes and backticks: around an address, they are the
# text's and not its own.
_URL = re.compile(r"://[^\s<>\"`\\\[\]]++")
_URL_SCHEME = re.compile(r"(?<![A-Za-z0-9_])https?\Z", re.IGNORECASE)
# What ends a sentence rather than an address.
TRAILING: Final = "?!.,:;*_~'|"

_ANGLED = re.compile(r"<((?:[^<>\\\n]++|\\.?)*+)>")
_BARE = re.compile(r"[^\\()\x00-\x20\x7f]++|\\[!-/:-@\[-`{-~]?|[()]")
_BLANK = re.compile(r"[ \t\r\n]*+")
_TITLE = re.compile(
    r""" "(?:[^"\\]++|\\.)*+" | '(?:[^'\\]++|\\.)*+' | \((?:[^()\\]++|\\.)*+\) """, re.VERBOSE | re.DOTALL
)
_MOST_NESTED: Final = 32  # brackets in a bare target, as the specification allows
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])|&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")


def scan(markdown: Markdown, start: int = 0, end: int | None = None) -> list[Span]:
    """The spans of a text, in order, one that holds another before it.

    Args:
        markdown: the text with its blocks.
        start: only paragraphs that reach beyond this offset are looked at.
        end: only paragraphs that begin before this offset are looked at; None for all.
    """
    found: list[Span] = []
    for first, last in paragraphs(markdown):
        if last >= start and (end is None or first <= end):
            found += _in_paragraph(markdown.text, first, last)
    return found


def _in_paragraph(text: str, start: int, end: int) -> list[Span]:
    spans = _Paragraph(text, start, end).spans() if _MARK.search(text, start, end) else []
    if text.find("://", start, end) >= 0:
        spans += _bare_urls(text, start, end, spans)
    return sorted(spans, key=lambda span: (span.start, -span.end))


class _Paragraph:
    """The marks of one paragraph, read once from left to right."""

    def __init__(self, text: str, start: int, end: int) -> None:
        self._text = text
        self._start = start
        self._end = end
        self._found: list[Span] = []
        self._open: list[tuple[int, bool]] = []  # brackets that wait for their end: where, and whether of an image
        self._no_link_before = start  # links hold no links: brackets further left open none

    def spans(self) -> list[Span]:
        """The code spans, links, images and autolinks."""
        at = self._start
        while mark := _MARK.search(self._text, at, self._end):
            at = self._take(mark[0], mark.start(), at)
        return self._found

    def _take(self, mark: str, start: int, at: int) -> int:
        """Take a mark; `at` is where the last one ended. Gives where to go on."""
        match mark:
            case "`":
                return self._code(start)
            case "<":
                return self._autolink(start)
            case "]":
                return self._bracket(start)
            case "[":
                is_image = start > at and self._text[start - 1] == "!"
                self._open.append((start - is_image, is_image))
                return start + 1
            case _:  # a backslash takes the mark behind it along
                return start + (2 if self._text[start + 1 : start + 2] in _PUNCTUATION else 1)

    def _code(self, start: int) -> int:
        run = _RUN.match(self._text, start, self._end)
        length = len(run[0]) if run else 1
        close = self._runs.after(length, start + length)
        if close is None:
            return start + length
        self._found.append(Span("code", start, close + length, (start + length, close)))
        return close + length

    @cached_property
    def _runs(self) -> _Runs:
        return _Runs(self._text, self._start, self._end)

    def _autolink(self, start: int) -> int:
        match = _AUTOLINK.match(self._text, start, self._end)
        if match is None:
            return start + 1
        self._found.append(Span("autolink", *match.span(), match.span(1), match[1]))
        return match.end()

    def _bracket(self, at: int) -> int:
        if not self._open:
            return at + 1
        start, is_image = self._open.pop()
        if not is_image and start < self._no_link_before:
            return at + 1
        tail = _tail(self._text, at + 1, self._end)
        if tail is None:
            return at + 1
        inside, end = tail
        target = _ESCAPED.sub(_unescaped, self._text[inside[0] : inside[1]])
        self._found.append(Span("image" if is_image else "link", start, end, inside, target))
        if not is_image:
            self._no_link_before = start
        return end


class _Runs:
    """Runs of backticks by their length. Each is passed over once, however many openers look for their end."""

    def __init__(self, text: str, start: int, end: int) -> None:
        self._by_length: dict[int, list[int]] = {}
        for run in _RUN.finditer(text, start, end):
            self._by_length.setdefault(run.end() - run.start(), []).append(run.start())
        for places in self._by_length.values():
            places.reverse()

    def after(self, length: int, at: int) -> int | None:
        """The first run of exactly this length from an offset on; offsets that are asked for never fall."""
        places = self._by_length.get(length, [])
        while places and places[-1] < at:
            places.pop()
        return places[-1] if places else None


def _tail(text: str, at: int, end: int) -> tuple[tuple[int, int], int] | None:
    """The target of a link, and where the link ends, from behind the bracket that closes its text."""
    if not text.startswith("(", at, end):
        return None
    at = _after_blank(text, at + 1, end)
    if text.startswith("<", at, end):
        angled = _ANGLED.match(text, at, end)
        if angled is None:
            return None
        inside, at = angled.span(1), angled.end()
    else:
        stop = _bare_target(text, at, end)
        if stop is None:
            return None
        inside, at = (at, stop), stop
    blank = _after_blank(text, at, end)
    title = _TITLE.match(text, blank, end) if blank > at else None
    at = _after_blank(text, title.end(), end) if title else blank
    return (inside, at + 1) if text.startswith(")", at, end) else None


def _bare_target(text: str, at: int, end: int) -> int | None:
    """Where a target without angle brackets ends; its own brackets come in pairs."""
    depth = 0
    while piece := _BARE.match(text, at, end):
        if piece[0] == "(":
            depth += 1
            if depth > _MOST_NESTED:
                return None
        elif piece[0] == ")":
            if depth == 0:
                break
            depth -= 1
        at = piece.end()
    return at if depth == 0 else None


def _after_blank(text: str, at: int, end: int) -> int:
    match = _BLANK.match(text, at, end)
    return match.end() if match else at


def _unescaped(match: re.Match[str]) -> str:
    return match[1] or html.unescape(match[0])


def _bare_urls(text: str, start: int, end: int, taken: Sequence[Span]) -> Iterator[Span]:
    """Addresses that stand in the text as they are, outside of what is taken already."""
    at = start
    for span in sorted(taken, key=lambda each: each.start):
        if span.start > at:
            yield from _urls_between(text, at, span.start)
        at = max(at, span.end)
    yield from _urls_between(text, at, end)


def _urls_between(text: str, start: int, end: int) -> Iterator[Span]:
    for match in _URL.finditer(text, start, end):
        # Not further back than the character before the longest scheme.
        scheme = _URL_SCHEME.search(text[max(match.start() - 6, start) : match.start()])
        rest = _without_trailing(match[0])
        if scheme is not None and len(rest) > len("://"):
            where = (match.start() - len(scheme[0]), match.start() + len(rest))
            yield Span("url", *where, where, text[where[0] : where[1]])


def _without_trailing(url: str) -> str:
    """An address without the punctuation and the brackets that belong to the sentence around it."""
    surplus = url.count(")") - url.count("(")
    while True:
        url = url.rstrip(TRAILING)
        closing = len(url) - len(url.rstrip(")"))
        drop = min(closing, max(surplus, 0))
        if drop == 0:
            return url
        url = url[: len(url) - drop]
        surplus -= drop
