"""Placeholders in a template: `<<name>>` and `{{ name }}`.

Grammar. A name is `[A-Za-z_][A-Za-z0-9_]*`, parts joined by dots. `<<name>>` has no inner blanks; `{{ name }}` may
have spaces and tabs inside. Scanning goes from left to right. Nothing matches after `$` or after a third brace or
angle, nor before a third one. A backslash directly before `<<` or `{{` escapes it and is removed on rendering; two
backslashes there are one backslash and no escape. In fenced code `{{name}}` counts only if the name is declared.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterator, Sequence
from typing import Literal, NamedTuple, Protocol

Style = Literal["<<", "{{"]

NAME = r"[A-Za-z_][A-Za-z0-9_]*+(?:\.[A-Za-z_][A-Za-z0-9_]*+)*+"
_NAME = re.compile(NAME)

# Searching for the marks alone is what keeps the scan fast: the rest is looked at only where one stands.
_MARK = re.compile(r"<<|\{\{")
_ANGLE = re.compile(rf"(?<![$<])<<({NAME})>>(?!>)")
_BRACE = re.compile(rf"(?<![${{])\{{\{{[ \t]*+({NAME})[ \t]*+\}}\}}(?!\}})")


class Span(Protocol):
    """Anything with a start and an end, such as a fence."""

    @property
    def start(self) -> int:
        """The first offset."""
        ...

    @property
    def end(self) -> int:
        """The offset after the last one."""
        ...


class Placeholder(NamedTuple):
    """One use of a variable: text[start:end] with its delimiters. Offsets are of the decoded content."""

    name: str
    start: int
    end: int
    style: Style


class Escape(NamedTuple):
    """Backslashes before a delimiter: text[start:end] is rendered as `shown`."""

    start: int
    end: int
    shown: str


def is_name(text: str) -> bool:
    """Whether a text can name a variable."""
    return _NAME.fullmatch(text) is not None


def scan(content: str, fences: Sequence[Span] = (), declared: Container[str] = ()) -> list[Placeholder]:
    """Every placeholder of a template, in order."""
    if "<<" not in content and "{{" not in content:
        return []
    return [piece for piece in pieces(content, fences, declared) if isinstance(piece, Placeholder)]


def pieces(content: str, fences: Sequence[Span] = (), declared: Container[str] = ()) -> Iterator[Placeholder | Escape]:
    """Placeholders and escapes of a template, in order and without overlap."""
    fence = at = done = 0
    while mark := _MARK.search(content, at):
        start = mark.start()
        slashes = 0
        while start - slashes > done and content[start - slashes - 1] == "\\":
            slashes += 1
        escaped = slashes % 2 == 1
        if slashes:
            done = start + 2 if escaped else start
            yield Escape(start - slashes, done, "\\" * (slashes // 2) + content[start:done])
        at = start + 2 if slashes else start + 1
        match = None if escaped else (_ANGLE if mark[0] == "<<" else _BRACE).match(content, start)
        if match is None:
            continue
        at = match.end()
        if mark[0] == "{{":
            while fence < len(fences) and fences[fence].end <= start:
                fence += 1
            if fence < len(fences) and fences[fence].start <= start and match[1] not in declared:
                continue
        done = at
        yield Placeholder(match[1], start, at, "<<" if mark[0] == "<<" else "{{")


def substitute(
    content: str,
    fences: Sequence[Span],
    declared: Container[str],
    value: Callable[[Placeholder], str],
) -> str:
    """The content with each placeholder replaced by its value and each escape by what it shows.

    Values are never scanned again.
    """
    parts: list[str] = []
    done = 0
    for piece in pieces(content, fences, declared):
        parts.append(content[done : piece.start])
        parts.append(piece.shown if isinstance(piece, Escape) else value(piece))
        done = piece.end
    parts.append(content[done:])
    return "".join(parts)
