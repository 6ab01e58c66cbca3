"""Renaming over the protocol: edits are applied to files on disk, and files are compared."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from authoring import PUSH, codes, session
from editing import CONTENT_MODIFIED, INVALID_PARAMS, Editor, Json, apply, covered, position_of, prompt, refusal

from promptbits.lsp import renaming
from promptbits.prompts.shipped import shipped_prompts

pytestmark = pytest.mark.asyncio

A, B, C = "prompts/custom/a.json", "prompts/custom/b.json", "prompts/learned/c.json"
NEW = "prompts/custom/new-name.json"
CONTENT = "🚀 <<file_name>> and {{ file_name }}, \\<<file_name>>\n```\n{{file_name}}\n```"
TEXTS = {
    A: prompt("a", content=CONTENT, variables={"file_name": {"default": "é"}, "other": {}}, tags=["ours"]),
    B: prompt("b", parent="a", related=["c", "a"], tags=["ours", "yours"], revision=2),
    C: prompt("c", parent="b", related=["a"], source="Learned", revision=3),
}
OPERATIONS = ["create", "rename", "delete"]


def client_of(edit: Json | None, **workspace: Any) -> Json:
    return {**PUSH, "workspace": {**workspace} | ({} if edit is None else {"workspaceEdit": edit})}


FULL = client_of(
    {"documentChanges": True, "resourceOperations": OPERATIONS, "changeAnnotationSupport": {"groupsOnLabel": True}}
)
VERSIONED = client_of({"documentChanges": True})
PLAIN = client_of(None)
# Neovim can rename files and does not say that it takes `documentChanges`.
QUIET = client_of({"resourceOperations": OPERATIONS})
CLIENTS = {"full": FULL, "versioned": VERSIONED, "plain": PLAIN, "quiet": QUIET}


def write(author: Any) -> Editor:
    author.write("promptbits.toml", "")
    for name, text in TEXTS.items():
        author.write(name, text)
    return Editor(author)


async def begun(author: Any, name: str = A, text: str | None = None) -> Editor:
    """Every file written, one of them open, the library read."""
    editor = write(author)
    author.open(name, TEXTS[name] if text is None else text, version=4)
    await author.read()
    return editor


def opened(author: Any, name: str, text: str) -> dict[str, tuple[int, str]]:
    return {author.uri(name): (4, text)}


@pytest.mark.parametrize("client", CLIENTS)
async def test_a_variable_is_renamed_in_all_its_places(client: str, tmp_path: Path) -> None:
    async with session(tmp_path, CLIENTS[client]) as author:
        editor = await begun(author)
        found = await editor.at("prepareRename", A, "{{ file_name", after=4)
        assert (covered(TEXTS[A], found["range"]), found["placeholder"]) == ("file_name", "file_name")
        edit = await editor.at("rename", A, "{{ file_name", after=4, newName="app.path")
        assert ("documentChanges" in edit) == (client in ("full", "versioned"))
        assert ("changeAnnotations" in edit) == (client == "full")
        apply(edit, opened(author, A, TEXTS[A]))
        after = json.loads(editor.text(A))
        assert after["content"] == CONTENT.replace("file_name", "app.path").replace("\\<<app.path", "\\<<file_name")
        assert list(after["variables"]) == ["app.path", "other"]
        assert editor.text(B) == TEXTS[B]
        await author.settled()
        before = codes(author.reports(A)[-1])
        author.type(A, 5, editor.text(A))
        await author.settled()
        assert codes(author.reports(A)[-1]) == before == ["mixed-delimiters", "unused-variable"]


@pytest.mark.parametrize("client", CLIENTS)
async def test_an_id_is_renamed_in_all_files_and_so_is_its_own(client: str, tmp_path: Path) -> None:
    renames_files = client in ("full", "quiet")
    async with session(tmp_path, CLIENTS[client]) as author:
        editor = await begun(author, B)  # from a reference to it
        edit = await editor.at("rename", B, '"parent": "a', after=11, newName="new-name")
        apply(edit, opened(author, B, TEXTS[B]))
        assert (tmp_path / NEW).exists() == renames_files
        assert (tmp_path / A).exists() != renames_files
        assert editor.text(NEW if renames_files else A) == TEXTS[A].replace('"id": "a"', '"id": "new-name"')
        assert editor.text(B) == TEXTS[B].replace('"a"', '"new-name"')
        assert editor.text(C) == TEXTS[C].replace('"a"', '"new-name"')


async def test_whoever_confirms_a_rename_reads_what_each_part_is(tmp_path: Path) -> None:
    async with session(tmp_path, FULL) as author:
        editor = await begun(author)
        edit = await editor.at("rename", A, '"id": "a', after=8, newName="new-name")
        notes = edit["changeAnnotations"]
        used = [
            each.get("annotationId") or {one["annotationId"] for one in each["edits"]}.pop()
            for each in edit["documentChanges"]
        ]
        assert [notes[key]["label"] for key in used] == [
            "The prompt itself",
            "References in other prompts",
            "References in other prompts",
            "The file: a.json becomes new-name.json",
        ]
        assert not any(each["needsConfirmation"] for each in notes.values())
        assert edit["documentChanges"][-1]["kind"] == "rename", "last: the edits name the file as it was"


async def test_where_references_may_mean_another_prompt_the_author_is_asked(tmp_path: Path) -> None:
    async with session(tmp_path, FULL) as author:
        learned = prompt("a", source="Learned", trigger={"Custom": "learned"})
        author.write("prompts/learned/a.json", learned)
        editor = await begun(author)
        edit = await editor.at("rename", A, '"id": "a', after=8, newName="new-name")
        asked = [each["label"] for each in edit["changeAnnotations"].values() if each["needsConfirmation"]]
        assert asked == [
            "References in other prompts "
            '(without this change they mean prompts/learned/a.json, which has the id "a" as well)'
        ]
        shadowed = await editor.at("rename", "prompts/learned/a.json", '"id": "a', after=8, newName="new-name")
        apply(shadowed)
        assert editor.text("prompts/learned/new-name.json") == learned.replace('"id": "a"', '"id": "new-name"')
        assert [editor.text(name) for name in TEXTS] == list(TEXTS.values()), "references never meant it"
        labels = [each["label"] for each in shadowed["changeAnnotations"].values()]
        assert labels[0] == "The prompt itself (references mean prompts/custom/a.json and stay)"


@pytest.mark.parametrize("client", CLIENTS)
async def test_a_tag_is_renamed_in_all_files(client: str, tmp_path: Path) -> None:
    async with session(tmp_path, CLIENTS[client]) as author:
        editor = await begun(author)
        apply(await editor.at("rename", A, '"ours"', after=2, newName="yours"), opened(author, A, TEXTS[A]))
        assert [json.loads(editor.text(name))["tags"] for name in (A, B)] == [["yours"], ["yours"]]


REFUSED = [
    ('"id": "a', 7, "b", 'the id "b" is taken by prompts/custom/b.json'),
    (
        '"id": "a',
        7,
        "Big One",
        'an id is kebab-case: lower-case letters and digits, words joined by hyphens, such as "big-one"',
    ),
    ('"id": "a', 7, "api-design", 'the id "api-design" is taken by a prompt that ships with PromptBits'),
    ("<<file", 3, "other", 'there is a variable "other" already'),
    (
        "<<file",
        3,
        "a-b",
        '"a-b" cannot name a variable: use letters, digits and _, not a digit first, parts joined by dots',
    ),
    (
        '"ours"',
        1,
        "Ours!",
        'a tag is kebab-case: lower-case letters and digits, words joined by hyphens, such as "ours"',
    ),
    ("description", 1, "x", "there is nothing here that can be renamed"),
]


@pytest.mark.parametrize(("what", "after", "new", "reason"), REFUSED)
async def test_what_would_clash_is_refused_with_a_reason(
    what: str, after: int, new: str, reason: str, tmp_path: Path
) -> None:
    async with session(tmp_path, FULL) as author:
        editor = await begun(author)
        message = await refusal(editor.at("rename", A, what, after=after, newName=new))
        assert message == reason


async def test_a_name_that_stays_changes_nothing(tmp_path: Path) -> None:
    async with session(tmp_path, FULL) as author:
        editor = await begun(author)
        assert await editor.at("rename", A, "<<file", after=3, newName="file_name") == {"documentChanges": []}


async def test_what_ships_cannot_be_renamed(tmp_path: Path) -> None:
    path = sorted(shipped_prompts().glob("*.json"))[0]
    text = prompt("mine", parent=path.stem)
    async with session(tmp_path, FULL) as author:
        author.write("prompts/mine.json", text)
        editor = await begun(author, "prompts/mine.json", text)
        reason = f'"{path.stem}" ships with PromptBits and is read-only: it cannot be renamed'
        for method, more in (("prepareRename", {}), ("rename", {"newName": "x"})):
            asked = editor.at(method, "prompts/mine.json", path.stem, after=1, **more)
            assert await refusal(asked) == reason


async def test_a_file_that_is_there_already_is_not_overwritten(tmp_path: Path) -> None:
    async with session(tmp_path, FULL) as author:
        author.write(NEW, "no prompt yet")
        editor = await begun(author)
        message = await refusal(editor.at("rename", A, '"id": "a', after=7, newName="new-name"))
        assert message == "there is a file prompts/custom/new-name.json already"


async def test_broken_json_is_not_renamed_in(tmp_path: Path) -> None:
    broken = TEXTS[A].replace('```",', "```,")
    async with session(tmp_path, FULL) as author:
        editor = await begun(author, A, broken)
        asked = editor.ask("rename", A, position=position_of(broken, "<<file", after=3), newName="x")
        assert "broken" in await refusal(asked)


@pytest.mark.parametrize("method", ["prepareRename", "rename"])
async def test_a_rename_waits_until_the_prompts_have_been_read(method: str, tmp_path: Path) -> None:
    async with session(tmp_path, FULL) as author:
        editor = write(author)
        author.open(A, TEXTS[A], version=4)
        found = await editor.at(method, A, '"id": "a', after=7, newName="new-name")
        if method == "rename":
            apply(found, opened(author, A, TEXTS[A]))
            assert editor.text(C) == TEXTS[C].replace('"a"', '"new-name"')
        else:
            assert found["placeholder"] == "a"


async def test_a_document_that_changes_meanwhile_is_not_edited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = renaming.rename
    loop = asyncio.get_running_loop()
    async with session(tmp_path, FULL) as author:
        editor = await begun(author)

        def slow(*args: Any, **options: Any) -> Any:
            async def typed() -> None:
                author.type(A, 5, " ", (0, 0, 0, 0))
                await author.client.fence()

            asyncio.run_coroutine_threadsafe(typed(), loop).result()
            return real(*args, **options)

        monkeypatch.setattr(renaming, "rename", slow)
        await refusal(editor.at("rename", A, "<<file", after=3, newName="x"), CONTENT_MODIFIED)


async def test_a_hover_is_answered_while_thousands_of_files_are_renamed_in(tmp_path: Path) -> None:
    async with session(tmp_path, FULL) as author:
        for number in range(2000):
            author.write(f"prompts/many/m{number}.json", prompt(f"m{number}", related=["a"]))
        editor = await begun(author)
        hover = {"textDocument": {"uri": author.uri(A)}, "position": position_of(TEXTS[A], "<<file", after=3)}
        rename = {**hover, "position": position_of(TEXTS[A], '"id": "a', after=7), "newName": "new-name"}
        first = author.client.start_request("textDocument/rename", rename)
        second = author.client.start_request("textDocument/hover", hover)
        renamed, hovered = await author.client.response(first), await author.client.response(second)
        assert author.client.received.index(hovered) < author.client.received.index(renamed)
        assert "file_name" in json.dumps(hovered["result"])
        apply(renamed["result"], opened(author, A, TEXTS[A]))
        assert all(
            json.loads(editor.text(f"prompts/many/m{number}.json"))["related"] == ["new-name"] for number in range(2000)
        )


# Linked editing.


async def test_a_variable_typed_over_changes_in_all_its_places(tmp_path: Path) -> None:
    async with session(tmp_path) as author:
        editor = await begun(author)
        found = await editor.at("linkedEditingRange", A, "<<file", after=3)
        assert [covered(TEXTS[A], each) for each in found["ranges"]] == ["file_name"] * 4
        assert found["wordPattern"]
        assert await editor.at("linkedEditingRange", A, '"other', after=2) is None, "it is alone"
        assert await editor.at("linkedEditingRange", A, '"ours"', after=2) is None


# Renaming files.


def renamed(author: Any, *moves: tuple[str, str]) -> Json:
    return {"files": [{"oldUri": author.uri(old), "newUri": author.uri(new)} for old, new in moves]}


@pytest.mark.parametrize("client", CLIENTS)
async def test_ids_and_references_follow_a_renamed_file(client: str, tmp_path: Path) -> None:
    async with session(tmp_path, CLIENTS[client]) as author:
        editor = write(author)  # nothing was read yet: the answer waits for it
        author.open(A, TEXTS[A], version=4)
        edit = await editor.request("workspace/willRenameFiles", renamed(author, (A, NEW)))
        assert all("kind" not in each for each in edit.get("documentChanges", ())), "the editor renames the file"
        apply(edit, opened(author, A, TEXTS[A]))
        (tmp_path / A).rename(tmp_path / NEW)
        author.client.notify("workspace/didRenameFiles", renamed(author, (A, NEW)))
        author.close(A)
        author.open(NEW, editor.text(NEW))
        author.open(B, editor.text(B))
        author.open(C, editor.text(C))
        await author.settled()
        for name in (NEW, B, C):
            assert codes(author.reports(name)[-1]) == (["mixed-delimiters", "unused-variable"] if name == NEW else [])
        assert json.loads(editor.text(NEW))["id"] == "new-name"
        assert (tmp_path / B).read_text("utf-8") == TEXTS[B].replace('"a"', '"new-name"')
        [where] = await editor.at("definition", B, "new-name", after=2)
        assert where["uri"] == author.uri(NEW)


async def test_a_file_renamed_to_an_id_that_is_taken_takes_nothing_along(tmp_path: Path) -> None:
    async with session(tmp_path, FULL) as author:
        editor = await begun(author)
        for new in (
            "prompts/learned/b.json",
            "prompts/custom/Big One.json",
            "prompts/custom/a.txt",
            "prompts/new/a.json",
        ):
            assert await editor.request("workspace/willRenameFiles", renamed(author, (A, new))) is None
        for old in ("package.json", "missing.json", "untitled:Untitled-1"):
            assert await editor.request("workspace/willRenameFiles", renamed(author, (old, "other.json"))) is None
        assert author.warnings() == []


async def test_two_files_change_places(tmp_path: Path) -> None:
    async with session(tmp_path, FULL) as author:
        editor = await begun(author)
        params = renamed(author, (A, "prompts/custom/b.json"), (B, "prompts/custom/a.json"))
        apply(await editor.request("workspace/willRenameFiles", params), opened(author, A, TEXTS[A]))
        assert [json.loads(editor.text(name))["id"] for name in (A, B)] == ["b", "a"]
        assert json.loads(editor.text(B))["parent"] == "b"
        assert json.loads(editor.text(C))["parent"] == "a"


@pytest.mark.parametrize("new", [None, 7, ["x"]])
async def test_a_new_name_that_is_no_text_is_malformed(new: Any, tmp_path: Path) -> None:
    async with session(tmp_path, FULL) as author:
        editor = await begun(author)
        await refusal(editor.at("rename", A, "<<file", after=3, newName=new), INVALID_PARAMS)
