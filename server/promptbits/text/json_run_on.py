"""Strings with raw line breaks inside: the text that somebody pasted between two quotes.

JSON ends the string at the first line break. Read on from there, every line of prose would be an error, so
the parser asks here where the text most likely ends.
"""

from __future__ import annotations

import re

_JSON_GOES_ON = re.compile(
    r"""[ \t\r\n]*+(?:
      ["}\],:] | \Z | //|/\*                                        # a key or string, the end of something, a remark
    | [{\[][ \t]*+(?:[\r\n]|\Z)                                     # an opener at the end of its line
    | (?:true|false|null|-?[0-9][0-9.eE+-]*+)[ \t]*+,?[ \t]*+(?:[\r\n]|\Z)
    | (?:<{7}|={7}|>{7}|\|{7})
    )""",
    re.VERBOSE,
)
_LINE = re.compile(r"[^\r\n]*+(?:\r\n|\n|\r|\Z)")
_KEY_LINE = re.compile(r'[ \t]*+"(?:[^"\\\r\n]++|\\[^\r\n])*+"[ \t]*+:')
_LAST_QUOTE = re.compile(r'(?<!\\)(?P<slashes>\\*+)"(?P<closers>[ \t,}\]]*+)(?=[\r\n]|\Z)')
_NEXT_IS_JSON = re.compile(r'[ \t\r\n]*+(?:["}\]]|\Z)')


def run_on_end(text: str, at: int) -> tuple[int, bool] | None:
    """Where a string ends that was cut off by the line break at an offset, and whether a quote ends it there.

    None where the next line is JSON again: then only the closing quote was forgotten.
    """
    if _JSON_GOES_ON.match(text, at):
        return None
    first = True
    before = at
    for line in _LINE.finditer(text, at):
        if not first and _KEY_LINE.match(text, line.start()):
            return before, False
        if not first and (quote := _closing_quote(text, line)) is not None:
            return quote, True
        if line[0].strip():
            before = line.start() + len(line[0].rstrip("\r\n"))
        first = False
    return max(len(text.rstrip(" \t\r\n,}]")), at), False


def _closing_quote(text: str, line: re.Match[str]) -> int | None:
    """Where the string ends if the line's last quote closes it, and JSON follows."""
    match = _LAST_QUOTE.search(text, line.start(), line.end())
    if match is None or len(match["slashes"]) % 2:
        return None
    if not match["closers"].strip(" \t,") and not _NEXT_IS_JSON.match(text, line.end()):
        return None
    return match.start("closers")
