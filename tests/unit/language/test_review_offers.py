"""What is offered about better versions of a prompt, at every place of it and of what is left of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promptbits.checks.snapshot import Snapshot
from promptbits.facts.ids import content_sha256, new_id
from promptbits.language.refactoring.selection import select
from promptbits.language.reviewing.lens import lenses
from promptbits.language.reviewing.matching import reviews_of
from promptbits.language.reviewing.offers import decisions, optimizations, section_at
from promptbits.language.reviewing.report import report
from promptbits.optimize.reviews.model import Candidate, Review, ReviewBasis, Run, Status
from promptbits.optimize.terms import Prediction
from promptbits.prompts.root import Root
from promptbits.text.document import Document

ROOT = Path("/home/me/work").absolute()
CONTENT = "Before <<x>>.\n\n# One\n\nA line. ☕\n\n## Inner\n\nMore.\n\n# Two\n\nThe end.\n"


def text_of(content: str = CONTENT, **fields: object) -> str:
    return json.dumps({"id": "demo", "content": content, **fields}, indent=2)


def snapshot_of(text: str, name: str = "prompts/custom/demo.json") -> Snapshot:
    return Snapshot(Document.from_text(text), ROOT / name, Root(ROOT))


def review(number: int = 1, path: str | None = "prompts/custom/demo.json", status: Status = "open") -> Review:
    basis = ReviewBasis("demo", path, CONTENT, content_sha256(CONTENT))
    candidates = tuple(Candidate(f"{CONTENT}{each}\n", ("x",), Prediction(0.5, 0.1, "none")) for each in range(5))
    return Review(number, new_id(), basis, candidates, Run("offline"), status=status)


def section(what: str, until: str = "") -> str | None:
    """The section at a piece of the content, or for all up to another one."""
    snapshot = snapshot_of(text_of())
    start, end = CONTENT.index(what), CONTENT.index(until) + len(until) if until else CONTENT.index(what)
    selection = select(snapshot, snapshot.content_range(start, start)[0], snapshot.content_range(end, end)[0])
    assert selection is not None
    found = section_at(snapshot, selection)
    return None if found is None else CONTENT[slice(*found)]


@pytest.mark.parametrize(
    ("what", "until", "expected"),
    [
        ("Before", "", "Before <<x>>.\n\n"),
        ("# One", "", "# One\n\nA line. ☕\n\n## Inner\n\nMore.\n\n"),
        ("line", "", "# One\n\nA line. ☕\n\n## Inner\n\nMore.\n\n"),
        ("More", "", "## Inner\n\nMore.\n\n"),
        ("The end", "", "# Two\n\nThe end.\n"),
        ("line", "line", "A line. ☕\n"),
        ("☕", "Inner", "A line. ☕\n\n## Inner\n"),
        ("A line. ☕\n", "A line. ☕\n", "A line. ☕\n"),
        ("Before", "The end.", None),
        ("Before", "The end.\n", None),
    ],
)
def test_the_section_is_that_of_the_cursor_or_the_lines_that_are_selected(
    what: str, until: str, expected: str | None
) -> None:
    assert section(what, until) == expected


@given(
    st.lists(st.sampled_from(["# a", "## b", "### c", "text", "", "```", "# in code", "☕"]), max_size=12), st.data()
)
def test_a_section_is_whole_lines_around_its_selection(lines: list[str], data: st.DataObject) -> None:
    content = "\n".join(lines)
    snapshot = snapshot_of(text_of(content))
    first = data.draw(st.integers(0, len(content)))
    last = data.draw(st.integers(first, len(content)))
    selection = select(snapshot, *(snapshot.content_range(each, each)[0] for each in (first, last)))
    assert selection is not None
    found = section_at(snapshot, selection)
    if found is not None:
        start, end = found
        assert 0 <= start <= first <= last <= end <= len(content)
        assert start == 0 or content[start - 1] == "\n"
        assert end == len(content) or content[end - 1] == "\n"


def test_nothing_raises_at_any_place_of_any_part_of_a_prompt() -> None:
    whole = text_of('# One\n\nA "line" <<x>>.\n', variables={"x": {}})
    known = [review()]
    for cut in range(0, len(whole) + 1, 3):
        snapshot = snapshot_of(whole[:cut])
        for at in range(0, cut + 1, 7):
            optimizations(snapshot, at, min(at + 5, cut))
        list(decisions(snapshot, known))
        list(lenses(snapshot, known))


def test_candidates_of_the_newest_review_only_are_offered_and_no_more_than_three() -> None:
    snapshot = snapshot_of(text_of())
    reviews = reviews_of(snapshot, [review(1), review(2), review(3, status="rejected"), review(4, "other.json")])
    assert [each.number for each in reviews] == [2, 1]
    accepted = [each.arguments for each in decisions(snapshot, reviews) if each.verb == "accept"]
    assert accepted == [(2, number, how) for number in (1, 2, 3) for how in ("revision", "in-place")]


def test_what_is_stale_is_rebased_and_not_accepted() -> None:
    snapshot = snapshot_of(text_of(CONTENT + "More.\n"))
    assert [each.verb for each in decisions(snapshot, [review()])] == ["rebase", "show", "reject"]
    [lens] = lenses(snapshot, [review()])
    assert lens.title.endswith(" · the text has changed since")


def test_a_shorter_text_is_offered_where_there_is_something_to_shorten() -> None:
    long, short = snapshot_of(text_of("Say it well. " * 100)), snapshot_of(text_of("Say it."))
    assert [each.arguments[0].get("tokens") for each in optimizations(long, 0, 0)] == [None, 240, 160]
    assert [each.arguments[0].get("tokens") for each in optimizations(short, 0, 0)] == [None]


def test_a_report_fences_what_has_fences_and_quotes_nothing_as_markdown() -> None:
    inner = "````\ncode\n````\n"
    basis = ReviewBasis("de*mo", None, inner, content_sha256(inner))
    made = Review(1, new_id(), basis, (Candidate(inner + "<b>x</b>\n", ("a|b",)),), Run("of`f"))
    text = report(made)
    assert text.startswith("# Review 1: de\\*mo\n")
    assert "`````diff\n" in text
    assert "\n+<b>x</b>\n`````\n" in text
    assert "a\\|b" in text
    assert "of\\`f" in text
