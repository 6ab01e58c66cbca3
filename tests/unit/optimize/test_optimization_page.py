"""docs/optimization.md shows the operators there are, and what they really do."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from optimization_page import pair, table

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "optimization.md").read_text("utf-8")
_PAIR = re.compile(r"^### `([a-z-]+)`, seed (\d+), proposal (\d+) of 10(?:, at most (\d+) tokens)?$", re.MULTILINE)
PAIRS = [
    (match[1], int(match[2]), int(match[3]), int(match[4]) if match[4] else None) for match in _PAIR.finditer(PAGE)
]


def test_the_table_is_that_of_the_operators():
    assert table() in PAGE


def test_ten_prompts_are_shown():
    assert len({prompt_id for prompt_id, *_ in PAIRS}) >= 10


@pytest.mark.parametrize("shown", PAIRS, ids=lambda shown: shown[0])
def test_what_is_shown_is_what_is_proposed(shown):
    assert pair(*shown) in PAGE
