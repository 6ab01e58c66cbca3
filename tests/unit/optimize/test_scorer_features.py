"""The features of a text: finite for any text, and as a plain reading of the text says."""

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from promptbits.optimize.scorer.kernel import WIDTH, shipped
from promptbits.optimize.scorer.ngrams import VIEWS, ngrams
from promptbits.optimize.scorer.structure import STRUCTURE, structure

ANY_TEXT = st.text(st.characters(codec=None), max_size=300)


def figures(text: str) -> dict[str, float]:
    return dict(zip(STRUCTURE, structure(text), strict=True))


@settings(max_examples=200, deadline=None)
@given(ANY_TEXT)
def test_any_text_has_finite_features(text: str):
    row = shipped().features([text])
    assert row.shape == (1, WIDTH)
    assert np.isfinite(row).all()
    lengths = np.linalg.norm(ngrams(text), axis=1)
    assert all(math.isclose(each, 1.0) or each == 0.0 for each in lengths)


@settings(max_examples=50, deadline=None)
@given(ANY_TEXT, ANY_TEXT)
def test_likeness_is_symmetric_and_greatest_with_itself(one: str, other: str):
    kernel = shipped()
    rows = kernel.features([one, other])
    alike = kernel.covariance(rows, rows)
    assert alike[0, 1] == pytest.approx(alike[1, 0])
    assert alike[0, 0] == pytest.approx(kernel.shared + kernel.own)
    assert alike[0, 1] <= alike[0, 0] + 1e-12


def test_the_kernel_is_a_covariance_on_the_shipped_prompts():
    texts = [
        path.read_text("utf-8") for path in sorted((Path(__file__).parents[3] / "prompts" / "builtin").rglob("*.json"))
    ]
    rows = shipped().features(texts)
    assert len(texts) >= 50
    assert np.linalg.eigvalsh(shipped().covariance(rows, rows)).min() > 0


def test_the_structure_of_a_prompt():
    found = figures("# Task\n\nYou must not guess. Is <<name>> right?\n- one\n- two\nQ: {x}\nA:  ")
    assert found["headings"] == math.log1p(1)
    assert found["items"] == math.log1p(2)
    assert found["variables"] == found["distinct variables"] == math.log1p(2)
    assert found["words of negation"] == math.log1p(1)
    assert found["words of obligation"] == math.log1p(1)
    assert found["blank lines"] == math.log1p(1)
    assert found["space at the end"] == math.log1p(2)
    assert (found["ends with A:"], found["ends with a colon"], found["ends with a full stop"]) == (1, 1, 0)
    assert found["lines"] == math.log1p(6)


def test_words_are_counted_whatever_stands_around_them():
    words, pairs = VIEWS.index("words"), VIEWS.index("pairs")
    one, other = ngrams("Alpha beta, gamma!"), ngrams("  alpha-BETA\ngamma")
    assert np.array_equal(one[words], other[words])
    assert np.array_equal(one[pairs], other[pairs])
    turned = ngrams("gamma beta alpha")
    assert np.array_equal(one[words], turned[words])
    assert not np.array_equal(one[pairs], turned[pairs])


@given(st.text("abcde", min_size=6, max_size=40))
def test_n_grams_of_letters_do_not_depend_on_where_they_stand(text: str):
    """Twice the text has each n-gram twice, but for those across the seam: so the hash knows no place."""
    view = VIEWS.index("letters")
    alone = {*np.flatnonzero(ngrams(text)[view])}
    assert alone <= {*np.flatnonzero(ngrams(f"{text}{text}")[view])}
    assert len(alone) <= sum(len({text[at : at + n] for at in range(len(text) - n + 1)}) for n in (3, 4, 5))


def test_a_text_longer_than_the_table_of_powers_is_hashed_the_same_way():
    view = VIEWS.index("words")
    assert np.allclose(ngrams("one two " * 3)[view], ngrams("one two " * 3000)[view], atol=0.01)
