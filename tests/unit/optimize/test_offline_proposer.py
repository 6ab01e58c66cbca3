"""What the offline proposer proposes: how many, from what, and the same for the same seed."""

from __future__ import annotations

import random
from collections import Counter

import pytest
from shipped_bases import basis_of, shipped

from promptbits.optimize.offline import OfflineProposer
from promptbits.optimize.operators.registry import OPERATORS
from promptbits.optimize.operators.shortening import tokens
from promptbits.optimize.terms import Attempt, Basis, Prediction, Proposal

RICH = Basis(
    "# REVIEW OF CODE:\n\nPlease review the code in the file. You should try to find a few bugs in it. "
    "The answer should be short.\n\n"
    "* Utilize the names of the domain.\n- Note that the tests are slow.\n- Don't change the tests.\n",
    trigger=("Language", "Python"),
    category="BestPractices",
)


def attempts(*proposals: Proposal) -> list[Attempt]:
    return [Attempt(each, Prediction(at / 10, 0.1, "none"), 0) for at, each in enumerate(proposals)]


def proposed(
    basis: Basis, n: int = 10, seed: int = 1, past: list[Attempt] | None = None, **weights: float
) -> list[Proposal]:
    given = {name.replace("_", "-"): weight for name, weight in weights.items()}
    return OfflineProposer(given).propose(basis, past or [], n, random.Random(seed))


def test_as_many_different_texts_as_asked_for():
    found = proposed(RICH, 40)
    assert len({proposal.text for proposal in found}) == 40
    assert RICH.content not in {proposal.text for proposal in found}
    assert proposed(RICH, 0) == []


def test_the_first_proposals_are_single_operators_and_pairs():
    found = proposed(RICH, 10)
    assert {len(proposal.edits) for proposal in found} == {1, 2}
    assert all(name in OPERATORS for proposal in found for name in proposal.edits)


def test_the_same_seed_gives_the_same_and_another_gives_others():
    assert proposed(RICH, seed=3) == proposed(RICH, seed=3)
    assert proposed(RICH, seed=3) != proposed(RICH, seed=4)


def test_what_was_proposed_before_does_not_matter():
    proposer = OfflineProposer()
    proposer.propose(basis_of("code-review"), [], 10, random.Random(9))
    again = proposer.propose(RICH, [], 10, random.Random(1))
    assert again == proposed(RICH)
    assert proposer.propose(RICH, [], 10, random.Random(1)) == again


def test_attempts_are_recombined_with_something_new():
    first = proposed(RICH, 10)
    past = attempts(*first)
    found = proposed(RICH, 10, past=past)
    assert len(found) == 10
    assert not {proposal.text for proposal in found} & {proposal.text for proposal in first}
    tried = {name for proposal in first for name in proposal.edits}
    assert sum(bool(tried & set(proposal.edits)) for proposal in found) >= 8
    assert all(len(proposal.edits) >= 2 for proposal in found)


def test_the_best_attempts_are_built_upon_most():
    worse, better = proposed(RICH, 30, imperative_mood=9)[0:30:29]
    past = attempts(*[Proposal(f"{at}", ("spacing",)) for at in range(9)], better)
    counted = Counter(name for proposal in proposed(RICH, 20, past=past) for name in proposal.edits)
    assert all(counted[name] >= 4 for name in better.edits), (worse, counted)


def test_attempts_of_others_do_no_harm():
    past = attempts(Proposal("Something else.", ("rewritten",)), Proposal(RICH.content))
    assert len(proposed(RICH, 10, past=past)) == 10


def test_weights_decide_what_is_tried():
    light = Counter(
        name for seed in range(40) for each in proposed(RICH, 2, seed, plain_words=0.0) for name in each.edits
    )
    heavy = Counter(
        name for seed in range(40) for each in proposed(RICH, 2, seed, plain_words=50.0) for name in each.edits
    )
    assert light["plain-words"] < 4
    assert heavy["plain-words"] > 30


def test_a_section_is_changed_and_nothing_else():
    start = RICH.content.index("* Utilize")
    basis = Basis(RICH.content, section=(start, len(RICH.content)), trigger=RICH.trigger, category=RICH.category)
    found = proposed(basis, 5)
    assert found
    for proposal in found:
        assert proposal.text[:start] == RICH.content[:start]


def test_a_budget_is_kept_where_it_can_be():
    basis = Basis(
        "# Title\n\nWrite the code of the parser. It has been like this for years now. Some people like it that way."
        "\n\n"
        "The team is not large. Name the file that it belongs to. Never print a secret of the user.\n",
        token_budget=40,
    )
    assert tokens(basis.content) > 40
    found = proposed(basis, 3)
    assert found
    for proposal in found:
        assert tokens(proposal.text) <= 40
        assert "Never print a secret of the user." in proposal.text
        assert proposal.text.startswith("# Title\n\nWrite the code of the parser.")


@pytest.mark.parametrize("basis", shipped()[::6], ids=lambda basis: basis.content[:20].strip("# "))
def test_nothing_gets_longer_where_less_is_asked_for(basis):
    budget = tokens(basis.content) * 8 // 10
    small = Basis(basis.content, basis.variables, basis.trigger, basis.category, token_budget=budget)
    for proposal in proposed(small, 10):
        assert len(proposal.text) < len(basis.content)


def test_another_language_gets_only_what_knows_none():
    german = Basis(
        "# Prüfung:\n\n* Lies die Datei und schreibe auf, was du in ihr nicht verstehst.\n"
        "- Nenne die Fehler, die du findest.\n",
        trigger=("Language", "Python"),
    )
    found = proposed(german, 10)
    assert found
    assert all(not OPERATORS[name].english for proposal in found for name in proposal.edits)


@pytest.mark.parametrize("text", ["", " ", "\n", "#", "```", "x", "<<", "\r\n\r\n", "- ", "1. ", "\ud800", "\0"])
def test_next_to_nothing_raises_nothing(text):
    assert all(proposal.text != text for proposal in proposed(Basis(text, token_budget=0)))
    assert all(proposal.text != text for proposal in proposed(Basis(text)))
