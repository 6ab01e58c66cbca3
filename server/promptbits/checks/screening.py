"""A cheap look that tells whether a text is worth a thorough one.

The tables of secrets and of hidden characters take 12 ms to import and more to search with. Almost no content needs
them, so every keystroke and every file of `promptbits check` first goes through here: a few passes in C.
"""

from __future__ import annotations

from typing import Final

_SHORTEST_RUN: Final = 16
_RUN: Final = b"x" * _SHORTEST_RUN


def _word_byte(code: int) -> int:
    if chr(code).isdigit() or chr(code).isupper():
        return ord("9")
    return ord("x") if chr(code).isalpha() or chr(code) in "-_" else ord(" ")


# Every token is a run of letters, digits, hyphens and underscores, and none is all in lower case.
_WORDS: Final = bytes(_word_byte(code) for code in range(128)) + b" " * 128
_ANY: Final = bytes(ord(" ") if byte == ord(" ") else ord("x") for byte in _WORDS)
# What ASCII text is made of: everything printable, tabs and line ends.
_PLAIN: Final = bytes([9, 10, 13, *range(32, 127)])


def may_hold_secret(text: str) -> bool:
    """Whether the text has a run of characters as every format has it, or the head of a PEM block."""
    data = text.encode("ascii", "replace")
    if _RUN in data.translate(_ANY):
        pieces = data.translate(_WORDS).split()
        if any(b"9" in piece for piece in pieces if len(piece) >= _SHORTEST_RUN):
            return True
    return "-----BEGIN" in text


def may_hide(text: str) -> bool:
    """Whether the text has anything but printable ASCII, tabs and line ends."""
    return not text.isascii() or bool(text.encode("ascii").translate(None, _PLAIN))
