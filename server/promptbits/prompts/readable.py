"""A prompt as text that people read: its fields one per line, then its variables, then its content as it is.

Two different prompts never give the same text, so that a diff of two such texts is empty only where nothing
differs. What cannot be seen, or would change the order of what is seen, is written as an escape.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final, cast

from promptbits.prompts.order import FIELDS
from promptbits.prompts.values import Table, is_text, written

# Part of the command that git keys its cache by: raise it with every change of what is written here.
FORMAT: Final = 1

# As in a file, but for the two that come last: they are long.
_ORDER: Final = tuple(name for name in FIELDS if name not in ("variables", "content"))

# Controls but tab and line feed, bidirectional and zero-width characters, fillers, line separators, halves of surrogate
# pairs. A carriage return stays where it ends a line together with a line feed.
_HIDDEN: Final = (
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f"
    "\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb\ud800-\udfff"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
# Joiners belong between letters of some scripts and between the parts of an emoji, never beside a Latin letter.
_JOINER: Final = r"(?<![^\x00-\u02ff])[\u200c\u200d]|[\u200c\u200d](?![^\x00-\u02ff])"
_TO_ESCAPE = re.compile(rf"[{_HIDDEN}]|{_JOINER}|\r(?!\n)")
_ANY_HIDDEN = re.compile(rf"[{_HIDDEN}\r\n]|{_JOINER}")
# Text that reads like one of our escapes: it gets one more `u`, as in Java.
_LIKE_ESCAPE = re.compile(r"\\u+(?=([0-9a-f]{4}))")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?")
_PLAIN_KEY = re.compile(r"[\w$.][\w$.-]*")
_WORDS: Final = ("true", "false", "null")
_WIDTH: Final = 100


def readable(prompt: Table) -> str:
    """The text of a prompt."""
    names = [name for name in _ORDER if name in prompt]
    names += [name for name in prompt if name not in _ORDER and name not in ("variables", "content")]
    names += [name for name in ("variables",) if name in prompt]
    lines = [line for name in names for line in _member(name, prompt[name], "")]
    return "".join(f"{line}\n" for line in [*lines, "content:"]) + visible(prompt["content"])


def visible(text: str) -> str:
    """Text with everything that cannot be seen written as an escape. Different texts stay different."""
    return _TO_ESCAPE.sub(_escaped, _LIKE_ESCAPE.sub(_one_more, text))


def one_line(value: Any) -> str:
    """A value in one line: text as it is where it can be, everything else as JSON."""
    return value if is_text(value) and _is_plain(value) else _quoted(value)


def _member(name: str, value: Any, indent: str) -> Iterator[str]:
    """The lines of a member. Each way of writing a value begins differently, so that no two values look the same."""
    key = indent + (name if _PLAIN_KEY.fullmatch(name) else _quoted(name))
    inner = f"{indent}  "
    line = f"{key}: {one_line(value)}"
    if isinstance(value, dict) and value:
        yield f"{key}:"
        for inner_name, item in cast("Table", value).items():
            yield from _member(inner_name, item, inner)
    elif isinstance(value, list) and len(line) > _WIDTH:
        yield f"{key}:"
        yield from (f"{inner}- {one_line(item)}" for item in cast("list[Any]", value))
    elif is_text(value) and "\n" in value:
        yield f"{key}: |" + ("" if value.endswith("\n") else "-")
        yield from (inner + each if each else "" for each in visible(value).removesuffix("\n").split("\n"))
    else:
        yield line


def _is_plain(text: str) -> bool:
    """Whether a string can stand as it is, and would not be read as another value."""
    if not text or text != text.strip() or text[0] in '"[{|-' or text in _WORDS:
        return False
    return not _ANY_HIDDEN.search(text) and not _NUMBER.fullmatch(text)


def _quoted(value: Any) -> str:
    return _ANY_HIDDEN.sub(_escaped, written(value))


def _one_more(match: re.Match[str]) -> str:
    return f"{match[0]}u" if _TO_ESCAPE.fullmatch(chr(int(match[1], 16))) else match[0]


def _escaped(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code > 0xFFFF:  # as JSON does it: two halves, which never stand beside each other in a decoded string
        code -= 0x10000
        return f"\\u{0xD800 + (code >> 10):04x}\\u{0xDC00 + (code & 0x3FF):04x}"
    return f"\\u{code:04x}"
