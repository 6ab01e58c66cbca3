"""The structure of a text in figures: sizes, punctuation, labels, variables, and words that say what is asked.

One search finds the words and a table their cues, so that a KB takes a quarter of a millisecond. Sizes and counts are
logarithms: the tenth bullet says less than the first.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable

from promptbits.optimize.scorer.cues import CUES, TABLE

VARIABLE = re.compile(r"<<[^<>\n]{1,60}>>|\{\{?[^{}\n]{0,60}\}?\}")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_SENTENCE_END = re.compile(r"[.!?]+(?=\s|$)")
_LABEL = re.compile(r"^[ \t]*[A-Z][\w ]{0,30}:", re.MULTILINE)
_ITEM = re.compile(r"^[ \t]*(?:[-*+]|\(?[0-9a-zA-Z][.)])[ \t]", re.MULTILINE)
_HEADING = re.compile(r"^#{1,6}[ \t]", re.MULTILINE)
_COUNTED = ".,:;?!\"'`()-*#_"
_OPENERS = ("question", "imperative", "role", "politeness")

_SIZES = (
    "characters",
    "words",
    "lines",
    "sentences",
    "word length",
    "sentence length",
    "blank lines",
    "capitals",
    "capitalised words",
    "digits",
    "distinct words",
)
_MARKS = ("labels", "items", "headings", "mentions of options", "blank line before text")
_VARIABLES = (
    "variables",
    "distinct variables",
    "first variable at",
    "last variable at",
    "after the last variable",
    "before the first variable",
    "ends with a variable",
    "starts with a variable",
    "quoted variable",
)
_ENDS = (
    "starts with a line break",
    "ends with a colon",
    "ends with a question mark",
    "ends with a full stop",
    "ends with a letter",
    "space at the end",
    "line breaks at the end",
    "double space",
    "words in the first line",
    "words in the last line",
    "first line asks",
    "starts with Q:",
    "ends with A:",
    "ends with answer:",
    "ends with output:",
)

STRUCTURE: tuple[str, ...] = (
    *_SIZES,
    *(f"count of {each}" for each in _COUNTED),
    *_MARKS,
    *_VARIABLES,
    *_ENDS,
    *(f"words of {each}" for each in CUES),
    *(f"opens with {each}" for each in _OPENERS),
)


def structure(text: str) -> list[float]:
    """The figures of one text, in the order of STRUCTURE; finite for any text."""
    words = _WORD.findall(text)
    counts = Counter(word.lower() for word in words)
    lines = text.split("\n")
    full = [line for line in lines if line and not line.isspace()]
    return [
        *_sizes(text, words, counts, lines, full),
        *_logs(text.count(each) for each in _COUNTED),
        *_marks(text),
        *_variables(text),
        *_ends(text, full),
        *_cues(counts),
        *_opener(words),
    ]


def _logs(counts: Iterable[int]) -> list[float]:
    return [math.log1p(count) for count in counts]


def _sizes(text: str, words: list[str], counts: Counter[str], lines: list[str], full: list[str]) -> tuple[float, ...]:
    log = math.log1p
    n = len(words) or 1
    sentences = sum(1 for _ in _SENTENCE_END.finditer(text)) or 1
    return (
        log(len(text)),
        log(len(words)),
        log(len(full)),
        log(sentences),
        min(sum(map(len, words)) / n, 20.0),
        log(len(words) / sentences),
        log(len(lines) - len(full)),
        log(sum(1 for word in words if len(word) > 1 and word.isupper())),
        sum(1 for word in words if word[0].isupper()) / n,
        log(sum(map(text.count, "0123456789"))),
        len(counts) / n,
    )


def _marks(text: str) -> list[float]:
    found = (sum(1 for _ in pattern.finditer(text)) for pattern in (_LABEL, _ITEM, _HEADING))
    return _logs((*found, text.count("ption"), text.rstrip().count("\n\n")))


def _variables(text: str) -> tuple[float, ...]:
    spans = [match.span() for match in VARIABLE.finditer(text)]
    size = len(text)
    first, last = (spans[0][0], spans[-1][1]) if spans else (size, 0)
    return (
        math.log1p(len(spans)),
        math.log1p(len({text[start:end] for start, end in spans})),
        first / (size or 1),
        last / (size or 1),
        math.log1p(size - last),
        math.log1p(first),
        float(bool(spans) and not text[last:].strip()),
        float(bool(spans) and not text[:first].strip()),
        float('"{' in text or '"<<' in text),
    )


def _ends(text: str, full: list[str]) -> tuple[float, ...]:
    kept = text.rstrip()
    first, last = (full[0], full[-1]) if full else ("", "")
    return (
        float(text[:1] in ("\r", "\n")),
        float(kept.endswith(":")),
        float(kept.endswith("?")),
        float(kept.endswith(".")),
        float(kept[-1:].isalpha()),
        math.log1p(len(text) - len(kept)),
        math.log1p(text.count("\n", len(kept))),
        float("  " in text),
        math.log1p(len(first.split())),
        math.log1p(len(last.split())),
        float(first.rstrip().endswith("?")),
        float(text.lstrip()[:2] == "Q:"),
        float(kept.endswith("A:")),
        float(kept.endswith("nswer:")),
        float(kept.endswith("utput:")),
    )


def _cues(counts: Counter[str]) -> list[float]:
    found = [0] * len(CUES)
    for word in counts.keys() & TABLE.keys():
        for cue in TABLE[word]:
            found[cue] += counts[word]
    return _logs(found)


def _opener(words: list[str]) -> list[float]:
    cues = TABLE.get(words[0].lower(), ()) if words else ()
    return [float(CUES.index(each) in cues) for each in _OPENERS]
