"""Semantic tokens and inlay hints over the protocol."""

from __future__ import annotations

import json
from pathlib import Path
from typing import get_args

import pytest
from authoring import PUSH, session, units
from editing import Editor, Json, prompt

from promptbits.lsp.requests.display import LEGEND
from promptbits.text.lines import Encoding

pytestmark = pytest.mark.asyncio

A, B, C = "prompts/custom/a.json", "prompts/custom/b.json", "prompts/learned/c.json"
SHOW = "window/showDocument"
CHOOSE = "window/showMessageRequest"
SHOWS: Json = {**PUSH, "window": {"showDocument": {"support": True}}}
CONTENT = "# 🚀 Héad <<x>>\n👩‍👧 `漢 code` and [ä](https://x.example/🚀) {{ x }}\n~~~py\n<<x>>\n~~~\n"
TEXT = prompt("a", content=CONTENT, variables={"x": {"default": "é"}})
EVERYTHING: Json = {"start": {"line": 0, "character": 0}, "end": {"line": 2**31 - 1, "character": 0}}


def decoded(text: str, data: list[int], encoding: Encoding) -> list[tuple[str, str]]:
    """The tokens of relative data as kind and text, found the slow and obvious way: by slicing bytes."""
    found: list[tuple[str, str]] = []
    width = {"utf-8": 1, "utf-16": 2, "utf-32": 4}[encoding]
    codec = encoding if width == 1 else f"{encoding}-le"
    rows = text.split("\n")
    line = start = 0
    assert len(data) % 5 == 0
    for at in range(0, len(data), 5):
        down, right, length, kind, modifiers = data[at : at + 5]
        assert (down, right, length) >= (0, 0, 0)
        line, start = (line + down, right) if down else (line, start + right)
        row = rows[line].encode(codec)
        assert (start + length) * width <= len(row), "a token stays on its line"
        found.append((LEGEND.token_types[kind], row[start * width : (start + length) * width].decode(codec)))
        assert modifiers == 0
    return found


@pytest.mark.parametrize("encoding", get_args(Encoding))
@pytest.mark.parametrize("one_line", [True, False])
async def test_tokens_cover_what_they_name(encoding: Encoding, one_line: bool, tmp_path: Path) -> None:
    text = json.dumps(json.loads(TEXT), ensure_ascii=False) if one_line else TEXT
    async with session(tmp_path, {**PUSH, "general": {"positionEncodings": [encoding]}}) as author:
        author.open(A, text)
        result = await Editor(author).ask("semanticTokens/full", A)
        assert decoded(text, result["data"], encoding) == [
            ("enumMember", "Custom"),
            ("keyword", "# 🚀 Héad "),
            ("parameter", "<<x>>"),
            ("macro", "`漢 code`"),
            ("namespace", "[ä](https://x.example/🚀)"),
            ("parameter", "{{ x }}"),
            ("decorator", "~~~py"),
            ("parameter", "<<x>>"),
            ("decorator", "~~~"),
        ]


@pytest.mark.parametrize("encoding", get_args(Encoding))
async def test_tokens_far_out_on_a_long_line_are_exact(encoding: Encoding, tmp_path: Path) -> None:
    text = prompt("a", content="🚀é <<x>> " * 3000, variables={"x": {}})
    async with session(tmp_path, {**PUSH, "general": {"positionEncodings": [encoding]}}) as author:
        author.open(A, text)
        result = await Editor(author).ask("semanticTokens/full", A)
        assert decoded(text, result["data"], encoding)[1:] == [("parameter", "<<x>>")] * 3000


# Hints.


@pytest.mark.parametrize("encoding", get_args(Encoding))
async def test_hints_stand_behind_what_they_explain(encoding: Encoding, tmp_path: Path) -> None:
    async with session(tmp_path, {**PUSH, "general": {"positionEncodings": [encoding]}}) as author:
        author.open(A, TEXT)
        hints = await Editor(author).ask("inlayHint", A, range=EVERYTHING)
        rows = TEXT.split("\n")
        found = []
        for hint in hints:
            row = rows[hint["position"]["line"]]
            before = next(
                end for end in range(len(row) + 1) if units(row[:end], encoding) == hint["position"]["character"]
            )
            found.append((row[:before].rpartition(" ")[2][-9:], hint["label"], hint["kind"]))
        assert found == [
            ('"content"', " ≈ 21 tokens", 1),
            ("<<x>>", " = é", 2),
            ("}}", " = é", 2),
            (found[3][0], " = é", 2),
        ]
        assert found[3][0].endswith("<<x>>")
        assert "estimate" in hints[0]["tooltip"]["value"]


async def test_only_the_hints_of_the_range_are_given(tmp_path: Path) -> None:
    async with session(tmp_path) as author:
        author.open(A, TEXT)
        editor = Editor(author)
        first = {"line": 0, "character": 0}
        assert await editor.ask("inlayHint", A, range={"start": first, "end": first}) == []
        line = next(number for number, row in enumerate(TEXT.split("\n")) if '"content"' in row)
        key = {"start": {"line": line, "character": 0}, "end": {"line": line, "character": 12}}
        assert [each["label"] for each in await editor.ask("inlayHint", A, range=key)] == [" ≈ 21 tokens"]


async def test_a_hint_too_far_out_to_be_drawn_is_not_given(tmp_path: Path) -> None:
    text = prompt("a", content="<<x>>" + "long " * 3000 + "<<x>>", variables={"x": {"default": 1}})
    async with session(tmp_path) as author:
        author.open(A, text)
        hints = await Editor(author).ask("inlayHint", A, range=EVERYTHING)
        assert [each["label"] for each in hints][1:] == [" = 1"]


@pytest.mark.parametrize("method", ["semanticTokens/full", "foldingRange", "documentLink"])
async def test_a_hover_does_not_wait_for_what_goes_through_a_long_prompt(method: str, tmp_path: Path) -> None:
    part = "## 🚀\nUse <<x>> and `code` at https://x.example/a.\n\n```\n<<x>>\n```\n"
    async with session(tmp_path) as author:
        author.open(A, prompt("a", content=part * 3000, variables={"x": {}}))
        document = {"textDocument": {"uri": author.uri(A)}}
        first = author.client.start_request(f"textDocument/{method}", document)
        second = author.client.start_request(
            "textDocument/hover", {**document, "position": {"line": 1, "character": 4}}
        )
        slow, hovered = await author.client.response(first), await author.client.response(second)
        assert author.client.received.index(hovered) < author.client.received.index(slow)
        assert slow["result"]
        assert hovered["result"]
