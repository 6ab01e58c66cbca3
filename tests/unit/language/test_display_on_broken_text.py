"""What is drawn into a prompt, and how it is built, on a text cut off at every offset and with each character lost."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from promptbits.checks.snapshot import Snapshot
from promptbits.language.display.code_lens import lenses
from promptbits.language.display.inlay_hints import hints
from promptbits.language.display.semantic_tokens import tokens
from promptbits.language.structure.folding import folds
from promptbits.language.structure.links import links
from promptbits.language.structure.selection import selections
from promptbits.prompts.entry import Entry
from promptbits.prompts.library import Library
from promptbits.prompts.root import Root
from promptbits.text.document import Document

ROOT = Root(Path("/project"))
OWN = "/project/prompts/custom/demo.json"
LIBRARY = Library.of(
    [
        Entry(OWN, "custom", "demo", parent="base"),
        Entry("/package/demo.json", "shipped", "demo"),
        Entry("/project/prompts/custom/base.json", "custom", "base"),
        Entry("/project/prompts/learned/demo-v2.json", "learned", "demo-v2", parent="demo"),
    ]
)
PROMPT = json.dumps(
    {
        "$schema": "../../promptbit.schema.json",
        "id": "demo",
        "trigger": {"Language": "Rust"},
        "content": "# One `a`\n\n<<topic>> {{ x }} [b](c.md) https://d.e/f.\n\n```py\n<<who>>\n```\n\n## T🚀o\n`g\nh` <https://i>",
        "variables": {"topic": {"default": "é", "description": "d"}, "who": {"default": [1]}, "a.b": {}},
        "parent": "base",
        "related": ["base"],
        "extra": [1, [2, {"x": None}]],
    },
    indent=1,
)


def look_at(text: str, offsets: range) -> None:
    """Ask for everything; what comes stands in order inside of the text."""
    shot = Snapshot(Document.from_text(text), Path(OWN), ROOT, LIBRARY)
    for found in (tokens(shot), folds(shot), links(shot), lenses(shot)):
        starts = [each.start for each in found]
        assert starts == sorted(starts)
        assert all(0 <= each.start < each.end <= len(text) for each in found)
    assert all(0 <= hint.offset <= len(text) and "\n" not in hint.label for hint in hints(shot, 0, len(text)))
    for offset in offsets:
        assert selections(shot, offset)[-1] == (0, len(text))


@pytest.mark.parametrize("part", range(4))
def test_cut_off_at_every_offset(part: int) -> None:
    for end in range(part, len(PROMPT) + 1, 4):
        look_at(PROMPT[:end], range(part, end + 1, 97))


@pytest.mark.parametrize("part", range(4))
def test_with_each_character_lost(part: int) -> None:
    for at in range(part, len(PROMPT), 4):
        look_at(PROMPT[:at] + PROMPT[at + 1 :], range(at, at + 1))


@pytest.mark.parametrize("value", [None, 3, "x", [], {}, ["# a"], {"a": 1}, True])
@pytest.mark.parametrize("key", list(json.loads(PROMPT)))
def test_a_value_of_another_type(key: str, value: object) -> None:
    look_at(json.dumps(json.loads(PROMPT) | {key: value}), range(0, 200, 50))


@pytest.mark.parametrize(
    "text",
    ["", " ", "[]", "null", '"x"', "{", "}", "[" * 500, "\ufeff{}", "\0", '{"content": "', '{"content"', "{content: #"]
)  # fmt: skip
def test_odd_documents(text: str) -> None:
    look_at(text, range(len(text) + 1))
