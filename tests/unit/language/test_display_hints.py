"""Inlay hints: defaults behind placeholders, the estimate behind the key, and which of them are left out."""

from __future__ import annotations

import json
from typing import Any

import pytest

from promptbits.checks.snapshot import Snapshot
from promptbits.language.display.inlay_hints import FARTHEST, Hint, hints
from promptbits.language.hover.content import describe_content
from promptbits.text.document import Document


def shot(text: str) -> Snapshot:
    return Snapshot(Document.from_text(text))


def prompt(content: str, variables: dict[str, Any] | None = None) -> Snapshot:
    return shot(json.dumps({"content": content, "variables": variables or {}}, ensure_ascii=False))


def every(snapshot: Snapshot, farthest: int | None = FARTHEST) -> list[Hint]:
    return hints(snapshot, 0, len(snapshot.document.text), farthest)


def drawn(snapshot: Snapshot) -> str:
    """The text with its hints drawn into it, without the estimate."""
    text = snapshot.document.text
    for hint in reversed([each for each in every(snapshot) if each.kind == "default"]):
        text = f"{text[: hint.offset]}[{hint.label}]{text[hint.offset :]}"
    return json.loads(text)["content"]


def test_the_default_stands_behind_each_use() -> None:
    found = prompt("<<a>> {{ a }} <<b>> <<c>> é\n<<a>>", {"a": {"default": "app"}, "b": {}, "d": {"default": 1}})
    assert drawn(found) == "<<a>>[ = app] {{ a }}[ = app] <<b>> <<c>> é\n<<a>>[ = app]"


@pytest.mark.parametrize(
    ("default", "label"),
    [
        ("", ' = ""'),
        (3, " = 3"),
        (2.50, " = 2.5"),
        (True, " = true"),
        (None, " = null"),
        (["a", "é"], ' = ["a", "é"]'),
        ("two\nlines\there", " = two\\nlines\\there"),
        ("x" * 20, " = " + "x" * 20),
        ("x" * 21, " = " + "x" * 19 + "…"),
        ("\u202e\ud800", " = \\u202e\\ud800"),
    ],
)
def test_the_label_is_short_and_on_one_line(default: Any, label: str) -> None:
    snapshot = shot(json.dumps({"content": "<<a>>", "variables": {"a": {"default": default}}}))
    (hint,) = [each for each in every(snapshot) if each.kind == "default"]
    assert hint.label == label


def test_the_tooltip_says_what_the_variable_is() -> None:
    spec = {"type": "string", "description": "Where [routes](x) lie", "default": "app\n" * 20}
    (hint,) = [each for each in every(prompt("<<a>>", {"a": spec})) if each.kind == "default"]
    assert hint.tooltip.startswith("Variable `a` · `string`\n\nWhere `[routes](x)` lie\n\nDefault: `app\\napp")


def test_only_in_the_range_asked_for() -> None:
    snapshot = prompt("<<a>> <<a>> <<a>>", {"a": {"default": 1}})
    places = [each.offset for each in every(snapshot) if each.kind == "default"]
    assert [each.offset for each in hints(snapshot, places[1], places[1])] == [places[1]]
    assert [each.offset for each in hints(snapshot, places[0] + 1, places[2] - 1)] == [places[1]]
    assert hints(snapshot, places[2] + 1, len(snapshot.document.text)) == []


def test_none_far_out_on_a_line_but_in_a_view_with_lines_of_its_own() -> None:
    snapshot = prompt("<<a>>" + " " * FARTHEST + "<<a>>", {"a": {"default": 1}})
    assert [each.kind for each in every(snapshot)] == ["tokens", "default"]
    assert [each.kind for each in every(snapshot, None)] == ["tokens", "default", "default"]
    assert every(snapshot, 0) == []


def test_tokens_are_an_estimate_and_the_one_of_the_hover() -> None:
    snapshot = prompt("x" * 1_402)
    (hint,) = every(snapshot)
    text = snapshot.document.text
    assert text[: hint.offset].endswith('"content"')
    assert hint.label == " ≈ 350 tokens"
    assert "estimate" in hint.tooltip
    assert "1,402 characters" in hint.tooltip
    assert "about 350, an estimate" in describe_content(snapshot)[0]
    assert every(prompt("x"))[0].label == " ≈ 1 token"
    assert every(prompt("x" * 123_456))[0].label == " ≈ 31,000 tokens"


@pytest.mark.parametrize(
    "text", ['{"content": "abc', '{"content": "a" b"}', '{"content": ""}', '{"content": 3}', "{}", ""]
)
def test_no_estimate_of_what_is_not_there_or_cannot_be_read(text: str) -> None:
    assert every(shot(text)) == []


def test_defaults_while_the_json_is_broken() -> None:
    snapshot = shot('{"variables": {"a": {"default": "b"}, "c": {"default": }}, "content": "<<a>> <<c>>')
    assert [(each.offset, each.label) for each in every(snapshot)] == [(snapshot.document.text.index(" <<c"), " = b")]
