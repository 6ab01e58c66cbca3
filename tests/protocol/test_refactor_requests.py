"""Refactorings over the protocol, lazy and eager: edits are applied to files on disk, and prompts compared."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from authoring import PUSH, codes, session
from editing import CONTENT_MODIFIED, INVALID_PARAMS, Editor, Json, apply, position_of, prompt, refusal

pytestmark = pytest.mark.asyncio

A = "prompts/custom/a.json"
CONTENT = "# Tests 🚀\nUse vitest and <<tool>>, {{ tool }}.\nRun vitest.\n\n## The läst part\nWith {{ mood }}.\n"
TEXT = prompt("a", content=CONTENT, variables={"tool": {"default": "uv"}, "mood": {}}, tags=["t"])
LITERALS = {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": ["quickfix", "refactor"]}}}
LAZY = LITERALS | {"dataSupport": True, "resolveSupport": {"properties": ["edit"]}}
CREATES = {"documentChanges": True, "resourceOperations": ["create"]}
ANNOTATES = CREATES | {"changeAnnotationSupport": {}}


def client_of(actions: Json, edit: Json | None = None) -> Json:
    workspace: Json = {} if edit is None else {"workspaceEdit": edit}
    return {"textDocument": {**PUSH["textDocument"], "codeAction": actions}, "workspace": workspace}


CLIENTS = {
    "lazy": client_of(LAZY, CREATES),
    "annotated": client_of(LAZY, ANNOTATES),
    "eager": client_of(LITERALS, CREATES),
    "versioned": client_of(LAZY, {"documentChanges": True}),
    "plain": client_of(LITERALS),
}


async def begun(author: Any, text: str = TEXT) -> Editor:
    author.write("promptbits.toml", "")
    author.write(A, text)
    author.open(A, text, version=4)
    await author.read()
    return Editor(author)


async def actions(editor: Editor, what: str, *, only: list[str] | None = None, at: bool = False) -> list[Json]:
    """What is offered for a selected text, or with the cursor in it."""
    text = editor.text(A)
    start = position_of(text, what, 2 if at else 0)
    end = start if at else position_of(text, what, len(what))
    context: Json = {"diagnostics": []} | ({} if only is None else {"only": only})
    found = await editor.ask("codeAction", A, range={"start": start, "end": end}, context=context)
    ours = [each for each in found if each["kind"].startswith("refactor")]
    return [each for each in ours if ".promptbits" not in each["kind"]]  # better versions: a matter of their own


async def chosen(editor: Editor, offered: list[Json], title: str) -> None:
    """Choose an action, and save what it makes of the files."""
    [action] = [each for each in offered if each["title"] == title]
    if "edit" not in action:
        assert "Run" not in json.dumps(action["data"]), "data holds names, and no other text of the prompt"
        action = await editor.request("codeAction/resolve", action)
    uri = editor.author.uri(A)
    apply(action["edit"], {uri: (4, editor.text(A))})


@pytest.mark.parametrize("client", CLIENTS)
async def test_words_become_a_variable_and_a_variable_words(client: str, tmp_path: Path) -> None:
    async with session(tmp_path, CLIENTS[client]) as author:
        editor = await begun(author)
        offered = await actions(editor, "vitest")
        assert [each["title"] for each in offered] == [
            'Extract "vitest" into a variable',
            'Extract all 2 occurrences of "vitest" into a variable',
        ]
        await chosen(editor, offered, 'Extract all 2 occurrences of "vitest" into a variable')
        after = json.loads(editor.text(A))
        assert after["content"] == CONTENT.replace("vitest", "{{ vitest }}")
        assert after["variables"]["vitest"] == {"type": "string", "default": "vitest"}
        author.type(A, 4, editor.text(A))
        offered = await actions(editor, "{{ vitest }}", at=True)
        [title] = [each["title"] for each in offered if each["kind"] == "refactor.inline"]
        assert title == 'Inline the default of "vitest" in all 2 places'
        await chosen(editor, offered, title)
        assert editor.text(A) == TEXT


@pytest.mark.parametrize("client", CLIENTS)
async def test_placeholders_are_written_the_other_way(client: str, tmp_path: Path) -> None:
    async with session(tmp_path, CLIENTS[client]) as author:
        editor = await begun(author)
        offered = await actions(editor, "<<tool>>", at=True, only=["refactor.rewrite"])
        assert [each["title"] for each in offered] == [
            "Write <<tool>> as {{ tool }}",
            "Write all placeholders as <<…>>",
        ]
        await chosen(editor, offered, "Write all placeholders as <<…>>")
        assert json.loads(editor.text(A))["content"] == CONTENT.replace("{{ tool }}", "<<tool>>").replace(
            "{{ mood }}", "<<mood>>"
        )


async def test_a_split_waits_until_it_is_known_which_ids_are_free(tmp_path: Path) -> None:
    async with session(tmp_path, CLIENTS["lazy"]) as author:
        author.write("promptbits.toml", "")
        author.write(A, TEXT)
        author.write("prompts/learned/a-the-last-part.json", prompt("a-the-last-part"))
        author.open(A, TEXT, version=4)
        editor = Editor(author)
        await chosen(editor, await actions(editor, "## The läst", at=True), 'Move "The läst part" to a related prompt')
        assert json.loads(editor.text(A))["related"] == ["a-the-last-part-2"]


@pytest.mark.parametrize("client", CLIENTS)
async def test_a_prompt_is_split_where_files_can_be_created(client: str, tmp_path: Path) -> None:
    async with session(tmp_path, CLIENTS[client]) as author:
        editor = await begun(author)
        offered = await actions(editor, "## The läst", at=True)
        title = 'Move "The läst part" to a related prompt'
        if client in ("versioned", "plain"):
            assert title not in [each["title"] for each in offered]
            return
        await chosen(editor, offered, title)
        new = "prompts/custom/a-the-last-part.json"
        whole, part = (json.loads(editor.text(name)) for name in (A, new))
        assert whole["content"] + "\n" + part["content"] == CONTENT
        assert (list(whole["variables"]), list(part["variables"])) == (["tool"], ["mood"])
        assert (whole["related"], part["related"]) == ([part["id"]], ["a"])
        author.type(A, 5, editor.text(A))
        author.open(new, editor.text(new))
        await author.settled()
        assert codes(author.reports(new)[-1]) == []


async def test_a_new_file_is_announced_to_who_confirms(tmp_path: Path) -> None:
    async with session(tmp_path, CLIENTS["annotated"]) as author:
        editor = await begun(author)
        [action] = await actions(editor, "## The läst", at=True)
        edit = (await editor.request("codeAction/resolve", action))["edit"]
        assert [each.get("kind", "edit") for each in edit["documentChanges"]] == ["edit", "create", "edit"]
        assert [each["label"] for each in edit["changeAnnotations"].values()] == [
            'Move "The läst part" to a related prompt',
            "Create a-the-last-part.json",
        ]


@pytest.mark.parametrize(
    ("only", "count"),
    [
        (None, 2),
        (["refactor"], 2),
        (["refactor.extract"], 2),
        (["refactor.inline"], 0),
        (["refactor.extract.function"], 0),
        (["quickfix"], 0),
        (["source", "refactor.extract"], 2),
        ([], 0),
    ],
)
async def test_only_the_kinds_that_are_asked_for_are_offered(
    only: list[str] | None, count: int, tmp_path: Path
) -> None:
    async with session(tmp_path, CLIENTS["lazy"]) as author:
        assert len(await actions(await begun(author), "vitest", only=only)) == count


async def test_a_refactoring_of_another_version_is_refused_as_modified(tmp_path: Path) -> None:
    async with session(tmp_path, CLIENTS["lazy"]) as author:
        editor = await begun(author)
        [action, _] = await actions(editor, "vitest")
        author.type(A, 5, " ", (0, 0, 0, 0))
        await refusal(author.client.request("codeAction/resolve", action), CONTENT_MODIFIED)
        author.close(A)
        await refusal(author.client.request("codeAction/resolve", action), CONTENT_MODIFIED)


@pytest.mark.parametrize("places", [(-5, 7), (10**9, 10**9), (9, 3), (0, 0)])
@pytest.mark.parametrize("name", ["split-at-heading", "extract-variable", "inline-variable", "nothing"])
async def test_a_refactoring_that_was_never_offered_is_refused(
    name: str, places: tuple[int, int], tmp_path: Path
) -> None:
    async with session(tmp_path, CLIENTS["lazy"]) as author:
        editor = await begun(author)
        data = ["refactor", author.uri(A), 4, name, "<<", *places]
        action = {"title": "x", "kind": "refactor", "data": data}
        assert await refusal(editor.request("codeAction/resolve", action))


@pytest.mark.parametrize("place", range(1, 7))
async def test_a_refactoring_with_data_of_another_shape_is_malformed(place: int, tmp_path: Path) -> None:
    async with session(tmp_path, CLIENTS["lazy"]) as author:
        editor = await begun(author)
        [action, _] = await actions(editor, "vitest")
        action["data"][place] = None
        await refusal(author.client.request("codeAction/resolve", action), INVALID_PARAMS)


async def test_the_only_client_without_edits_gets_no_refactorings(tmp_path: Path) -> None:
    async with session(tmp_path, PUSH) as author:
        editor = await begun(author)
        everything = {"start": {"line": 0, "character": 0}, "end": {"line": 99, "character": 0}}
        assert await editor.ask("codeAction", A, range=everything, context={"diagnostics": []}) is None
