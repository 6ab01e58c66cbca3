"""Diagnostics that are pulled: whole, or `unchanged` by result id, and asked for again when another file changes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from authoring import PULL, REFRESH, codes, cut, item, prompt, session
from client import ResponseError

from promptbits.checks.finding import Finding
from promptbits.lsp.checking import diagnostics

pytestmark = pytest.mark.asyncio

A, B = "prompts/a.json", "prompts/b.json"
BROKEN = prompt("a", confidence=7)


async def test_a_pulling_server_says_what_it_offers(tmp_path: Path) -> None:
    async with session(tmp_path, handshake=False) as author:
        result = await author.client.initialize(PULL)
        assert result["capabilities"]["diagnosticProvider"] == {
            "identifier": "promptbits",
            "interFileDependencies": True,
            "workspaceDiagnostics": True,
            "workDoneProgress": True,
        }


async def test_a_report_comes_whole_and_then_unchanged(tmp_path: Path) -> None:
    async with session(tmp_path, PULL) as author:
        author.open(A, BROKEN)
        whole = await author.pull(A)
        assert (whole["kind"], codes(whole)) == ("full", ["out-of-range"])
        assert cut(BROKEN, whole["items"][0]["range"]) == "7"
        again = await author.pull(A, whole["resultId"])
        assert again == {"kind": "unchanged", "resultId": whole["resultId"]}
        assert (await author.pull(A, "of another day"))["kind"] == "full"


async def test_a_report_is_of_the_text_at_the_moment_of_the_request(tmp_path: Path) -> None:
    async with session(tmp_path, PULL) as author:
        author.open(A, BROKEN)
        before = await author.pull(A)
        author.type(A, 2, prompt("a"))
        after = await author.pull(A, before["resultId"])
        assert (after["kind"], after["items"]) == ("full", [])
        author.type(A, 3, BROKEN)
        assert (await author.pull(A, after["resultId"])) == before


async def test_an_edit_that_moves_a_finding_gives_a_whole_report(tmp_path: Path) -> None:
    async with session(tmp_path, PULL) as author:
        author.open(A, BROKEN)
        before = await author.pull(A)
        author.type(A, 2, "\n", (0, 0, 0, 0))
        after = await author.pull(A, before["resultId"])
        assert after["items"][0]["range"]["start"]["line"] == before["items"][0]["range"]["start"]["line"] + 1


async def test_a_file_on_disk_that_makes_a_report_stale_brings_a_refresh(tmp_path: Path) -> None:
    async with session(tmp_path, PULL) as author:
        author.open(A, prompt("a"))
        before = await author.pull(A)
        await author.settled()
        asked = author.client.methods().count(REFRESH)
        author.write(B, prompt("a"))
        author.touched((B, 1))
        await author.asked(REFRESH, asked + 1)
        after = await author.pull(A, before["resultId"])
        assert (after["kind"], codes(after)) == ("full", ["duplicate-id"])


@pytest.mark.parametrize("pulls_first", [True, False])
async def test_an_edit_that_makes_another_report_stale_brings_a_refresh(pulls_first: bool, tmp_path: Path) -> None:
    """Also where the client pulls the edited document at once, as VS Code does: that must not swallow the news."""
    async with session(tmp_path, PULL) as author:
        author.open(A, prompt("a"))
        author.open(B, prompt("b"))
        before = await author.pull(A)
        await author.pull(B)
        await author.settled()
        asked = author.client.methods().count(REFRESH)
        author.type(B, 2, prompt("a"))
        if pulls_first:
            assert "duplicate-id" in codes(await author.pull(B))
        await author.asked(REFRESH, asked + 1)
        assert codes(await author.pull(A, before["resultId"])) == ["duplicate-id"]


async def test_typing_that_concerns_nobody_else_brings_no_refresh(tmp_path: Path) -> None:
    async with session(tmp_path, PULL) as author:
        author.open(A, prompt("a"))
        author.open(B, prompt("b"))
        author.type(B, 2, prompt("x"))
        await author.pull(B)
        await author.settled()
        asked = author.client.methods().count(REFRESH)
        for version in range(3, 9):
            author.type(B, version, prompt("x", content="y" * version))
            await author.pull(B)
        author.write("package.json", "{}")
        author.touched(("package.json", 1))
        await author.settled()
        assert author.client.methods().count(REFRESH) == asked


async def test_a_file_that_is_not_open_is_read_from_disk(tmp_path: Path) -> None:
    async with session(tmp_path, PULL) as author:
        author.write(A, BROKEN)
        assert codes(await author.pull(A)) == ["out-of-range"]
        author.write(A, prompt("a"))
        assert codes(await author.pull(A)) == []


@pytest.mark.parametrize(
    "name",
    [
        "package.json",
        "missing.json",
        "prompts/missing.json",
        "prompts",
        "untitled:Untitled-1",
        "git:/a.json",
        "x:",
        "file:",
    ],
)
async def test_what_is_not_ours_or_not_there_has_an_empty_report(name: str, tmp_path: Path) -> None:
    async with session(tmp_path, PULL) as author:
        author.write("package.json", '{"id": 7,}')
        (tmp_path / "prompts").mkdir()
        report = await author.pull(name)
        assert (report["kind"], report["items"]) == ("full", [])
        assert (await author.pull(name, report["resultId"]))["kind"] == "unchanged"


async def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os = pytest.importorskip("os")
    if not hasattr(os, "mkfifo"):
        pytest.skip("no pipes on this platform")
    async with session(tmp_path, PULL) as author:
        os.mkfifo(tmp_path / "a.prompt.json")
        assert (await author.pull("a.prompt.json"))["items"] == []


async def test_a_document_that_was_never_saved(tmp_path: Path) -> None:
    async with session(tmp_path, PULL, initializationOptions={"checks": {"empty-content": "off"}}) as author:
        author.write(B, prompt("b"))
        text = prompt("whatever", confidence=7, content="", related=["b"])
        author.open("untitled:Untitled-1", text, language="promptbit")
        await author.pull("untitled:Untitled-1")
        await author.read()
        assert codes(await author.pull("untitled:Untitled-1")) == ["out-of-range"]
        author.open("untitled:Untitled-2", text)
        assert codes(await author.pull("untitled:Untitled-2")) == []


async def test_a_document_that_was_never_saved_and_has_no_folder(tmp_path: Path) -> None:
    options = {"checks": {"empty-content": "off"}}
    async with session(tmp_path, PULL, folders=None, initializationOptions=options) as author:
        author.open("untitled:1", prompt("x", confidence=7, content=""), language="promptbit")
        report = await author.pull("untitled:1")
        assert codes(report) == ["out-of-range"]
        assert (await author.pull("untitled:1", report["resultId"]))["kind"] == "unchanged"


async def test_a_message_with_half_a_character_can_be_pulled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(diagnostics, "check", lambda *_: [Finding("unknown-key", "warning", "a key \ud83d", 0, 1)])
    async with session(tmp_path, PULL) as author:
        author.open(A, prompt("a"))
        report = await author.pull(A)
        assert item(report, "unknown-key")["message"] == "a key \ud83d"
        assert (await author.pull(A, report["resultId"]))["kind"] == "unchanged"


@pytest.mark.parametrize("params", [None, [], {}, {"textDocument": 7}, {"textDocument": {"uri": None}}])
async def test_wrong_parameters_are_an_error_and_nothing_more(params: Any, tmp_path: Path) -> None:
    async with session(tmp_path, PULL) as author:
        with pytest.raises(ResponseError) as caught:
            await author.client.request("textDocument/diagnostic", params)
        assert caught.value.code == -32602
        author.open(A, BROKEN)
        assert codes(await author.pull(A)) == ["out-of-range"]


async def test_a_refused_refresh_changes_nothing(tmp_path: Path) -> None:
    async with session(tmp_path, PULL) as author:
        author.client.answers[REFRESH] = lambda _: ResponseError({"code": -32601, "message": "no such method"})
        author.open(A, prompt("a"))
        author.open(B, prompt("a"))
        await author.asked(REFRESH)
        assert codes(await author.pull(A)) == ["duplicate-id"]


async def test_a_document_that_is_opened_again_gets_the_whole_report(tmp_path: Path) -> None:
    """Neovim 0.12 clears what it shows of a closed buffer, and then asks with the result id of that."""
    async with session(tmp_path, PULL) as author:
        author.open(A, BROKEN)
        report = await author.pull(A)
        author.close(A)
        author.open(A, BROKEN)
        again = await author.pull(A, report["resultId"])
        assert (again["kind"], codes(again)) == ("full", ["out-of-range"])
        assert (await author.pull(A, again["resultId"]))["kind"] == "unchanged"
