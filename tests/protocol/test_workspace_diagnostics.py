"""Diagnostics of a whole workspace: of which files they tell, and how."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from authoring import DEADLINE, PULL, codes, item, prompt, session
from workspace_desk import METHOD, A, B, C, Desk, desk

from promptbits.lsp.checking import library_checks, workspace_diagnostics
from promptbits.lsp.checking.library_checks import LibraryChecks

pytestmark = pytest.mark.asyncio


async def test_every_prompt_with_a_fault_is_told_though_none_is_open(tmp_path: Path) -> None:
    async with desk(tmp_path) as (author, client):
        author.write("package.json", '{"id": 7,}')
        author.write("notes/x.prompt.json", "{}")
        assert await client.told() == {A: "full"}
        report = client.known[author.uri(A)]
        assert codes(report) == ["out-of-range"]
        assert (report["version"], report["uri"]) == (None, author.uri(A))
        assert report["resultId"] == (await author.pull(A))["resultId"]


async def test_the_request_is_announced(tmp_path: Path) -> None:
    async with session(tmp_path, handshake=False) as author:
        result = await author.client.initialize(PULL)
        assert result["capabilities"]["diagnosticProvider"]["workspaceDiagnostics"] is True


async def test_neovim_is_not_told_of_the_request_and_may_ask_all_the_same(tmp_path: Path) -> None:
    """Version 0.12 would answer every refresh with it, and let open documents go stale."""
    async with session(tmp_path, handshake=False) as author:
        author.write(A, prompt("a", confidence=7))
        client = {"name": "Neovim", "version": "0.12.4"}
        folders = [{"uri": author.uri(""), "name": "all"}]
        result = await author.client.initialize(PULL, clientInfo=client, workspaceFolders=folders)
        assert result["capabilities"]["diagnosticProvider"]["workspaceDiagnostics"] is False
        assert result["capabilities"]["executeCommandProvider"]["commands"]
        assert await Desk(author).told() == {A: "full"}


async def test_the_text_in_the_editor_counts_with_its_version(tmp_path: Path) -> None:
    async with desk(tmp_path) as (author, client):
        author.open(A, prompt("a"), version=3)
        author.open(B, prompt("b", content=""), version=4)
        author.open(C, prompt("c", confidence=7), version=5)  # not saved yet
        assert await client.told() == {B: "full", C: "full"}
        assert client.known[author.uri(B)]["version"] == 4
        assert client.codes(C) == ["out-of-range"]
        pulled = await author.pull(B, client.known[author.uri(B)]["resultId"])
        assert pulled["kind"] == "unchanged"


async def test_prompts_see_each_other_before_any_is_pulled(tmp_path: Path) -> None:
    async with desk(tmp_path) as (author, client):
        author.open(C, prompt("b"))
        await client.told()
        assert client.codes(B) == ["duplicate-id"]
        assert client.codes(C) == ["duplicate-id", "id-file-name"]


async def test_parts_come_as_progress_and_the_answer_is_empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workspace_diagnostics, "_BATCH", 2)
    monkeypatch.setattr(workspace_diagnostics, "_BATCH_SECONDS", DEADLINE)
    async with desk(tmp_path) as (author, client):
        for number in range(5):
            author.write(f"prompts/w-{number}.json", prompt(f"w-{number}", confidence=7))
        number = client.ask(partialResultToken="parts")
        result = (await author.client.response(number))["result"]
        assert result == {"items": []}
        parts = [each["params"] for each in author.client.received if each.get("method") == "$/progress"]
        assert {each["token"] for each in parts} == {"parts"}
        assert [len(each["value"]["items"]) for each in parts] == [2, 2, 2]
        told = client.take([report for each in parts for report in each["value"]["items"]])
        assert told == {A: "full", **{f"prompts/w-{number}.json": "full" for number in range(5)}}


async def test_the_work_is_shown_where_it_takes_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workspace_diagnostics, "_BATCH_SECONDS", 0.0)
    async with desk(tmp_path) as (author, client):
        await client.told(workDoneToken="work")
        shown = [each["params"] for each in author.client.received if each.get("method") == "$/progress"]
        assert {each["token"] for each in shown} == {"work"}
        assert [each["value"]["kind"] for each in shown] == ["begin", "report", "end"]


async def test_an_edit_counts_before_its_document_is_pulled(tmp_path: Path) -> None:
    async with desk(tmp_path, quiet=DEADLINE) as (author, client):
        author.open(C, prompt("c"))
        await client.told()
        author.type(C, 2, prompt("b"))
        assert await Desk(author).told() == {A: "full", B: "full", C: "full"}


async def test_who_asks_anew_hears_of_changes_that_nobody_told(tmp_path: Path) -> None:
    async with desk(tmp_path) as (author, client):
        assert await client.told() == {A: "full"}
        author.write(A, prompt("a", content="longer and right"))
        author.write(B, prompt("b", confidence=7))
        assert await client.told() == {A: "full", B: "full"}


async def test_a_file_is_checked_once_while_nothing_it_depends_on_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked: list[str] = []
    check = LibraryChecks._check

    async def noticed(self: LibraryChecks, prompts: Any, path: str, *rest: Any) -> Any:
        checked.append(Path(path).stem)
        return await check(self, prompts, path, *rest)

    monkeypatch.setattr(LibraryChecks, "_check", noticed)
    async with desk(tmp_path) as (author, client):
        author.write(C, prompt("c", related=["b"]))
        author.open("prompts/d.json", prompt("d"))
        await client.told()
        assert sorted(checked) == ["a", "b", "c"]
        await Desk(author).told()
        author.type("prompts/d.json", 2, prompt("d", description="in the library", confidence=8))
        await client.told()
        assert sorted(checked) == ["a", "b", "c"]
        author.write(B, prompt("b", tags=["new"]))
        author.touched((B, 2))
        await author.read()
        await Desk(author).told()
        assert sorted(checked) == ["a", "b", "b", "c", "c"]  # b, and c, which names it


async def test_an_address_that_is_spelled_differently_is_answered_as_it_was_asked(tmp_path: Path) -> None:
    async with desk(tmp_path) as (author, _):
        uri = author.uri(A).replace("prompts", "%70rompts")
        previous = [{"uri": uri, "value": "old"}, {"uri": author.uri("gone.json"), "value": "old"}, 7, {"value": "x"}]
        result = await author.client.request(METHOD, {"previousResultIds": previous})
        told = {each["uri"]: (each["kind"], codes(each)) for each in result["items"]}
        assert told == {uri: ("full", ["out-of-range"]), author.uri("gone.json"): ("full", [])}


async def test_two_folders_and_a_root_inside(tmp_path: Path) -> None:
    async with desk(tmp_path, folders=["", "other"]) as (author, client):
        author.write("other/prompts/o.json", prompt("o", confidence=7))
        author.write("prompts/inner/promptbits.toml", 'checks = {"out-of-range" = "hint"}')
        author.write("prompts/inner/prompts/i.json", prompt("i", confidence=7))
        inner = "prompts/inner/prompts/i.json"
        assert await client.told() == {A: "full", "other/prompts/o.json": "full", inner: "full"}
        assert item(client.known[author.uri(inner)], "out-of-range")["severity"] == 4
        assert item(client.known[author.uri(A)], "out-of-range")["severity"] == 1
        folder = {"uri": author.uri("other"), "name": "other"}
        number = await client.held()
        author.client.notify("workspace/didChangeWorkspaceFolders", {"event": {"added": [], "removed": [folder]}})
        assert await client.answer(number) == {A: "unchanged", "other/prompts/o.json": "full", inner: "unchanged"}
        assert client.codes("other/prompts/o.json") == []


async def test_a_long_file_is_checked_beside_the_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(library_checks, "_LONG", 100)
    async with desk(tmp_path) as (author, client):
        author.write(C, prompt("b"))
        assert await client.told() == {A: "full", B: "full", C: "full"}
        assert client.known[author.uri(C)]["resultId"] == (await author.pull(C))["resultId"]


@pytest.mark.parametrize("params", [None, [], {}, {"previousResultIds": 7, "partialResultToken": []}])
async def test_odd_parameters_are_taken_as_none(params: Any, tmp_path: Path) -> None:
    async with desk(tmp_path) as (author, _):
        result = await author.client.request(METHOD, params)
        assert [each["uri"] for each in result["items"]] == [author.uri(A)]


async def test_broken_files_and_folders_named_like_files(tmp_path: Path) -> None:
    async with desk(tmp_path) as (author, client):
        author.write(C, '{"id": "c", "content": "x')
        (tmp_path / "prompts/d.json").mkdir()
        (tmp_path / "prompts/e.json").write_bytes(b"\xff\xfe\x00")
        assert await client.told() == {A: "full", C: "full", "prompts/e.json": "full"}
        json.dumps(client.known)


async def test_a_client_that_does_not_pull_is_offered_nothing(tmp_path: Path) -> None:
    async with session(tmp_path, handshake=False) as author:
        result = await author.client.initialize({})
        assert "diagnosticProvider" not in result["capabilities"]
        with pytest.raises(Exception, match="-32601"):
            await author.client.request(METHOD, {"previousResultIds": []})
