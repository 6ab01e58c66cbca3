"""A prompt as the operators see it: its lines, sections and sentences, with everything protected masked."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from functools import cached_property
from typing import Final

from promptbits.optimize.operators.english import is_english
from promptbits.optimize.operators.lines import Line, blocks_of, lines
from promptbits.optimize.operators.protected import Range, fenced, joined, masked, protected
from promptbits.optimize.operators.sections import Section, sections
from promptbits.optimize.operators.sentences import Sentence, label_end, sentences
from promptbits.optimize.terms import Basis
from promptbits.text.markdown import Markdown, scan

_LONGEST_BLOCK: Final = 1500  # a longer paragraph is material, not an instruction
# Paragraphs that are spoken, quoted or shown rather than instructing.
_MATERIAL = re.compile(
    r"\b(?:I|I'm|I've|I'd|I'll|my|me|we've|said)\b|&#\d|[a-z]\\n"
    r"|\A[\s*_]*(?:For )?(?:Examples?|e\.g|Question|Answer|User|Human|Assistant|System|Q|A|Input|Output)\b"
    r"[^.\n]{0,20}:",
)


class Block:
    """A paragraph or an item of prose: text[start:end], from the first word behind the marker."""

    __slots__ = ("end", "first", "is_item", "line_start", "prose", "start")

    def __init__(self, found: list[Line], *, prose: bool) -> None:
        self.first = found[0]
        self.is_item = found[0].kind == "item"
        self.line_start = found[0].start
        self.start = found[0].body
        self.end = found[-1].end
        self.prose = prose


class View:
    """What an operator may know of a prompt. Everything is worked out once, when it is first asked for."""

    def __init__(self, basis: Basis) -> None:
        self.basis = basis
        self.text = basis.content
        self.newline = "\r\n" if "\r\n" in basis.content else "\n"

    @cached_property
    def markdown(self) -> Markdown:
        """Fences and headings."""
        return scan(self.text)

    @cached_property
    def fenced(self) -> list[Range]:
        """Fenced code, and what may be it."""
        return fenced(self.markdown)

    @cached_property
    def protected(self) -> list[Range]:
        """What stays as it is, in order."""
        return protected(self.markdown, self.basis.variables)

    @cached_property
    def _covers(self) -> list[int]:
        return [start for start, _ in self.protected]

    def may_change(self, start: int, end: int) -> bool:
        """Whether a range lies in the part that the author wants to have changed."""
        section = self.basis.section
        return section is None or (section[0] <= start and end <= section[1])

    def is_inside(self, offset: int) -> bool:
        """Whether something protected reaches from before an offset to behind it."""
        before = bisect_left(self._covers, offset)
        return before > 0 and self.protected[before - 1][1] > offset

    def is_free(self, start: int, end: int) -> bool:
        """Whether nothing in a range is protected."""
        before = bisect_left(self._covers, end)
        return before == 0 or self.protected[before - 1][1] <= start

    @cached_property
    def lines(self) -> list[Line]:
        """Every line, with its kind."""
        return lines(self.markdown)

    @cached_property
    def sections(self) -> list[Section]:
        """What stands below each heading."""
        return sections(self.markdown)

    @cached_property
    def _section_starts(self) -> list[int]:
        return [section.start for section in self.sections]

    def section_at(self, offset: int) -> Section | None:
        """The section an offset lies in."""
        at = bisect_right(self._section_starts, offset) - 1
        return self.sections[at] if at >= 0 else None

    @cached_property
    def masked(self) -> str:
        """The text, what is protected covered with NUL."""
        return masked(self.text, self.protected)

    @cached_property
    def blocks(self) -> list[Block]:
        """Paragraphs and items, in order; `prose` says whether they instruct, and may be worded anew."""
        return [Block(found, prose=self._is_prose(found)) for found in blocks_of(self.lines)]

    def _is_prose(self, found: list[Line]) -> bool:
        start, end = found[0].body, found[-1].end
        if end - start > _LONGEST_BLOCK or any(line.kind == "code" for line in found):
            return False
        section = self.section_at(start)
        if section is not None and section.kind in ("examples", "input"):
            return False
        words = self.masked[start:end]
        return self.text.count('"', start, end) % 2 == 0 and _MATERIAL.search(words) is None

    @cached_property
    def prose(self) -> str:
        """The text with all but the words of instructions covered: as long, with the same lines."""
        at = 0
        covers: list[Range] = list(self.protected)
        for block in self.blocks:
            if block.prose:
                if block.start > at:
                    covers.append((at, block.start))
                at = block.end
        covers.append((at, len(self.text)))
        return masked(self.text, joined(covers))

    @cached_property
    def sentences(self) -> list[Sentence]:
        """The sentences of the instructions, behind the labels of items."""
        found: list[Sentence] = []
        for number, block in enumerate(self.blocks):
            if block.prose:
                start = label_end(self.masked, block.start, block.end)
                found += sentences(self.masked, start, block.end, number)
        return found

    @cached_property
    def starts(self) -> dict[int, Sentence]:
        """Sentences by where they start."""
        return {sentence.start: sentence for sentence in self.sentences}

    @cached_property
    def _sentence_starts(self) -> list[int]:
        return [sentence.start for sentence in self.sentences]

    def sentence_at(self, offset: int) -> Sentence | None:
        """The sentence that an offset lies in."""
        at = bisect_right(self._sentence_starts, offset) - 1
        found = self.sentences[at] if at >= 0 else None
        return found if found and offset < found.end else None

    @cached_property
    def english(self) -> bool:
        """Whether the instructions are English."""
        return is_english(self.prose)
