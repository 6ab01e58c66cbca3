"""Proposals carried over to a text that has changed, and proposals gone on from."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from review_samples import AFTER, BEFORE, ME, OTHER
from review_workspace import Workspace, table

from promptbits.facts.ids import content_sha256
from promptbits.optimize.reviews import lifecycle
from promptbits.optimize.reviews.model import Origin, RefusedError, Review, StaleError
from promptbits.optimize.reviews.rebasing import Lost, basis_of, origin_of, rebase
from promptbits.optimize.reviews.revisions import in_place
from promptbits.optimize.terms import Basis, Prediction

NOW = BEFORE.replace("# Report", "# A report of a week")


@pytest.fixture
def work(tmp_path: Path) -> Workspace:
    space = Workspace(tmp_path)
    space.write("custom", table("report"))
    return space


def allows(_basis: Basis, _text: str) -> None:
    return None


def change(work: Workspace, content: str) -> None:
    work.write("custom", table("report", content))


def test_both_changes_are_in_the_rebased_proposal(work: Workspace) -> None:
    review = replace(work.review("report", AFTER, OTHER), recommended=1)
    change(work, NOW)
    rebased = rebase(review, work.snapshot("report"), allows, ME)
    assert rebased.lost == ()
    texts = [each.text for each in rebased.review.candidates]
    assert texts == [text.replace("# Report", "# A report of a week") for text in (AFTER, OTHER)]
    assert rebased.review.basis.content == NOW
    assert rebased.review.basis.content_sha256 == content_sha256(NOW)
    # What was predicted was predicted of another text.
    assert [each.prediction for each in rebased.review.candidates] == [None, None]
    assert rebased.review.recommended is None
    assert rebased.review.history[-1].what == "rebased"
    assert content_sha256(BEFORE) in rebased.review.history[-1].note
    accepted = in_place(rebased.review, 1, work.snapshot("report"))
    work.carry_out(accepted.changes)
    assert work.snapshot("report").content == texts[0]
    assert work.findings("report") == []


def test_a_scorer_predicts_anew(work: Workspace) -> None:
    review = work.review("report", AFTER, OTHER)
    change(work, NOW)

    def score(texts):
        return [Prediction(len(text) / 1000, 0.1, "weak") for text in texts]

    rebased = rebase(review, work.snapshot("report"), allows, ME, score).review
    assert [each.prediction for each in rebased.candidates] == score([each.text for each in rebased.candidates])
    assert rebased.run.original == score([NOW])[0]


def test_what_conflicts_or_is_refused_is_lost_and_said_so(work: Workspace) -> None:
    review = work.review("report", AFTER, OTHER, BEFORE + "More.\n")
    now = BEFORE.replace("You should maybe write a report.", "Write two reports.")
    change(work, now)
    seen: list[str] = []

    def refuses(basis: Basis, text: str) -> str | None:
        assert basis.content == now
        seen.append(text)
        return "growth" if "More." in text else None

    rebased = rebase(review, work.snapshot("report"), refuses, ME)
    assert rebased.lost == (Lost(1, "conflict"), Lost(3, "growth"))
    assert len(seen) == 2
    assert [each.text for each in rebased.review.candidates] == [
        now.replace("Use <<notes>>.", "Take <<notes>> as they are.")
    ]
    assert [(each.reason, each.edits) for each in rebased.review.rejected] == [
        ("conflict", ("edit-1",)),
        ("growth", ("edit-3",)),
    ]


def test_where_no_proposal_is_left_the_review_stays_as_it_is(work: Workspace) -> None:
    review = work.review()
    with pytest.raises(RefusedError, match="has not changed: there is nothing to rebase"):
        rebase(review, work.snapshot("report"), allows, ME)
    change(work, AFTER)
    with pytest.raises(RefusedError, match=r"no proposal of review 1 fits the text as it is now \(same-as-now\)"):
        rebase(review, work.snapshot("report"), allows, ME)
    with pytest.raises(RefusedError, match="no longer open"):
        rebase(lifecycle.rejected(review, "no", ME), work.snapshot("report"), allows, ME)


LINES = st.lists(st.sampled_from(["a", "b", "c", "d"]), max_size=6).map(lambda each: "".join(f"{x}\n" for x in each))


@given(LINES, LINES, LINES)
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_rebase_never_drops_what_the_author_did(work: Workspace, before: str, now: str, proposed: str) -> None:
    """Where the author changed nothing the proposal comes back; where it proposed nothing, the author's text does."""
    change(work, before)
    review = work.review("report", proposed)
    change(work, now)
    try:
        rebased = rebase(review, work.snapshot("report"), allows, ME).review
    except RefusedError:
        return
    text = rebased.candidates[0].text
    assert text != now
    added = [line for line in set(now.splitlines()) if now.count(line) > before.count(line)]
    for line in added:
        assert text.count(line) >= min(now.count(line), before.count(line) + 1)


def test_a_section_moves_with_its_text(work: Workspace) -> None:
    start = BEFORE.index("You should")
    section = (start, start + len("You should maybe write a report."))
    review = work.review()
    review = replace(review, basis=replace(review.basis, section=section))
    change(work, NOW)
    rebased = rebase(review, work.snapshot("report"), allows, ME).review
    assert rebased.basis.section is not None
    assert NOW[slice(*rebased.basis.section)] == "You should maybe write a report."


def test_going_on_from_a_candidate(work: Workspace) -> None:
    review = work.review("report", AFTER, OTHER)
    origin = origin_of(review, 2, work.snapshot("report"))
    assert origin == Origin(1, 2, OTHER, ("edit-2",))
    plain = basis_of(work.snapshot("report"))
    assert plain == Basis(BEFORE, {"notes": "What it is about"}, ("Custom", "report"), "Examples")
    start = BEFORE.index("Use <<")
    section = (start, len(BEFORE))
    refined = basis_of(work.snapshot("report"), section, 90, origin)
    assert refined == replace(plain, content=OTHER, section=refined.section, token_budget=90)
    assert refined.section is not None
    assert OTHER[slice(*refined.section)] == "Take <<notes>> as they are.\n"
    change(work, NOW)
    with pytest.raises(StaleError, match="rebase review 1 first"):
        origin_of(review, 2, work.snapshot("report"))
    with pytest.raises(RefusedError, match="no longer open"):
        origin_of(lifecycle.rejected(review, "no", ME), 1, work.snapshot("report"))


def test_accepting_supersedes_the_others_of_its_family_only(work: Workspace) -> None:
    def of(number: int, origin: int | None) -> Review:
        above = Origin(origin, 1, AFTER) if origin else None
        return replace(work.review(number=number), origin=above)

    others = [of(1, None), of(2, 1), of(3, 2), of(4, 1), of(5, None)]
    outcome = in_place(others[1], 1, work.snapshot("report")).outcome
    changed = lifecycle.accepted(others[1], others, outcome, ME)
    # The one it was refined from and the one refined from it; not its sibling, nor one that began by itself.
    assert {each.number: each.status for each in changed} == {2: "accepted", 1: "superseded", 3: "superseded"}
    assert changed[1].history[-1].note == "review 2 was accepted"
