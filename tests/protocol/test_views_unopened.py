"""Views that were never opened, of files anywhere, and of files that are gone: an answer each time, and no toast."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from authoring import PULL, Json
from viewing import A, Editor, editing, said

pytestmark = pytest.mark.asyncio

CONTENT = "# Títle <<x>>\n\nSay <<x>> and <<y>> 🚀\n\n```\ncode\n```\nhttps://example.org\n"
TEXT = said(content=CONTENT, variables={"x": {"default": "d"}}, confidence=7)
CLIENT: Json = {
    "textDocument": {
        **PULL["textDocument"],
        "codeAction": {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": []}}},
    },
    "workspace": {**PULL["workspace"], "workspaceEdit": {"documentChanges": True}},
}
SPAN = {"start": {"line": 0, "character": 0}, "end": {"line": 9, "character": 0}}
AT: Json = {"position": {"line": 2, "character": 6}}
REQUESTS: dict[str, Json] = {
    "hover": AT,
    "completion": AT,
    "definition": AT,
    "references": {**AT, "context": {"includeDeclaration": True}},
    "documentHighlight": AT,
    "prepareRename": AT,
    "rename": {**AT, "newName": "z"},
    "linkedEditingRange": AT,
    "documentSymbol": {},
    "foldingRange": {},
    "selectionRange": {"positions": [AT["position"]]},
    "documentLink": {},
    "semanticTokens/full": {},
    "inlayHint": {"range": SPAN},
    "codeLens": {},
    "codeAction": {"range": SPAN, "context": {"diagnostics": []}},
    "formatting": {"options": {"tabSize": 2, "insertSpaces": True}},
    "prepareTypeHierarchy": AT,
    "diagnostic": {},
}
NOTHING = {"formatting", "codeLens"}  # the form of Markdown is nobody's business; this prompt has no lenses


async def answers(editor: Editor, uri: str) -> dict[str, Any]:
    asked = {method: params for method, params in REQUESTS.items() if uri != A or "ename" not in method}
    return {method: await editor.ask(method, uri, **params) for method, params in asked.items()}


def without_versions(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: without_versions(each) for key, each in value.items() if key != "version"}
    return [without_versions(each) for each in value] if isinstance(value, list) else value


@pytest.mark.parametrize("slashes", [1, 3])
@pytest.mark.parametrize("is_open", [True, False])
async def test_a_view_that_was_never_opened_answers_as_an_open_one(slashes: int, is_open: bool, tmp_path: Path) -> None:
    async with editing(tmp_path, TEXT if not is_open else said(), capabilities=CLIENT) as editor:
        if is_open:
            editor.open(A, TEXT)
        view = editor.view(A, slashes)
        assert (await editor.content(view))["text"] == CONTENT
        await editor.author.settled()
        unopened = await answers(editor, view)
        editor.open(view, CONTENT)
        opened = await answers(editor, view)
        assert without_versions(unopened) == without_versions(opened)
        for method, answer in unopened.items():
            assert bool(answer) == (method not in NOTHING), method
        assert [item["code"] for item in unopened["diagnostic"]["items"]] == ["undeclared-variable"]
        assert editor.cut(view, unopened["diagnostic"]["items"][0]["range"]) == "<<y>>"


async def test_a_file_that_was_never_opened_answers_too(tmp_path: Path) -> None:
    async with editing(tmp_path, TEXT, capabilities=CLIENT) as editor:
        await editor.content(A)
        await editor.author.settled()
        unopened = await answers(editor, A)
        editor.open(A, TEXT)
        assert without_versions(unopened) == without_versions(await answers(editor, A))
        assert [item["code"] for item in unopened["diagnostic"]["items"]] == ["undeclared-variable", "out-of-range"]


def nothing(answers: dict[str, Any]) -> bool:
    report = answers.pop("diagnostic")
    assert (report["kind"], report["items"]) == ("full", [])
    assert set(answers.values()) == {None}
    return True


async def test_a_view_of_a_file_that_is_gone_has_empty_answers(tmp_path: Path) -> None:
    async with editing(tmp_path, TEXT, capabilities=CLIENT) as editor:
        view, other = await editor.opened(), editor.view(A, 3)
        (editor.author.folder / A).unlink()
        editor.author.touched((A, 3))
        await editor.author.settled()
        assert nothing(await answers(editor, view))
        assert nothing(await answers(editor, other))
        assert nothing(await answers(editor, editor.view("prompts/custom/never.json")))
        editor.author.write(A, TEXT)
        editor.author.touched((A, 1))
        await editor.author.settled()
        assert (await editor.author.pull(view))["items"]


async def test_a_view_of_an_open_file_that_was_deleted_has_empty_answers_until_it_is_saved(tmp_path: Path) -> None:
    async with editing(tmp_path, TEXT, capabilities=CLIENT) as editor:
        view = await editor.opened()
        editor.open(A, TEXT)
        (editor.author.folder / A).unlink()
        editor.author.touched((A, 3))
        await editor.author.settled()
        assert nothing(await answers(editor, A))
        assert nothing(await answers(editor, view))
        # What the author typed is not lost for that: it can still be read and put back into the open document.
        answer = await editor.content(view)
        assert (await editor.set(view, answer["version"], "kept"))["text"] == "kept"
        editor.author.client.notify("textDocument/didSave", {"textDocument": {"uri": editor.author.uri(A)}})
        assert (await editor.author.pull(view))["items"]


@pytest.mark.parametrize(
    "text",
    [
        TEXT.replace("Say", "\\q"),
        TEXT.replace("Say", "\\ud800"),
        TEXT.replace("Say", "\\u0000"),
        said(content=None),
        said(content=7),
        "",
        "[",
    ],
)
async def test_a_view_of_content_that_cannot_be_shown_has_empty_answers(text: str, tmp_path: Path) -> None:
    async with editing(tmp_path, text, capabilities=CLIENT) as editor:
        view = editor.open(editor.view(), CONTENT)
        assert nothing(await answers(editor, view))
        assert nothing(await answers(editor, editor.view(A, 3)))


@pytest.mark.parametrize("typed", ["a\0 <<x>>", "\ud800 <<x>>"])
async def test_a_view_that_holds_what_no_content_can_has_empty_answers(typed: str, tmp_path: Path) -> None:
    async with editing(tmp_path, TEXT, capabilities=CLIENT) as editor:
        view = await editor.opened()
        editor.type(view, typed)
        assert nothing(await answers(editor, view))
        editor.type(view, "<<x>>")
        assert await editor.ask("hover", view, position={"line": 0, "character": 3})


@pytest.mark.parametrize("name", ["x.prompt.json", "any.json"])
async def test_a_view_of_a_file_outside_of_every_root(name: str, tmp_path: Path) -> None:
    async with editing(tmp_path, capabilities=CLIENT) as editor:
        path = tmp_path / "far away" / name
        path.parent.mkdir()
        text = TEXT.replace("{", '{"$schema": "https://example.org/promptbit.schema.json",', 1)
        path.write_text(text.replace('"id": "a"', f'"id": "{name.partition(".")[0]}"'), "utf-8")
        view = editor.open(f"promptbits-content://{path}.md".replace(" ", "%20"), CONTENT)
        found = await answers(editor, view)
        assert [item["code"] for item in found["diagnostic"]["items"]] == ["undeclared-variable"]
        [definition] = found["definition"]
        assert definition["uri"] == path.as_uri()
        assert (await editor.content(view))["text"] == CONTENT


async def test_positions_far_outside_of_a_view_are_clamped(tmp_path: Path) -> None:
    async with editing(tmp_path, TEXT, capabilities=CLIENT) as editor:
        view = await editor.opened()
        for line, character in ((-1, -1), (2**31 - 1, 2**31 - 1), (0, 10_000), (10_000, 0)):
            at = {"line": line, "character": character}
            for method, params in REQUESTS.items():
                if "position" in params and method not in ("rename", "prepareRename"):
                    await editor.ask(method, view, **{**params, "position": at})
            assert (await editor.mapped(view, at))["positions"][0]
            assert len((await editor.mapped(A, at))["positions"]) == 1


@pytest.mark.parametrize("content", ["", "\n", "\r", "\r\n", "x", "<<", "\ufeff# x <<y>>", "\u2028<<x>>"])
async def test_odd_contents_have_answers(content: str, tmp_path: Path) -> None:
    async with editing(tmp_path, said(content=content), capabilities=CLIENT) as editor:
        view = await editor.opened()
        for number in range(3):
            for character in range(len(content) + 2):
                at = {"line": number, "character": character}
                for method, params in REQUESTS.items():
                    if "position" in params and method != "rename":
                        await editor.ask(method, view, **{**params, "position": at})
        assert (await editor.author.pull(view))["kind"] == "full"
