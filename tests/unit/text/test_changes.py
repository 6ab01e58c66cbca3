"""The smallest edits: applied, they give the other text, and they touch nothing that stays."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from promptbits.text.changes import Change, carried, changes

lines = st.lists(st.sampled_from(["a\n", "b\n", "abc\n", "abd\n", "x\u2028y\n", "\r\n", "é😀", ""]), max_size=12).map(
    "".join
)


def applied(text: str, edits: list[Change]) -> str:
    for edit in reversed(edits):
        text = text[: edit.start] + edit.new + text[edit.end :]
    return text


@settings(deadline=None, max_examples=500)
@given(lines, lines)
def test_the_edits_make_one_text_of_the_other(before: str, after: str) -> None:
    edits = changes(before, after)
    assert applied(before, edits) == after
    assert list(edits) == sorted(edits, key=lambda edit: edit.start)
    for one, other in pairwise(edits):
        assert one.end <= other.start
    for edit in edits:
        old = before[edit.start : edit.end]
        assert old != edit.new
        assert not old or not edit.new or (old[0] != edit.new[0] and old[-1] != edit.new[-1])


def test_equal_texts_need_no_edit() -> None:
    assert changes("same\ntext", "same\ntext") == []


def test_one_character_in_a_long_line() -> None:
    before = "x" * 100_000 + "a" + "y" * 100_000
    (edit,) = changes(before, before.replace("a", "b"))
    assert (edit.start, edit.end, edit.new) == (100_000, 100_001, "b")


@settings(deadline=None, max_examples=300)
@given(lines, lines)
def test_offsets_are_carried_along(before: str, after: str) -> None:
    """What no change touches stands after it where the new text has the same character; order is kept."""
    made = changes(before, after)
    carried_to = [carried(made, offset) for offset in range(len(before) + 1)]
    assert carried_to == sorted(carried_to)
    assert carried_to[-1] <= len(after)
    for offset, char in enumerate(before):
        if not any(each.start <= offset < each.end for each in made):
            assert after[carried_to[offset]] == char


def test_a_long_text_with_the_same_line_everywhere_is_compared_in_no_time() -> None:
    before = "".join(f"{index if index % 50 == 0 else 'same'}\n" for index in range(20_000))
    after = before.replace("100\n", "x\n").replace("10000\n", "y\n")
    assert applied(before, changes(before, after)) == after
