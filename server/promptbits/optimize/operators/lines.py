"""The lines of a prompt, each with its kind: what is prose, and what only looks like it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from promptbits.optimize.operators.protected import fenced
from promptbits.text.markdown import Markdown

Kind = Literal["blank", "heading", "fence", "rule", "table", "quote", "tag", "code", "item", "text"]


@dataclass(frozen=True, slots=True)
class Line:
    """One line: text[start:end] without its line end; `body` is where its words begin, behind indent and marker."""

    kind: Kind
    start: int
    end: int
    body: int
    indent: int


_ITEM = re.compile(r"[ \t]*(?:[-*+•]|[0-9]{1,3}[.)]|[a-z][.)])[ \t]+(?:\[[ xX]\][ \t]+)?(?=\S)")
_RULE = re.compile(r"[ \t]*(?:-[- \t]+-|={3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,})[ \t]*")
_TAG = re.compile(r"[ \t]*</?[A-Za-z][^<>]*>[ \t]*")
# Lines of code that stand in no fence: programs, configuration, JSON, command lines, templates, file trees.
_CODE = re.compile(
    r"""[ \t]*(?:
        (?:import|from|const|let|var|def|class|function|return|export|package|public|private|async|await|fn|func|use)
            [ ]\S+.*[;{(:='"]
      | (?://|/\*|\*/|\#!|\#include|\$[ ]|>>>|@\w+|--[ ]?\w+=|%%|<\?|</?\w+[^>]*>.*<) .*
      | (?:npm|npx|pnpm|yarn|pip|git|docker|cargo|cd|curl|sudo|brew|apt)[ ][a-z@./-]+(?:[ ][\w@./:=-]+)*
      | "[^"\n]*"[ ]*:.* | [}\])]+[;,)]*
      | [\w.-]+/ (?:[ ]*\#.*)? | [│├└|].*
      | (?:Given|When|Then|And|But|Feature:|Scenario:?|Examples:|Background:)[ ].*[^\s.:!?;,]
      | [\w.\[\]"']+[ ]?(?:=|:=|\+=|=>)[ ]?.*
      | .*(?:;|\{|=>|\(|\[|\\)
      | .*[\w)]\.\w+\(.*\).*
      | \S+:[ ]\|
    )[ \t]*""",
    re.VERBOSE,
)
LONGEST_LINE: Final = 2000  # what is longer was not written as an instruction: transcripts, data
_OPENS = re.compile(r"[{\[(][ \t]*\Z")


def lines(markdown: Markdown) -> list[Line]:
    """Every line of a text."""
    text = markdown.text
    headings = {heading.start for heading in markdown.headings}
    fences = iter(fenced(markdown))
    fence = next(fences, None)
    found: list[Line] = []
    depth = _Depth()
    at = 0
    for raw in text.split("\n"):
        end = at + len(raw)
        line = raw.removesuffix("\r")
        while fence is not None and at >= fence[1]:
            fence = next(fences, None)
        if fence is not None and end > fence[0]:
            kind: Kind = "fence"
            depth = _Depth()
        else:
            kind = "heading" if at in headings else depth.kind(line, _kind(line))
        found.append(_line(kind, line, at))
        at = end + 1
    return found


def _line(kind: Kind, line: str, at: int) -> Line:
    indent = len(line) - len(line.lstrip(" \t"))
    marker = _ITEM.match(line) if kind == "item" else None
    return Line(kind, at, at + len(line), at + (marker.end() if marker else indent), len(line[:indent].expandtabs(4)))


def _kind(line: str) -> Kind:
    stripped = line.strip()
    if not stripped:
        return "blank"
    if len(line) > LONGEST_LINE:
        return "code"
    match stripped[0]:
        case "|":
            return "table"
        case ">":
            return "quote"
        case "<" if _TAG.fullmatch(line):
            return "tag"
        case "-" | "=" | "*" | "_" if _RULE.fullmatch(line):
            return "rule"
        case _:
            pass
    item = _ITEM.match(line)
    rest = line[item.end() :] if item else line
    if _CODE.fullmatch(rest) or " | " in rest:
        return "code"
    if not item and line.startswith(("    ", "\t")):
        return "text" if rest.strip()[0].isalpha() else "code"
    return "item" if item else "text"


class _Depth:
    """Brackets that a line of code left open: all up to their end is code."""

    _MOST_LINES = 200

    def __init__(self) -> None:
        self._open = 0
        self._lines = 0

    def kind(self, line: str, kind: Kind) -> Kind:
        """The kind of the next line."""
        if self._open > 0:
            self._lines += 1
            self._open += _balance(line)
            if self._lines > self._MOST_LINES:
                self._open = 0
            return kind if kind == "blank" else "code"
        if kind == "code" and _OPENS.search(line):
            self._open = max(_balance(line), 0)
            self._lines = 0
        return kind


def _balance(line: str) -> int:
    return sum(map(line.count, "{[(")) - sum(map(line.count, "}])"))


def blocks_of(found: list[Line]) -> Iterator[list[Line]]:
    """Lines that belong together: a paragraph, or an item with the lines that go on with it."""
    block: list[Line] = []
    for line in found:
        if line.kind not in ("text", "item", "code") or line.kind == "item":
            if block:
                yield block
            block = [line] if line.kind == "item" else []
        else:
            block.append(line)
    if block:
        yield block
