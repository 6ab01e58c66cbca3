"""Each operator by examples: what it changes, and what it leaves alone."""

from __future__ import annotations

import operator_examples as examples
import pytest

from promptbits.optimize.operators.editing import Editor
from promptbits.optimize.operators.edits import apply
from promptbits.optimize.operators.registry import OPERATORS
from promptbits.optimize.operators.view import View
from promptbits.optimize.terms import Basis


def outcomes(name: str, text: str, **more) -> set[str]:
    editor = Editor(View(Basis(text, **more)))
    return {apply(text, editor.edits(name, variant)) for variant in range(OPERATORS[name].variants)}


@pytest.mark.parametrize(("name", "before", "after", "more"), examples.CHANGED)
def test_what_an_operator_makes_of_a_text(name, before, after, more):
    assert outcomes(name, before, **more) == (after if isinstance(after, set) else {after})


@pytest.mark.parametrize(("name", "text"), examples.LEFT_ALONE)
def test_what_an_operator_leaves_alone(name, text):
    assert outcomes(name, text, trigger=("Framework", "Django"), token_budget=1) == {text}


@pytest.mark.parametrize(("name", "before", "after", "more"), examples.CHANGED)
def test_line_ends_of_two_characters_stay(name, before, after, more):
    if "\n" not in before:
        before = f"# Title\n\n{before}\n"
        after = {f"# Title\n\n{each}\n" for each in (after if isinstance(after, set) else {after})}
    expected = {each.replace("\n", "\r\n") for each in (after if isinstance(after, set) else {after})}
    assert outcomes(name, before.replace("\n", "\r\n"), **more) == expected


def test_every_operator_has_an_example():
    assert {name for name, *_ in examples.CHANGED} == set(OPERATORS)


def test_operators_are_explained_in_plain_words():
    assert len(OPERATORS) >= 20
    for operator in OPERATORS.values():
        assert operator.rationale.endswith(".")
        assert 10 < len(operator.rationale) < 100
        assert 0 < operator.weight <= 3


def test_nothing_is_said_twice():
    """What an operator has added is not added again to its own result."""
    for name, operator in OPERATORS.items():
        for before, after, more in [(b, a, m) for n, b, a, m in examples.CHANGED if n == name and operator.adds]:
            for text in after if isinstance(after, set) else {after}:
                again = outcomes(name, text, **more)
                assert again == {text}, before
