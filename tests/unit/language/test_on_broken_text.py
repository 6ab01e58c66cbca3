"""Every feature answers on whatever is there: a prompt cut off at every offset, and with a character lost."""

import json
from pathlib import Path

import pytest

from promptbits.checks.engine import check
from promptbits.checks.snapshot import Snapshot
from promptbits.language.actions import FIX_ALL, actions, edits_of
from promptbits.language.formatting import format_document
from promptbits.language.outline import Symbol, outline
from promptbits.prompts.root import Root
from promptbits.text.document import Document

ROOT = Root(Path("/project"))
PROMPT = json.dumps(
    {
        "id": "demo",
        "description": 'a "quoted" é 🚀',
        "trigger": {"Language": "Rust"},
        "category": "Testin",
        "content": "# One\n\n<<topik>> {{ x }} << who >>\n\n```py\ncode\n\n## Two\n\\<<no>>\u2028",
        "variables": {"topic": {"default": 3}, "who": {"enum": [1]}, "a.b": {}},
        "confidence": 1.5,
        "source": {"LLMGenerated": {"model": "m"}},
        "tags": ["a", "B c"],
        "version": "v2",
        "related": ["other"],
        "extra": [1, [2, {"x": None}]],
    },
    indent=2,
    ensure_ascii=False,
)


def snapshot(text: str) -> Snapshot:
    return Snapshot(Document.from_text(text), Path("/project/prompts/custom/demo.json"), ROOT)


def look_at(text: str) -> None:
    """Ask for everything, and hold what must hold of any answer."""
    shot = snapshot(text)
    findings = check(shot)
    for action in actions(shot, findings, 0, len(text), None) + actions(shot, findings, 0, len(text), [FIX_ALL]):
        for edit in edits_of(shot, action) if action.what != "off" else ():
            assert 0 <= edit.start <= edit.end <= len(text)
    assert shot.document.is_strict or format_document(shot) == ()
    for symbol in outline(shot, 5000).symbols:
        holds(symbol, 0, len(text))


def holds(symbol: Symbol, start: int, end: int) -> None:
    """Editors refuse an outline whose names stand outside of their entries, or entries outside of their holders."""
    assert symbol.name
    assert start <= symbol.range[0] <= symbol.selection[0] <= symbol.selection[1] <= symbol.range[1] <= end
    for child in symbol.children:
        holds(child, *symbol.range)


@pytest.mark.parametrize("part", range(8))
def test_cut_off_at_every_offset(part: int) -> None:
    for end in range(part, len(PROMPT) + 1, 8):
        look_at(PROMPT[:end])


@pytest.mark.parametrize("part", range(8))
def test_with_each_character_lost(part: int) -> None:
    for at in range(part, len(PROMPT), 8):
        look_at(PROMPT[:at] + PROMPT[at + 1 :])


@pytest.mark.parametrize(
    "text", ["", " ", "[]", "null", '"x"', "{", "}", "[" * 500, "\ufeff{}", "\0", '{"variables": 3}']
)
def test_odd_documents(text: str) -> None:
    look_at(text)
