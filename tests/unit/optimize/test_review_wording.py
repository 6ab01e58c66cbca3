"""What is said of a review: never more than the data support."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from review_samples import AFTER, review

from promptbits.facts.intervals import Interval
from promptbits.optimize.reviews import wording
from promptbits.optimize.reviews.model import Candidate, Review
from promptbits.optimize.terms import Evidence, Prediction


def predicted(evidence: Evidence, mean: float = 0.59, std: float = 0.02, texts: int = 23, **run: object) -> Review:
    made = review("before", *["a", "b", "c"])
    candidates = tuple(Candidate(text, (), Prediction(mean, std, evidence), 0.7) for text in ("a", "b", "c"))
    original = Prediction(0.55, 0.03, evidence)
    changed = replace(made.run, original=original, measured_texts=texts, standing="what it stands on", **run)
    return replace(made, candidates=candidates, run=changed)


def test_the_lens_of_a_review() -> None:
    line = "3 proposals · predicted best +4 pts [−3, +11] (moderate, 23 measured texts)"
    assert wording.headline(predicted("moderate")) == line
    assert wording.headline(predicted("none", texts=0)) == "3 proposals · heuristic order, nothing is measured yet"
    assert wording.headline(predicted("heuristic", texts=1)) == "3 proposals · heuristic order (1 measured text)"
    noisy = predicted("weak", texts=9, ranks=False, why="Too noisy")
    assert wording.headline(noisy) == "3 proposals · what is measured is too noisy to rank them (9 measured texts)"
    assert wording.basis(noisy) == "Too noisy, with m"
    rebased = replace(predicted("good"), candidates=(Candidate(AFTER),))
    assert wording.headline(rebased) == "1 proposal · nothing is predicted of them"
    assert wording.basis(rebased) == "Nothing is predicted of these texts"
    assert wording.headline(replace(rebased, candidates=())) == "no proposals"


@pytest.mark.parametrize(
    ("interval", "words"),
    [
        (Interval(0.004, -0.004, 0.006), "+0 pts [+0, +1]"),
        (Interval(-0.10, -0.25, 0.05), "−10 pts [−25, +5]"),
    ],
)
def test_points_are_whole(interval: Interval, words: str) -> None:
    assert wording.points(interval) == words


SHARES = st.floats(0, 1)


@given(st.sampled_from(["none", "heuristic"]), SHARES, SHARES, st.integers(0, 40))
def test_below_five_measured_texts_there_is_no_rate(evidence: Evidence, mean: float, std: float, texts: int) -> None:
    made = predicted(evidence, mean, std, texts)
    said = [
        wording.headline(made),
        wording.basis(made),
        wording.advice(made),
        wording.rate(made.candidates[0].prediction),
    ]
    assert not any(re.search(r"%|pts|[0-9]\.[0-9]", words) for words in said)
    assert wording.gain(made.candidates[0], made.run) is None
    assert not wording.shows_rates(made)


@given(SHARES, SHARES)
def test_a_rate_stays_between_nothing_and_everything(mean: float, std: float) -> None:
    made = predicted("good", mean, std)
    middle, low, high = map(int, re.findall(r"[0-9]+", wording.rate(made.candidates[0].prediction)))
    assert 0 <= low <= middle <= high <= 100
    between = wording.gain(made.candidates[0], made.run)
    assert between is not None
    assert -1 <= between.low <= between.estimate <= between.high <= 1
    assert between.high - between.low >= min(2 * 1.95 * 0.03, 0.1)  # never narrower than what is known of one side


def test_advice_names_the_candidate_that_is_meant() -> None:
    made = replace(predicted("good"), number=4)
    assert wording.advice(made).endswith("let an experiment measure candidates 1 to 3")
    assert wording.advice(replace(made, recommended=2)).endswith(
        "(P(better) 0.70, predicted): promptbits review accept 4 --candidate 2"
    )
    first = replace(made, run=replace(made.run, original_rank=1))
    assert wording.advice(first) == "no predicted improvement: the text as it is comes first"
    assert "the text stays as it is" in wording.advice(replace(made, candidates=()))
