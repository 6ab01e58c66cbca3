"""Code actions about better versions: to ask for some, and to decide about those that are there.

They are asked for on every movement of the cursor, so they only look at what is known already.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from promptbits.checks.snapshot import Range, Snapshot
from promptbits.language.hover.content import estimated_tokens
from promptbits.language.markup import printable
from promptbits.language.refactoring.selection import Selection, select
from promptbits.optimize.reviews import wording
from promptbits.optimize.reviews.model import RefusedError, Review
from promptbits.optimize.reviews.promoting import base_of
from promptbits.optimize.reviews.revisions import is_stale

KIND: Final = "refactor.rewrite.promptbits"
REVIEW_KIND: Final = f"{KIND}.review"

Verb = Literal["optimize", "show", "accept", "reject", "rebase", "promote"]

# As many candidates are offered as somebody compares.
MOST_CANDIDATES: Final = 3
_SHARES: Final = (0.75, 0.5)
# Below this there is nothing to shorten.
_FEWEST_TOKENS: Final = 40
_LONGEST_TITLE: Final = 40


@dataclass(frozen=True, slots=True)
class Offer:
    """Something to ask for or to decide; `arguments` come after the address of the prompt."""

    title: str
    kind: str
    verb: Verb
    arguments: tuple[Any, ...] = ()


def optimizations(snapshot: Snapshot, start: int, end: int) -> list[Offer]:
    """What can be asked for at a range of the document."""
    selection = select(snapshot, start, end)
    if selection is None or snapshot.path is None or not snapshot.content.strip():
        return []
    if selection.inside is None and not _at_top(snapshot, start):
        return []  # an author who mends a tag is not asked about the whole prompt
    of_text = {"contentSha256": snapshot.content_sha256}
    offers = [Offer("Optimize (COPRO)…", KIND, "optimize", (of_text,))]
    section = section_at(snapshot, selection)
    if section is not None:
        given = of_text | {"section": list(section)}
        offers.append(Offer(_section_title(snapshot, selection, section), KIND, "optimize", (given,)))
    estimate = estimated_tokens(len(snapshot.content))
    if estimate >= _FEWEST_TOKENS:
        for share in _SHARES:
            budget = _round(estimate * share)
            title = f"Shorten to {budget:,} tokens ({share:.0%} of now)…"
            offers.append(Offer(title, KIND, "optimize", (of_text | {"tokens": budget},)))
    return offers


def _at_top(snapshot: Snapshot, offset: int) -> bool:
    """Whether a place is where the lenses about the whole prompt stand: up to its id."""
    id_ = snapshot.document.tree.find(("id",))
    return id_ is not None and offset <= id_.end


def section_at(snapshot: Snapshot, selection: Selection) -> Range | None:
    """The whole lines that are selected, or the section that the cursor is in; None for nothing, or for all there is.

    A section goes on to the next heading that is not below its own; what stands before the first one is one as well.
    """
    content = snapshot.content
    if selection.inside is None:
        return None
    first, last = selection.inside
    if first != last:
        start = content.rfind("\n", 0, first) + 1
        end = content.find("\n", max(last - 1, first))
        found = start, len(content) if end < 0 else end + 1
    else:
        headings = snapshot.markdown.headings
        at = sum(1 for each in headings if each.start <= first) - 1
        if not headings:
            return None
        if at < 0:
            found = 0, headings[0].start
        else:
            own = headings[at]
            following = (each.start for each in headings[at + 1 :] if each.level <= own.level)
            found = own.start, next(following, len(content))
    text = content[slice(*found)]
    return found if text.strip() and text.strip() != content.strip() else None


def decisions(snapshot: Snapshot, reviews: Sequence[Review]) -> Iterator[Offer]:
    """What can be decided about a prompt: about its open reviews, and whether a revision becomes the prompt.

    Args:
        snapshot: the prompt.
        reviews: its open reviews, the newest first.
    """
    several = len(reviews) > 1
    for place, review in enumerate(reviews):
        of = f" of review {review.number}" if several else ""
        if is_stale(review, snapshot):
            title = f"Rebase the proposals{of} onto the text as it is now…"
            yield Offer(title, REVIEW_KIND, "rebase", (review.number,))
        elif place == 0:  # whoever has several decides about the newest, or looks at the others first
            yield from _acceptances(review, of)
        yield Offer(f"Show the proposals{of}", REVIEW_KIND, "show", (review.number,))
        yield Offer(f"Reject the proposals{of}…", REVIEW_KIND, "reject", (review.number,))
    base = base_id(snapshot)
    if base is not None:
        revision = snapshot.prompt.get("revision", 1)
        yield Offer(f"Promote: let {base} have this text (revision {revision})", REVIEW_KIND, "promote")


def base_id(snapshot: Snapshot) -> str | None:
    """The prompt that a learned revision would become; None for any other prompt."""
    entry = snapshot.library.by_path(str(snapshot.path or ""))
    if entry is None or entry.layer != "learned" or not snapshot.library.complete:
        return None
    try:
        return printable(base_of(snapshot.library, entry).id)
    except RefusedError:
        return None


def _acceptances(review: Review, of: str) -> Iterator[Offer]:
    for number, candidate in enumerate(review.candidates[:MOST_CANDIDATES], 1):
        between = wording.gain(candidate, review.run)
        predicted = "" if between is None else f" (predicted {wording.points(between)})"
        best = ", recommended" if number == review.recommended else ""
        which = f"candidate {number}{of}"
        for how, words in (("revision", "as a new revision"), ("in-place", "in place")):
            title = f"Accept {which} {words}{best}{predicted}"
            yield Offer(title, REVIEW_KIND, "accept", (review.number, number, how))


def _section_title(snapshot: Snapshot, selection: Selection, section: Range) -> str:
    assert selection.inside is not None, "a section is one of the content"
    if selection.inside[0] != selection.inside[1]:
        return "Optimize the selected section…"
    heading = next((each for each in snapshot.markdown.headings if each.start == section[0]), None)
    title = printable(heading.title.strip()) if heading else ""
    short = title if len(title) <= _LONGEST_TITLE else title[: _LONGEST_TITLE - 1] + "…"
    return f'Optimize the section "{short}"…' if short else "Optimize the section at the cursor…"


def _round(tokens: float) -> int:
    """A budget in two figures: an estimate is no better than that."""
    whole = int(tokens)
    return max(round(whole, 2 - len(str(whole))), 1) if whole >= 100 else max(whole, 1)
