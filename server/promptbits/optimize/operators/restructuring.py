"""Operators on whole sentences: duplicates out, long ones split, steps and lists made of prose."""

from __future__ import annotations

import random
import re
from itertools import pairwise
from typing import Final

from promptbits.optimize.operators.edits import Edit, insertion
from promptbits.optimize.operators.places import bullet
from promptbits.optimize.operators.removing import without_sentence
from promptbits.optimize.operators.sentences import Sentence
from promptbits.optimize.operators.verbs import BASE, is_command
from promptbits.optimize.operators.view import View

_FEWEST_WORDS: Final = 4
_FEWEST_FOREIGN: Final = 6  # where commands cannot be told, only what is long is surely said twice
_WORD: Final = re.compile(r"\w+")


def duplicates(view: View, _rng: random.Random) -> list[Edit] | None:
    """A sentence that was said before in the same words is left out."""
    seen: dict[str, int] = {}
    edits: list[Edit] = []
    for sentence in view.sentences:
        words = _WORD.findall(view.text[sentence.start : sentence.end].lower())
        key = " ".join(words)
        block = view.blocks[sentence.block]
        section = view.section_at(sentence.start)
        if block.is_item:  # the same item below another heading speaks of something else
            key = f"{section.start if section else 0} {key}"
        said = view.prose[sentence.start : sentence.end]
        if len(words) < _FEWEST_WORDS or "\0" in said or "(" in said or _LEANS.search(said):
            continue
        if not (is_command(said) if view.english else len(words) > _FEWEST_FOREIGN):
            continue
        if key in seen and (edit := without_sentence(view, sentence)) is not None:
            edits.append(edit)
        seen.setdefault(key, sentence.start)
    return _disjoint(edits)


_LONG: Final = 24
_SHORTEST_PART: Final = 5
_SEAM: Final = re.compile(r"(?:;|, (?:and|but|so|then|and then)) (?=[a-z\0])")


def split_long(view: View, _rng: random.Random) -> list[Edit] | None:
    """A sentence of more than 24 words becomes two, where it joins two instructions."""
    edits = [_split(view, sentence) for sentence in view.sentences]
    return [edit for edit in edits if edit is not None] or None


def _split(view: View, sentence: Sentence) -> Edit | None:
    words = view.prose[sentence.start : sentence.end]
    if len(words.split()) <= _LONG or not words.endswith(".") or "(" in words or words[0] == "\0":
        return None
    seams = [match for match in _SEAM.finditer(words) if _is_seam(words, match)]
    if len(seams) != 1 or words.count(";") > 1 or not is_command(words):
        return None
    (seam,) = seams
    start, end = sentence.start + seam.start(), sentence.start + seam.end()
    conjunction = seam[0].removeprefix(";").removeprefix(", ").strip()
    begin = {"but": "But ", "then": "Then ", "and then": "Then "}.get(conjunction)
    if begin is not None:
        return Edit(start, end, ". " + begin)
    return Edit(start, end + 1, ". " + view.text[end].upper())


def _is_seam(words: str, match: re.Match[str]) -> bool:
    left, right = words[: match.start()], words[match.end() :]
    if min(len(left.split()), len(right.split())) < _SHORTEST_PART or ":" in left:
        return False
    first = _WORD.match(right)
    return first is not None and (
        (first[0] in BASE and is_command(right[0].upper() + right[1:]))
        or right.startswith(("do not ", "never ", "always "))
    ) and left.count(",") == 0  # fmt: skip


_FIRST: Final = re.compile(r"(?:First(?:ly)?|To begin|Begin by|To start),? ")
_NEXT: Final = re.compile(r"(?:Then|Next|After that|Afterwards|Second(?:ly)?|Third(?:ly)?|Fourth|Finally|Lastly),? ")
_FEWEST_STEPS: Final = 3
_MOST_ITEMS: Final = 8


def steps(view: View, _rng: random.Random) -> list[Edit] | None:
    """First …. Then …. Finally …. -> a numbered list."""
    edits: list[Edit] = []
    for number, block in enumerate(view.blocks):
        found = [sentence for sentence in view.sentences if sentence.block == number] if block.prose else []
        if block.is_item or len(found) < _FEWEST_STEPS:
            continue
        at = next((i for i, each in enumerate(found) if _FIRST.match(view.prose, each.start, each.end)), None)
        if at is None or len(found) - at < _FEWEST_STEPS:
            continue
        marks = [_FIRST.match(view.prose, found[at].start)]
        marks += [_NEXT.match(view.prose, each.start, each.end) for each in found[at + 1 :]]
        if all(marks) and not any(mark and view.prose[mark.end()] == "\0" for mark in marks):
            edits += _numbered(view, found, at, [mark.end() for mark in marks if mark])
    return edits or None


def _numbered(view: View, found: list[Sentence], at: int, begins: list[int]) -> list[Edit]:
    edits: list[Edit] = []
    for number, (sentence, begin) in enumerate(zip(found[at:], begins, strict=True), start=1):
        gap = sentence.start
        if at or number > 1:
            gap = found[at + number - 2].end
        breaks = view.newline * (2 if number == 1 and gap < sentence.start else 1) if gap < sentence.start else ""
        edits.append(Edit(gap, begin + 1, f"{breaks}{number}. {view.text[begin].upper()}"))
    return edits


def listed(view: View, _rng: random.Random) -> list[Edit] | None:
    """A paragraph that is nothing but instructions becomes a list of them."""
    edits: list[Edit] = []
    for number, block in enumerate(view.blocks):
        if not block.prose or block.is_item or block.first.indent:
            continue
        found = [sentence for sentence in view.sentences if sentence.block == number]
        if not (_FEWEST_STEPS <= len(found) <= _MOST_ITEMS) or found[0].start != block.start:
            continue
        words = [view.prose[each.start : each.end] for each in found]
        if all(is_command(each) and each.endswith(".") and not _LEANS.search(each) for each in words):
            marker = bullet(view)
            edits.append(insertion(found[0].start, f"{marker} "))
            edits += [Edit(before.end, after.start, f"{view.newline}{marker} ") for before, after in pairwise(found)]
    return edits or None


# Words by which a sentence leans on the one before it: such sentences stay together.
_LEANS: Final = re.compile(
    r"\A(?:Then|Also|Instead|Otherwise|Only)\b|\b(?:this|that way|these|those|them|then|instead|otherwise|so that it|"
    r"such|the former|the latter|it)\b",
    re.IGNORECASE,
)
_SERIES: Final = re.compile(
    r"[a-z]:[ ](?P<items>[^.:;,()\n\"*]+(?:, [^.:;,()\n\"*]+){2,}),? and (?P<last>[^.:;,()\n\"*]+)\.?\Z"
)
_LONGEST_ITEM: Final = 9


def series(view: View, _rng: random.Random) -> list[Edit] | None:
    """Include: a, b, c, and d. -> a list."""
    edits: list[Edit] = []
    for number, block in enumerate(view.blocks):
        if not block.prose or block.is_item or block.first.indent or "\n" in view.text[block.start : block.end]:
            continue
        found = [sentence for sentence in view.sentences if sentence.block == number]
        match = _SERIES.search(view.prose, block.start, found[-1].end) if found else None
        if match is not None:
            edits += _series(view, match, found[-1].end)
    return edits or None


def _series(view: View, match: re.Match[str], end: int) -> list[Edit]:
    lengths = [len(item.split()) for item in [*match["items"].split(", "), match["last"]]]
    if max(lengths) > _LONGEST_ITEM or " and " in match["items"]:
        return []
    marker = f"{view.newline}{bullet(view)} "
    at = match.start("items")
    edits = [Edit(at - 1, at, view.newline + marker)]
    for item in match["items"].split(", ")[:-1]:
        at += len(item)
        edits.append(Edit(at, at + 2, marker))
        at += 2
    edits.append(Edit(match.end("items"), match.start("last"), marker))
    if view.text[end - 1] == ".":
        edits.append(Edit(end - 1, end, ""))
    return edits


def _disjoint(edits: list[Edit]) -> list[Edit] | None:
    kept: list[Edit] = []
    for edit in sorted(edits):
        if not kept or kept[-1].end <= edit.start:
            kept.append(edit)
    return kept or None
