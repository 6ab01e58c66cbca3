"""What is said of predictions: never a rate where none may be shown."""

import pytest

from promptbits.optimize.scorer import wording
from promptbits.optimize.scorer.evidence import UNCHECKED, SelfCheck
from promptbits.optimize.terms import Prediction


@pytest.mark.parametrize("evidence", ["none", "heuristic"])
def test_no_rate_is_shown_on_little_evidence(evidence):
    assert wording.rate(Prediction(0.62, 0.07, evidence)) is None
    assert "heuristic order" in wording.standing(evidence, 0)


@pytest.mark.parametrize("evidence", ["weak", "moderate", "good"])
def test_a_rate_comes_with_its_interval(evidence):
    assert wording.rate(Prediction(0.62, 0.07, evidence)) == "predicted 62 % [48, 76]"
    assert wording.rate(Prediction(0.98, 0.07, evidence)) == "predicted 98 % [84, 100]"


def test_the_standing_names_the_number_of_texts():
    assert wording.standing("moderate", 23) == "moderate (about 2:1 per pair), 23 measured texts"
    assert wording.standing("heuristic", 1).endswith(", 1 measured text")


def test_why():
    assert "too few" in wording.why(UNCHECKED, 3)
    assert "too noisy" in wording.why(SelfCheck(100, 0.55, 0.48), 15)
    assert wording.why(SelfCheck(100, 0.7, 0.6), 15).endswith("at least 60 %")
