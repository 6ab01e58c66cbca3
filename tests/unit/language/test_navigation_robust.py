"""Navigation answers at every offset of whatever is there, and with ranges that lie in their documents."""

from __future__ import annotations

import json

import pytest
from navigation_helpers import Workspace

from promptbits.language.navigation.definition import definition
from promptbits.language.navigation.highlights import highlights
from promptbits.language.navigation.lineage import lineage_item, subtypes, supertypes
from promptbits.language.navigation.references import references
from promptbits.language.navigation.symbols import search

PROMPT = json.dumps(
    {
        "id": "demo",
        "description": 'a "quoted" é 🚀',
        "content": "# One\n\n<<topic>> {{ who }} << who >> <<a.b>>\n\n```py\n<<topic>>\n\n\\<<no>>\u2028\ud83d\ude80",
        "variables": {"topic": {"default": 3}, "who": {"enum": [1]}, "a.b": {}},
        "tags": ["a", "B c", 3],
        "parent": "base",
        "related": ["other", "demo", "", None],
    },
    indent=2,
)
FILES = {
    "custom/base": '{"id": "base", "related": ["demo", "other"',
    "learned/demo": {"id": "demo", "parent": "base", "tags": ["a"]},
    "custom/other": "[]",
}


def ask(text: str, step: int) -> int:
    workspace = Workspace(FILES)
    answers = 0
    snapshot, _ = workspace.opened("custom/demo", f"{text}|")
    for offset in range(0, len(text) + 2, step):
        places = references(snapshot, offset, workspace.read, True)
        for place in (*places, *definition(snapshot, offset, workspace.read)):
            document = workspace.documents[place.path] if place.path else snapshot.document
            assert 0 <= place.start < place.end <= len(document.text)
        lit = highlights(snapshot, offset)
        assert not lit or any(each.start - 3 <= offset <= each.end + 3 for each in lit)
        item = lineage_item(snapshot, offset)
        if item:
            supertypes(snapshot.library, item)
            subtypes(snapshot.library, item)
        answers += len(places) + len(lit)
    search(snapshot.library, text[:20])
    return answers


def test_every_offset() -> None:
    assert ask(PROMPT, 1) > 100


def test_cut_off() -> None:
    assert sum(ask(PROMPT[:end], 17) for end in range(0, len(PROMPT), 5)) > 100


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "[]",
        "null",
        '"x"',
        "{",
        "}",
        '{"id": 3, "tags": {}, "related": "x", "variables": []}',
        '{"id": "',
        "\ufeff{}",
    ],
)
def test_odd_documents(text: str) -> None:
    ask(text, 1)
