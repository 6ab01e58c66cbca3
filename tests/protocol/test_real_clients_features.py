"""Every feature for the `initialize` requests of real clients: edits are applied in the client's own encoding."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from authoring import Json, prompt, session
from test_real_clients import EXPECTED, recorded

from promptbits.prompts.formatting import canonical
from promptbits.text.document import Document
from promptbits.text.lines import Encoding

pytestmark = [pytest.mark.asyncio, pytest.mark.parametrize("name", EXPECTED)]

A = "prompts/custom/a.json"
# One line, so that every column counts; characters of one to four bytes stand before everything.
TEXT = json.dumps(
    json.loads(
        prompt("a", description="é 漢 🚀", content="🚀 <<topik>>\n# Héad", variables={"topic": {}}, category="Testin")
    ),
    ensure_ascii=False,
)


class Editor:
    """A recorded client with one document open."""

    def __init__(self, author: Any, encoding: Encoding) -> None:
        self.author = author
        self.encoding: Encoding = encoding

    def position(self, text: str, what: str, after: int = 0) -> Json:
        line, character = Document.from_text(text).lines.position(text.index(what) + after, self.encoding)
        return {"line": line, "character": character}

    def applied(self, text: str, edits: list[Json]) -> str:
        lines = Document.from_text(text).lines
        spans = [
            (
                *(lines.offset(at["line"], at["character"], self.encoding) for at in each["range"].values()),
                each["newText"],
            )
            for each in edits
        ]
        for start, end, new in sorted(spans, reverse=True):
            text = text[:start] + new + text[end:]
        return text

    async def ask(self, method: str, **params: Any) -> Any:
        params["textDocument"] = {"uri": self.author.uri(A)}
        return await self.author.client.request(f"textDocument/{method}", params)


async def run(name: str, tmp_path: Path, body: Any) -> None:
    async with session(tmp_path, handshake=False, folders=None) as author:
        await author.client.request("initialize", recorded(name, tmp_path))
        author.client.notify("initialized", {})
        author.write("promptbits.toml", "")
        author.open(A, TEXT)
        await author.settled()
        await body(Editor(author, EXPECTED[name][1]))


async def test_completion(name: str, tmp_path: Path) -> None:
    async def body(editor: Editor) -> None:
        answer = await editor.ask("completion", position=editor.position(TEXT, "<<topik", after=5))
        [item] = [each for each in answer["items"] if each["label"] == "topic"]
        after = editor.applied(TEXT, [item["textEdit"], *item.get("additionalTextEdits", [])])
        assert after.count("<<topic>>") == 1
        json.loads(after)
        if item["insertTextFormat"] == 2:
            assert recorded(name, tmp_path)["capabilities"]["textDocument"]["completion"]["completionItem"][
                "snippetSupport"
            ]

    await run(name, tmp_path, body)


async def test_hover(name: str, tmp_path: Path) -> None:
    async def body(editor: Editor) -> None:
        found = await editor.ask("hover", position=editor.position(TEXT, "<<topik", after=3))
        start, end = found["range"]["start"], found["range"]["end"]
        lines = Document.from_text(TEXT).lines
        offsets = [lines.offset(at["line"], at["character"], editor.encoding) for at in (start, end)]
        assert TEXT[slice(*offsets)] == "<<topik>>"
        formats = recorded(name, tmp_path)["capabilities"]["textDocument"]["hover"]["contentFormat"]
        assert found["contents"]["kind"] in formats

    await run(name, tmp_path, body)


async def test_outline(name: str, tmp_path: Path) -> None:
    async def body(editor: Editor) -> None:
        symbols = await editor.ask("documentSymbol")
        support = recorded(name, tmp_path)["capabilities"]["textDocument"].get("documentSymbol", {})
        if support.get("hierarchicalDocumentSymbolSupport"):
            [content] = [each for each in symbols if each["name"] == "content"]
            assert [each["name"] for each in content["children"]] == ["Héad"]
        else:
            assert [each["name"] for each in symbols if each.get("containerName") == "content"] == ["Héad"]

    await run(name, tmp_path, body)


async def test_quick_fixes(name: str, tmp_path: Path) -> None:
    async def body(editor: Editor) -> None:
        at = editor.position(TEXT, "<<topik")
        actions = await editor.ask("codeAction", range={"start": at, "end": at}, context={"diagnostics": []})
        [action] = [each for each in actions if each["title"] == "Change to <<topic>>"]
        if "edit" not in action:
            action = await editor.author.client.request("codeAction/resolve", action)
        edit = action["edit"]
        edits = (
            edit["documentChanges"][0]["edits"] if "documentChanges" in edit else next(iter(edit["changes"].values()))
        )
        assert editor.applied(TEXT, edits) == TEXT.replace("topik", "topic")

    await run(name, tmp_path, body)


async def test_formatting(name: str, tmp_path: Path) -> None:
    async def body(editor: Editor) -> None:
        edits = await editor.ask("formatting", options={"tabSize": 2, "insertSpaces": True})
        assert editor.applied(TEXT, edits) == canonical(Document.from_text(TEXT))

    await run(name, tmp_path, body)
