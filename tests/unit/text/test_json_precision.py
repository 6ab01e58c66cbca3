"""What the parser says of typical broken documents: which error, exactly where, and no second one for the same slip."""

from __future__ import annotations

import itertools
import json
from typing import Any

import pytest

from promptbits.text.json_parser import MAX_DEPTH, parse

Errors = list[tuple[str, str]]

# (text, (kind, source slice) of every error, the value that could be kept)
HALF_TYPED: list[tuple[str, Errors, Any]] = [
    ("", [("empty", "")], None),
    (" \n", [("empty", " \n")], None),
    ("\ufeff", [("empty", "\ufeff")], None),
    ("{", [("unclosed-object", "{")], {}),
    ('{"na', [("unclosed-object", "{"), ("unterminated-string", '"na')], {}),
    ('{"name"', [("unclosed-object", "{"), ("expected-colon", '"name"')], {}),
    ('{"name": ', [("unclosed-object", "{"), ("expected-value", ":")], {}),
    ('{"name": "x', [("unclosed-object", "{"), ("unterminated-string", '"x')], {"name": "x"}),
    ('{"name": "x}', [("unterminated-string", '"x}')], {"name": "x}"}),
    ('{"name": "x",', [("unclosed-object", "{")], {"name": "x"}),
    ('{"a": {"b": [1,', [("unclosed-array", "[")], {"a": {"b": [1]}}),
    ('{\n  "id": "x",\n  "ta\n  "b": 1\n}', [("unterminated-string", '"ta')], {"id": "x", "b": 1}),
    ('{\n  "id": "x",\n  "tags"\n  "b": 1\n}', [("expected-colon", '"tags"')], {"id": "x", "b": 1}),
    ('{\n  "id": "x",\n  "tags":\n  "b": 1\n}', [("expected-value", ":")], {"id": "x", "b": 1}),
    ('{\r  "tags":\r  "b": 1\r}', [("expected-value", ":")], {"b": 1}),
    ('{\n  "id": "x",\n  ta\n  "b": 1\n}', [("unquoted-key", "ta")], {"id": "x", "b": 1}),
    ('{\n  "tags": [\n  "b": 1\n}', [("unclosed-array", "[")], {"tags": [], "b": 1}),
    ('{\n  "tags": [1, 2\n  "b": 1\n}', [("unclosed-array", "[")], {"tags": [1, 2], "b": 1}),
    ('{"a": ,"b": 1}', [("expected-value", ":")], {"b": 1}),
    ('{"a":\n}', [("expected-value", ":")], {}),
    ('{"a", "b": 1}', [("expected-colon", '"a"')], {"b": 1}),
]
COMMAS_AND_COLONS: list[tuple[str, Errors, Any]] = [
    ('{\n  "id": "x"\n  "b": 1\n}', [("expected-comma", '"')], {"id": "x", "b": 1}),
    ('{"a": "x" "b": 1}', [("expected-comma", '"')], {"a": "x", "b": 1}),
    ("[1 2]", [("expected-comma", "1")], [1, 2]),
    ('["a"\n"b"]', [("expected-comma", '"')], ["a", "b"]),
    ('{"a": 1; "b": 2}', [("expected-comma", ";")], {"a": 1, "b": 2}),
    ('["a": 1]', [("expected-comma", ":")], ["a", 1]),
    ("[1,,2]", [("expected-value", ",")], [1, 2]),
    ('{,"a": 1}', [("expected-key", ",")], {"a": 1}),
    ("[1, 2,]", [("trailing-comma", ",")], [1, 2]),
    ('{"a": 1,\n}', [("trailing-comma", ",")], {"a": 1}),
    ('{"a" 1}', [("expected-colon", '"a"')], {"a": 1}),
    ('{"a" = 1}', [("expected-colon", "=")], {"a": 1}),
    ('{"a" => "x"}', [("expected-colon", "=>")], {"a": "x"}),
    ('{"a": : 1}', [("unexpected", ":")], {"a": 1}),
]
BRACKETS: list[tuple[str, Errors, Any]] = [
    ('{"a": {"b": 1}', [("unclosed-object", "{")], {"a": {"b": 1}}),
    ('{"a": 1]', [("unclosed-object", "]")], {"a": 1}),
    ("[1}", [("unclosed-array", "}")], [1]),
    ('{"a": 1]}', [("unexpected", "]")], {"a": 1}),
    ('{"a": [1, 2}', [("unclosed-array", "[")], {"a": [1, 2]}),
    ('{"a": 1}}', [("after-end", "}")], {"a": 1}),
    ('{"a": 1} {"b": 2}', [("after-end", "{")], {"a": 1}),
    ("{} x y z", [("after-end", "x")], {}),
    ('{{"a": 1}}', [("expected-key", "{")], {}),
    ("]", [("expected-value", "]")], None),
]
STRINGS: list[tuple[str, Errors, Any]] = [
    ('{"a": "He said "no" twice",\n "b": 1}', [("stray-quote", '"')], {"a": "He said ", "b": 1}),
    ('{"a": "see "x", then y",\n "b": 1}', [("stray-quote", '"')], {"a": "see ", "b": 1}),
    ('{"a": "He said "no", then he left, twice",\n "b": 1}', [("stray-quote", '"')], {"a": "He said ", "b": 1}),
    ('{"a": "so he said no", then he left",\n "b": 1}', [("stray-quote", '"')], {"a": "so he said no", "b": 1}),
    ('{"a": "x", b}', [("unquoted-key", "b")], {"a": "x"}),
    ('{"a": "a "b""}', [("stray-quote", '"')], {"a": "a "}),
    ('{"a": "x"y"}', [("stray-quote", '"')], {"a": "x"}),
    ('["a, "b"]', [("stray-quote", '"')], ["a, "]),
    ('{"a": "abc,\n"b": 1}', [("unterminated-string", '"abc,')], {"a": "abc,", "b": 1}),
    ('{"a": "abc\\\n"b": 1}', [("unterminated-string", '"abc\\')], {"a": "abc\\", "b": 1}),
    ('{"a: "b", "c": 1}', [("unterminated-string", '"a')], {"a": "b", "c": 1}),
    ('{\n"a: [\n// c\n1]\n}', [("unterminated-string", '"a'), ("comment", "// c")], {"a": [1]}),
    ('{"a: b"}', [("expected-colon", '"a: b"')], {}),
    ('{a": "b", c" : 1}', [("unquoted-key", 'a"'), ("unquoted-key", 'c"')], {"a": "b", "c": 1}),
    ('{"a": [\n  "x",\n  "y\n  ]\n}', [("unterminated-string", '"y')], {"a": ["x", "y"]}),
    (
        '{"a": "x\t\t\t\t\n"b": 1}',
        [("unterminated-string", '"x\t\t\t\t'), *[("control-character", "\t")] * 4],
        {"a": "x\t\t\t\t", "b": 1},
    ),
    ('{"a": "b\x00c\x1f"}', [("control-character", "\x00"), ("control-character", "\x1f")], {"a": "b\x00c\x1f"}),
    ('{"a": "x\\q\\u12 "}', [("bad-escape", "\\q"), ("bad-escape", "\\u")], {"a": "x\\q\\u12 "}),
    ("{'a': 'b'}", [("single-quotes", "'a'"), ("single-quotes", "'b'")], {"a": "b"}),
    ("{“a”: ‘b’}", [("single-quotes", "“a”"), ("single-quotes", "‘b’")], {"a": "b"}),
    ('{"a": `b`}', [("single-quotes", "`b`")], {"a": "b"}),
]
PASTED: list[tuple[str, Errors, Any]] = [
    (
        '{\n  "content": "First\n# Title\n\nSecond: "quoted"\n  it\'s\n```\n{ }\n```\nEnd",\n  "b": 1\n}',
        [("unterminated-string", '"First')],
        {"content": 'First\n# Title\n\nSecond: "quoted"\n  it\'s\n```\n{ }\n```\nEnd', "b": 1},
    ),
    ('{"content": "First\nSecond"}', [("unterminated-string", '"First')], {"content": "First\nSecond"}),
    (
        '{\n  "content": "First\n\nSecond\n  "b": 1\n}',
        [("unterminated-string", '"First')],
        {"content": "First\n\nSecond", "b": 1},
    ),
    (
        '{"content": "First\nsay \\"x\\"\n"b": 1}',
        [("unterminated-string", '"First')],
        {"content": 'First\nsay "x"', "b": 1},
    ),
    ('{"content": "First\nSecond\n}\n', [("unterminated-string", '"First')], {"content": "First\nSecond"}),
    ('```json\n{"a": 1}', [("unexpected", "```json")], {"a": 1}),
    ("# Title\n\nSome text\n", [("comment", "# Title"), ("bad-word", "Some text")], "Some"),
]
WORDS_AND_REMARKS: list[tuple[str, Errors, Any]] = [
    (
        '{"a": 1, // c\n "b": 2 # d\n}',
        [("comment", "// c"), ("comment", "# d")],
        {"a": 1, "b": 2},
    ),
    ('{"a": 1 /* x', [("comment", "/*")], {"a": 1}),
    ("{a: 1, $b: 2, c.d: 3, e f: 4}", [("unquoted-key", key) for key in ("a", "$b", "c.d", "e f")],
     {"a": 1, "$b": 2, "c.d": 3, "e f": 4}),
    ('{"a": True, "b": tru}', [("bad-word", "True"), ("bad-word", "tru")], {"a": True, "b": "tru"}),
    ('{"a": hello big world, "b": 1}', [("bad-word", "hello big world")], {"a": "hello", "b": 1}),
    ('{"a": NaN, "b": -Infinity}', [("bad-word", "NaN"), ("bad-word", "-Infinity")], {"a": "NaN", "b": "-Infinity"}),
    ("[.5, 01, +1, 1e, 0x1F]", [("bad-number", each) for each in (".5", "01", "+1", "1e", "0x1F")], [0.5, 1, 1, 0, 0]),
    ("[14.0+, 2026-05-01]", [("bad-number", "14.0+"), ("bad-number", "2026-05-01")], [0, 0]),
    ("[1.0.0-rc.1+5, 1-2]", [("bad-number", "1.0.0-rc.1+5"), ("bad-number", "1-2")], [0, 0]),
    ("[95%, 99.5%, 0%]", [("bad-number", each) for each in ("95%", "99.5%", "0%")], [0.95, 0.995, 0]),
    ('{"a": $$ ??, "b": 1}', [("unexpected", "$$ ??")], {"b": 1}),
    ('{\n  $$ ??\n  "b": 1}', [("expected-key", "$$ ??")], {"b": 1}),
    ('{\u00a0"a":\u2003\u200b1}', [("bad-space", "\u00a0"), ("bad-space", "\u2003\u200b")], {"a": 1}),
    ("\ufeff{}", [], {}),
    (" \ufeff{}", [("bad-space", "\ufeff")], {}),
    ("\x00", [("unexpected", "\x00")], None),
    ('{"a": 1}\x00', [("after-end", "\x00")], {"a": 1}),
]  # fmt: skip
ALL = HALF_TYPED + COMMAS_AND_COLONS + BRACKETS + STRINGS + PASTED + WORDS_AND_REMARKS


@pytest.mark.parametrize(("text", "errors", "value"), ALL, ids=[repr(text)[:40] for text, _, _ in ALL])
def test_exactly_these_errors(text: str, errors: Errors, value: Any) -> None:
    tree = parse(text)
    assert [(error.kind, text[error.start : error.end]) for error in tree.errors] == errors
    assert tree.to_python() == value


def test_conflict_markers_are_listed_and_not_read() -> None:
    text = '{\n<<<<<<< HEAD\n  "a": 1,\n||||||| base\n=======\n  "a": 2,\n>>>>>>> b\n  "c": 3\n}'
    tree = parse(text)
    assert [text[start:end] for start, end in tree.conflicts] == [
        "<<<<<<< HEAD", "||||||| base", "=======", ">>>>>>> b",
    ]  # fmt: skip
    assert tree.errors == ()
    assert tree.to_python() == {"a": 2, "c": 3}
    assert parse('{"a": "x <<<<<<< y", "b": "\\n======="}').conflicts == ()


def test_the_rest_of_a_document_survives_one_slip() -> None:
    """Whatever is deleted from one line, the members of the others are still found, and few errors are told."""
    lines = ['  "a": "one",', '  "b": ["two", "three"],', '  "c": {"d": 4},', '  "e": "five"']
    for number, line in enumerate(lines):
        for at in range(2, len(line)):
            broken = [*lines[:number], line[:at], *lines[number + 1 :]]
            tree = parse("{\n" + "\n".join(broken) + "\n}")
            others = [each.split('"')[1] for index, each in enumerate(lines) if index != number]
            found = {member.name for _, node in tree.objects() for member in node.members}
            assert set(others) <= found, line[:at]
            assert len(tree.errors) <= 2, (line[:at], tree.errors)


@pytest.mark.parametrize("opener", ["[", '{"a":'])
def test_ten_thousand_levels_are_one_error(opener: str) -> None:
    text = opener * 10_000
    (error,) = parse(text).errors
    assert (error.kind, error.start) == ("too-deep", len(opener) * MAX_DEPTH)


def test_what_follows_a_nest_too_deep_is_still_read() -> None:
    text = f'{{"a": {"[" * 300}{"]" * 300}, "b": 1}}'
    tree = parse(text)
    assert [error.kind for error in tree.errors] == ["too-deep"]
    assert tree.find(("b",)).value == 1


# (text, what all fixes together make of it)
FIXABLE: list[tuple[str, Any]] = [
    ('{"a": 1,}', {"a": 1}),
    ("[1, 2 , ]", [1, 2]),
    ('{"a": 1,,"b": 2}', {"a": 1, "b": 2}),
    ("[,1]", [1]),
    ("{a: 1}", {"a": 1}),
    ("{$schema: 1, b-c: 2, d e: 3, 4: 5}", {"$schema": 1, "b-c": 2, "d e": 3, "4": 5}),
    ("{'a': 'it\\'s'}", {"a": "it's"}),
    ("['say \"hi\"', 'say \\\"hi\\\"', 'a\\\\', '\\n\\u00e9', '\\q', 'tab\there']",
     ['say "hi"', 'say "hi"', "a\\", "\né", "\\q", "tab\there"]),
    ("[“a”, ‘b’, `c`, „d“]", ["a", "b", "c", "d"]),
    ('{"a": 1, // c\n"b": 2 /* d */}', {"a": 1, "b": 2}),
    ("[1/**/,2]# end", [1, 2]),
    ('["\\q", "a\\\\\\q", "C:\\dir\\x41", "\\u12"]', ["\\q", "a\\\\q", "C:\\dir\\x41", "\\u12"]),
    ('["a\tb\x00\x1f"]', ["a\tb\x00\x1f"]),
    ('{"a": "x"\n"b": 2}', {"a": "x", "b": 2}),
    ("[1 2 \"x\" {}]", [1, 2, "x", {}]),
    ('{"a": 1; "b": 2}', {"a": 1, "b": 2}),
    ('["a": 1]', ["a", 1]),
    ('{"a" 1, "b" = 2, "c" => 3}', {"a": 1, "b": 2, "c": 3}),
    ('{"a": : 1}', {"a": 1}),
    ('{"a: "b", c": [\n"d"]}', {"a": "b", "c": ["d"]}),
    ('{"a": "x\n}', {"a": "x"}),
    ('{"a": "x,\n"b": "y"}', {"a": "x", "b": "y"}),
    ('{"a": ["x]}', {"a": ["x"]}),
    ('{"a": "one\r\ntwo "2"\n\tthree \\q",\n"b": 1}', {"a": 'one\ntwo "2"\n\tthree \\q', "b": 1}),
    ("[.5, -.5, 5., +1, 01, -007.5, 1.e3, 00]", [0.5, -0.5, 5, 1, 1, -7.5, 1000.0, 0]),
    ("[True, FALSE, None, nil, undefined, Null]", [True, False, None, None, None, None]),
    ("[1,\u00a02]\u2028", [1, 2]),
    ('{"a": 1]', {"a": 1}),
    ("{a: 'b', // x\n c: [True, .5,],}", {"a": "b", "c": [True, 0.5]}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "value"), FIXABLE)
def test_applying_every_fix_mends_the_text(text: str, value: Any) -> None:
    errors = parse(text).errors
    assert errors
    assert all(error.fix for error in errors)
    mended = text
    edits = [edit for error in errors for edit in error.fix]
    ordered = sorted(edits, reverse=True)
    for (start, _, _), (_, end, _) in itertools.pairwise(ordered):
        assert end <= start, "fixes overlap"
    for start, end, new in ordered:
        mended = mended[:start] + new + mended[end:]
    assert json.loads(mended) == value
    assert parse(mended).errors == ()


@pytest.mark.parametrize(
    "text", ['["a\\', '{"a": tru}', "[0x1F]", "['a", '{"x": "a\nb\n"c": 1}', "[NaN]", '{"a"', "[1.2.3]"]
)
def test_no_fix_where_the_meaning_is_a_guess(text: str) -> None:
    assert all(not error.fix for error in parse(text).errors)
