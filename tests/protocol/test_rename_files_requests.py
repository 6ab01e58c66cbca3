"""Files that are renamed over the protocol: ids and references follow."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from authoring import codes, session
from editing import apply
from renaming_author import CLIENTS, FULL, NEW, TEXTS, A, B, C, begun, opened, renamed, write

pytestmark = pytest.mark.asyncio


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
