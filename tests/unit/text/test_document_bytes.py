"""Bytes to documents: every encoding problem is told, at a range of the text, and nothing raises."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from promptbits.text.document import Document

BOM = "\ufeff"


@settings(deadline=None, max_examples=300)
@given(st.binary(max_size=40) | st.text(max_size=10).map(str.encode))
@example(b"\xff\xfe")
@example(b"\xff\xfe\x00\x00")
@example(b"\x00\x00\xfe\xff")
@example(b"\xfe\xff\xd8")
@example(b"\xef\xbb\xbf")
@example(b"\xef\xbb\xbf\xff")
@example(b"\xed\xa0\x80")
def test_any_bytes_make_a_document(data: bytes) -> None:
    document = Document.from_bytes(data)
    for problem in document.problems:
        assert 0 <= problem.start <= problem.end <= len(document.text)
        assert problem.message
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        assert any(problem.kind == "encoding" for problem in document.problems)
    else:
        if not data.startswith((b"\x00\x00\xfe\xff",)):
            assert document.text == text
            assert [problem.kind for problem in document.problems] == ["byte-order-mark"] * text.startswith(BOM)
    assert document.tree.errors or document.tree.root


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-be", "utf-32", "utf-32-be"])
def test_wide_encodings_are_read_and_told(codec: str) -> None:
    text = '{"a": "é😀"}'
    data = (BOM + text).encode(codec) if codec.endswith("be") else text.encode(codec)
    document = Document.from_bytes(data)
    assert document.text == text
    assert [problem.kind for problem in document.problems] == ["encoding"]
    assert document.problems[0].message == f"saved as {codec.removesuffix('-be').upper()}: save it as UTF-8"


def test_the_first_broken_byte_is_named_and_the_rest_counted() -> None:
    document = Document.from_bytes('{"é": "'.encode() + b'\xff x \xfe x \xc3"}')
    (problem,) = document.problems
    assert document.text[problem.start : problem.end] == "\ufffd"
    assert document.text[: problem.start] == '{"é": "'
    assert problem.message == "byte 0xff at offset 8 is not UTF-8 (and 2 more places)"


def test_a_replacement_character_of_the_author_is_not_counted() -> None:
    document = Document.from_bytes('"\ufffd\ufffd'.encode() + b'\xff"')
    assert document.problems[0].message == "byte 0xff at offset 7 is not UTF-8"
    assert Document.from_bytes('"\ufffd"'.encode()).problems == ()


def test_a_byte_order_mark_stays_in_the_text_and_out_of_the_value() -> None:
    document = Document.from_bytes(b'\xef\xbb\xbf{"a": 1}')
    assert document.text[0] == BOM
    assert document.is_strict
    assert document.value == {"a": 1}
    assert document.tree.errors == ()
    assert [(problem.kind, problem.start, problem.end) for problem in document.problems] == [("byte-order-mark", 0, 1)]
    assert document.replace(0, 1, "").problems == ()
    assert document.replace(1, 1, BOM).is_strict == (not document.replace(1, 1, BOM).tree.errors)
