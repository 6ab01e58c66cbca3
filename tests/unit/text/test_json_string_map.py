"""StringMap against an oracle that takes one escape at a time."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from promptbits.text import json_string
from promptbits.text.json_parser import parse
from promptbits.text.json_string import StringMap, encode

PIECES = (
    ["a", "é", "😀", "u", "0041", "d83d", "\t", "\\n", "\\\\", "\\/", '\\"', "\\u0041", "\\u00E9", "\\u2028", "\\u0000"]
    + ["\\ud83d\\ude00", "\\uD83D\\uDE00", "\\ud83d", "\\ude00", "\\u12", "\\x41", "\\q", "\\é", "\\'", "\\", "\\U0041"]
)  # fmt: skip
short = st.lists(st.sampled_from(PIECES), max_size=12).map("".join)
# Long enough that a map made piece by piece is cut, with escapes wherever the cut may fall.
long = st.tuples(short, st.integers(950, 1040), short, st.integers(0, 1200), short).map(
    lambda parts: parts[0] + "x" * parts[1] + parts[2] + "é" * parts[3] + parts[4]
)
insides = st.one_of(short, short, short, long)
SIMPLE = {'"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}


def steps(inside: str) -> list[tuple[int, int, str, bool]]:
    """(start, end, decoded, good) for each character or escape, read from left to right."""
    found, at = [], 0
    while at < len(inside):
        rest = inside[at:]
        if pair := re.match(r"\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})", rest):
            char = bytes.fromhex(pair[1] + pair[2]).decode("utf-16-be")
            found.append((at, at + 12, char, True))
        elif unit := re.match(r"\\u([0-9a-fA-F]{4})", rest):
            found.append((at, at + 6, chr(int(unit[1], 16)), True))
        elif rest[0] == "\\" and rest[1:2] in SIMPLE and rest[1:2]:
            found.append((at, at + 2, SIMPLE[rest[1]], True))
        elif rest[0] == "\\":
            found.append((at, at + len(rest[:2]), rest[:2], False))
        else:
            found.append((at, at + 1, rest[0], True))
        at = found[-1][1]
    return found


@settings(deadline=None, max_examples=500)
@given(insides)
@example("\\")
@example("\\u\\u0041")
@example("\\ud83d\\u0041\\ude00")
@example("\\ud83d\\ud83d\\ude00")
def test_the_map_agrees_with_the_oracle(inside: str) -> None:
    agrees_with_the_oracle(inside)


@settings(deadline=None, max_examples=800, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(short)
def test_the_map_agrees_with_the_oracle_wherever_it_is_cut(monkeypatch: pytest.MonkeyPatch, inside: str) -> None:
    monkeypatch.setattr(json_string, "_PIECE", 8)
    agrees_with_the_oracle(inside)
    agrees_with_the_oracle(inside * 5)


def agrees_with_the_oracle(inside: str) -> None:
    string_map = StringMap(inside)
    oracle = steps(inside)
    assert string_map.text == "".join(decoded for _, _, decoded, _ in oracle)
    assert string_map.bad == [(start, end) for start, end, _, good in oracle if not good]
    length = 0
    for start, end, decoded, good in oracle:
        assert string_map.source(length) == start
        for source in range(start, end):
            inner = 0 if good else source - start
            assert string_map.decoded(source) == length + inner
        length += len(decoded)
    assert string_map.source(length) == string_map.source(length + 5) == len(inside)
    assert string_map.decoded(len(inside)) == string_map.decoded(len(inside) + 5) == length
    assert (string_map.source(-3), string_map.decoded(-3)) == (0, 0)


@settings(deadline=None, max_examples=300)
@given(
    st.text(alphabet=st.one_of(st.sampled_from('ab"\\/\n\t\x00\u2028é😀'), st.characters()), max_size=15), st.booleans()
)
def test_source_offsets_of_a_parsed_string_decode_piece_by_piece(text: str, ascii_only: bool) -> None:
    source = f"[0, {json.dumps(text, ensure_ascii=ascii_only)}]"
    node = parse(source).root.items[1]
    assert node.value == text
    for index in range(len(text)):
        start, end = node.source_offset(index), node.source_offset(index + 1)
        assert json.loads(f'"{source[start:end]}"') == text[index]
    assert node.source_offset(len(text)) == node.end - 1


@settings(deadline=None, max_examples=300)
@given(
    st.text(
        alphabet=st.one_of(st.sampled_from('"\\\n\x00\x7f\u2028'), st.characters(), st.characters(categories=["Cs"]))
    )
)
def test_encode_is_what_json_writes_with_lone_surrogates_escaped(text: str) -> None:
    inside = encode(text)
    inside.encode("utf-8")  # a file can hold it
    plain = json.dumps(text, ensure_ascii=False)[1:-1]
    assert re.sub("[\ud800-\udfff]", lambda match: json.dumps(match[0])[1:-1], plain) == inside


@pytest.mark.parametrize(
    ("text", "written"),
    [("é\u2028😀", "é\u2028😀"), ("\ud83d", "\\ud83d"), ('a"\\\n', 'a\\"\\\\\\n'), ("\x00\x7f", "\\u0000\x7f")],
)
def test_encode_examples(text: str, written: str) -> None:
    assert encode(text) == written
