"""Completion at every offset of a prompt, whole and cut off at every offset."""

import json
from typing import Any

from caret import ROOT, applied, at_caret, holds, library

from promptbits.checks.snapshot import Snapshot
from promptbits.language.completion import complete, documentation
from promptbits.text.document import Document

PROMPT: dict[str, Any] = {
    "$schema": "promptbit.schema.json",
    "id": "code-review",
    "description": 'Says "no" 😀',
    "trigger": {"Language": "Rust"},
    "category": "Testing",
    "content": "# Title\n\n<<who.is>> {{ it }} ${{ x }} \\<<y>>\n```\n{{z}}\n```\n" + "“Text” \\ \u2028 é. " * 20,
    "variables": {
        "who.is": {"description": "Who", "type": "array", "default": ["a"], "enum": [["a"], ["b"]]},
        "it": {"type": "boolean", "required": False, "examples": [True]},
    },
    "confidence": 0.5,
    "source": {"LLMGenerated": {"model": "m", "timestamp": "2025-01-01T00:00:00Z"}},
    "tags": ["a", "b"],
    "revision": 1,
    "related": ["x"],
    "model": {"name": "m"},
}
TEXT = (
    json.dumps(PROMPT, indent=2, ensure_ascii=False).replace("<<who", "\\u003c\\u003cwho").replace("\n  ", "\r\n  ", 3)
)
WORDS = library({"x": PROMPT | {"id": "x"}, "y": {"tags": ["$}\\", "c"], "trigger": {"Language": 'A"B'}}})


def try_at(text: str, offset: int) -> int:
    snapshot = Snapshot(Document.from_text(text), ROOT / "prompts/custom/code-review.json", library=WORDS)
    found = complete(snapshot, offset, snippets=True)
    for item in found.items:
        holds(item, text, offset)
        documentation(snapshot, item.key)
    return len(found.items)


def test_every_offset_of_a_whole_prompt_answers() -> None:
    assert sum(try_at(TEXT, offset) > 0 for offset in range(-1, len(TEXT) + 2)) > 100


def test_every_truncation_answers_at_its_end_and_in_its_middle() -> None:
    assert sum(try_at(TEXT[:cut], cut) > 0 for cut in range(len(TEXT) + 1)) > 100
    for cut in range(0, len(TEXT), 7):
        for offset in range(0, cut, 13):
            try_at(TEXT[:cut], offset)


def test_what_is_accepted_in_valid_json_leaves_valid_json() -> None:
    accepted = 0
    for offset in range(len(TEXT)):
        snapshot, _ = at_caret(TEXT[:offset].replace("|", "") + "|" + TEXT[offset:], WORDS)
        for item in complete(snapshot, offset, snippets=False).items:
            json.loads(applied(item, TEXT))
            accepted += 1
    assert accepted > 1000


def test_strange_documents_answer() -> None:
    for text in (
        "[[[[",
        "}}}]]]",
        ",:,:",
        '{"a":{"b":[{"c":"',
        "{" * 250,
        '["' * 60,
        "\ufeff{\u00a0'",
        '{"content": {"<<',
        "\r\r",
    ):
        for offset in range(len(text) + 1):
            try_at(text, offset)


def test_hostile_documents_cost_no_more_than_their_length() -> None:
    # Each of these takes minutes where a step looks back over all that came before.
    size = 100_000
    for text in (
        "[" * size,
        "[" * size + "}" * size,
        '{"a":' * size,
        '{"a": 1' + " x" * size,
        '{"a":1,' * size,
        "{" + '"a":1,' * size + '"content": "x", ',
        '{"content": "' + "<<{{" * size,
        '{"tags": [' + '"a",' * size,
        "//\n" * size,
        '{"a"' + "\n" * size,
    ):
        try_at(text, len(text))
