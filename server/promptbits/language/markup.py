"""Markdown that text from prompts cannot break out of, and the same as plain text.

Words from a prompt stand as they are if they consist of nothing that Markdown, HTML or a finder of links could take for
more than text; all else is shown in code spans. Nothing is backslash-escaped: half of the editors show the backslashes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import groupby, islice
from typing import Final

from promptbits.checks.screening import SUSPECTS

# A word with its punctuation: letters, digits, and between them what no address has.
_WORD = re.compile(
    r"""[("']*+(?:[A-Za-z0-9]|[^\x00-\x7f]|(?<=[A-Za-z0-9])['/-](?=[A-Za-z0-9])|(?<=[0-9])[.,](?=[0-9]))++[)"',;:.!?]*+"""
)
_LIST_NUMBER = re.compile(r"[0-9]+[.)]")
# A placeholder with blanks in it stays in one piece.
_PIECE = re.compile(r"\{\{ \w+ \}\}|[^ \t\r\n]+")
_BACKTICKS = re.compile(r"``+")
_CODE_SPAN = re.compile(r"(?<!`)(``?)(?!`)(.+?)(?<!`)\1(?!`)")
_ESCAPES: Final = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
# Format characters that Persian, Indic scripts and emoji are written with.
_JOINERS: Final = "\u200c\u200d"
# How long a piece of a prompt may be.
_LONGEST: Final = 80


def printable(text: str) -> str:
    """The text on one line, with escapes for controls, directional marks, lone surrogates and hidden characters."""
    if text.isprintable() and (text.isascii() or SUSPECTS.search(text) is None):
        return text
    from promptbits.checks.hidden_characters import find_hidden  # its tables take 12 ms, and few texts need them

    hidden = {at for match in find_hidden(text) for at in range(match.start, match.end)}
    return "".join(
        char if at not in hidden and (char.isprintable() or char in _JOINERS) else _escaped(char)
        for at, char in enumerate(text)
    )


def code(text: str, most: int = _LONGEST) -> str:
    """The text in a code span, cut short."""
    # Backticks in a row would need a mark of three or more, which some readers take for a fence wherever it stands.
    shown = _BACKTICKS.sub(lambda run: "\\u0060" * len(run[0]), printable(_cut(text, most))) or '""'
    marker = "``" if "`" in shown else "`"
    # A span loses one blank on either side if it has both, unless it is blank altogether.
    padded = shown[0] == "`" or shown[-1] == "`" or (shown[0] == shown[-1] == " " and not shown.isspace())
    pad = " " if padded else ""
    return f"{marker}{pad}{shown}{pad}{marker}"


def prose(text: str, most: int = 300) -> str:
    """The text on one line, with code spans for what is more than words; cut short."""
    words = [printable(piece) for piece in _PIECE.findall(_cut(text.strip(), most))]
    runs = groupby(words, key=lambda word: _WORD.fullmatch(word) is not None and not _LIST_NUMBER.fullmatch(word))
    return " ".join(" ".join(run) if safe else code(" ".join(run), most * 10) for safe, run in runs)


def listed(pieces: Iterable[str], total: int, most: int) -> str:
    """The first pieces of Markdown in a row, and how many more there are."""
    shown = list(islice(pieces, most))
    more = f" and {total - len(shown):,} more" if total > len(shown) else ""
    return ", ".join(shown) + more


def bullets(items: Iterable[str], depth: int = 0) -> str:
    """A list of pieces of Markdown; below a list if it has a depth."""
    return "\n".join(f"{'  ' * depth}- {item}" for item in items)


def counted(count: int, noun: str) -> str:
    """A number and what is counted."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def plain(markdown: str) -> str:
    """Markdown that was made here as plain text, for a client that shows no Markdown."""
    return _CODE_SPAN.sub(lambda span: _unpadded(span[2]), markdown)


def _unpadded(inside: str) -> str:
    padded = len(inside) > 2 and inside[0] == inside[-1] == " " and not inside.isspace()
    return inside[1:-1] if padded else inside


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def _escaped(char: str) -> str:
    point = ord(char)
    return _ESCAPES.get(char) or (f"\\u{point:04x}" if point < 0x10000 else f"\\u{{{point:x}}}")
