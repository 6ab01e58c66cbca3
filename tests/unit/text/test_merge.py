"""Merging three texts, against what must hold of every merge and against git."""

import subprocess
import time
from collections import Counter

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from promptbits.text.merge import Merged, lines_of, merge

# Few different lines, so that they repeat and meet; then ordinary prose, where nearly every line is unique.
LINES = st.lists(st.sampled_from(["", "a", "b", "c", "d", "e"]), max_size=12)
ENDS = st.sampled_from(["", "\n"])
TEXTS = st.builds(lambda lines, end: "\n".join(lines) + end, LINES, ENDS)
ODD_TEXTS = st.text("ab\r\n\u2028\x0b\x85", max_size=20)


@st.composite
def edited(draw: st.DrawFn) -> tuple[str, str, str]:
    """A base of unique lines, and two versions of it with a few lines added, removed or changed."""
    base = [f"line {index}" for index in range(draw(st.integers(0, 12)))]
    sides = []
    for name in ("our", "their"):
        lines = list(base)
        for number in range(draw(st.integers(0, 3))):
            at = draw(st.integers(0, len(lines)))
            lines[at : at + draw(st.integers(0, 2))] = [f"{name} {number}"] * draw(st.integers(0, 2))
        sides.append(lines)
    return tuple("".join(f"{line}\n" for line in lines) for lines in (base, *sides))


def test_changes_of_different_lines_are_both_taken():
    assert merge("a\nb\nc\n", "A\nb\nc\n", "a\nb\nC\n") == Merged("A\nb\nC\n", 0)


def test_the_same_line_changed_twice_is_a_conflict():
    merged = merge("a\nb\nc\n", "a\nours\nc\n", "a\ntheirs\nc\n", ("HEAD", "base", "topic"))
    assert merged == Merged("a\n<<<<<<< HEAD\nours\n=======\ntheirs\n>>>>>>> topic\nc\n", 1)


def test_lines_next_to_each_other_are_a_conflict_as_in_git():
    assert merge("a\nb\n", "A\nb\n", "a\nB\n").conflicts == 1


def test_a_change_that_both_made_is_taken_once_beside_others():
    assert merge("a\n-\nb\n-\nc\n", "X\n-\nb\n-\nC\n", "X\n-\nB\n-\nc\n") == Merged("X\n-\nB\n-\nC\n", 0)


def test_what_both_sides_begin_and_end_alike_stands_outside_of_the_markers():
    merged = merge("a\n", "new\nours\nend\n", "new\ntheirs\nend\n")
    assert merged.text == "new\n<<<<<<< ours\nours\n=======\ntheirs\n>>>>>>> theirs\nend\n"


def test_the_base_can_be_shown_and_markers_be_longer():
    merged = merge("a", "b", "c", marker_size=9, show_base=True)
    assert merged.text == ("<<<<<<<<< ours\nb\n||||||||| base\na\n=========\nc\n>>>>>>>>> theirs\n")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_markers_have_the_line_end_of_the_text(end):
    merged = merge(f"a{end}b", f"a{end}x", f"a{end}y")
    assert merged.text == end.join(["a", "<<<<<<< ours", "x", "=======", "y", ">>>>>>> theirs", ""])


def test_a_last_line_without_an_end_stays_one():
    assert merge("a\nb\nc", "A\nb\nc", "a\nb\nc\nd") == Merged("A\nb\nc\nd", 0)
    assert merge("a\nb\nc\nd", "A\nb\nc\nd", "a\nb\nc") == Merged("A\nb\nc", 0)


def test_only_carriage_returns_and_line_feeds_end_lines():
    assert lines_of("a\u2028b\x0b\x85\x1c\r\nc\rd\n") == ["a\u2028b\x0b\x85\x1c\r\n", "c\r", "d\n"]


@given(ODD_TEXTS, ODD_TEXTS)
def test_a_side_that_changed_nothing_has_no_say(base, other):
    assert merge(base, base, other) == Merged(other, 0)
    assert merge(base, other, base) == Merged(other, 0)
    assert merge(base, other, other) == Merged(other, 0)
    assert "".join(lines_of(base)) == base


@settings(deadline=None)
@given(st.one_of(edited(), st.tuples(TEXTS, TEXTS, TEXTS)))
def test_nothing_that_a_side_wrote_is_lost(texts):
    base, ours, theirs = texts
    merged = merge(base, ours, theirs)
    before, after = Counter(lines_of(base)), Counter(_bare(merged.text))
    for side in (ours, theirs):
        for line, count in (Counter(lines_of(side)) - before).items():
            assert after[line.rstrip("\n")] >= min(count, 1), (line, merged)


@settings(deadline=None)
@given(st.one_of(edited(), st.tuples(TEXTS, TEXTS, TEXTS)))
def test_sides_can_be_swapped(texts):
    base, ours, theirs = texts
    one, other = merge(base, ours, theirs), merge(base, theirs, ours)
    assert one.conflicts == other.conflicts
    if not one.conflicts:
        assert one.text == other.text


@settings(max_examples=150, deadline=None)
@given(edited())
def test_git_says_the_same(tmp_path_factory, texts):
    """Where lines are unique there is one way to align the texts, and so one answer."""
    folder = tmp_path_factory.mktemp("merge")
    code, text = _git(folder, *texts)
    ours = merge(*texts)
    # Git takes a conflict apart where the sides have lines in common in its middle, so numbers may differ.
    assert (ours.conflicts > 0) == (code > 0)
    if not code:
        assert ours.text == text


@settings(max_examples=150, deadline=None)
@given(TEXTS, TEXTS, TEXTS)
def test_git_seldom_merges_what_we_do_not(tmp_path_factory, base, ours, theirs):
    """Where lines repeat, texts align in several ways; where no way is a conflict, they agree on what is new."""
    folder = tmp_path_factory.mktemp("merge")
    code, text = _git(folder, base, ours, theirs)
    merged = merge(base, ours, theirs)
    assume(not code and not merged.conflicts)
    assert Counter(_bare(merged.text)).keys() == Counter(_bare(text)).keys()


@pytest.mark.parametrize(
    ("base", "ours", "theirs"),
    [
        ("a\n" * 20_000, "a\n" * 10_000 + "b\n" + "a\n" * 10_000, "c\n" + "a\n" * 20_000),
        ("a\nb\n" * 10_000, "b\na\n" * 10_000, "a\n" * 20_000),
        ("".join(f"{n}\n" for n in range(20_000)), "".join(f"{n}\n" for n in range(20_000, 0, -1)), "x\n" * 20_000),
        ("".join(f"{n}\n\n" for n in range(9_000)), "".join(f"{n ^ 1}\n\n" for n in range(9_000)), "\n" * 9_000),
    ],
    ids=["one line", "two lines", "reversed", "blank lines"],
)
def test_hostile_texts_take_no_time(base, ours, theirs):
    start = time.process_time()
    merge(base, ours, theirs)
    assert time.process_time() - start < 2


def test_many_edits_in_a_large_text_take_no_time():
    lines = [f"{index % 7} words of line {index}" if index % 3 else "" for index in range(20_000)]
    ours, theirs = list(lines), list(lines)
    for index in range(1, 20_000, 400):
        ours[index] = "ours"
        theirs[index + 200] = "theirs"
    start = time.process_time()
    merged = merge("\n".join(lines), "\n".join(ours), "\n".join(theirs))
    assert time.process_time() - start < 1
    assert (merged.conflicts, merged.text.count("ours"), merged.text.count("theirs")) == (0, 50, 50)


def _bare(text):
    return text.split("\n")


def _git(folder, base, ours, theirs):
    """What git makes of the three texts: the number of conflicts and the text."""
    paths = [folder / name for name in ("ours", "base", "theirs")]
    for path, text in zip(paths, (ours, base, theirs), strict=True):
        path.write_bytes(text.encode())
    done = subprocess.run(["git", "merge-file", "-p", *paths], capture_output=True, check=False)
    return done.returncode, done.stdout.decode()
