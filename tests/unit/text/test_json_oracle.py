"""The tolerant parser and the strict one against the json module, on valid and on mutated input."""

from __future__ import annotations

import json
from typing import Any, NoReturn

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from promptbits.text import json_strict
from promptbits.text.document import Document
from promptbits.text.json_parser import MAX_DEPTH, parse
from promptbits.text.json_tree import JsonTree, Node

strings = st.text(
    alphabet=st.one_of(
        st.sampled_from("ab\"\\/'\n\t{}[]:,#<>= \u2028\x00\x1f\x7fé😀\ud83d\ude00\ufeff"), st.characters()
    ),
    max_size=12,
)
scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(-(10**40), 10**40),
    st.floats(allow_nan=False, allow_infinity=False),
    strings,
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(strings, inner, max_size=4),
    max_leaves=15,
)
layouts = st.fixed_dictionaries(
    {
        "indent": st.sampled_from([None, 0, 1, 2, "\t"]),
        "ensure_ascii": st.booleans(),
        "separators": st.sampled_from([None, (",", ":"), (" , ", " : "), ("\r\n,\t", "\r:")]),
    }
)
documents = st.builds(lambda value, layout: json.dumps(value, **layout), values, layouts)


def _refuse(word: str) -> NoReturn:
    raise ValueError(word)


def verdict(text: str) -> tuple[bool, Any]:
    """What the json module says; NaN and Infinity are not JSON."""
    try:
        return True, json.loads(text, parse_constant=_refuse)
    except ValueError:
        return False, None


def same(one: Any, other: Any) -> bool:
    """Equality that tells 1 from 1.0 and True, and 0.0 from -0.0."""
    return repr(one) == repr(other)


def nodes(tree: JsonTree) -> list[Node]:
    found, stack = [], [tree.root] if tree.root else []
    while stack:
        node = stack.pop()
        found.append(node)
        stack += node.items
        stack += [part for member in node.members for part in (member.key, member.value) if part]
    return found


def check_ranges(text: str, tree: JsonTree) -> None:
    """Every range lies in the text, children lie in their parents and in order, strings map into their source."""
    for error in tree.errors:
        assert 0 <= error.start <= error.end <= len(text)
        assert error.start < error.end or error.start == len(text) or not text
        assert error.message
        assert error.kind
        for start, end, _ in (*error.fix, *([error.related] if error.related else [])):
            assert 0 <= start <= end <= len(text)
    assert list(tree.errors) == sorted(tree.errors, key=lambda error: (error.start, error.end))
    for node in nodes(tree):
        assert 0 <= node.start < node.end <= len(text)
        parts = [part for member in node.members for part in (member.key, member.value) if part] + node.items
        at = node.start
        for part in parts:
            assert at <= part.start
            assert part.end <= node.end
            at = part.end
        if node.kind == "string":
            offsets = [node.source_offset(index) for index in range(len(node.value) + 1)]
            assert offsets == sorted(offsets)
            assert all(node.start <= offset <= node.end for offset in offsets)


@settings(deadline=None, max_examples=300)
@given(values, layouts)
def test_valid_json_reads_as_the_json_module_reads_it(value: Any, layout: dict[str, Any]) -> None:
    text = json.dumps(value, **layout)
    expected = json.loads(text)
    tree = parse(text)
    assert tree.errors == ()
    assert tree.conflicts == ()
    assert same(tree.to_python(), expected)
    assert same(json_strict.loads(text), expected)
    check_ranges(text, tree)
    for node in nodes(tree):
        assert same(json.loads(text[node.start : node.end]), JsonTree(node, ()).to_python())


MUTATIONS = list("{}[]:,\"'\\/*#0123456789.eE+-tfnaul<>=| \t\r\n\x00\x1f\x0b\f\u00a0\u2028\ufeffé😀\ud83d") + [
    "\\u",
    "\\ud83d",
    "//",
    "/*",
    "*/",
    "true",
    "null",
    "NaN",
    "Infinity",
    "-",
    "1e999",
    "0x1",
    "\n<<<<<<< a\n",
    "\n=======\n",
    '"a":',
    "`",
    "$",
    ": ",
    ", ",
]
operations = st.lists(
    st.tuples(
        st.sampled_from(["delete", "insert", "replace", "truncate", "swap"]),
        st.floats(0, 1, exclude_max=True),
        st.sampled_from(MUTATIONS),
    ),
    min_size=1,
    max_size=4,
)


def mutate(text: str, changes: list[tuple[str, float, str]]) -> str:
    for operation, place, piece in changes:
        at = int(place * (len(text) + 1))
        match operation:
            case "delete":
                text = text[:at] + text[at + 1 :]
            case "insert":
                text = text[:at] + piece + text[at:]
            case "replace":
                text = text[:at] + piece + text[at + 1 :]
            case "swap":
                text = text[:at] + text[at + 1 : at + 2] + text[at : at + 1] + text[at + 2 :]
            case _:
                text = text[:at]
    return text


def check_against_json(text: str) -> None:
    tree = parse(text)
    check_ranges(text, tree)
    accepted, value = verdict(text.removeprefix("\ufeff"))
    # A conflict marker is no error of its own kind: the tree lists it apart.
    complains = bool(tree.errors or tree.conflicts)
    assert complains != accepted, tree.errors
    tolerant = tree.to_python()
    if accepted:
        assert same(tolerant, value)
    document = Document.from_text(text)
    duplicates = any(len({m.name for m in node.members}) != len(node.members) for _, node in tree.objects())
    assert document.is_strict == (accepted and not duplicates)
    assert same(document.value, tolerant)


@settings(deadline=None, max_examples=1200)
@given(documents, operations)
def test_mutated_json_is_accepted_exactly_when_the_json_module_accepts_it(
    text: str, changes: list[tuple[str, float, str]]
) -> None:
    check_against_json(mutate(text, changes))


@settings(deadline=None, max_examples=600)
@given(st.lists(st.sampled_from([*MUTATIONS, '"', '"', ",", ":", "{", "}", "[", "]", '"x"', "1"]), max_size=14))
@example(["\ufeff", "\ufeff", "{", "}"])
@example(["{", '"a":', '"b', "\t", "\t", "\t", "\t", "\n", '"c":', "1", "}"])
def test_token_soup_is_accepted_exactly_when_the_json_module_accepts_it(pieces: list[str]) -> None:
    check_against_json("".join(pieces))


@pytest.mark.parametrize("digits", [4000, 4001, 4299, 4300, 4301, 50_000])
def test_integers_of_any_length_are_numbers(digits: int) -> None:
    text = f'{{"n": {"1" * digits}, "m": -{"1" * digits}}}'
    document = Document.from_text(text)
    assert document.tree.errors == ()
    assert document.is_strict
    assert document.value == document.tree.to_python()
    assert document.value["n"] == -document.value["m"]


def test_numbers_beyond_float_are_infinite_and_no_error() -> None:
    document = Document.from_text('{"a": 1e999, "b": -1e999, "c": 1e-999}')
    assert document.tree.errors == ()
    assert document.value == {"a": float("inf"), "b": float("-inf"), "c": 0.0}
    assert document.tree.to_python() == document.value


@pytest.mark.parametrize(("depth", "fits"), [(MAX_DEPTH, True), (MAX_DEPTH + 1, False), (10_000, False)])
@pytest.mark.parametrize("pair", ["[]", "{}"])
def test_strict_and_tolerant_agree_on_depth(depth: int, fits: bool, pair: str) -> None:
    opener = pair[0] if pair == "[]" else '{"a":'
    text = opener * depth + pair[:1] * 0 + ("" if pair == "[]" else "1") + pair[1] * depth
    assert Document.from_text(text).is_strict == fits
    errors = parse(text).errors
    assert [error.kind for error in errors] == [] if fits else ["too-deep"]
    if not fits:
        assert text[errors[0].start] == pair[0]
        assert errors[0].start == MAX_DEPTH * len(opener)


@pytest.mark.parametrize(
    "text", ['{"a": 1, "a": 1}', '{"x": [{"a": 1, "b": 2, "\\u0061": 3}]}', "NaN", "[Infinity]", "-Infinity", "", " "]
)
def test_strict_refuses_what_the_tree_complains_about(text: str) -> None:
    with pytest.raises(json_strict.NotStrictError):
        json_strict.loads(text)


def test_of_a_key_written_twice_the_last_value_holds() -> None:
    tree = parse('{"a": 1, "b": 2, "a": 3}')
    assert tree.errors == ()
    assert tree.to_python() == {"a": 3, "b": 2}
    assert tree.find(("a",)).value == 3
    assert tree.find_member(("a",)).key.start == 17


def test_paths_lead_to_nodes() -> None:
    tree = parse('{"a": [1, {"b": null}], "c": {}}')
    assert tree.find(("a", 1, "b")).value is None
    assert tree.find(("a", 1, "b")).start == 16
    assert tree.find(("a", 2)) is None
    assert tree.find(("a", -1)) is None
    assert tree.find(("a", "b")) is None
    assert tree.find(("x", "y")) is None
    assert tree.nearest(("a", 1, "x", 0)) is tree.find(("a", 1))
    assert tree.nearest(("x",)) is tree.root
    assert next(path for path, _ in tree.objects()) == ()
    assert {path for path, _ in tree.objects()} == {(), ("a", 1), ("c",)}
