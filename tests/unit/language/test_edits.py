"""The smallest edits: applied, they give the other text, and they touch nothing that stays."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from promptbits.checks.mending import apply
from promptbits.language.edits import smallest
from promptbits.text.document import Document

lines = st.lists(st.sampled_from(["a\n", "b\n", "abc\n", "abd\n", "x\u2028y\n", "\r\n", "é😀", ""]), max_size=12).map(
    "".join
)


@settings(deadline=None, max_examples=500)
@given(lines, lines)
def test_the_edits_make_one_text_of_the_other(before: str, after: str) -> None:
    edits = smallest(before, after)
    assert apply(Document.from_text(before), edits).text == after
    assert list(edits) == sorted(edits, key=lambda edit: edit.start)
    for one, other in pairwise(edits):
        assert one.end <= other.start
    for edit in edits:
        old = before[edit.start : edit.end]
        assert old != edit.new
        assert not old or not edit.new or (old[0] != edit.new[0] and old[-1] != edit.new[-1])


def test_equal_texts_need_no_edit() -> None:
    assert smallest("same\ntext", "same\ntext") == ()


def test_one_character_in_a_long_line() -> None:
    before = "x" * 100_000 + "a" + "y" * 100_000
    (edit,) = smallest(before, before.replace("a", "b"))
    assert (edit.start, edit.end, edit.new) == (100_000, 100_001, "b")
