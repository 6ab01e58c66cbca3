"""A cheap look that tells whether a text is worth a thorough one.

The tables of secrets and of hidden characters take 12 ms to import and more to search with. Almost no content needs
them, so every keystroke and every file of `promptbits check` first goes through here: a few passes in C.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, Literal

Kind = Literal["bidi", "zero-width", "operator", "tag", "annotation", "variation-selector", "filler", "control"]

# Characters that a reader does not see, or that change the order of what is seen, as parts of a character class.
KINDS: Final[dict[Kind, str]] = {
    "bidi": "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069",
    # Soft hyphen, combining grapheme joiner, Khmer inherent vowels, Mongolian vowel separator, zero-width space,
    # non-joiner, joiner, word joiner, deprecated format characters, byte-order mark, unassigned but ignorable,
    # shorthand and musical format controls.
    "zero-width": "\u00ad\u034f\u17b4\u17b5\u180e\u200b-\u200d\u2060\u206a-\u206f\ufeff\ufff0-\ufff8"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a",
    "operator": "\u2061-\u2065",
    "tag": "\U000e0000-\U000e00ff\U000e01f0-\U000e0fff",
    "annotation": "\ufff9-\ufffb",
    "variation-selector": "\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef",
    "filler": "\u115f\u1160\u3164\uffa0",
    "control": "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f",
}
SUSPECTS: Final = re.compile(f"[{''.join(KINDS.values())}]+")

_SHORTEST_RUN: Final = 16
# Paragraphs up to this length are remembered: 4096 of them take a few megabytes.
_REMEMBERED: Final = 2000
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


# How tokens begin: those that are one such run, and those that other characters break up. A test holds the two
# against the table of formats.
TOKEN_HEADS: Final = (
    *(b"ghp_", b"github_pat_", b"gho_", b"ghu_", b"ghs_", b"ghr_", b"glpat-", b"gldt-", b"glrt-", b"glft-"),
    *(b"AKIA", b"ASIA", b"sk-", b"AIza", b"gsk_", b"pplx-", b"r8_", b"hf_", b"xoxb-", b"xoxp-", b"sk_live_"),
    *(b"rk_live_", b"SK", b"npm_", b"pypi-", b"dop_v1_", b"doo_v1_", b"dor_v1_", b"shpat_", b"shpca_", b"shppa_"),
    *(b"shpss_", b"dapi", b"lin_api_", b"ntn_", b"PMAK-", b"glsa_", b"dckr_pat_", b"dckr_oat_"),
    b"AGE-SECRET-KEY-1",
)
TOKEN_MARKS: Final = (
    b"SG.",
    b":AA",
    b"dp.",
    b"hvs.",
    b"hvb.",
    b"glc_eyJ",
    b"-----BEGIN ",
    b"https://hooks.slack.com/",
    b"https://discord",
)


def may_hold_secret(text: str) -> bool:
    """Whether the text has a long run of characters with the head of a token in it, or another mark of one."""
    data = text.encode("ascii", "replace")
    runs = data.translate(_ANY)
    at = runs.find(_RUN)
    while at >= 0:
        end = runs.find(b" ", at)
        end = end if end >= 0 else len(runs)
        run = data[at:end]
        if b"9" in run.translate(_WORDS) and any(head in run for head in TOKEN_HEADS):
            return True
        at = runs.find(_RUN, end)
    return any(mark in data for mark in TOKEN_MARKS)


def may_hide(text: str) -> bool:
    """Whether the text has a character that hides, or can hide, something."""
    if text.isascii():
        return _has_control(text)
    # A keystroke changes one paragraph; what was said of the others still holds.
    return any(
        _is_suspect_again(paragraph) if len(paragraph) <= _REMEMBERED else _is_suspect(paragraph)
        for paragraph in text.split("\n\n")
    )


def _has_control(text: str) -> bool:
    return bool(text.encode("ascii").translate(None, _PLAIN))


def _is_suspect(text: str) -> bool:
    if text.isascii():
        return _has_control(text)
    return SUSPECTS.search(text) is not None


_is_suspect_again = lru_cache(maxsize=4096)(_is_suspect)
