"""The measured rate is offered as the confidence, where it says something."""

from __future__ import annotations

import json

import pytest
from measured_prompts import row, shot, text_of

from promptbits.facts.store import Summary
from promptbits.language.completion import complete
from promptbits.language.completion.item import Item


def offered(value: str, *rows: Summary) -> list[tuple[Item, str]]:
    """What is offered in a confidence that is being typed, and the text once it is chosen."""
    text = text_of().replace('"confidence": 0.9', f'"confidence": {value}')
    offset = text.index('"confidence": ') + len('"confidence": ') + len(value)
    items = complete(shot(text, *rows), offset, snippets=True).items
    return [(each, text[: each.edit.start] + each.edit.new + text[each.edit.end :]) for each in items]


@pytest.mark.parametrize("typed", ["", "0", "0.", "0.9"])
def test_the_measured_rate_is_offered(typed: str) -> None:
    [(item, text)] = offered(typed, row("greet", "Say hello.", 364, 400))
    assert (item.label, item.detail) == ("0.91", "measured: 91.0 % of 400 [87.8–93.4]")
    assert json.loads(text)["confidence"] == 0.91


@pytest.mark.parametrize("rows", [[], [row("greet", "Say hello.", 3, 4)], [row("greet", "Before.", 364, 400)]])
def test_nothing_is_offered_that_nobody_knows(rows: list[Summary]) -> None:
    assert offered("", *rows) == []


def test_nothing_is_offered_in_a_string() -> None:
    assert offered('"0', row("greet", "Say hello.", 364, 400)) == []
