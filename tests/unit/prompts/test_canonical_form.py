"""Canonical bytes against the formula of the format: json.dumps of the reordered value, and a newline."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from promptbits.prompts.formatting import FormatError, canonical, is_canonical
from promptbits.prompts.order import FIELDS
from promptbits.prompts.shipped import shipped_prompts
from promptbits.text.document import Document

characters = st.one_of(st.sampled_from('ab"\\/\n\t\x00\x1f\x7f\u2028é😀{}[]:,'), st.characters())
# A high half before a low half is one character wherever text comes from.
strings = st.text(alphabet=characters, max_size=8).map(
    lambda text: text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | strings,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(strings, inner, max_size=3),
    max_leaves=12,
)
prompts = st.lists(
    st.tuples(st.sampled_from(FIELDS) | strings, values), max_size=8, unique_by=lambda pair: pair[0]
).map(dict)
layouts = st.sampled_from([{"indent": 4}, {}, {"separators": (",", ":")}, {"ensure_ascii": False}, {"indent": "\t"}])


def formula(text: str) -> str:
    """The format's own words: keys in table order, unknown ones last in theirs, lone surrogates left escaped."""
    value = json.loads(text)
    if isinstance(value, dict):
        known = {name: value[name] for name in FIELDS if name in value}
        value = known | {name: item for name, item in value.items() if name not in known}
    written = json.dumps(value, indent=2, ensure_ascii=False) + "\n"
    return re.sub("[\ud800-\udfff]", lambda match: f"\\u{ord(match[0]):x}", written)


@settings(deadline=None, max_examples=400)
@given(prompts | values, layouts)
def test_canonical_is_the_formula(value: Any, layout: dict[str, Any]) -> None:
    text = json.dumps(value, **layout)
    # Python spells a number it has written itself as it reads it, so that the formula holds to the letter.
    assert canonical(Document.from_text(text)) == formula(text)


@settings(deadline=None, max_examples=200)
@given(prompts | values, layouts)
def test_canonical_is_idempotent_and_keeps_the_value(value: Any, layout: dict[str, Any]) -> None:
    text = json.dumps(value, **layout)
    once = Document.from_text(canonical(Document.from_text(text)))
    assert is_canonical(once)
    assert canonical(once) == once.text
    assert json.loads(once.text) == json.loads(text)
    assert list(once.tree.errors) == []


@pytest.mark.parametrize(
    "number", ["1e5", "1E+05", "1.0", "-0", "-0.0", "0.10", "1e999", "12345678901234567890123", "9" * 5000]
)
def test_a_number_keeps_its_own_spelling(number: str) -> None:
    assert canonical(Document.from_text(f'{{"x": [ {number} ]}}')) == f'{{\n  "x": [\n    {number}\n  ]\n}}\n'


@pytest.mark.parametrize(
    ("source", "written"),
    [
        ('"\\uD83D"', '"\\ud83d"'),
        ('"a\\udE00b"', '"a\\ude00b"'),
        ('"\\uD83D\\uDE00"', '"😀"'),
        ('"\\u00e9\\u2028\\u007f"', '"é\u2028\x7f"'),
        ('"\\/\\u002f\\u000a\\u0000"', '"//\\n\\u0000"'),
        ('{"\\udc00": 1}', '{\n  "\\udc00": 1\n}'),
    ],
)
def test_strings_are_written_once_and_lone_surrogates_stay_escapes(source: str, written: str) -> None:
    text = canonical(Document.from_text(source))
    assert text == written + "\n"
    text.encode("utf-8")
    assert canonical(Document.from_text(text)) == text


def test_keys_stand_in_table_order_and_unknown_ones_last() -> None:
    names = ["zeta", *reversed(FIELDS), "alpha"]
    text = canonical(Document.from_text(json.dumps(dict.fromkeys(names, 0))))
    assert list(json.loads(text)) == [*FIELDS, "zeta", "alpha"]


def test_only_top_level_keys_are_sorted() -> None:
    text = '{"variables": {"tags": {}, "id": {"type": "string", "description": "x"}}, "id": "a"}'
    value = json.loads(canonical(Document.from_text(text)))
    assert list(value) == ["id", "variables"]
    assert list(value["variables"]) == ["tags", "id"]
    assert list(value["variables"]["id"]) == ["type", "description"]


def test_empty_containers_and_a_byte_order_mark() -> None:
    assert canonical(Document.from_bytes(b'\xef\xbb\xbf{"a":{},"b":[ ]}')) == '{\n  "a": {},\n  "b": []\n}\n'
    assert not is_canonical(Document.from_text("\ufeff{}\n"))
    assert is_canonical(Document.from_text("{}\n"))
    assert not is_canonical(Document.from_text("{}"))
    assert not is_canonical(Document.from_text("{}\r\n"))


@pytest.mark.parametrize(
    ("data", "at"),
    [
        (b'{"a": 1,}', 7),
        (b'{"a": 1} x', 9),
        (b"", 0),
        (b'{"x": {"b": 1, "b": 2}, "a": 1, "a": 2}', 15),
        (b'{"a": 1, "\\u0061": 2}', 9),
        (b'{\n<<<<<<< HEAD\n"a": 1,\n=======\n"a": 1,\n>>>>>>> x\n"b": 2}', 2),
        (b'{"a": "\xff"}', 7),
        ('{"a": 1}'.encode("utf-16"), 0),
        (b"[" * 300 + b"]" * 300, 200),
    ],
)
def test_what_would_lose_something_is_refused(data: bytes, at: int) -> None:
    document = Document.from_bytes(data)
    with pytest.raises(FormatError) as caught:
        canonical(document)
    assert caught.value.start == at
    assert caught.value.message
    assert not is_canonical(document)


def test_the_shipped_prompts_are_canonical() -> None:
    files = sorted(shipped_prompts().glob("*.json"))
    assert files
    assert [file.name for file in files if not is_canonical(Document.from_bytes(file.read_bytes()))] == []
