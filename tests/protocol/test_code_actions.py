"""Formatting, outline and code actions over the protocol: edits are applied, and documents compared."""

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
from authoring import PUSH, Json, prompt, session
from client import ResponseError

from promptbits.prompts.formatting import canonical
from promptbits.text.document import Document

pytestmark = pytest.mark.asyncio

A = "prompts/custom/a.json"
TOML = "promptbits.toml"
ACTIONS = {
    "codeActionLiteralSupport": {"codeActionKind": {"valueSet": ["quickfix"]}},
}
LAZY = ACTIONS | {"dataSupport": True, "resolveSupport": {"properties": ["edit"]}}
WORKSPACE = {"workspaceEdit": {"documentChanges": True, "resourceOperations": ["create"]}}


def client_of(actions: Json, workspace: Json | None = None, **text_document: Any) -> Json:
    return {
        "textDocument": {**PUSH["textDocument"], "codeAction": actions, **text_document},
        "workspace": workspace if workspace is not None else WORKSPACE,
    }


def applied(text: str, edits: list[Json]) -> str:
    """The text with protocol edits applied, last first, as editors do."""
    document = Document.from_text(text)
    spans = []
    for edit in edits:
        start, end = (edit["range"][name] for name in ("start", "end"))
        first, last = (document.lines.offset(at["line"], at["character"], "utf-16") for at in (start, end))
        spans.append((first, last, edit["newText"]))
    for first, last, new in sorted(spans, reverse=True):
        text = text[:first] + new + text[last:]
    return text


EVERYTHING = {"start": {"line": 0, "character": 0}, "end": {"line": 2**31 - 1, "character": 0}}


async def asked(author: Any, name: str = A, only: list[str] | None = None, span: Json = EVERYTHING) -> list[Json]:
    context: Json = {"diagnostics": []} | ({} if only is None else {"only": only})
    params = {"textDocument": {"uri": author.uri(name)}, "range": span, "context": context}
    found = await author.client.request("textDocument/codeAction", params)
    # Without those that ask for better versions, which change nothing by themselves.
    return found and [each for each in found if not each["kind"].startswith("refactor.rewrite.promptbits")]


def titled(actions: list[Json], title: str) -> Json:
    [found] = [action for action in actions if action["title"] == title]
    return found


MISTYPED = prompt("a", category="Testin", content="🚀 <<topik>>", variables={"topic": {}})


@pytest.mark.parametrize("capabilities", [client_of(LAZY), client_of(ACTIONS), client_of(ACTIONS, {})])
async def test_a_quick_fix_mends_what_it_names(capabilities: Json, tmp_path: Path) -> None:
    async with session(tmp_path, capabilities) as author:
        author.open(A, MISTYPED, version=4)
        action = titled(await asked(author), "Change to <<topic>>")
        assert (action["kind"], action["isPreferred"]) == ("quickfix", True)
        assert [each["code"] for each in action["diagnostics"]] == ["undeclared-variable"]
        if capabilities["textDocument"]["codeAction"] is LAZY:
            assert "edit" not in action
            assert "topik" not in json.dumps(action["data"]), "data holds ids, never text"
            action = await author.client.request("codeAction/resolve", action)
        edit = action["edit"]
        if capabilities["workspace"]:
            [change] = edit["documentChanges"]
            assert change["textDocument"] == {"uri": author.uri(A), "version": 4}
            edits = change["edits"]
        else:
            edits = edit["changes"][author.uri(A)]
        assert applied(MISTYPED, edits) == MISTYPED.replace("topik", "topic")


async def test_actions_are_for_the_range_that_is_asked_about(tmp_path: Path) -> None:
    async with session(tmp_path, client_of(LAZY)) as author:
        author.open(A, MISTYPED)
        line = MISTYPED.split("\n").index('  "category": "Testin",')
        at = {"line": line, "character": 16}
        titles = [action["title"] for action in await asked(author, span={"start": at, "end": at})]
        assert titles == ['Change to "Testing"', "Turn off invalid-value for a.json"]
        first = {"line": 0, "character": 0}
        assert await asked(author, span={"start": first, "end": first}) == []


async def test_an_action_for_another_version_is_refused_as_modified(tmp_path: Path) -> None:
    async with session(tmp_path, client_of(LAZY)) as author:
        author.open(A, MISTYPED)
        action = titled(await asked(author), "Change to <<topic>>")
        author.type(A, 2, "x", (0, 0, 0, 0))
        with pytest.raises(ResponseError) as caught:
            await author.client.request("codeAction/resolve", action)
        assert caught.value.code == -32801


@pytest.mark.parametrize("data", [None, 7, [], ["a", 1, "fix", 0], ["a", "b", "c", "d", "e"], [None] * 5])
async def test_an_action_that_is_not_ours_is_refused(data: Any, tmp_path: Path) -> None:
    async with session(tmp_path, client_of(LAZY)) as author:
        with pytest.raises(ResponseError) as caught:
            await author.client.request("codeAction/resolve", {"title": "x", "data": data})
        assert caught.value.code in (-32602, -32801)


async def test_everything_is_mended_on_saving_but_what_was_just_declared(tmp_path: Path) -> None:
    text = prompt("a", category="Testin", content="<<topik>>", variables={"topic": {}, "next": {}}, version="v3")
    async with session(tmp_path, client_of(LAZY)) as author:
        author.open(A, text)
        assert "source.fixAll.promptbits" not in [each["kind"] for each in await asked(author)]
        for only in (["source.fixAll.promptbits"], ["source.fixAll"], ["source"]):
            [action] = await asked(author, only=only)
            resolved = await author.client.request("codeAction/resolve", action)
            edits = resolved["edit"]["documentChanges"][0]["edits"]
            mended = json.loads(applied(text, edits))
            assert (mended["category"], mended["content"], mended["version"]) == ("Testing", "<<topic>>", "3")
            assert set(mended["variables"]) == {"topic", "next"}
        author.type(A, 2, prompt("a"))
        assert await asked(author, only=["source.fixAll"]) == []
        assert await asked(author, only=["refactor"]) == []


@pytest.mark.parametrize("before", [None, 'roots = ["prompts"]\n'])
async def test_a_check_is_turned_off_for_the_file(before: str | None, tmp_path: Path) -> None:
    async with session(tmp_path, client_of(LAZY)) as author:
        if before is not None:
            author.write(TOML, before)
        author.open(A, MISTYPED)
        action = titled(await asked(author), "Turn off undeclared-variable for a.json")
        changes = (await author.client.request("codeAction/resolve", action))["edit"]["documentChanges"]
        if before is None:
            assert changes[0] == {"kind": "create", "uri": author.uri(TOML)}
        assert changes[-1]["textDocument"]["uri"] == author.uri(TOML)
        settings = applied(before or "", changes[-1]["edits"])
        assert settings.startswith(before or "")
        [override] = tomllib.loads(settings)["overrides"]
        assert override == {"files": ["/prompts/custom/a.json"], "checks": {"undeclared-variable": "off"}}
        author.write(TOML, settings)
        author.touched((TOML, 1))
        await author.published(A, "invalid-value")


async def test_settings_are_created_by_a_client_that_lists_the_creation_alone(tmp_path: Path) -> None:
    # As Neovim: it takes documentChanges, and does not say so.
    async with session(tmp_path, client_of(LAZY, {"workspaceEdit": {"resourceOperations": ["create"]}})) as author:
        author.open(A, MISTYPED)
        action = titled(await asked(author), "Turn off undeclared-variable for a.json")
        changes = (await author.client.request("codeAction/resolve", action))["edit"]["documentChanges"]
        assert changes[0] == {"kind": "create", "uri": author.uri(TOML)}
        assert "overrides" in tomllib.loads(applied("", changes[1]["edits"]))


@pytest.mark.parametrize("actions", [ACTIONS, LAZY])
async def test_settings_that_cannot_be_created_are_not_offered(actions: Json, tmp_path: Path) -> None:
    async with session(tmp_path, client_of(actions, {})) as author:
        author.open(A, MISTYPED)
        assert not [each for each in await asked(author) if each["title"].startswith("Turn off")]


async def test_formatting_gives_the_canonical_bytes_and_touches_only_what_changes(tmp_path: Path) -> None:
    text = prompt("a", content="é 🚀 \u2028").replace('"confidence": 0.5,', '"confidence" : 5e-1 ,').rstrip("\n")
    async with session(tmp_path) as author:
        author.open(A, text)
        params = {"textDocument": {"uri": author.uri(A)}, "options": {"tabSize": 4, "insertSpaces": True}}
        edits = await author.client.request("textDocument/formatting", params)
        assert applied(text, edits) == canonical(Document.from_text(text))
        assert not any("content" in each["newText"] for each in edits)
        author.type(A, 2, canonical(Document.from_text(text)))
        assert await author.client.request("textDocument/formatting", params) == []
        author.type(A, 3, text + "}")
        assert await author.client.request("textDocument/formatting", params) == []


async def test_the_outline_holds_fields_variables_and_headings(tmp_path: Path) -> None:
    text = prompt(
        "a", content="# One 🚀\n\ntext\n\n## Two\n\n```\n# code\n```\n\n# Three", variables={"x": {"type": "array"}}
    )
    tree = {"documentSymbol": {"hierarchicalDocumentSymbolSupport": True}}
    async with session(tmp_path, {"textDocument": {**PUSH["textDocument"], **tree}}) as author:
        author.open(A, text)
        params = {"textDocument": {"uri": author.uri(A)}}
        symbols = await author.client.request("textDocument/documentSymbol", params)
        assert [each["name"] for each in symbols] == list(json.loads(text))
        by_name = {each["name"]: each for each in symbols}
        headings = by_name["content"]["children"]
        assert [(each["name"], [child["name"] for child in each.get("children", [])]) for each in headings] == [
            ("One 🚀", ["Two"]),
            ("Three", []),
        ]
        assert [(each["name"], each["detail"]) for each in by_name["variables"]["children"]] == [("x", "array")]
        line = text.split("\n")[headings[0]["selectionRange"]["start"]["line"]].encode("utf-16-le")
        start, end = (headings[0]["selectionRange"][name]["character"] for name in ("start", "end"))
        assert line[2 * start : 2 * end].decode("utf-16-le") == "# One 🚀"


@pytest.mark.parametrize("value", ["true", "null", "nul", "", "-", "'x'", "[", "{"])
async def test_an_outline_of_any_value(value: str, tmp_path: Path) -> None:
    async with session(tmp_path) as author:
        author.open(A, f'{{"id": "a", "x": {value}')
        symbols = await author.client.request("textDocument/documentSymbol", {"textDocument": {"uri": author.uri(A)}})
        assert [each["name"] for each in symbols] == ["id", "x"]


async def test_an_outline_without_branches_for_clients_that_show_none(tmp_path: Path) -> None:
    async with session(tmp_path) as author:
        author.open(A, prompt("a", content="# One\n## Two"))
        symbols = await author.client.request("textDocument/documentSymbol", {"textDocument": {"uri": author.uri(A)}})
        assert [(each["name"], each["containerName"]) for each in symbols if "containerName" in each] == [
            ("One", "content"),
            ("Two", "One"),
        ]


@pytest.mark.parametrize("method", ["formatting", "documentSymbol", "codeAction"])
async def test_other_documents_are_left_alone(method: str, tmp_path: Path) -> None:
    async with session(tmp_path, client_of(LAZY)) as author:
        author.open("package.json", "{")
        params: Json = {"textDocument": {"uri": author.uri("package.json")}, "range": EVERYTHING, "context": {}}
        assert await author.client.request(f"textDocument/{method}", params) is None
        with pytest.raises(ResponseError) as caught:
            await author.client.request(f"textDocument/{method}", {"textDocument": 1})
        assert caught.value.code == -32602


async def test_a_long_outline_is_cut_and_said_to_be(tmp_path: Path) -> None:
    tree = {"documentSymbol": {"hierarchicalDocumentSymbolSupport": True}}
    capabilities = {"textDocument": {**PUSH["textDocument"], **tree}}
    async with session(tmp_path, capabilities, initializationOptions={"maxItems": 20}) as author:
        author.open(A, prompt("a", content="# Head\n\n" * 30))
        params = {"textDocument": {"uri": author.uri(A)}}
        for _ in range(2):
            symbols = await author.client.request("textDocument/documentSymbol", params)
        [content] = [each for each in symbols if each["name"] == "content"]
        assert len(content["children"]) == 20
        [notice] = author.warnings()
        assert "a.json: the outline shows only the first 20 entries" in notice
