"""Replacing words in prose so that what is left still reads as a sentence."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from promptbits.optimize.operators.edits import Edit
from promptbits.optimize.operators.sentences import Sentence
from promptbits.optimize.operators.view import View


class Rule(NamedTuple):
    """What is replaced by what.

    Attributes:
        pattern: matched in prose; only its group `x` is replaced, or all of the match where there is no such group.
        new: the replacement, as for `re.Match.expand`; empty to leave the words out.
        at_start: whether the match has to begin a sentence.
        holds: a further condition on the sentence (its words, and where in it the match begins).
    """

    pattern: re.Pattern[str]
    new: str
    at_start: bool = False
    holds: Callable[[str, int], bool] | None = None


def rule(
    pattern: str, new: str = "", *, at_start: bool = False, holds: Callable[[str, int], bool] | None = None
) -> Rule:
    """A rule whose pattern does not care for capital letters."""
    return Rule(re.compile(pattern, re.IGNORECASE), new, at_start, holds)


def reworded(view: View, rules: Sequence[Rule]) -> list[Edit] | None:
    """The edits of all rules, the first rule first where two want the same words."""
    edits: list[Edit] = []
    for each in rules:
        for match in each.pattern.finditer(view.prose):
            edit = _edit(view, each, match)
            if edit is not None and not any(edit.start < other.end and other.start < edit.end for other in edits):
                edits.append(edit)
    return sorted(edits) or None


def _edit(view: View, each: Rule, match: re.Match[str]) -> Edit | None:
    start, end = match.span("x") if "x" in match.re.groupindex else match.span()
    sentence = view.sentence_at(start)
    if sentence is None or match.end() > sentence.end or (each.at_start and match.start() != sentence.start):
        return None
    if each.holds is not None:
        words = view.prose[sentence.start : sentence.end]
        if not each.holds(words, match.start() - sentence.start):
            return None
    return replacement(view, sentence, start, end, match.expand(each.new) if each.new else "")


def replacement(view: View, sentence: Sentence, start: int, end: int, new: str) -> Edit | None:
    """Replace words of a sentence, with the spaces, commas and the capital letter that this asks for.

    None where nothing of the sentence would be left, or where it would begin with a mark.
    """
    text = view.text
    if not new:
        start, end = _without_gap(view, sentence, start, end)
        if not text[start:end].strip() or not _says_anything(text[sentence.start : start] + text[end : sentence.end]):
            return None
    capital = start == sentence.start and text[start].isupper()
    if not capital:
        return Edit(start, end, new if not new[:1].isupper() or text[start].isupper() else new[0].lower() + new[1:])
    if new:
        return Edit(start, end, new[0].upper() + new[1:])
    if end >= sentence.end or text[end] in "-–—:;,.!?)":
        return None
    if not view.is_free(end, end + 1) or not text[end].islower():
        return Edit(start, end, "")
    return Edit(start, end + 1, text[end].upper())


def _without_gap(view: View, sentence: Sentence, start: int, end: int) -> tuple[int, int]:
    """Widen what is left out by the space, and the comma, that only it needed."""
    text = view.text
    if start == sentence.start:
        while end < sentence.end and text[end] in ", ":
            end += 1
        return start, end
    between = text[max(start - 2, sentence.start) : start]
    if between == ", " and (end >= sentence.end or text[end] in ",.;:!?"):
        return start - 2, end
    if between.endswith(" ") and (end >= sentence.end or text[end] in " ,.;:!?)\r\n"):
        return start - 1, end
    while end < sentence.end and text[end] == " ":
        end += 1
    return start, end


def _says_anything(rest: str) -> bool:
    return sum(character.isalpha() for character in rest) > 2
