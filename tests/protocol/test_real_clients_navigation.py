"""Ways through prompts, renaming, and what is drawn, for the `initialize` requests of real clients.

Each answer has the shape that the protocol declares, and each edit is applied in the client's own encoding.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from authoring import session
from editing import Editor, Json, apply, covered, position_of, prompt
from test_real_clients import EXPECTED, recorded

pytestmark = [pytest.mark.asyncio, pytest.mark.parametrize("name", EXPECTED)]

A, B, C = "prompts/custom/a.json", "prompts/custom/b.json", "prompts/learned/c.json"
CONTENT = "# 🚀 é\nSee [the notes](notes.md) and <<topic>>.\n\n## Part\n```\n<<topic>>\n```\n"
# One line, so that every column counts; characters of one to four bytes stand before everything.
ONE_LINE = json.dumps(
    json.loads(
        prompt("a", description="é 漢 🚀", content=CONTENT, variables={"topic": {"default": "é"}}, related=["b"])
    ),
    ensure_ascii=False,
)
TEXTS = {
    A: ONE_LINE + "\n",
    B: prompt("b", parent="a", related=["a"], revision=2, description="🚀"),
    C: prompt("c", parent="a", source="Learned", revision=3),
}


async def run(name: str, tmp_path: Path, body: Any) -> None:
    async with session(tmp_path, handshake=False, folders=None) as author:
        author.client.answers["window/showDocument"] = lambda _: {"success": True}
        author.client.answers["window/showMessageRequest"] = lambda asked: asked["actions"][0]
        author.write("promptbits.toml", "")
        for each, text in TEXTS.items():
            author.write(each, text)
        await author.client.request("initialize", recorded(name, tmp_path))
        author.client.notify("initialized", {})
        author.open(A, TEXTS[A])
        await author.session.library_read(author.uri(A))
        await author.read()
        await body(Editor(author, EXPECTED[name][1]), recorded(name, tmp_path)["capabilities"])


def saved(editor: Editor, edit: Json) -> None:
    apply(edit, {editor.author.uri(A): (1, TEXTS[A])}, editor.encoding)


async def test_going_to_places(name: str, tmp_path: Path) -> None:
    async def body(editor: Editor, _capabilities: Json) -> None:
        [found] = await editor.at("definition", A, "<<topic", after=4)
        assert covered(TEXTS[A], found["range"], editor.encoding) == "topic"
        uses = await editor.at("references", A, '"id": "a', after=7, context={"includeDeclaration": True})
        assert [place.split(":")[1] for _, place in editor.places(uses)] == ["a"] * 4
        lit = await editor.at("documentHighlight", A, "<<topic", after=4)
        assert [covered(TEXTS[A], each["range"], editor.encoding) for each in lit] == ["topic"] * 3

    await run(name, tmp_path, body)


async def test_symbols(name: str, tmp_path: Path) -> None:
    async def body(editor: Editor, capabilities: Json) -> None:
        found = await editor.request("workspace/symbol", {"query": "topic"})
        waits = "resolveSupport" in capabilities["workspace"].get("symbol", {})
        assert ("range" not in found[0]["location"]) == waits
        resolved = await editor.request("workspaceSymbol/resolve", found[0])
        assert covered(TEXTS[A], resolved["location"]["range"], editor.encoding) == "topic"

    await run(name, tmp_path, body)


async def test_lineage(name: str, tmp_path: Path) -> None:
    async def body(editor: Editor, _capabilities: Json) -> None:
        [item] = await editor.at("prepareTypeHierarchy", A, "{")
        below = await editor.request("typeHierarchy/subtypes", {"item": item})
        assert [each["name"] for each in below] == ["b", "c"]
        [above] = await editor.request("typeHierarchy/supertypes", {"item": below[0]})
        assert above["uri"] == editor.author.uri(A)

    await run(name, tmp_path, body)


async def test_renaming_a_variable(name: str, tmp_path: Path) -> None:
    async def body(editor: Editor, _capabilities: Json) -> None:
        found = await editor.at("prepareRename", A, "<<topic", after=4)
        assert covered(TEXTS[A], found["range"], editor.encoding) == "topic"
        saved(editor, await editor.at("rename", A, "<<topic", after=4, newName="theme"))
        assert editor.text(A) == TEXTS[A].replace("topic", "theme")
        linked = await editor.at("linkedEditingRange", A, "<<theme", after=4)
        assert [covered(TEXTS[A], each, editor.encoding) for each in linked["ranges"]] == ["topic"] * 3

    await run(name, tmp_path, body)


async def test_renaming_a_prompt(name: str, tmp_path: Path) -> None:
    async def body(editor: Editor, capabilities: Json) -> None:
        edit = await editor.at("rename", A, '"id": "a', after=7, newName="new")
        saved(editor, edit)
        support = capabilities["workspace"]["workspaceEdit"]
        renames = "rename" in support.get("resourceOperations", [])
        file = "prompts/custom/new.json" if renames else A
        assert editor.text(file) == TEXTS[A].replace('"id": "a"', '"id": "new"')
        assert editor.text(B) == TEXTS[B].replace('"a"', '"new"')
        assert editor.text(C) == TEXTS[C].replace('"a"', '"new"')
        asks = "changeAnnotationSupport" in support and support.get("documentChanges", False)
        assert ("changeAnnotations" in edit) == asks

    await run(name, tmp_path, body)


async def test_renaming_a_file(name: str, tmp_path: Path) -> None:
    async def body(editor: Editor, _capabilities: Json) -> None:
        files = [{"oldUri": editor.author.uri(B), "newUri": editor.author.uri("prompts/custom/new.json")}]
        saved(editor, await editor.request("workspace/willRenameFiles", {"files": files}))
        assert json.loads(editor.text(B))["id"] == "new"
        assert editor.text(A) == TEXTS[A].replace('["b"]', '["new"]')

    await run(name, tmp_path, body)


async def test_what_is_drawn(name: str, tmp_path: Path) -> None:
    async def body(editor: Editor, capabilities: Json) -> None:
        data = (await editor.ask("semanticTokens/full", A))["data"]
        lines, at, texts = TEXTS[A].split("\n"), 0, list[str]()
        for index in range(0, len(data), 5):
            assert data[index] == 0, "all on one line"
            at += data[index + 1]
            span = {"start": {"line": 0, "character": at}, "end": {"line": 0, "character": at + data[index + 2]}}
            texts.append(covered(lines[0], span, editor.encoding))
        assert texts.count("<<topic>>") == 2
        assert "# 🚀 é" in texts
        whole = {"start": {"line": 0, "character": 0}, "end": {"line": 9, "character": 0}}
        hints = await editor.ask("inlayHint", A, range=whole)
        behind = position_of(TEXTS[A], "<<topic>>", 9, editor.encoding)
        assert {"position": behind, "label": " = é"}.items() <= hints[1].items()
        lenses = await editor.ask("codeLens", A)
        assert [each["command"]["title"] for each in lenses] == ["2 prompts evolved from it"]
        shows = capabilities.get("window", {}).get("showDocument") is not None
        command = lenses[0]["command"]
        assert bool(command["command"]) == shows
        if shows:
            params = {"command": command["command"], "arguments": command["arguments"]}
            assert await editor.request("workspace/executeCommand", params) == {"uri": editor.author.uri(B)}

    await run(name, tmp_path, body)


async def test_structure(name: str, tmp_path: Path) -> None:
    async def body(editor: Editor, capabilities: Json) -> None:
        folds = await editor.ask("foldingRange", B)
        whole = capabilities["textDocument"].get("foldingRange", {}).get("lineFoldingOnly", False)
        assert folds
        assert all(("startCharacter" in each) != whole for each in folds)
        at = position_of(TEXTS[A], "<<topic", 4, editor.encoding)
        [grown] = await editor.ask("selectionRange", A, positions=[at])
        assert covered(TEXTS[A], grown["range"], editor.encoding) == "topic"
        assert covered(TEXTS[A], grown["parent"]["range"], editor.encoding) == "<<topic>>"
        editor.author.write("prompts/custom/notes.md", "notes")
        links = await editor.ask("documentLink", A)
        assert [covered(TEXTS[A], each["range"], editor.encoding) for each in links] == ["notes.md", "b"]
        resolved = [await editor.request("documentLink/resolve", each) for each in links]
        wanted = [editor.author.uri("prompts/custom/notes.md"), editor.author.uri(B)]
        assert [each["target"] for each in resolved] == wanted

    await run(name, tmp_path, body)


async def test_refactorings(name: str, tmp_path: Path) -> None:
    async def body(editor: Editor, capabilities: Json) -> None:
        at = position_of(TEXTS[A], "## Part", 1, editor.encoding)
        ask = {"range": {"start": at, "end": at}, "context": {"diagnostics": [], "only": ["refactor"]}}
        offered = await editor.ask("codeAction", A, **ask)
        offered = [each for each in offered if ".promptbits" not in each["kind"]]  # they change nothing by themselves
        creates = "create" in capabilities["workspace"]["workspaceEdit"].get("resourceOperations", [])
        assert [each["title"] for each in offered] == (['Move "Part" to a related prompt'] if creates else [])
        if creates:
            action = offered[0]
            if "edit" not in action:
                action = await editor.request("codeAction/resolve", action)
            saved(editor, action["edit"])
            assert json.loads(editor.text("prompts/custom/a-part.json"))["content"] == "## Part\n```\n<<topic>>\n```\n"
        at, end = (position_of(TEXTS[A], "notes]", after, editor.encoding) for after in (0, 5))
        ask = {"range": {"start": at, "end": end}, "context": {"diagnostics": []}}
        offered = await editor.ask("codeAction", A, **ask)
        assert "refactor.extract" in [each["kind"] for each in offered]

    await run(name, tmp_path, body)


async def test_half_typed_text_fails_nothing(name: str, tmp_path: Path) -> None:
    async def body(editor: Editor, _capabilities: Json) -> None:
        text = TEXTS[A]
        for version, end in enumerate([*range(1, len(text), 41), *range(len(text) - 4, len(text))], start=2):
            editor.author.type(A, version, text[:end])
            at = position_of(text, text[end - 1 : end], 0, editor.encoding)
            last = {"line": 0, "character": end}
            span = {"start": {"line": 0, "character": 0}, "end": last}
            await editor.ask("foldingRange", A)
            await editor.ask("documentLink", A)
            await editor.ask("semanticTokens/full", A)
            await editor.ask("codeLens", A)
            await editor.ask("inlayHint", A, range=span)
            await editor.ask("selectionRange", A, positions=[at, last])
            await editor.ask("codeAction", A, range=span, context={"diagnostics": []})
            for method in ("definition", "documentHighlight", "linkedEditingRange", "prepareTypeHierarchy"):
                await editor.ask(method, A, position=last)
            await editor.ask("references", A, position=last, context={"includeDeclaration": True})
            for method, more in (("prepareRename", {}), ("rename", {"newName": "x"})):
                params = {"textDocument": {"uri": editor.author.uri(A)}, "position": last, **more}
                number = editor.author.client.start_request(f"textDocument/{method}", params)
                answer = await editor.author.client.response(number)
                # Refused with a reason that the author reads, or answered.
                assert answer.get("error", {}).get("code", -32803) == -32803, answer

    await run(name, tmp_path, body)
