"""Semantic tokens: what is coloured, that nothing overlaps or crosses a line, and that placeholders win."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from promptbits.checks.snapshot import Snapshot
from promptbits.language.display.semantic_tokens import tokens
from promptbits.text.document import Document


def shot(text: str) -> Snapshot:
    return Snapshot(Document.from_text(text))


def prompt(content: str, **more: object) -> Snapshot:
    return shot(json.dumps({"id": "x", "content": content, **more}, indent=2, ensure_ascii=False))


def coloured(snapshot: Snapshot) -> list[tuple[str, str]]:
    return [(token.kind, snapshot.document.text[token.start : token.end]) for token in tokens(snapshot)]


CASES: list[tuple[str, list[tuple[str, str]]]] = [
    ("# Title\n\ntext `code` <<x>> [a](b)", [
        ("heading", "# Title"), ("code", "`code`"), ("placeholder", "<<x>>"), ("link", "[a](b)"),
    ]),
    ("## A <<x>> B", [("heading", "## A "), ("placeholder", "<<x>>"), ("heading", " B")]),
    ("## <<x>>", [("heading", "## "), ("placeholder", "<<x>>")]),
    ("`a {{ x }} b`", [("code", "`a "), ("placeholder", "{{ x }}"), ("code", " b`")]),
    ("[see `a` <<x>>](y/<<z>>)", [
        ("link", "[see "), ("code", "`a`"), ("link", " "), ("placeholder", "<<x>>"), ("link", "](y/"),
        ("placeholder", "<<z>>"), ("link", ")"),
    ]),
    ("[![a](b)](c) https://d.e. <https://f>", [
        ("link", "[![a](b)](c)"), ("link", "https://d.e"), ("link", "<https://f>"),
    ]),
    ("```py title\n# no `code` <<x>> {{x}}\n```", [
        ("fence", "```py title"), ("placeholder", "<<x>>"), ("fence", "```"),
    ]),
    ("~~~~ <<x>>\na\n~~~~~ \n# b", [
        ("fence", "~~~~ "), ("placeholder", "<<x>>"), ("fence", "~~~~~"), ("heading", "# b"),
    ]),
    ("- ```js\n  a\n  ```", [("fence", "```js"), ("fence", "```")]),
    ("> ```\n> a\n> ```\n`b`", [("fence", "```"), ("fence", "```"), ("code", "`b`")]),
    ("> ```\n> a\nb", [("fence", "```")]),
    ("```\nnever ```closed\n", [("fence", "```")]),
    ("```", [("fence", "```")]),
    ("`a\n  b`", [("code", "`a"), ("code", "b`")]),
    ("[a\r\nb](c)", [("link", "[a"), ("link", "b](c)")]),
    ("`a\rb`", [("code", "`a"), ("code", "b`")]),
    ('`"é🚀\\`', [("code", '`\\"é🚀\\\\`')]),
    ("# A\r\n# B\r\n", [("heading", "# A"), ("heading", "# B")]),
    ("\\<<no>> ${{ no }} text", []),
    ("", []),
]  # fmt: skip


@pytest.mark.parametrize(("content", "expected"), CASES, ids=[content for content, _ in CASES])
def test_tokens_of_content(content: str, expected: list[tuple[str, str]]) -> None:
    assert coloured(prompt(content)) == expected


def test_kinds_of_trigger_and_no_other_keys() -> None:
    assert coloured(prompt("a", trigger={"Language": "Rust"})) == [("trigger-kind", "Language")]
    assert coloured(prompt("a", trigger={"Langage": "Rust"})) == []
    assert coloured(prompt("a", trigger="Language")) == []


def test_escapes_in_the_source_are_part_of_the_token() -> None:
    source = r'{"content": "\u0023 T\u00e9 \u003c<x>>\n\u0060a\u0060", "trigger": {"L\u0061nguage": "a"}}'
    assert coloured(shot(source)) == [
        ("heading", r"\u0023 T\u00e9 "),
        ("placeholder", r"\u003c<x>>"),
        ("code", r"\u0060a\u0060"),
        ("trigger-kind", r"L\u0061nguage"),
    ]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('{"content": "# A\\n<<x>> `b`', ["# A", "<<x>>", "`b`"]),
        ('{"content": "# A\\n<<x>>\n}', ["# A", "<<x>>"]),
        ('{"content": "`a\n`", "id": "x"}', ["`a", "`"]),
        ('{"content": "# A" "id": "x" "trigger": {"Language": "Rust"', ["# A", "Language"]),
        ('{"trigger": {"Language": "Rust", "content": "# A"', ["Language"]),
        ('{"trigger": {"Language"', ["Language"]),
        ('{"content": "# A", "content"', []),
        ('{"content": ["# A"]}', []),
        ("[1]", []),
        ("", []),
    ],
)
def test_tokens_of_broken_json(source: str, expected: list[str]) -> None:
    assert [text for _, text in coloured(shot(source))] == expected


pieces = st.sampled_from(
    ["# ", "a ", "`", "``", "[", "](b)", "![", "<<x>>", "{{ x }}", "\n", "\n\n", "\r", "\r\n", "\n```", "\n~~~ y"]
    + ["\n- ", "https://a.b", "<https://c.d>", "\n> ", '"', "\\", "é🚀", "\u2028", "## ", "\n<!--", "-->", "\ud800"]
)  # fmt: skip
contents = st.lists(pieces, max_size=20).map("".join)


def holds(snapshot: Snapshot) -> None:
    """What an editor needs: order, no overlap, nothing empty, nothing over the end of a line of file or content."""
    text, at = snapshot.document.text, 0
    node = snapshot.content_node
    for token in tokens(snapshot):
        assert at <= token.start < token.end <= len(text)
        at = token.end
        source = text[token.start : token.end]
        assert not {"\n", "\r"} & set(source)
        if node is not None and node.start <= token.start < node.end:
            inside = node.source_offset(0)
            first, last = (node.string_map.decoded(each - inside) for each in (token.start, token.end))
            assert not {"\n", "\r"} & set(snapshot.content[first:last])


@settings(deadline=None)
@given(contents, st.booleans())
def test_tokens_never_overlap_nor_cross_lines(content: str, is_ascii: bool) -> None:
    text = json.dumps({"content": content, "trigger": {"Language": "x"}}, ensure_ascii=is_ascii)
    snapshot = shot(text)
    holds(snapshot)
    # Every placeholder is one token, whatever it stands in.
    found = [token for token in tokens(snapshot) if token.kind == "placeholder"]
    assert [(token.start, token.end) for token in found] == [
        snapshot.content_range(use.start, use.end) for use in snapshot.placeholders
    ]


@settings(deadline=None)
@given(contents, st.data())
def test_tokens_of_text_that_was_cut_or_lost_a_character(content: str, data: st.DataObject) -> None:
    text = json.dumps({"trigger": {"Language": "x"}, "content": content, "id": "y"}, ensure_ascii=False, indent=1)
    at = data.draw(st.integers(0, len(text)))
    holds(shot(text[:at]))
    holds(shot(text[:at] + text[at + 1 :]))
    holds(shot(text[:at] + data.draw(st.sampled_from(['"', "\n", "\\", "}", ","])) + text[at:]))
