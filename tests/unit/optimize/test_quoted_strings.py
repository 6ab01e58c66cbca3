"""Quoted strings are those that a plain pattern finds, in a time that grows with the text and not with its square."""

from __future__ import annotations

import re
import time
from collections import Counter

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from shipped_bases import shipped

from promptbits.optimize.filters.kept import quoted_strings
from promptbits.optimize.filters.reading import Reading

# What is meant. It looks for the end of a string anew from every mark that has none.
PLAIN = re.compile(
    r"""["][^"\n]*["] | “[^”\n]*” | «[^»\n]*» | „[^“”\n]*[“”] | (?<![\w'])'[^'\n]{1,200}'(?!\w)""", re.VERBOSE
)
pieces = st.sampled_from([*"\"“”«»„'", "a", "b ", "\n", "\r\n", "x'", "'s ", "_", "é", "c" * 199])


def found(text: str) -> Counter[str]:
    return quoted_strings(Reading(text, ()))


@settings(max_examples=600)
@given(st.lists(pieces, max_size=30).map("".join))
@example("“a “b” c”")
@example("„a“ “b”")
@example("it's 'so' and 's")
@example("'" + "c" * 200 + "' '" + "c" * 201 + "'")
def test_the_same_as_by_a_pattern(text: str) -> None:
    assert found(text) == Counter(PLAIN.findall(text))


def test_the_same_in_the_prompts_that_ship() -> None:
    strings = [found(basis.content) for basis in shipped()]
    assert strings == [Counter(PLAIN.findall(basis.content)) for basis in shipped()]
    assert sum(map(len, strings)) > 20


@pytest.mark.parametrize("mark", ["“", "«", "„", '"', "'", " 'a", "”“", "»«"])
def test_marks_without_an_end_take_no_longer_than_others(mark: str) -> None:
    """A hundred thousand take well below a second; by the pattern, each of the first three takes over ten seconds."""
    text = mark * 100_000
    start = time.process_time()
    found(text)
    assert time.process_time() - start < 3
