"""The terminal: whether there is one, how wide it is, colours, and text that must not drive it."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from typing import Any, Final, TextIO

import click

from promptbits.text.json_string import escape_surrogates

# What a terminal obeys, what changes the order of text, and what nobody sees: controls, bidirectional and
# zero-width characters, line separators, tags, halves of surrogate pairs.
_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\u3164\ufeff\uffa0\ufff0-\ufffb\ud800-\udfff\U000e0000-\U000e0fff]"
)
_UNSAFE_IN_TEXT = re.compile(rf"(?![\t\n])(?:{_UNSAFE.pattern})")

_CODES: Final = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33", "blue": "34", "cyan": "36"}


def escape(text: str) -> str:
    """One line that is safe to print: every character that is not plainly visible is written as an escape."""
    return _UNSAFE.sub(_written, text)


def escape_lines(text: str) -> str:
    """Text of several lines that is safe to print on a terminal. A carriage return before a line feed is dropped."""
    return _UNSAFE_IN_TEXT.sub(_written, text.replace("\r\n", "\n"))


def _written(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def is_terminal(stream: TextIO | None) -> bool:
    """Whether a person sees what is written."""
    try:
        return stream is not None and stream.isatty()
    except ValueError:  # it was closed
        return False


def use_color(stream: TextIO | None) -> bool:
    """Whether to write colours: on a terminal that has them, unless NO_COLOR says otherwise (https://no-color.org)."""
    if os.environ.get("NO_COLOR"):
        return False
    return is_terminal(stream) and os.environ.get("TERM") != "dumb"


def width(default: int = 100) -> int:
    """Columns of the terminal, or of COLUMNS, or else the default."""
    return max(shutil.get_terminal_size((default, 24)).columns, 40)


class Style:
    """Colours, or none. Each takes text and gives it back painted."""

    def __init__(self, color: bool) -> None:
        self._color = color

    def __call__(self, text: str, *names: str) -> str:
        """The text in colours, by name."""
        if not self._color or not text:
            return text
        return f"\x1b[{';'.join(_CODES[name] for name in names)}m{text}\x1b[0m"


def out(text: str, *, newline: bool = True) -> None:
    """Write to stdout; colours in the text are the caller's to decide."""
    click.echo(text, nl=newline, color=True)


def say(text: str) -> None:
    """Write one line to stderr, whatever its characters."""
    click.echo(f"promptbits: {escape(text)}", err=True)


def out_json(value: Any) -> None:
    """Write a value as JSON that is one document and valid UTF-8."""
    click.echo(escape_surrogates(json.dumps(value, indent=2, ensure_ascii=False)))


def stdout_style() -> Style:
    """Colours for stdout."""
    return Style(use_color(sys.stdout))


def shown_path(path: str | os.PathLike[str]) -> str:
    """A path as it is printed: relative to the working directory if it lies below it, else absolute."""
    text = os.fspath(path)
    try:
        here = os.getcwd()  # noqa: PTH109  (once per line of output, on strings)
    except OSError:
        return text
    prefix = here.rstrip(os.sep) + os.sep
    if text.startswith(prefix):
        text = text[len(prefix) :]
    return text.replace(os.sep, "/") if os.sep != "/" else text


def plural(count: int, noun: str) -> str:
    """A number with its noun."""
    return f"{count:,} {noun}" + ("" if count == 1 else "s")
