"""Hover over the protocol: the right text for the right place, in the words and the encoding of the client."""

from pathlib import Path
from typing import Any

import pytest
from authoring import PUSH, Json, cut, prompt, session
from client import ResponseError

pytestmark = pytest.mark.asyncio

A = "prompts/custom/a.json"
MARKDOWN: Json = {"textDocument": {**PUSH["textDocument"], "hover": {"contentFormat": ["markdown", "plaintext"]}}}
TEXT = prompt(
    "a", content="🚀 <<topic>>\n\n# Head", variables={"topic": {"description": "What about", "default": "cats"}}
)


def position(text: str, what: str) -> Json:
    """Where a piece of the text starts, in UTF-16."""
    before = text[: text.index(what)]
    line = before.rpartition("\n")[2]
    return {"line": before.count("\n"), "character": len(line.encode("utf-16-le")) // 2}


async def hovered(author: Any, what: str, text: str = TEXT) -> Json | None:
    params = {"textDocument": {"uri": author.uri(A)}, "position": position(text, what)}
    return await author.client.request("textDocument/hover", params)


async def test_a_placeholder_shows_its_declaration(tmp_path: Path) -> None:
    async with session(tmp_path, MARKDOWN) as author:
        author.open(A, TEXT)
        found = await hovered(author, "<<topic>>")
        assert found is not None
        assert found["contents"]["kind"] == "markdown"
        assert "What about" in found["contents"]["value"]
        assert "cats" in found["contents"]["value"]
        assert cut(TEXT, found["range"]) == "<<topic>>"


async def test_a_client_without_markdown_gets_plain_text(tmp_path: Path) -> None:
    async with session(tmp_path) as author:
        author.open(A, TEXT)
        found = await hovered(author, "<<topic>>")
        assert found is not None
        assert found["contents"]["kind"] == "plaintext"
        assert "`" not in found["contents"]["value"]


async def test_a_key_shows_what_it_is_for_even_while_it_is_typed(tmp_path: Path) -> None:
    broken = TEXT.replace('"category": "Testing",', '"category": ')
    async with session(tmp_path, MARKDOWN) as author:
        author.open(A, broken)
        found = await hovered(author, '"category"', broken)
        assert found is not None
        assert "What sort of help" in found["contents"]["value"]


async def test_nothing_is_said_where_there_is_nothing(tmp_path: Path) -> None:
    async with session(tmp_path, MARKDOWN) as author:
        author.open(A, TEXT)
        assert await hovered(author, "{") is None
        params: Json = {"textDocument": {"uri": author.uri(A)}, "position": {"line": 10**6, "character": 10**6}}
        assert await author.client.request("textDocument/hover", params) is None
        author.open("package.json", "{}")
        params["textDocument"]["uri"] = author.uri("package.json")
        assert await author.client.request("textDocument/hover", params) is None


@pytest.mark.parametrize("position_", [None, 7, {}, {"line": "1", "character": 0}])
async def test_wrong_positions_are_refused(position_: Any, tmp_path: Path) -> None:
    async with session(tmp_path, MARKDOWN) as author:
        author.open(A, TEXT)
        params = {"textDocument": {"uri": author.uri(A)}, "position": position_}
        with pytest.raises(ResponseError) as caught:
            await author.client.request("textDocument/hover", params)
        assert caught.value.code == -32602
