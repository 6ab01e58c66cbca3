"""How long a request for the diagnostics of a workspace waits for news, and what ends it."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from authoring import DEADLINE, PULL, REFRESH, codes, item, prompt, session
from workspace_desk import A, B, C, Desk, desk

from promptbits.lsp.checking import files_on_disk, library_checks, workspace_diagnostics

pytestmark = pytest.mark.asyncio


async def test_an_answer_that_is_held_comes_in_parts_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workspace_diagnostics, "_BATCH_SECONDS", DEADLINE)
    async with desk(tmp_path) as (author, client):
        await client.told()
        number = client.ask(partialResultToken=7)
        author.open(B, prompt("b", confidence=7))
        assert (await author.client.response(number))["result"] == {"items": []}
        [part] = [each["params"] for each in author.client.received if each.get("method") == "$/progress"]
        assert part["token"] == 7
        assert client.take(part["value"]["items"]) == {A: "unchanged", B: "full"}


@pytest.mark.parametrize("how", ["edited", "saved elsewhere", "deleted", "closed", "settings"])
async def test_a_held_request_is_answered_by_a_change(how: str, tmp_path: Path) -> None:
    async with desk(tmp_path) as (author, client):
        author.open(B, prompt("b"))
        await client.told()
        number = await client.held()
        if how == "edited":
            author.type(B, 2, prompt("b", confidence=8))
        elif how == "saved elsewhere":
            author.write(C, prompt("b"))
            author.touched((C, 1))
        elif how == "deleted":
            (tmp_path / A).unlink()
            author.touched((A, 3))
        elif how == "closed":
            author.write(B, prompt("b", confidence=9))
            author.close(B)
        else:
            author.write("promptbits.toml", 'checks = {"out-of-range" = "off"}')
            author.touched(("promptbits.toml", 1))
        told = await client.answer(number)
        expected = {
            "edited": {A: "unchanged", B: "full"},
            "saved elsewhere": {A: "unchanged", B: "full", C: "full"},
            "deleted": {A: "full"},
            "closed": {A: "unchanged", B: "full"},
            "settings": {A: "full"},
        }
        assert told == expected[how]
        assert client.codes(A) == ([] if how in ("deleted", "settings") else ["out-of-range"])
        await client.held()  # and all of it has been told


async def test_a_change_that_changes_nothing_is_no_news(tmp_path: Path) -> None:
    async with desk(tmp_path) as (author, client):
        author.open(B, prompt("b"))
        await client.told()
        number = await client.held()
        author.type(B, 2, prompt("b", content="Something else."))
        await client.held()  # a newer request: it has looked at the edit, and is held
        assert await client.answer(number) == {A: "unchanged"}


async def test_a_newer_request_releases_the_older_one(tmp_path: Path) -> None:
    async with desk(tmp_path) as (author, client):
        await client.told()
        older = await client.held()
        newer = await client.held()
        assert await client.answer(older) == {A: "unchanged"}
        assert not author.client.responses(newer)


async def test_without_result_ids_nothing_is_held(tmp_path: Path) -> None:
    async with session(tmp_path, PULL) as author:
        author.write(B, prompt("b"))
        for _ in range(2):
            assert await Desk(author).told() == {}


async def test_a_held_request_can_be_cancelled(tmp_path: Path) -> None:
    async with desk(tmp_path) as (author, client):
        await client.told()
        number = await client.held()
        author.client.cancel(number)
        assert (await author.client.response(number))["error"]["code"] == -32800
        author.write(A, prompt("a"))
        author.touched((A, 2))
        assert await client.told() == {A: "full"}
        assert len(author.client.responses(number)) == 1


async def test_a_shutdown_ends_a_held_request(tmp_path: Path) -> None:
    async with desk(tmp_path) as (author, client):
        await client.told()
        number = await client.held()
        assert await author.client.request("shutdown") is None
        assert (await author.client.response(number))["error"]["code"] == -32800


async def test_checking_stops_when_it_is_cancelled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And what was left is checked the next time, though nobody told of a change."""
    monkeypatch.setattr(files_on_disk, "SLICE", 1)
    looked: list[str] = []
    reached = asyncio.Event()
    look = library_checks._look

    async def noticed(chunk: list[str], prompts: Any) -> Any:
        looked.extend(chunk)
        if len(looked) == 3:
            reached.set()
            await asyncio.Event().wait()
        return await look(chunk, prompts)

    monkeypatch.setattr(library_checks, "_look", noticed)
    async with session(tmp_path, PULL) as author:
        names = [f"prompts/p-{number}.json" for number in range(6)]
        for name in names:
            author.write(name, prompt(Path(name).stem, confidence=7))
        client = Desk(author)
        number = client.ask()
        await asyncio.wait_for(reached.wait(), DEADLINE)
        assert codes(await author.pull(names[0])) == ["out-of-range"]  # meanwhile others are served
        author.client.cancel(number)
        assert (await author.client.response(number))["error"]["code"] == -32800
        assert len(looked) == 3
        assert await client.told() == dict.fromkeys(names, "full")


async def test_a_place_in_another_file_that_moves_is_told_anew(tmp_path: Path) -> None:
    """The entry of the other file stays the same, but what it is pointed at for has another line."""
    async with desk(tmp_path) as (author, client):
        author.write("prompts/x/b.json", prompt("b"))
        await client.told()
        before = item(client.known[author.uri(B)], "duplicate-id")["relatedInformation"][0]["location"]["range"]
        number = await client.held()
        author.open("prompts/x/b.json", "\n" + prompt("b"))
        told = await client.answer(number)
        assert told == {A: "unchanged", B: "full", "prompts/x/b.json": "full"}
        after = item(client.known[author.uri(B)], "duplicate-id")["relatedInformation"][0]["location"]["range"]
        assert after["start"]["line"] == before["start"]["line"] + 1


async def test_a_file_without_fault_that_was_heard_of_stays_so(tmp_path: Path) -> None:
    async with desk(tmp_path) as (author, client):
        await client.told()
        author.write(A, prompt("a"))
        author.touched((A, 2))
        assert await client.told() == {A: "full"}
        assert client.codes(A) == []
        number = await client.held()
        author.write(B, prompt("b", confidence=7))
        author.touched((B, 2))
        assert await client.answer(number) == {A: "unchanged", B: "full"}


async def test_a_refresh_does_not_bring_itself_about(tmp_path: Path) -> None:
    """A client that asks for everything at each refresh: it comes to rest."""
    async with desk(tmp_path) as (author, client):
        author.open(B, prompt("b"))
        await client.told()
        await author.settled()
        for version in range(2, 5):
            asked = author.client.methods().count(REFRESH)
            number = await client.held()
            author.type(B, version, prompt(f"b-{version}"))
            await client.answer(number)
            await author.asked(REFRESH, asked + 1)
            await author.pull(B)
            await client.held()
            await author.settled()
            assert author.client.methods().count(REFRESH) == asked + 1
