"""What somebody who asks for a better prompt may choose."""

from __future__ import annotations

from dataclasses import dataclass

from promptbits.text import markdown


@dataclass(frozen=True, slots=True)
class Options:
    """The choices of a run.

    Attributes:
        breadth: how many texts each round has.
        depth: how many rounds there are.
        seed: what the choices of the proposer hang on.
        max_seconds: stop after this time with what there is by then.
        model: the model whose facts count; by itself the one with the most.
        section: the part of the content that may change, as offsets.
        token_budget: an estimate of tokens to get below.
    """

    breadth: int = 10
    depth: int = 3
    seed: int = 0
    max_seconds: float | None = None
    model: str | None = None
    section: tuple[int, int] | None = None
    token_budget: int | None = None


def section_of(content: str, title: str) -> tuple[int, int] | None:
    """The section under a heading, with the heading, up to the next one that is not below it; None if there is none.

    Upper and lower case are alike. Of several headings with the title, the first one counts.
    """
    headings = markdown.scan(content).headings
    wanted = " ".join(title.lstrip("#").split()).casefold()
    for at, heading in enumerate(headings):
        if wanted and " ".join(heading.title.split()).casefold() == wanted:
            following = (each.start for each in headings[at + 1 :] if each.level <= heading.level)
            return heading.start, next(following, len(content))
    return None


def headings_of(content: str) -> list[str]:
    """The titles that `section_of` finds."""
    return [heading.title for heading in markdown.scan(content).headings if heading.title.strip()]
