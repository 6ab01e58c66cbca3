"""Operators for how firmly something is said: must, emphasis, shouting, contractions, vague amounts."""

from __future__ import annotations

import random
import re
from typing import Final

from promptbits.optimize.operators.edits import Edit
from promptbits.optimize.operators.verbs import COMMAND, VERB
from promptbits.optimize.operators.view import View
from promptbits.optimize.operators.wording import reworded, rule

# A subject that is too long, or holds one of these, makes "should" part of a clause that obliges nobody.
_SUBORDINATE: Final = re.compile(
    r"\b(?:that|which|who|whose|what|why|how|where|when|whenever|whether|if|unless|because|since|as|than|n['’]t|"
    r"not|no|think|believe|mean|means|ask|explain|describe|say|says|i|we|they|someone|anyone|there|and|or|but|see|"
    r"one|user|users|tests?|ideally|usually|generally|typically|normally|probably)\b|n['’]t\b|[:,;(]",
    re.IGNORECASE,
)
_LONGEST_SUBJECT: Final = 6


def _obliges(words: str, at: int) -> bool:
    subject = words[:at]
    return (
        0 < len(subject.split()) <= _LONGEST_SUBJECT
        and not _SUBORDINATE.search(subject)
        and not _COMMANDING.match(words)
        and not words.endswith("?")
    )


_COMMANDING: Final = re.compile(rf"(?:{VERB}) (?:the|a|an|all|any|each|your) ", re.IGNORECASE)
_MUST: Final = (
    rule(r"\b(?P<x>should)(?= (?:not|never|always|only|also|be|have|contain|include|follow|use|start|begin|end|match|"
         r"return|provide|explain|describe|cover|reveal|do|stay|keep|live|come|go|consist|focus|reflect|support)\b)"
         r"(?! (?:\w+ )?have (?:\w+ )?(?:been|[a-z]+ed)\b| be able)", "must", holds=_obliges),
    rule(r"\b(?P<x>needs to)(?= be\b)", "must", holds=_obliges),
    rule(r"\b(?P<x>ought to)(?= be\b)", "must", holds=_obliges),
)  # fmt: skip


def must(view: View, _rng: random.Random) -> list[Edit] | None:
    """The answer should be -> the answer must be; should not -> must not."""
    return reworded(view, _MUST)


_CONTRACTIONS: Final = (
    rule(rf"(?P<x>don['’]t) (?={COMMAND}|be\b)(?!(?-i:[A-Z]))", "Do not", at_start=True),
    rule(rf"(?:[,;:]|\b(?:and|but|or|so|please|always)) (?P<x>don['’]t) (?={VERB})(?!(?-i:[A-Z]))", "do not"),
    rule(r"\b(?P<x>shouldn['’]t)\b", "should not", holds=lambda words, _: not words.endswith("?")),
    rule(r"\b(?P<x>mustn['’]t)\b", "must not"),
    rule(r"\byou (?P<x>can['’]t)\b", "cannot", at_start=True),
    rule(r"\byou (?P<x>aren['’]t) allowed\b", "are not", at_start=True),
)


def full_negations(view: View, _rng: random.Random) -> list[Edit] | None:
    """Don't -> do not: a "not" that stands alone is not read over."""
    return reworded(view, _CONTRACTIONS)


_SHOUTED: Final = re.compile(
    r"(?<![A-Z] )\b(MUST|NOT|NEVER|ALWAYS|ONLY|ALL|EVERY|EXACTLY|SHOULD|CANNOT|IMPORTANT|VERY|DO NOT|MUST NOT|"
    r"SHOULD NOT|DO|ANY|BEFORE|AFTER)\b(?! [A-Z]{2})"
)
_LOWER_WORD: Final = re.compile(r"\b[a-z]{2,}\b")


def calm(view: View, _rng: random.Random) -> list[Edit] | None:
    """You MUST NEVER -> you must never; three exclamation marks become a full stop."""
    edits: list[Edit] = []
    for sentence in view.sentences:
        words = view.prose[sentence.start : sentence.end]
        if len(_LOWER_WORD.findall(words)) < 3:
            continue
        for match in _SHOUTED.finditer(words):
            start = sentence.start + match.start()
            word = match[0].lower()
            edits.append(Edit(start, start + len(word), word.capitalize() if match.start() == 0 else word))
        marks = re.search(r"[a-z](!+)\Z", words)
        if marks and _is_instruction(words):
            edits.append(Edit(sentence.start + marks.start(1), sentence.end, "."))
    return sorted(edits) or None


_INSTRUCTION: Final = re.compile(rf"(?:{COMMAND}|do not|don['’]t|you must|make sure|no )", re.IGNORECASE)


def _is_instruction(words: str) -> bool:
    return _INSTRUCTION.match(words) is not None


_HARD: Final = re.compile(r"(?:Never|Do not|Must not|Under no circumstances)(?= [a-z\0])")
_MARKED: Final = re.compile(r"(?<!\w)[*_]{1,2}(?=\w)")
_MOST_EMPHASISED: Final = 5


def emphasis(view: View, _rng: random.Random) -> list[Edit] | None:
    """Hard constraints in bold, as long as they are few: what is emphasised everywhere is emphasised nowhere."""
    found: list[Edit] = []
    for sentence in view.sentences:
        match = _HARD.match(view.prose, sentence.start, sentence.end)
        block = view.blocks[sentence.block]
        if match and _MARKED.search(view.text, block.line_start, block.end) is None:
            found.append(Edit(match.start(), match.end(), f"**{match[0]}**"))
    return found if 0 < len(found) <= _MOST_EMPHASISED and "**" not in _one_in(view, found) else None


def _one_in(view: View, found: list[Edit]) -> str:
    section = view.section_at(found[0].start)
    return view.text[section.start : section.end] if section else view.text


_MADE: Final = r"(?:provide|list|give|write|suggest|include|create|add|generate|offer|ask|show|propose|use|draft|name)"
_THINGS: Final = (
    r"(?=(?:(?:[a-z-]+ ){0,2})(?:examples|sentences|words|bullets|bullet points|points|lines|paragraphs|questions|"
    r"options|suggestions|alternatives|ideas|keywords|hashtags|variations|reasons|steps|tags|titles|quotes|variants))"
)
_VAGUE: Final = (
    rule(rf"\b{_MADE} (?:me |us )?(?P<x>a few |a handful of ){_THINGS}", "two or three ", at_start=True),
    rule(rf"\b{_MADE} (?:me |us )?(?P<x>several |multiple ){_THINGS}", "three to five ", at_start=True),
    rule(r"\b(?P<x>a couple of )(?=[a-z])", "two "),
    rule(r"\b(?P<x>in a few words)\b", "in at most ten words"),
    rule(r"\b(?P<x>in a few sentences)\b", "in two or three sentences"),
    rule(r"\b(?P<x>a (?:short|brief) (?P<what>paragraph))\b(?! of| with)", r"a paragraph of three or four sentences"),
    rule(r"\b(?P<x>a (?:short|brief) (?P<what>summary|explanation|description|overview|introduction|conclusion))"
         r"(?=[.,])", r"a \g<what> of at most three sentences"),
    rule(r"be (?P<x>concise|brief|succinct)(?=\.\Z|\.?\Z)", r"brief: leave out what the reader does not need"
         , at_start=True),
    rule(r"keep (?:it|the answer|your answer|responses|answers|the response) (?P<x>short|brief|concise)(?=\.?\Z)",
         "under ten sentences", at_start=True),
)  # fmt: skip


def amounts(view: View, _rng: random.Random) -> list[Edit] | None:
    """A few examples -> two or three examples."""
    return reworded(view, _VAGUE)
