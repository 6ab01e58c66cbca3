"""Where our COPRO differs from the original: new texts, filters, lower bounds, budgets, cancelling, and silence."""

from __future__ import annotations

import json
import random

import pytest
from copro_parts import Cycle, Dice, Everything, Known, Reason, Sure
from hypothesis import given, settings
from hypothesis import strategies as st
from shipped_bases import FOLDER, basis_of, shipped

from promptbits.optimize import copro as module
from promptbits.optimize.budget import Budget
from promptbits.optimize.copro import Copro, CoproRun
from promptbits.optimize.filters import BasisFilter
from promptbits.optimize.offline import OfflineProposer
from promptbits.optimize.ranking import LIKELY, Z, lower_bound, ranked
from promptbits.optimize.terms import Attempt, Basis, Prediction, Proposal

BASIS = Basis("the text as it is")


def by_hash(text: str) -> float:
    """A score that looks like chance and is the same in every process."""
    return random.Random(text).random()


def copro(proposer, scorer, breadth=4, depth=2, **options) -> Copro:
    return Copro(proposer, scorer, breadth, depth, **{"filters": Everything, **options})


def texts(found: CoproRun) -> list[str]:
    return [each.proposal.text for each in found.ranked]


def test_a_round_is_filled_up_with_new_texts() -> None:
    proposer = Cycle(["a", "a", "b", "c", "b", "d", "e", "a", "f"])
    found = copro(proposer, Known(by_hash), depth=2).run(BASIS)
    # a a b, c | b d e a, f a, a, b: then it is not asked again, although one is missing still.
    assert proposer.asked == [3, 1, 4, 2, 1, 1]
    assert found.statistics["asked"] == proposer.asked
    assert sorted(texts(found)) == sorted([*"abcdef", BASIS.content])
    assert found.statistics["repeated"] == 1 + 5
    assert found.statistics["total_calls"] == 4 + 4  # what was repeated fills the round


@given(st.integers(2, 8), st.integers(1, 4), st.integers(1, 30), st.integers(0, 99))
def test_no_text_is_scored_twice_and_rounds_are_full(breadth: int, depth: int, sides: int, seed: int) -> None:
    scorer = Known(by_hash)
    found = copro(Dice(sides), scorer, breadth, depth, seed=seed, asks=200).run(BASIS)
    assert len(scorer.asked) == len(set(scorer.asked)) == found.statistics["scored"]
    assert len(scorer.asked) == 1 + min(sides, breadth * depth - 1)
    assert sorted(texts(found)) == sorted(scorer.asked)
    assert BASIS.content in scorer.asked
    json.dumps(found.statistics, allow_nan=False)


def test_a_proposer_without_ideas_ends_it() -> None:
    class Silent(Cycle):
        def propose(self, basis, attempts, n, rng):
            super().propose(basis, attempts, n, rng)
            return []

    proposer = Silent(["x"])
    found = copro(proposer, Known(by_hash), depth=3).run(BASIS)
    assert proposer.asked == [3, 4, 4]  # once a round: who has nothing to say is not pressed
    assert (found.ranked, found.place, found.offered) == ((found.original,), 1, ())
    assert found.finished


def test_more_than_was_asked_for_serves_as_spare() -> None:
    class Generous:
        name = "generous"

        def propose(self, *_):
            return [Proposal(text) for text in ("bad", "a", "b", "c", "d", "e")]

    class NothingBad(Everything):
        def check(self, text):
            return (Reason("bad"), Reason("worse")) if text == "bad" else ()

    scorer = Known(by_hash)
    found = copro(Generous(), scorer, depth=1, filters=NothingBad).run(BASIS)
    assert scorer.asked == ["a", "b", "c", BASIS.content]
    assert [(each.reason, each.edits, each.count) for each in found.rejected] == [("bad", (), 1)]
    assert found.statistics["refusals"] == {"bad": 1, "worse": 1}
    assert found.statistics["refused"] == 1


def test_what_a_filter_refuses_is_never_scored() -> None:
    basis = Basis("Use <<name>> for 3 days.", {"name": ""})
    bad = [
        "Use it for 3 days.",
        "Use <<name>> for 4 days.",
        "",
        "Use  <<name>> for 3 days.",
        "Use <<name>> for 3 days!",
    ]
    scorer = Known(by_hash)
    found = Copro(Cycle(bad), scorer, 3, 2).run(basis)
    assert sorted(scorer.asked) == sorted([basis.content, bad[-1]])
    assert found.statistics["refusals"] == {"copy": 1, "empty": 1, "numbers": 1, "placeholders": 1}
    assert sum(each.count for each in found.rejected) == 4


def test_refusals_are_kept_within_bounds() -> None:
    class Nothing(Everything):
        def check(self, text):
            return (Reason(text),)

    found = copro(Dice(), Known(by_hash), 100, 3, filters=Nothing).run(BASIS)
    assert len(found.rejected) == 100
    assert found.statistics["refused"] > 1000
    assert found.place == 1


def test_a_copy_of_the_original_is_none_of_the_proposals() -> None:
    found = copro(Cycle([BASIS.content, f" {BASIS.content}\n", "new"]), Known(by_hash)).run(BASIS)
    assert [each.proposal.text for each in found.proposals] == ["new"]
    assert found.statistics["refusals"] == {"copy": 1}


def test_the_lower_bound_decides_and_not_the_mean() -> None:
    scorer = Known({"bold": 0.8, "safe": 0.7, "dull": 0.5, BASIS.content: 0.6}, {"bold": 0.4, "safe": 0.01})
    found = copro(Cycle(["bold", "safe", "dull"]), scorer, 4, 1).run(BASIS)
    assert texts(found) == ["safe", BASIS.content, "dull", "bold"]
    assert found.place == 2


def test_of_equal_ones_the_shorter_counts_and_the_original_is_not_beaten() -> None:
    found = copro(Cycle(["a long text indeed", "b", "c"]), Known(lambda _: 0.5), 4, 1).run(BASIS)
    assert texts(found) == ["b", "c", BASIS.content, "a long text indeed"]
    assert found.place == 1  # nothing is better, shorter or not
    assert found.offered == found.proposals[:3]


def test_a_score_that_is_no_number_is_the_worst() -> None:
    scorer = Known({"odd": float("nan"), "wide": 0.9, "good": 0.1, BASIS.content: 0.0}, {"wide": float("inf")})
    found = copro(Cycle(["odd", "wide", "good"]), scorer, 4, 1).run(BASIS)
    assert texts(found)[:2] == ["good", BASIS.content]
    json.dumps(found.statistics, allow_nan=False)


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0.001, 1), st.floats(0.001, 1), st.floats(-1, 1))
def test_the_bound_never_speaks_against_a_recommendation(a: float, b: float, s: float, t: float, r: float) -> None:
    """Two normal expectations with any correlation: if one is better with 80 %, its lower bound is higher too."""
    spread = (s * s + t * t - 2 * r * s * t) ** 0.5
    if a - b >= Z * spread:
        assert lower_bound(Prediction(a, s, "good")) >= lower_bound(Prediction(b, t, "good")) - 1e-9


def test_ranking_keeps_the_order_of_equals() -> None:
    attempts = [Attempt(Proposal(text), Prediction(0.5, 0, "none"), 0) for text in ("bb", "aa", "c")]
    assert [each.proposal.text for each in ranked(attempts)] == ["c", "bb", "aa"]


LIKELY_ONES = {"a": 0.79, "b": 0.8, "c": 0.99}
MEANS = {"a": 0.9, "b": 0.8, "c": 0.7, BASIS.content: 0.5}


@pytest.mark.parametrize("evidence", ["none", "heuristic", "weak", "moderate", "good"])
@pytest.mark.parametrize("ranks", [True, False])
def test_one_is_recommended_only_on_evidence(evidence, ranks: bool) -> None:
    scorer = Sure(MEANS, evidence=evidence, likely=LIKELY_ONES, ranks=ranks)
    found = copro(Cycle(["a", "b", "c"]), scorer, 4, 1).run(BASIS)
    if ranks and evidence in ("weak", "moderate", "good"):
        assert found.recommended is found.ranked[1]  # the first that is likely enough
        assert found.offered == (found.recommended,)
    else:
        assert found.recommended is None
        assert [each.proposal.text for each in found.offered] == ["a", "b", "c"]


def test_a_cancelled_run_recommends_nothing() -> None:
    for last in (1, 4):  # seen right after scoring, either way
        scorer = Sure(MEANS, likely=LIKELY_ONES)
        run = copro(Cycle(["a", "b", "c"]), scorer, 4, 1)
        found = run.run(BASIS, cancelled=lambda scorer=scorer, last=last: len(scorer.asked) >= last)
        assert (found.cancelled, found.recommended) == (True, None)
        assert [each.proposal.text for each in found.offered] == ["a", "b", "c"]


def test_none_is_recommended_by_a_scorer_that_cannot_compare_or_of_texts_that_are_not_better() -> None:
    assert copro(Cycle(["a", "b", "c"]), Known(MEANS), 4, 1).run(BASIS).recommended is None
    scorer = Sure({**MEANS, BASIS.content: 1.0}, likely=LIKELY_ONES)
    found = copro(Cycle(["a", "b", "c"]), scorer, 4, 1).run(BASIS)
    assert (found.place, found.recommended, len(found.offered)) == (1, None, 3)


def test_the_likelihood_is_the_one_that_is_shown() -> None:
    wording = pytest.importorskip("promptbits.optimize.scorer.wording")
    assert wording.RECOMMENDED == LIKELY


@pytest.mark.parametrize("most", [0, 1, 3, 5, 7, 8, 100])
def test_a_budget_of_candidates(most: int) -> None:
    scorer = Known(by_hash)
    found = copro(Dice(), scorer, 4, 2).run(BASIS, budget=Budget(candidates=most))
    assert len(scorer.asked) == 1 + min(most, 7)
    assert BASIS.content in scorer.asked
    assert found.out_of_budget == (None if most >= 7 else "candidates")
    assert found.finished == (most >= 7)
    assert sum(found.statistics["asked"]) == min(most, 7)


class Clock:
    """Goes on by a second whenever somebody is asked for texts."""

    def __init__(self) -> None:
        self.time = 100.0

    def __call__(self) -> float:
        return self.time


@pytest.mark.parametrize(("seconds", "asked"), [(0, []), (0.5, [3]), (1, [3]), (1.5, [3, 4]), (9, [3, 4, 4])])
def test_a_budget_of_seconds(seconds: float, asked: list[int]) -> None:
    clock = Clock()

    class Slow(Dice):
        def propose(self, *arguments):
            clock.time += 1
            return super().propose(*arguments)

    found = copro(Slow(), Known(by_hash), 4, 3, clock=clock).run(BASIS, budget=Budget(seconds=seconds))
    assert found.statistics["asked"] == asked
    assert len(found.proposals) == sum(asked)  # what was proposed in time is scored
    assert found.out_of_budget == (None if len(asked) == 3 else "seconds")


def test_a_budget_is_not_negative() -> None:
    for wrong in ({"candidates": -1}, {"seconds": -0.1}):
        with pytest.raises(ValueError, match="not negative"):
            Budget(**wrong)


@pytest.mark.parametrize("wrong", [{"breadth": 1}, {"depth": 0}, {"asks": 0}])
def test_sizes_that_make_no_search(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="at least"):
        copro(Dice(), Known(by_hash), **wrong)


@given(st.integers(0, 60))
@settings(deadline=None)
def test_cancelled_at_any_point_it_gives_what_is_known(looks: int) -> None:
    """Cancelled at a look, whichever: a beginning of the whole run, with the original, and nothing done after."""
    whole_scorer = Known(by_hash)
    whole = copro(Dice(), whole_scorer, 5, 3).run(BASIS)
    left = looks

    def cancelled() -> bool:
        nonlocal left
        left -= 1
        return left < 0

    scorer = Known(by_hash)
    found = copro(Dice(), scorer, 5, 3).run(BASIS, cancelled=cancelled)
    if left >= 0:
        assert (found, scorer.asked) == (whole, whole_scorer.asked)
        return
    assert found.cancelled
    assert not found.finished
    assert found.recommended is None
    assert found.original.proposal.text == BASIS.content
    assert set(texts(found)) <= set(texts(whole))
    known = {each.proposal.text: each for each in whole.ranked}
    assert all(known[each.proposal.text] == each for each in found.ranked)
    assert found.ranked == tuple(each for each in whole.ranked if each in found.ranked)
    # Everything before the last portion was scored as in the whole run.
    kept = [text for text in scorer.asked if text != BASIS.content]
    assert kept == [text for text in whole_scorer.asked if text != BASIS.content][: len(kept)]


def test_cancelling_reaches_into_a_long_round() -> None:
    """Large texts are scored in portions: who cancels does not wait for all of a round."""
    large = Basis("word " * 12_000)
    scorer = Known(by_hash)
    found = copro(Dice(), scorer, 20, 1).run(large, cancelled=lambda: len(scorer.asked) >= 3)
    assert found.cancelled
    assert len(scorer.asked) == 4  # three, and the original, which nothing can be said without


def test_cancelled_stays_cancelled() -> None:
    answers = iter([False, False, True])
    found = copro(Dice(), Known(by_hash)).run(BASIS, cancelled=lambda: next(answers, False))
    assert found.cancelled
    assert found.ranked == (found.original,)


@given(st.integers(2, 8), st.integers(1, 4), st.integers(1, 12))
def test_progress_goes_up_and_ends_at_the_end(breadth: int, depth: int, sides: int) -> None:
    seen: list[tuple[int, int]] = []
    copro(Dice(sides), Known(by_hash), breadth, depth).run(BASIS, progress=lambda *each: seen.append(each))
    assert seen[0] == (0, breadth * depth)
    assert seen[-1] == (breadth * depth, breadth * depth)
    assert seen == sorted(seen)
    assert {total for _, total in seen} == {breadth * depth}


def test_the_offline_proposer_through_the_filters() -> None:
    """The parts of the package together: full rounds of permitted texts, the same for the same seed only."""
    basis = max(shipped(), key=lambda each: len(each.content))
    runs = [Copro(OfflineProposer(), Known(by_hash), seed=seed).run(basis) for seed in (1, 1, 2)]
    assert runs[0] == runs[1]
    assert texts(runs[0]) != texts(runs[2])
    refuses = BasisFilter(basis)
    for found in runs:
        assert len(found.ranked) == 30
        assert all(not refuses.check(each.proposal.text) for each in found.proposals)
        assert {each.depth for each in found.ranked} == {0, 1, 2}


def test_the_shipped_scorer_orders_without_recommending() -> None:
    scorer = pytest.importorskip("promptbits.optimize.scorer.model").Scorer.prior()
    basis = basis_of(sorted(path.stem for path in FOLDER.glob("*.json"))[0])
    found = Copro(OfflineProposer(), scorer).run(basis)
    assert found.recommended is None
    assert len(found.offered) == 3
    assert {each.prediction.evidence for each in found.ranked} == {"none"}


def test_the_package_offers_it_by_name() -> None:
    import promptbits.optimize

    assert promptbits.optimize.Copro is module.Copro
