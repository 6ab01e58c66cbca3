"""One optimization from end to end, with the real proposer and the real scorer over a real store."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from review_samples import ME
from review_workspace import Workspace, table

from promptbits.facts.ids import content_sha256, new_id
from promptbits.facts.opening import open_store
from promptbits.facts.sqlite.embedded import SqliteStore
from promptbits.optimize.options import Options
from promptbits.optimize.reviews import wording
from promptbits.optimize.reviews.model import RefusedError, Rejected
from promptbits.optimize.reviews.rebasing import origin_of
from promptbits.optimize.running import Found, optimize
from promptbits.optimize.terms import Attempt, Basis

CONTENT = """# Weekly report

You should maybe write a good report for <<audience>> from the notes. It would be nice if it was rather short. Please
try to list several risks, and basically say who owns each of them.

## Notes

<<notes>>
"""
VARIABLES = {"audience": {"description": "Who reads it"}, "notes": {"description": "What happened"}}


def one_round(basis: Basis, proposer, scorer, options, _progress, _cancelled) -> Found:
    """The least that a search may be: one round, everything kept, the best lower bound first."""
    proposals = proposer.propose(basis, (), options.breadth, random.Random(options.seed))
    texts = [basis.content, *(each.text for each in proposals)]
    original, *scores = scorer.score(texts)
    ranked = [Attempt(each, score, 0) for each, score in zip(proposals, scores, strict=True)]
    ranked.sort(key=lambda each: each.prediction.mean - each.prediction.std, reverse=True)
    refused = [Rejected("growth", ("a",)), Rejected("growth", ("b",)), Rejected("growth", ("a",), 2)]
    return Found(original, ranked, 2, refused, {"calls": 1})


@pytest.fixture
def work(tmp_path: Path) -> Workspace:
    space = Workspace(tmp_path)
    space.write("custom", table("report", CONTENT, variables=VARIABLES))
    return space


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    opened = open_store(tmp_path / "facts.db")
    yield opened
    opened.close()


def measure(store: SqliteStore, text: str, successes: int, trials: int, model: str = "big") -> None:
    store.keep_text(content_sha256(text), text)
    fact = {"kind": "execution", "timestamp": "2026-11-20T16:00:00.000Z", "prompt_id": "report", "model": model}
    fact["content_sha256"] = content_sha256(text)
    outcomes = ["succeeded"] * successes + ["failed"] * (trials - successes)
    store.append([{**fact, "id": new_id(), "outcome": outcome} for outcome in outcomes])


def run(work: Workspace, store: SqliteStore | None = None, origin=None, **options):
    return optimize(work.snapshot("report"), store, Options(**options), by=ME, search=one_round, origin=origin)


def test_without_facts_there_is_an_order_and_no_rate(work: Workspace) -> None:
    review = run(work)
    assert 2 <= len(review.candidates) <= 10
    assert review.basis.content == CONTENT
    assert (review.basis.path, review.basis.prompt_id) == ("prompts/custom/report.json", "report")
    assert {each.prediction.evidence for each in review.candidates if each.prediction} == {"none"}
    assert (review.recommended, review.run.measured_texts) == (None, 0)
    assert all(each.probability_better is None for each in review.candidates)
    assert not wording.shows_rates(review)
    assert "No measurements yet" in wording.basis(review)
    assert [(each.reason, each.edits, each.count) for each in review.rejected] == [
        ("growth", ("a",), 3),
        ("growth", ("b",), 1),
    ]
    assert review.history[0].what == "created"


def test_the_same_gives_the_same_and_a_seed_something_else(work: Workspace) -> None:
    one, other = run(work), run(work)
    assert replace(one, id="") == replace(other, id="")
    assert one.id != other.id
    prints = {run(work, seed=seed).fingerprint for seed in range(4)}
    assert len(prints) == 4
    assert run(work, max_seconds=60.0).fingerprint == ""  # it may have been cut short
    assert len({run(work, seed=seed).candidates for seed in range(4)}) > 1


def test_facts_of_one_model_make_a_scorer(work: Workspace, store: SqliteStore) -> None:
    good = run(work).candidates[-1]  # whatever is thought of it before anything is measured
    for n in range(12):
        measure(store, CONTENT + f"\nPolitely, {n}.\n", 8 + n % 3, 40)
        measure(store, good.text + f"\nPolitely, {n}.\n", 34 + n % 3, 40)
    measure(store, CONTENT, 9, 40)
    measure(store, "of another model", 1, 5, "small")
    review = run(work, store)
    assert (review.run.model, review.run.measured_texts) == ("big", 25)
    assert review.run.original is not None
    assert review.run.original.evidence == "moderate"
    assert abs(review.run.original.mean - 9 / 40) < 0.1
    assert wording.shows_rates(review)
    assert all(each.probability_better is not None for each in review.candidates)
    chosen = review.recommended
    assert chosen is not None  # what was measured says very plainly which way to go
    best = review.candidate(chosen)
    assert set(good.edits) <= set(best.edits)
    between = wording.gain(best, review.run)
    assert between is not None
    assert between.low < between.estimate < between.high
    # Of the other model only one text is known: it is not pooled, and nothing is recommended.
    other = run(work, store, model="small")
    assert (other.run.measured_texts, other.recommended, wording.shows_rates(other)) == (1, None, False)


def test_feedback_that_says_nothing_disables_the_ranking(work: Workspace, store: SqliteStore) -> None:
    chance = random.Random(5)
    for n in range(12):
        measure(store, CONTENT + f"\nVariant {n} {'word ' * (n % 5)}\n", chance.randint(14, 26), 40)
    review = run(work, store)
    assert not review.run.ranks
    assert "too noisy" in wording.basis(review)
    assert (review.recommended, wording.shows_rates(review)) == (None, False)
    assert all(wording.gain(each, review.run) is None for each in review.candidates)


def test_going_on_from_a_candidate_keeps_the_lineage(work: Workspace) -> None:
    first = replace(run(work), number=3)
    origin = origin_of(first, 2, work.snapshot("report"))
    second = run(work, origin=origin, seed=1)
    assert second.basis == first.basis  # what it is held against is still the text of the file
    assert second.origin == origin
    assert second.history[0].what == "refined"
    assert second.history[0].note == "from candidate 2 of review 3"
    for each in second.candidates:
        assert each.edits[: len(origin.edits)] == origin.edits
        assert len(each.edits) > len(origin.edits)
        assert each.text not in (CONTENT, origin.text)
    assert second.fingerprint != run(work, seed=1).fingerprint


def test_nothing_is_proposed_for_nothing(work: Workspace) -> None:
    work.write("custom", table("report", " \n", variables={}))
    with pytest.raises(RefusedError, match="the content is empty"):
        run(work)


def test_a_section_is_all_that_changes(work: Workspace) -> None:
    end = CONTENT.index("## Notes")
    review = run(work, section=(0, end))
    assert review.basis.section == (0, end)
    assert all(each.text.endswith(CONTENT[end:]) for each in review.candidates)
