"""Renaming over the protocol: edits are applied to files on disk, and files are compared."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from authoring import codes, session
from editing import CONTENT_MODIFIED, INVALID_PARAMS, apply, covered, position_of, prompt, refusal
from renaming_author import (
    CLIENTS,
    CONTENT,
    FULL,
    NEW,
    TEXTS,
    A,
    B,
    C,
    begun,
    opened,
    renamed,
    write,
)

from promptbits.lsp.requests import renaming
from promptbits.prompts.shipped import shipped_prompts

pytestmark = pytest.mark.asyncio


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


@pytest.mark.parametrize("way", ["typed", "on disk"])
@pytest.mark.parametrize("method", ["rename", "willRenameFiles"])
async def test_a_reference_of_a_moment_ago_is_renamed(method: str, way: str, tmp_path: Path) -> None:
    name, text = "prompts/custom/d.json", prompt("d", related=["a"])
    async with session(tmp_path, FULL) as author:
        editor = await begun(author)
        if way == "typed":
            author.open(name, prompt("d"))
            author.type(name, 2, text)
        else:
            author.write(name, text)
            author.touched((name, 1))
        if method == "rename":
            edit = await editor.at("rename", A, '"id": "a', after=7, newName="new-name")
        else:
            edit = await editor.request("workspace/willRenameFiles", renamed(author, (A, NEW)))
        edits = {each["textDocument"]["uri"]: each for each in edit["documentChanges"] if "kind" not in each}
        assert edits[author.uri(name)]["textDocument"]["version"] == (2 if way == "typed" else None)


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


@pytest.mark.parametrize("new", [None, 7, ["x"]])
async def test_a_new_name_that_is_no_text_is_malformed(new: Any, tmp_path: Path) -> None:
    async with session(tmp_path, FULL) as author:
        editor = await begun(author)
        await refusal(editor.at("rename", A, "<<file", after=3, newName=new), INVALID_PARAMS)
