"""Operators that add one rule: to the list of the rules if there is one, else behind the introduction."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from typing import Final

from promptbits.optimize.operators.about import KINDS, OPENING, mentions, technology
from promptbits.optimize.operators.edits import Edit, insertion
from promptbits.optimize.operators.places import add_item, behind_intro, is_closed
from promptbits.optimize.operators.view import View

_UNSURE: Final = (
    "If something that you need is missing or ambiguous, say what it is instead of guessing.",
    "Where the request leaves a question open, say so, and name the assumption that you made.",
)
_ASKED: Final = (
    r"\bif [^.\n]{0,40}\b(?:missing|unclear|ambiguous|cannot|not (?:sure|clear|know))|\bsay so\b|\bguess\w*|"
    r"\bnot sure\b|\bdo(?:n['’]t| not) know\b|\bask (?:for|one|a|the user)\b|\bclarif\w+|\bassumptions?\b"
)


def uncertainty(view: View, rng: random.Random) -> list[Edit] | None:
    """What to do where information is missing."""
    return None if mentions(view, _ASKED) else _ruled(view, rng.choice(_UNSURE))


def specialisation(view: View, rng: random.Random) -> list[Edit] | None:
    """What the trigger tells: the conventions of the technology, and the version in use."""
    name = technology(view)
    if name is None or mentions(
        view, r"\bconventions of\b|\bversion (?:that|in use|of)\b|\bexisting (?:code|conventions)\b"
    ):
        return None
    choices = [
        f"Follow the conventions of {name}; where the existing code differs, follow the existing code.",
        f"Use only what the version of {name} in this project supports; if you cannot tell the version, say so.",
    ]
    return _ruled(view, rng.choice(choices))


# Lists of rules for everything: not those for security, or for the names of tests.
_GENERAL: Final = re.compile(
    r"(?:(?:general|key|core|important|basic|ground|main|coding|output) )?(?:rules|constraints|guidelines|requirements|"
    r"principles)[:.]?",
    re.IGNORECASE,
)


def _ruled(view: View, words: str) -> list[Edit] | None:
    """A rule more: in the list of the rules if there is one, else behind the introduction."""
    if not is_closed(view):
        return None
    for section in view.sections:
        if not view.may_change(section.start, section.end):
            continue
        if _GENERAL.fullmatch(section.title) and (edit := add_item(view, section, words)) is not None:
            return [edit]
    place = behind_intro(view)
    return [insertion(place, view.newline * 2 + words)] if place is not None else None


def _rule(view: View, rng: random.Random, choices: Sequence[str], said: str) -> list[Edit] | None:
    return None if mentions(view, said) else _ruled(view, rng.choice(choices))


_PLANS: Final = (
    "Before you start, settle what is asked and in which order you will work.",
    "Read everything first, then decide on the order of work, then begin.",
)


def plan(view: View, rng: random.Random) -> list[Edit] | None:
    """Have the task understood before the work begins."""
    said = (
        r"\b(?:plan|step[- ]by[- ]step|before (?:you|writing|changing|generating|coding)|restate|order of work|"
        r"which order)\b"
    )
    return None if mentions(view, r"plan|steps?|method|process", headings=True) else _rule(view, rng, _PLANS, said)


_SCOPES: Final = (
    "Change only what the task needs, and say so if something else should change as well.",
    "Do what was asked and no more; mention other problems that you notice without solving them.",
)


def scope(view: View, rng: random.Random) -> list[Edit] | None:
    """Nothing is changed that was not asked for."""
    said = (
        r"\bscope\b|\bonly what\b|\bunrelated\b|\bminimal\b|\bnothing else\b|\bno more\b|\bnot asked\b|\bout of scope\b"
    )
    return _rule(view, rng, _SCOPES, said) if mentions(view, r"\bcode\b|\bfiles?\b|\bfunctions?\b") else None


_GROUNDS: Final = (
    "Support each statement with the place in the material where it can be seen.",
    "Keep apart what the material says and what you conclude from it.",
)


def grounds(view: View, rng: random.Random) -> list[Edit] | None:
    """Statements come with the place that supports them."""
    asked = r"\b(?:analy[sz]e|review|summari[sz]e|extract|assess|evaluate|investigate)\b"
    said = r"\b(?:evidence|quote|cite|support(?:s|ed)? (?:by|with|each|the)|file:line|path:line|source|conclude)\b"
    kind = (view.basis.trigger or ("", ""))[0]
    if kind in KINDS and not mentions(view, r"review|analy|audit", headings=True):
        return None
    return _rule(view, rng, _GROUNDS, said) if re.search(asked, view.text[:OPENING], re.IGNORECASE) else None


_DIRECT: Final = (
    "Begin the answer with the result: no introduction, no repetition of the request.",
    "In the answer, leave out introductions, summaries of the request and closing remarks.",
)


def directness(view: View, rng: random.Random) -> list[Edit] | None:
    """The answer begins with what was asked for."""
    said = r"\b(?:concise|brief|introductions?|preamble|terse|verbose|only output|output only)\b"
    return _rule(view, rng, _DIRECT, said)
