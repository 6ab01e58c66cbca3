"""Shortening a prompt to a number of tokens: what carries least goes first, and nothing that is protected ever."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

from promptbits.checks.content import CHARACTERS_PER_TOKEN
from promptbits.optimize.operators.edits import Edit
from promptbits.optimize.operators.removing import without_sentence
from promptbits.optimize.operators.restructuring import duplicates
from promptbits.optimize.operators.sentences import Sentence
from promptbits.optimize.operators.trimming import filler, hedges, politeness, wordy_phrases
from promptbits.optimize.operators.verbs import is_command
from promptbits.optimize.operators.view import View

_HARD: Final = re.compile(
    r"\b(?:must|never|always|do not|don['’]t|only|required|exactly|important|secrets?|security|if|unless|"
    r"otherwise|except|instead)\b",
    re.IGNORECASE,
)
_ASIDE: Final = re.compile(
    r"\b(?:for example|for instance|such as|that is|in other words|again|after all|also|of course)\b", re.IGNORECASE
)
# What comes next speaks of this sentence, which therefore stays.
_LEANS: Final = re.compile(
    r"\b(?:this|these|those|that|it|its|they|them|their|such|then|examples?|so|also|instead|otherwise|the same)\b|\0",
    re.IGNORECASE,
)
_ASKS: Final = re.compile(r"\b(?:you will|you need|make sure|ensure)\b", re.IGNORECASE)
_SPARE: Final = ("examples", "context")
_NEVER: Final = ("role", "task", "output", "input")


def tokens(text: str) -> int:
    """An estimate, as the checks and the editor make it."""
    return -(-len(text) // CHARACTERS_PER_TOKEN)


def shorten(view: View, rng: random.Random) -> list[Edit] | None:
    """Words, then sentences out until the budget is kept: asides first, hard constraints and the task never."""
    budget = view.basis.token_budget
    if budget is None or tokens(view.text) <= budget:
        return None
    cut = _Cut(view, len(view.text) - budget * CHARACTERS_PER_TOKEN)
    for operator in (politeness, filler, hedges, wordy_phrases, duplicates) if view.english else (duplicates,):
        for edit in operator(view, rng) or ():
            cut.take(edit)
    for sentence, edit in _least_first(view, rng):
        if cut.surplus <= 0:
            break
        cut.take_sentence(sentence, edit)
    return sorted(cut.edits) or None


class _Cut:
    """What is taken out so far. No section loses all it says, and no list the items it was announced for."""

    def __init__(self, view: View, surplus: int) -> None:
        self.surplus = surplus
        self.edits: list[Edit] = []
        self._view = view
        self._sentences = Counter(sentence.block for sentence in view.sentences)
        self._blocks = Counter(self._section(block.start) for block in view.blocks)

    def _section(self, offset: int) -> int:
        section = self._view.section_at(offset)
        return section.start if section else -1

    def take(self, edit: Edit) -> bool:
        """Take an edit, if it lies in the part that may change and meets no other."""
        if not self._view.may_change(edit.start, edit.end):
            return False
        if any(edit.start < other.end and other.start < edit.end for other in self.edits):
            return False
        self.edits.append(edit)
        self.surplus -= edit.end - edit.start - len(edit.new)
        return True

    def take_sentence(self, sentence: Sentence, edit: Edit) -> None:
        """Take a sentence out, unless it is the last that its paragraph or its section has."""
        block = self._view.blocks[sentence.block]
        home = self._section(sentence.start)
        is_block = edit.start <= block.line_start
        if is_block and (self._blocks[home] <= 1 or self._sentences[sentence.block] > 1):
            return
        if not is_block and self._sentences[sentence.block] <= 1:
            return
        if self.take(edit):
            self._sentences[sentence.block] -= 1
            self._blocks[home] -= is_block


def _least_first(view: View, rng: random.Random) -> Iterator[tuple[Sentence, Edit]]:
    ranked = sorted((_weight(view, sentence) + rng.random(), sentence.start, sentence) for sentence in _spare(view))
    for _, _, sentence in ranked:
        edit = without_sentence(view, sentence)
        if edit is not None and view.is_free(edit.start, edit.end) and not edit.new:
            yield sentence, edit


def _spare(view: View) -> Iterator[Sentence]:
    for sentence in view.sentences:
        section = view.section_at(sentence.start)
        kind = section.kind if section else "other"
        words = view.prose[sentence.start : sentence.end]
        whole = words.endswith(".") or (view.blocks[sentence.block].is_item and words[-1:].isalpha())
        if kind not in _NEVER and whole and not _HARD.search(words) and not {"\0", ":"} & set(words):
            follows = view.prose[sentence.end : view.blocks[sentence.block].end]
            is_first = sentence.start == view.sentences[0].start
            if not is_first and not _LEANS.search(re.split(r"[.!?:] ", follows + ". ", maxsplit=1)[0]):
                yield sentence


def _weight(view: View, sentence: Sentence) -> float:
    """How much a prompt would miss a sentence."""
    words = view.prose[sentence.start : sentence.end]
    section = view.section_at(sentence.start)
    weight = 2.0 if is_command(words) or _ASKS.search(words) else 1.0
    weight += 1.0 if section and section.kind == "steps" else 0.0
    weight -= 0.5 if _ASIDE.search(words) else 0.0
    weight -= 0.5 if section and section.kind in _SPARE else 0.0
    return weight + (0.0 if view.blocks[sentence.block].is_item else 0.2)
