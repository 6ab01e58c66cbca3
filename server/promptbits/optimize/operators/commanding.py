"""Operators that turn descriptions into instructions."""

from __future__ import annotations

import random
import re
from typing import Final

from promptbits.optimize.operators.edits import Edit
from promptbits.optimize.operators.verbs import COMMAND, PARTICIPLES
from promptbits.optimize.operators.view import View
from promptbits.optimize.operators.wording import replacement, reworded, rule

# Verbs of what happens to the reader rather than of what it is to do.
_GIVEN: Final = r"(?!(?:be|have|get|see|find|need|want|receive|notice|also be|not be)\b)"
_YOU: Final = r"you (?:should|must|need to|have to|are to|are required to|are expected to|ought to|shall)"
# Nothing further down may hang on the "to" or the "you" that goes.
_DO: Final = rf"(?={_GIVEN}{COMMAND})(?![^.\n]*(?:\b(?:and|or|but)|,) (?:to|you (?:will|should|must)|will|should) )"
_CONDITIONS: Final = ("If ", "When ", "For ", "Before ", "After ", "Once ")
_IMPERATIVE: Final = (
    rule(r"(?P<x>you (?:should|must|shall|are) not (?:to )?)(?=[a-z])" + _DO, "Do not ", at_start=True),
    rule(r"(?P<x>you (?:should|must|shall) never )" + _DO, "Never ", at_start=True),
    rule(rf"(?P<x>{_YOU} ){_DO}", at_start=True),
    rule(rf"(?P<x>you will )(?!be|find|see|receive|get|have|need|also be){_DO}", at_start=True),
    rule(rf"(?P<x>your (?:task|job|goal|mission|role|objective|purpose) (?:here )?is to ){_DO}", at_start=True),
    rule(rf"(?P<x>(?:make sure|be sure|ensure|remember|don['’]t forget|do not forget|be certain) to ){_DO}"
         , at_start=True),
    rule(rf"(?P<x>(?:make sure|ensure|be sure) (?:that )?you ){_DO}", at_start=True),
    rule(rf"(?P<x>always (?:make sure|be sure|remember) to ){_DO}", "Always ", at_start=True),
    rule(rf", (?P<x>you (?:should|must|need to|will) ){_DO}", holds=lambda words, _: words.startswith(_CONDITIONS)),
)  # fmt: skip


def imperative(view: View, _rng: random.Random) -> list[Edit] | None:
    """You should X; your task is to X; make sure to X."""
    return reworded(view, _IMPERATIVE)


_SUBJECT: Final = (
    r"(?P<subject>(?P<first>[A-Z][a-z]+)\b"
    r"(?: (?!that\b|which\b|who\b|this\b|it\b|they\b|should\b|must\b|users?\b|and\b|or\b)[A-Za-z-]+){0,3})"
)
_DETERMINERS: Final = frozenset(("All", "Any", "Every", "Each", "The", "Your", "Both"))
_NO_THINGS: Final = frozenset(
    ("This", "That", "These", "Those", "They", "There", "What", "Which", "You", "No", "Nothing")
)


def _is_common(view: View, word: str) -> bool:
    """Whether a word at the start of a sentence is an ordinary noun: then it stands somewhere in small letters."""
    return word in _DETERMINERS or (word.endswith("s") and re.search(rf"\b{word.lower()}\b", view.text) is not None)


_PASSIVE: Final = re.compile(
    rf"{_SUBJECT} (?:should|must) (?P<not>not |never )?(?P<how>always |only |[a-z]+ly )?be (?P<adverb>[a-z]+ly )?"
    rf"(?P<done>{'|'.join(sorted(PARTICIPLES, key=len, reverse=True))})(?P<rest>[^\n]*)"
)
_NOT_A_PLACE: Final = re.compile(r" (?:by|to|and|or|if|so)\b|[-\w]| (?:as|like) (?:if|though)\b")


_PLACE: Final = re.compile(
    r" (?:in|with|at|on|within|inside|under|outside|using|from|into|before|after|for|through|via)\b|[.,]|\Z"
)


def active_voice(view: View, _rng: random.Random) -> list[Edit] | None:
    """All X should be done in Y -> do all X in Y."""
    edits: list[Edit] = []
    for sentence in view.sentences:
        match = _PASSIVE.match(view.prose, sentence.start, sentence.end)
        if match is None or _NOT_A_PLACE.match(match["rest"]) or "?" in match["rest"]:
            continue
        if _PLACE.match(match["rest"]) is None or (match["not"] and match["how"]):
            continue
        if match["first"] in _NO_THINGS or not _is_common(view, match["first"]):
            continue
        subject = match["subject"]
        subject = subject[0].lower() + subject[1:]
        verb = PARTICIPLES[match["done"]]
        before = {"not ": "do not ", "never ": "never "}.get(match["not"] or "", match["how"] or "")
        adverb = match["adverb"] or ""
        new = f"{before}{adverb}{verb} {subject}"
        edit = replacement(view, sentence, sentence.start, match.start("rest"), new)
        if edit is not None:
            edits.append(edit)
    return edits or None


_NEGATIVE: Final = (
    rule(r"(?:do not|don['’]t|never) forget to (?=[a-z])", "", at_start=True),
    rule(r"(?:do not|don['’]t) hesitate to (?=[a-z])", "", at_start=True),
    rule(r"never fail to (?=[a-z])", "Always ", at_start=True),
    rule(r"(?:do not|don['’]t|never) (?P<verb>output|return|use|include|print|produce|write|provide|give|show|list)"
         r" (?:anything|any text|any other text|any output) (?:other than|except(?: for)?|besides|but) ",
         r"\g<verb> only ", at_start=True),
    rule(r"(?:do not|don['’]t|never) (?:leave out|omit) any of (?=the |your |its )", "Include all of ", at_start=True),
    rule(r"(?:do not|don['’]t|never) (?:leave out|omit) (?=the |your |its )", "Include ", at_start=True),
    rule(r"(?:do not|don['’]t) exceed (?=\0|the )", "Stay within ", at_start=True),
    rule(r"(?:do not|don['’]t|never) (?:be|get) (?:too |overly )?(?:verbose|wordy|long-winded)\b", "Be concise"
         , at_start=True),
    rule(r"(?:do not|don['’]t|never) (?:be|get) (?:too |overly )?(?:vague|generic)\b", "Be specific", at_start=True),
    rule(r"(?:do not|don['’]t|never) lose sight of ", "Keep in view ", at_start=True),
)  # fmt: skip


def positive(view: View, _rng: random.Random) -> list[Edit] | None:
    """Do not output anything other than X -> output only X."""
    return reworded(view, _NEGATIVE)
