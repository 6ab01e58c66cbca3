"""Completion over the protocol: the chosen item is applied as editors do, and documents are compared."""

import json
from pathlib import Path
from typing import Any

import pytest
from authoring import PUSH, Json, prompt, session
from client import ResponseError

from promptbits.text.document import Document

pytestmark = pytest.mark.asyncio

A, B = "prompts/custom/a.json", "prompts/custom/b.json"
ITEM = {
    "snippetSupport": True,
    "documentationFormat": ["markdown"],
    "resolveSupport": {"properties": ["documentation"]},
}
RICH: Json = {"textDocument": {**PUSH["textDocument"], "completion": {"completionItem": ITEM}}}


def at(text: str) -> tuple[str, Json]:
    """The text without its caret `|`, and where that stood, in UTF-16."""
    before, _, after = text.partition("|")
    line = before.rpartition("\n")[2]
    return before + after, {"line": before.count("\n"), "character": len(line.encode("utf-16-le")) // 2}


async def offered(author: Any, marked: str, version: int = 1) -> tuple[str, Json]:
    text, position = at(marked)
    author.open(A, text, version=version)
    params = {"textDocument": {"uri": author.uri(A)}, "position": position}
    return text, await author.client.request("textDocument/completion", params)


def accept(text: str, item: Json) -> str:
    """The text with an item applied: its own edit and what comes with it."""
    document = Document.from_text(text)

    def offset(place: Json) -> int:
        return document.lines.offset(place["line"], place["character"], "utf-16")

    edits = [item["textEdit"], *item.get("additionalTextEdits", [])]
    spans = [(offset(each["range"]["start"]), offset(each["range"]["end"]), each["newText"]) for each in edits]
    for start, end, new in sorted(spans, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def labelled(answer: Json, label: str) -> Json:
    [found] = [each for each in answer["items"] if each["label"] == label]
    return found


async def test_a_variable_is_completed_and_closed_after_an_emoji(tmp_path: Path) -> None:
    marked = prompt("a", content="🚀 <<to|", variables={"topic": {"description": "What about"}})
    async with session(tmp_path) as author:
        text, answer = await offered(author, marked)
        item = labelled(answer, "topic")
        assert item["insertTextFormat"] == 1
        assert json.loads(accept(text, item))["content"] == "🚀 <<topic>>"


async def test_an_enumerated_value_replaces_what_was_typed(tmp_path: Path) -> None:
    async with session(tmp_path) as author:
        text, answer = await offered(author, prompt("a").replace('"Testing"', '"Te|"'))
        assert accept(text, labelled(answer, "Testing")) == prompt("a")


async def test_snippets_only_where_the_client_has_them(tmp_path: Path) -> None:
    marked = prompt("a").replace('"category": "Testing",', '"|')
    async with session(tmp_path / "one", RICH) as author:
        _, answer = await offered(author, marked)
        assert labelled(answer, "category")["insertTextFormat"] == 2
    async with session(tmp_path / "two") as author:
        _, answer = await offered(author, marked)
        assert {each["insertTextFormat"] for each in answer["items"]} == {1}
        assert not any("$" in each["textEdit"]["newText"] for each in answer["items"] if each["label"] != "$schema")


async def test_documentation_comes_when_an_item_is_looked_at(tmp_path: Path) -> None:
    async with session(tmp_path, RICH) as author:
        _, answer = await offered(author, prompt("a").replace('"category": "Testing",', '"|'))
        item = labelled(answer, "category")
        assert "documentation" not in item
        resolved = await author.client.request("completionItem/resolve", item)
        assert resolved["documentation"]["kind"] == "markdown"
        assert "What sort of help" in resolved["documentation"]["value"]
        assert {**resolved, "documentation": None} == {**item, "documentation": None}


@pytest.mark.parametrize("data", [None, 7, [], ["x"], [1, 2], ["file:///x", "schema/nowhere"]])
async def test_items_that_are_not_ours_come_back_as_they_are(data: Any, tmp_path: Path) -> None:
    async with session(tmp_path, RICH) as author:
        item = {"label": "x", "data": data}
        assert await author.client.request("completionItem/resolve", item) == item
        with pytest.raises(ResponseError) as caught:
            await author.client.request("completionItem/resolve", [])
        assert caught.value.code == -32602


async def test_ids_of_the_library_are_offered_and_the_list_is_capped(tmp_path: Path) -> None:
    async with session(tmp_path) as author:
        for number in range(150):
            author.write(f"prompts/custom/p{number}.json", prompt(f"p{number}"))
        author.open(B, prompt("b"))
        await author.settled()
        text, answer = await offered(author, prompt("a", related=["|"]))
        assert answer["isIncomplete"]
        assert len(answer["items"]) == 100
        text, answer = await offered(author, prompt("a", related=["p14|"]), version=2)
        assert json.loads(accept(text, labelled(answer, "p149")))["related"] == ["p149"]


async def test_a_whole_prompt_in_an_empty_file(tmp_path: Path) -> None:
    async with session(tmp_path) as author:
        text, answer = await offered(author, "|")
        [item] = answer["items"]
        assert json.loads(accept(text, item))["id"] == "a"


async def test_other_documents_get_nothing(tmp_path: Path) -> None:
    async with session(tmp_path) as author:
        author.open("package.json", '{"')
        params = {"textDocument": {"uri": author.uri("package.json")}, "position": {"line": 0, "character": 2}}
        assert await author.client.request("textDocument/completion", params) is None
