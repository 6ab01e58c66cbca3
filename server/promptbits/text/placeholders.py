"""Placeholders in a template: `<<name>>` and `{{ name }}`.

Grammar. A name is `[A-Za-z_][A-Za-z0-9_]*`, parts joined by dots. `<<name>>` has no inner blanks; `{{ name }}` may
have spaces and tabs inside. Scanning goes from left to right. Nothing matches after `$` or after a third brace or
angle, nor before a third one. A backslash directly before `<<` or `{{` escapes it and is removed on rendering; two
backslashes there are one backslash and no escape. In fenced code `{{name}}` counts only if the name is declared.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

Style = Literal["<<", "{{"]

NAME = r"[A-Za-z_][A-Za-z0-9_]*+(?:\.[A-Za-z_][A-Za-z0-9_]*+)*+"
_NAME = re.compile(NAME)

# The run of backslashes is taken as a whole and from its start only, so that the scan is linear.
_PIECE = re.compile(
    rf"""(?<!\\)(?P<slashes>\\*+)(?:
      (?<![$<])<<(?P<angle>{NAME})>>(?!>)
    | (?<![${{])\{{\{{[ \t]*+(?P<brace>{NAME})[ \t]*+\}}\}}(?!\}})
    | (?<=\\)(?:<<|\{{\{{)
    )""",
    re.VERBOSE,
)


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


@dataclass(frozen=True, slots=True)
class Placeholder:
    """One use of a variable: text[start:end] with its delimiters. Offsets are of the decoded content."""

    name: str
    start: int
    end: int
    style: Style

    @property
    def name_start(self) -> int:
        """Where the name starts, if no blanks stand before it."""
        return self.start + 2


@dataclass(frozen=True, slots=True)
class Escape:
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
    fence = 0
    for match in _PIECE.finditer(content):
        slashes = len(match["slashes"])
        start = match.start() + slashes
        escaped = slashes % 2 == 1
        if slashes:
            end = start + 2 if escaped else start
            yield Escape(match.start(), end, "\\" * (slashes // 2) + content[start:end])
        if escaped:
            continue
        while fence < len(fences) and fences[fence].end <= start:
            fence += 1
        angle, brace = match["angle"], match["brace"]
        if angle is not None:
            yield Placeholder(angle, start, match.end(), "<<")
        elif brace is not None:
            fenced = fence < len(fences) and fences[fence].start <= start
            if not fenced or brace in declared:
                yield Placeholder(brace, start, match.end(), "{{")


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
