"""The parts of a text that no operator changes: code, placeholders, addresses, numbers, quoted strings, tags."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterable, Sequence

from promptbits.text import markdown_inline, placeholders
from promptbits.text.markdown import Markdown, scan

Range = tuple[int, int]

# What stands for itself whatever is written around it. One pattern, so that a text is searched once.
_FIXED = re.compile(
    r"""
      "[^"\n]*"? | “[^”\n]*”? | «[^»\n]*»? | „[^“”\n]*[“”]?      # quoted strings, and quotes that stay open
    | (?<![\w'])'[^'\n]{1,200}'(?!\w)
    | <!--.*?--> | <[^<>\n]{1,200}> | \{[^{}\n]*\} | \[[^\[\]\n]*\]   # comments, tags, braces, brackets
    | \$\S+ | `+ | <<? | >>? | \{\{?
    | \b[\w.+%-]{0,40}\d(?:[\w%+]|[.,:/-](?=\w))*          # numbers, with what is written to them
    | (?:\b[A-Za-z]+[_/\\]|(?<![\w@#~./\\])[@#~./\\])[\w./\\@-]*\w   # paths, names with underscores, mentions
    | \b(?!e\.g|i\.e)[A-Za-z]+(?:\.[A-Za-z]+)+ | \b\w+\(\)   # files and hosts, calls
    | \b[a-z]+[A-Z]\w*                                           # names in camel case
    """,
    re.VERBOSE | re.DOTALL,
)
# An ordered item's number counts its item: steps may be numbered anew.
_ORDERED = re.compile(r"^[ \t>]*[0-9]{1,9}(?=[.)][ \t])", re.MULTILINE)


_INDENT = re.compile(r"[ \t>]*(?:(?:[-*+]|[0-9]{1,9}[.)])[ \t]+(?=```|~~~))?")


def fenced(markdown: Markdown) -> list[Range]:
    """Fenced code, with its fences.

    Where a fence closes further left than it opens, it may have left the item of a list: then readers of Markdown do
    not agree on what is code below, and all of it is taken to be.
    """
    text = markdown.text
    found: list[Range] = []
    for fence in markdown.fences:
        first, last = _INDENT.match(text, fence.start), _INDENT.match(text, text.rfind("\n", 0, fence.end) + 1)
        left = first is not None and last is not None and len(last[0]) < len(first[0])
        found.append((fence.start, len(text) if left or not fence.closed else fence.end))
        if left:
            break
    return found


def protected(markdown: Markdown, declared: Container[str]) -> list[Range]:
    """The ranges that stay as they are, in order, without overlap."""
    text = markdown.text
    found = fenced(markdown)
    found += [(each.start, each.end) for each in placeholders.scan(text, markdown.fences, declared)]
    found += [(span.start, span.end) for span in markdown_inline.scan(markdown)]
    markers = {match.end() for match in _ORDERED.finditer(text)}
    found += [match.span() for match in _FIXED.finditer(text) if match.end() not in markers]
    return joined(found)


def joined(ranges: Iterable[Range]) -> list[Range]:
    """Ranges in order, those that overlap made one."""
    result: list[Range] = []
    for start, end in sorted(ranges):
        if result and start < result[-1][1]:
            result[-1] = (result[-1][0], max(end, result[-1][1]))
        else:
            result.append((start, end))
    return result


def masked(text: str, ranges: Sequence[Range]) -> str:
    """The text with NUL for every character in the ranges but line ends: same length, same lines."""
    parts: list[str] = []
    at = 0
    for start, end in ranges:
        inside = text[start:end]
        cover = "\0" * len(inside) if "\n" not in inside else "\n".join("\0" * len(x) for x in inside.split("\n"))
        parts += text[at:start], cover
        at = end
    parts.append(text[at:])
    return "".join(parts)


def contents(text: str, declared: Container[str]) -> Counter[str]:
    """What is protected in a text, counted."""
    return Counter(text[start:end] for start, end in protected(scan(text), declared))
