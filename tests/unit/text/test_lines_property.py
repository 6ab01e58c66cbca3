"""LineIndex against an oracle that encodes the line prefix, and Document edits against plain strings."""

from __future__ import annotations

import re
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from promptbits.text.document import Document
from promptbits.text.lines import Encoding, LineIndex

ENCODINGS: tuple[Encoding, ...] = get_args(Encoding)
CODEC = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2), "utf-32": ("utf-32-le", 4)}

# Everything that a line or column count has ever been wrong about.
PIECES = (
    ["a", "b", " ", "é", "中", "e\u0301", "😀", "👩\u200d💻", "\u2028", "\u2029", "\x85", "\f", "\v", "\x1c", "\x00"]
    + ["\n", "\r\n", "\r", "\n\r", "\ud83d", "\ude00", "\ud800", "\udfff", '"', "{", "}", ":", ",", '"k": 1', "\\"]
)  # fmt: skip
CODE_POINTS = sorted(set("".join(PIECES)))
texts = st.lists(st.sampled_from(PIECES), max_size=30).map("".join).map(lambda text: joined(text))
long_texts = st.tuples(st.sampled_from(PIECES), st.integers(300, 1100), texts).map(
    lambda parts: joined(parts[0] * parts[1] + parts[2])
)
columns = st.one_of(st.integers(-3, 40), st.integers(0, 3000), st.just(2**31 - 1))
positions = st.tuples(st.integers(-2, 12), columns)
encodings = st.sampled_from(ENCODINGS)


def joined(text: str) -> str:
    """The text as a UTF-16 client sees it: a high half before a low half is one character."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


def units(text: str, encoding: Encoding) -> int:
    """Code units, one code point at a time."""
    codec, width = CODEC[encoding]
    return sum(len(char.encode(codec, "surrogatepass")) // width for char in text)


class Oracle:
    """Lines by re.split, columns by counting: slow and obvious."""

    def __init__(self, text: str) -> None:
        pieces = re.split("(\r\n|\n|\r)", text)
        self.lines = pieces[0::2]
        self.starts = [len("".join(pieces[: 2 * index])) for index in range(len(self.lines))]
        self.text = text

    def position(self, offset: int, encoding: Encoding) -> tuple[int, int]:
        offset = min(max(offset, 0), len(self.text))
        line = max(index for index, start in enumerate(self.starts) if start <= offset)
        return line, units(self.lines[line][: offset - self.starts[line]], encoding)

    def offset(self, line: int, character: int, encoding: Encoding) -> int:
        if line < 0:
            return 0
        if line >= len(self.lines):
            return len(self.text)
        taken = 0
        for char in self.lines[line]:
            character -= units(char, encoding)
            if character < 0:
                break
            taken += 1
        return self.starts[line] + taken


@settings(deadline=None, max_examples=150)
@given(texts, encodings, st.lists(positions, max_size=8))
def test_positions_and_offsets_agree_with_the_oracle(
    text: str, encoding: Encoding, asked: list[tuple[int, int]]
) -> None:
    index, oracle = LineIndex(text), Oracle(text)
    assert index.line_count == len(oracle.lines)
    for line, content in enumerate(oracle.lines):
        start, end = index.span(line)
        assert text[start:end] == content
    for offset in range(-1, len(text) + 2):
        assert index.position(offset, encoding) == oracle.position(offset, encoding)
        assert index.line_of(offset) == oracle.position(offset, encoding)[0]
    for line, character in asked:
        assert index.offset(line, character, encoding) == oracle.offset(line, character, encoding)


@settings(deadline=None, max_examples=60)
@given(long_texts, encodings, st.lists(st.integers(0, 2500), min_size=1, max_size=12))
def test_long_lines_agree_with_the_oracle(text: str, encoding: Encoding, asked: list[int]) -> None:
    index, oracle = LineIndex(text), Oracle(text)
    for number in asked:
        offset = min(number, len(text))
        assert index.position(offset, encoding) == oracle.position(offset, encoding)
        line = min(number % 7, len(oracle.lines) - 1)
        assert index.offset(line, number, encoding) == oracle.offset(line, number, encoding)


@settings(deadline=None, max_examples=100)
@given(texts, encodings)
def test_every_offset_on_a_line_makes_the_round_trip(text: str, encoding: Encoding) -> None:
    index = LineIndex(text)
    for line in range(index.line_count):
        start, end = index.span(line)
        for offset in range(start, end + 1):
            assert index.offset(*index.position(offset, encoding), encoding) == offset


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_column_inside_a_character_goes_back_to_its_start(encoding: Encoding) -> None:
    index = LineIndex("a😀b")
    width = units("😀", encoding)
    found = [index.offset(0, column, encoding) for column in range(width + 4)]
    assert found == [0] + [1] * width + [2, 3, 3]


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("text", ["", "a\nb", "é\r\n😀"])
def test_out_of_range_is_clamped(text: str, encoding: Encoding) -> None:
    index = LineIndex(text)
    assert index.offset(-1, 5, encoding) == 0
    assert index.offset(0, -7, encoding) == 0
    assert index.offset(10**9, 0, encoding) == len(text)
    assert index.offset(0, 10**12, encoding) == index.span(0)[1]
    assert index.span(-4) == index.span(0)
    assert index.span(99) == index.span(index.line_count - 1)
    assert index.position(-9, encoding) == (0, 0)
    assert index.position(10**9, encoding) == index.position(len(text), encoding)


def test_only_lsp_line_ends_end_a_line() -> None:
    assert LineIndex("a\u2028b\u2029c\x85d\fe\vf\x1cg").line_count == 1
    assert [LineIndex("a\nb\r\nc\rd").span(line) for line in range(4)] == [(0, 1), (2, 3), (5, 6), (7, 8)]


edits = st.tuples(positions, positions, texts)


@settings(deadline=None, max_examples=200)
@given(texts, encodings, st.lists(edits, max_size=8))
def test_random_edits_equal_a_plain_string(
    text: str, encoding: Encoding, changes: list[tuple[tuple[int, int], tuple[int, int], str]]
) -> None:
    document = Document.from_text(text)
    for start, end, new in changes:
        oracle = Oracle(text)
        first, last = sorted((oracle.offset(*start, encoding), oracle.offset(*end, encoding)))
        text = joined(text[:first] + new + text[last:])
        _ = document.tree, document.lines.position(len(text) // 2, encoding)  # a cache that survived an edit would show
        document = document.edit(start, end, new, encoding)
        assert document.text == text
    fresh = Document.from_text(text)
    assert document == fresh
    assert document.lines.line_count == fresh.lines.line_count
    assert document.value == fresh.value
    assert document.tree.to_python() == fresh.tree.to_python()
    assert document.tree.errors == fresh.tree.errors


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_pair_typed_in_two_halves_becomes_one_character(encoding: Encoding) -> None:
    high, low = "\ud83d", "\ude00"
    first = Document.from_text("ab").edit((0, 1), (0, 1), high, encoding)
    at = (0, 1 + units(high, encoding))
    assert first.edit(at, at, low, encoding).text == "a😀b"
    # And the other way round, and by deleting what stood between them.
    second = Document.from_text("ab").edit((0, 1), (0, 1), low, encoding)
    assert second.edit((0, 1), (0, 1), high, encoding).text == "a😀b"
    third = Document.from_text(f"a{high}x{low}b")
    assert third.edit(at, (0, at[1] + 1), "", encoding).text == "a😀b"
    both = Document.from_text(f"{high}x{low}")
    assert both.edit((0, units(high, encoding)), (0, units(high, encoding) + 1), low + high, encoding).text == "😀😀"


def test_editing_does_not_change_the_version_before() -> None:
    before = Document.from_text('{"a": 1}')
    after = before.edit((0, 6), (0, 7), "2", "utf-16")
    assert (before.value, after.value) == ({"a": 1}, {"a": 2})
    assert before.text == '{"a": 1}'
