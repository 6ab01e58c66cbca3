"""The sections of a prompt: what stands below each heading, and what kind of thing that is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

from promptbits.text.markdown import Markdown

SectionKind = Literal["role", "context", "task", "steps", "rules", "examples", "output", "check", "input", "other"]


@dataclass(frozen=True, slots=True)
class Section:
    """text[start:end] from its heading up to the next heading; level 0 is what stands before the first one.

    `body` is where the line below the heading begins, `tree_end` where the next heading of this level or above does.
    """

    title: str
    level: int
    kind: SectionKind
    start: int
    body: int
    end: int
    tree_end: int


_WORDS: Final[tuple[tuple[SectionKind, str], ...]] = (
    # What is listed here is what not to do: no rule may be added to it.
    ("other", r"avoid|never|not|don['’]t|mistakes?|anti-?patterns?|pitfalls|limits?"),
    ("examples", r"examples?|samples?|templates?|transcripts?"),
    ("output", r"outputs?|format|deliver(?:ables?)?|respon(?:se|d)|reports?|answers?|hand(?:ing)? over|result"),
    ("check", r"check(?:s|list)?|verif\w+|validat\w+|definition of done|done|acceptance|prove"),
    ("role", r"identity|role|persona|who you are"),
    ("context", r"context|background|overview|introduction|about|purpose|goals?|objectives?"),
    ("task", r"task|job|mission|instructions?"),
    ("steps", r"steps|process|method|procedure|workflow|how to work|approach|methodology"),
    ("rules", r"rules?|constraints?|restrictions?|guidelines|requirements?|principles|practices"),
)
_KINDS: Final[tuple[tuple[SectionKind, re.Pattern[str]], ...]] = tuple(
    (kind, re.compile(rf"\b(?:{words})\b", re.IGNORECASE)) for kind, words in _WORDS
)
_INPUT: Final = re.compile(r"(?:the |your )?inputs?(?: text| data| document)?[:.]?", re.IGNORECASE)


def kind_of(title: str) -> SectionKind:
    """What a heading announces."""
    if _INPUT.fullmatch(title.strip()):
        return "input"
    for kind, pattern in _KINDS:
        if pattern.search(title):
            return kind
    return "other"


def sections(markdown: Markdown) -> list[Section]:
    """The sections of a text, in order, the part before the first heading among them if there is one."""
    text, headings = markdown.text, markdown.headings
    found: list[Section] = []
    first = headings[0].start if headings else len(text)
    if first > 0:
        found.append(Section("", 0, "other", 0, 0, first, first))
    ends = _tree_ends(markdown)
    example_end = 0  # what stands below an example's heading belongs to the example
    for at, heading in enumerate(headings):
        end = headings[at + 1].start if at + 1 < len(headings) else len(text)
        below = text.find("\n", heading.end)
        body = below + 1 if 0 <= below < end else end
        kind = "examples" if heading.start < example_end else kind_of(heading.title)
        if at == 0 and len(headings) > 1 and ends[0] == len(text) and kind in ("examples", "input"):
            kind = "other"  # the title of the whole prompt
        if kind == "examples":
            example_end = max(example_end, ends[at])
        found.append(Section(heading.title, heading.level, kind, heading.start, body, end, ends[at]))
    return found


def _tree_ends(markdown: Markdown) -> list[int]:
    ends = [len(markdown.text)] * len(markdown.headings)
    waiting: list[int] = []
    for at, heading in enumerate(markdown.headings):
        while waiting and markdown.headings[waiting[-1]].level >= heading.level:
            ends[waiting.pop()] = heading.start
        waiting.append(at)
    return ends
