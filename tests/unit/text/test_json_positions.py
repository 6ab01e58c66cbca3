"""The tree of valid JSON against the tolerant parser, node by node."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from promptbits.text.document import Document
from promptbits.text.json_parser import parse
from promptbits.text.json_positions import tree_of
from promptbits.text.json_tree import Node

texts = st.text(st.one_of(st.sampled_from('a"\\/\n\t{}[],: \u2028é😀'), st.characters()), max_size=8)
scalars = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), texts,
    st.sampled_from([-0.0, 1e300, 10**25]),
)  # fmt: skip
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4), max_leaves=20
)
layouts = st.sampled_from([{"indent": 2}, {}, {"separators": (",", ":")}, {"indent": "\t"}])


def parts(node: Node) -> list[object]:
    """Everything of a node and of those below it."""
    found: list[object] = [(node.kind, node.start, node.end, node.value, node.source)]
    for member in node.members:
        assert member.value is not None
        found += [parts(member.key), parts(member.value)]
    return found + [parts(item) for item in node.items]


@settings(deadline=None, max_examples=400)
@given(values, layouts, st.booleans(), st.sampled_from(["", "\ufeff", "\r\n"]))
def test_it_is_the_tree_of_the_tolerant_parser(value: object, layout: dict, ascii_only: bool, before: str) -> None:
    text = before + json.dumps(value, ensure_ascii=ascii_only, **layout)
    document = Document.from_text(text)
    assert document.is_strict
    tree, tolerant = tree_of(text, document.value), parse(text)
    assert tree.root is not None
    assert tolerant.root is not None
    assert parts(tree.root) == parts(tolerant.root)
    assert (tree.errors, tree.conflicts) == (tolerant.errors, tolerant.conflicts) == ((), ())
    assert parts(document.tree.root) == parts(tree.root)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text", ["1e5", "-0", "1.50", "1E+2", '"\\ud83d\\ude00 \\u00e9 \\ud83d"', "[ ]", "{ }", " true "]
)
def test_the_spelling_is_kept(text: str) -> None:
    document = Document.from_text(text)
    assert document.is_strict
    assert parts(document.tree.root) == parts(parse(text).root)  # type: ignore[arg-type]
