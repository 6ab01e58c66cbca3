"""Growing a selection, shown as the texts that it grows through."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from promptbits.checks.snapshot import Snapshot
from promptbits.language.structure.selection import selections
from promptbits.text.document import Document


def grown(marked: str) -> list[str]:
    before, _, after = marked.partition("|")
    snapshot = Snapshot(Document.from_text(before + after))
    return [snapshot.document.text[start:end] for start, end in selections(snapshot, len(before))]


def in_content(marked: str) -> list[str]:
    """What a selection in the content grows through, up to the whole content."""
    inside = json.dumps(marked, ensure_ascii=False)[1:-1]
    found = grown(f'{{"content": "{inside}"}}')
    content = inside.replace("|", "")
    whole = found.index(content)
    assert found[whole + 1] == f'"{content}"'
    return [json.loads(f'"{each}"') for each in found[: whole + 1]]


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("one t|wo", ["two", "one two"]),
        ("a <<na|me>> b", ["name", "<<name>>", "a <<name>> b"]),
        ("a {{ na|me.x }}", ["name", "name.x", "{{ name.x }}", "a {{ name.x }}"]),
        ("a <|<name>>", ["<<name>>", "a <<name>>"]),
        ("a `b c|` d", ["c", "b c", "`b c`", "a `b c` d"]),
        ("[a](b/|c)", ["c", "b/c", "[a](b/c)"]),
        ("[a|](b)", ["a", "[a](b)"]),
        ("one\ntwo th|ree\n\nfour", ["three", "two three", "one\ntwo three", "one\ntwo three\n\nfour"]),
        ("# A\n\n## B\none\ntw|o\n\n# C", [
            "two", "one\ntwo", "## B\none\ntwo\n\n", "# A\n\n## B\none\ntwo\n\n", "# A\n\n## B\none\ntwo\n\n# C",
        ]),
        ("# A |b\nc\n# D", ["b", "# A b", "# A b\nc\n", "# A b\nc\n# D"]),
        ("a\n```py\nb|c d\n\ne\n```\nf", [
            "bc", "bc d", "bc d\n\ne", "```py\nbc d\n\ne\n```",
            "a\n```py\nbc d\n\ne\n```\nf",
        ]),
        ("```p|y\na\n```\nb", ["py", "```py", "```py\na\n```", "```py\na\n```\nb"]),
        ("a\n```\nb|\n", ["b", "b\n", "```\nb\n", "a\n```\nb\n"]),
        ("`a\nb| c` d", ["b", "a\nb c", "`a\nb c`", "`a\nb c` d"]),
        ("a\n|\nb", ["a\n\nb"]),
        ("é|\u2028🚀", ["é", "é\u2028🚀"]),
    ],
)  # fmt: skip
def test_in_the_content(marked: str, expected: list[str]) -> None:
    assert in_content(marked) == expected


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ('{"id": "a-b|c"}', ["bc", "a-bc", '"a-bc"', '"id": "a-bc"', '{"id": "a-bc"}']),
        ('{"i|d": "a"}', ["id", '"id"', '"id": "a"', '{"id": "a"}']),
        ('{"id":| "a"}', ['"id": "a"', '{"id": "a"}']),
        ('{"t": [1, |22]}\n', ["22", "[1, 22]", '"t": [1, 22]', '{"t": [1, 22]}', '{"t": [1, 22]}\n']),
        ('{"v": {"a": {"default": tr|ue}}}', [
            "true", '"default": true', '{"default": true}', '"a": {"default": true}', '{"a": {"default": true}}',
            '"v": {"a": {"default": true}}', '{"v": {"a": {"default": true}}}',
        ]),
        ('{"content": "|"}', ['""', '"content": ""', '{"content": ""}']),
        ('{"content": "a\\|nb"}', ["a\\nb", '"a\\nb"', '"content": "a\\nb"', '{"content": "a\\nb"}']),
        ('{"content": "a b|', ["b", "a b", '"a b', '"content": "a b', '{"content": "a b']),
        (' | {"a": 1}', ['  {"a": 1}']),
        ("|", [""]),
    ],
)  # fmt: skip
def test_in_the_json(marked: str, expected: list[str]) -> None:
    assert grown(marked) == expected


PROMPT = json.dumps(
    {
        "id": "demo",
        "trigger": {"Language": "Rust"},
        "content": '# A <<x>>\r\n`b\nc` [d](e "f") \\<<g>>\n\n- h\n  ```py\n  {{ x }}\n\n  i\n  ```'
        '\n## é🚀\n> j\n\nk "l"\t\u2028m',
        "variables": {"x": {"default": [1, None]}, "a.b": {}},
        "tags": ["n"],
    },
    indent=1,
)


def holds(text: str, offset: int) -> None:
    found = selections(Snapshot(Document.from_text(text)), offset)
    assert found[-1] == (0, len(text))
    inner = (offset, offset)
    for at, (start, end) in enumerate(found):
        assert start <= inner[0] <= inner[1] <= end
        assert at == 0 or (start, end) != inner
        inner = (start, end)


def test_selections_grow_strictly_at_every_offset() -> None:
    for offset in range(len(PROMPT) + 1):
        holds(PROMPT, offset)


@settings(deadline=None)
@given(st.data())
def test_selections_in_broken_text(data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(PROMPT)))
    text = PROMPT[:at] + data.draw(
        st.sampled_from(["", '"', "\n", "\\", "}", "```", PROMPT[at + 1 :], "\n" + PROMPT[at:]])
    )
    holds(text, data.draw(st.integers(0, len(text))))


def test_an_offset_out_of_range_is_clamped() -> None:
    snapshot = Snapshot(Document.from_text("{}"))
    assert selections(snapshot, -3) == [(0, 2)]
    assert selections(snapshot, 99) == [(0, 2)]
