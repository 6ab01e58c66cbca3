"""Diagnostics that are pushed: with their version, once for a burst, gone with the document, and never twice."""

from __future__ import annotations

from pathlib import Path

import pytest
from authoring import DEADLINE, PULL, PUSH, REFRESH, SHOWN, Json, codes, cut, item, prompt, session

from promptbits.lsp.checking import diagnostics

pytestmark = pytest.mark.asyncio

A, B = "prompts/a.json", "prompts/b.json"
BROKEN = prompt("a", confidence=7)


async def test_a_report_names_its_version_and_says_what_an_editor_needs(tmp_path: Path) -> None:
    async with session(tmp_path) as author:
        author.open(A, BROKEN, version=41)
        report = await author.published(A, "out-of-range")
        assert report["version"] == 41
        [found] = report["diagnostics"]
        assert cut(BROKEN, found["range"]) == "7"
        assert (found["severity"], found["source"]) == (1, "promptbits")
        assert "confidence" in found["message"]


async def test_a_burst_of_edits_costs_one_report_and_it_is_the_last(tmp_path: Path) -> None:
    async with session(tmp_path, quiet=0.25) as author:
        await author.read()
        author.open(A, BROKEN)
        await author.published(A)
        for version in range(2, 52):
            author.type(A, version, str(version % 10), (8, 17, 8, 17))
        report = await author.published(A)
        assert report["version"] == 51
        assert [each["version"] for each in author.reports(A)] == [1, 51]


async def test_the_delay_after_the_last_key_is_bounded_and_a_burst_is_taken_as_one() -> None:
    assert 0 < diagnostics.QUIET_SECONDS <= diagnostics._MOST_SECONDS < 0.1


async def test_versions_only_grow(tmp_path: Path) -> None:
    async with session(tmp_path, quiet=0) as author:
        author.open(A, BROKEN)
        for version in range(2, 30):
            author.type(A, version, "1" if version % 2 else "x", (8, 17, 8, 17))
            if version % 5 == 0:
                await author.published(A)
        await author.published(A, version=29)
        versions = [report["version"] for report in author.reports(A)]
        assert versions == sorted(set(versions))


@pytest.mark.parametrize("stale", [True, False], ids=["an old version", "no position"])
async def test_a_lost_edit_silences_the_server_until_the_whole_text_comes(stale: bool, tmp_path: Path) -> None:
    async with session(tmp_path) as author:
        author.open(A, BROKEN, version=5)
        await author.published(A, "out-of-range")
        if stale:
            author.type(A, 3, "x", (0, 0, 0, 1))
        else:
            author.client.change_document(author.uri(A), 6, {"range": {"start": None}, "text": "x"})
        await author.cleared(A)
        author.type(A, 7, "y", (0, 0, 0, 1))
        author.type(A, 8, prompt("a", confidence=9))
        await author.published(A, "out-of-range", version=8)
        assert not any(report["diagnostics"] for report in author.reports(A)[1:-1])
        [warning] = author.warnings()
        assert "a.json" in warning


async def test_mending_the_prompt_clears_its_report(tmp_path: Path) -> None:
    async with session(tmp_path) as author:
        author.open(A, BROKEN)
        await author.published(A, "out-of-range")
        author.type(A, 2, prompt("a"))
        assert (await author.cleared(A))["version"] == 2


async def test_a_prompt_without_fault_is_said_to_have_none(tmp_path: Path) -> None:
    async with session(tmp_path) as author:
        author.open(A, prompt("a"))
        assert (await author.published(A)) == {"uri": author.uri(A), "version": 1, "diagnostics": []}


async def test_a_report_that_would_say_the_same_is_not_sent_again(tmp_path: Path) -> None:
    async with session(tmp_path) as author:
        author.open(A, BROKEN)
        await author.published(A)
        await author.read()
        author.write("package.json", "{}")
        author.touched(("package.json", 1))
        author.client.notify("textDocument/didSave", {"textDocument": {"uri": author.uri(A)}})
        author.open(B, prompt("b", confidence=7))
        await author.published(B)
        author.type(B, 2, prompt("b", confidence=8, id="c"))
        await author.published(B, version=2)
        assert [report["version"] for report in author.reports(A)] == [1]


@pytest.mark.parametrize("moment", ["at once", "later"])
async def test_closing_takes_the_report_away_and_nothing_follows(moment: str, tmp_path: Path) -> None:
    async with session(tmp_path) as author:
        author.open(A, BROKEN)
        await author.published(A)
        if moment == "at once":
            author.type(A, 2, prompt("a", confidence=8))
        author.close(A)
        await author.cleared(A)
        author.open(B, prompt("b", confidence=7))
        await author.published(B)
        assert [len(report["diagnostics"]) for report in author.reports(A)] == [1, 0]


async def test_deleting_on_disk_takes_the_report_away_until_the_author_goes_on(tmp_path: Path) -> None:
    async with session(tmp_path) as author:
        author.write(A, BROKEN)
        author.open(A, BROKEN)
        await author.published(A, "out-of-range")
        (tmp_path / A).unlink()
        author.touched((A, 3))
        await author.cleared(A)
        author.type(A, 2, prompt("a", confidence=9))
        await author.published(A, "out-of-range", version=2)


async def test_a_file_deleted_and_made_again_in_one_breath_keeps_its_report(tmp_path: Path) -> None:
    async with session(tmp_path) as author:
        author.open(A, BROKEN)
        await author.published(A)
        author.touched((A, 3), (A, 1))
        author.type(A, 2, prompt("a", confidence=8))
        await author.published(A, "out-of-range", version=2)
        assert all(report["diagnostics"] for report in author.reports(A))


async def test_a_pushing_server_does_not_offer_to_be_pulled(tmp_path: Path) -> None:
    async with session(tmp_path, handshake=False) as author:
        result = await author.client.initialize(PUSH)
        assert "diagnosticProvider" not in result["capabilities"]


async def test_a_client_that_cannot_be_told_to_pull_again_is_pushed_to(tmp_path: Path) -> None:
    only_pull: Json = {"textDocument": {"diagnostic": {}}}
    async with session(tmp_path, handshake=False) as author:
        result = await author.client.initialize(only_pull)
        assert "diagnosticProvider" not in result["capabilities"]
        author.open("a.prompt.json", BROKEN)
        await author.published("a.prompt.json", "out-of-range")
        assert REFRESH not in author.client.methods()


async def test_a_pulling_client_is_never_pushed_to(tmp_path: Path) -> None:
    async with session(tmp_path, PULL) as author:
        author.open(A, BROKEN)
        author.type(A, 2, prompt("a", confidence=8))
        assert codes(await author.pull(A)) == ["out-of-range"]
        author.write(B, prompt("a"))
        author.touched((B, 1))
        await author.settled()
        await author.asked(REFRESH)
        assert "duplicate-id" in codes(await author.pull(A))
        author.close(A)
        author.touched((B, 3))
        await author.read()
        assert author.reports(A) == []


# What the client shows.


@pytest.mark.parametrize("opened", [True, False], ids=["open", "on disk"])
async def test_related_information_points_into_the_other_file(opened: bool, tmp_path: Path) -> None:
    other = '{"description": "\U0001f600",\n "id":"a"}'
    async with session(tmp_path) as author:
        author.write(B, "{}" if opened else other)
        if opened:
            author.open(B, other)
        author.open(A, prompt("a"))
        [related] = item(await author.published(A, "duplicate-id"), "duplicate-id")["relatedInformation"]
        assert related["location"]["uri"] == author.uri(B)
        assert cut(other, related["location"]["range"]) == '"a"'
        assert related["message"]


async def test_related_information_within_the_document(tmp_path: Path) -> None:
    text = prompt("a").replace('"id": "a",', '"id": "a",\n  "id": "b",')
    async with session(tmp_path) as author:
        author.open("a.prompt.json", text)
        report = await author.published("a.prompt.json")
        found = [each for each in report["diagnostics"] if each.get("relatedInformation")]
        assert found, codes(report)
        [related] = found[0]["relatedInformation"]
        assert related["location"]["uri"] == author.uri("a.prompt.json")
        assert cut(text, related["location"]["range"]) == '"id"'


UNUSED = prompt("a", variables={"name": {"description": "nobody asks"}})


async def test_what_is_unnecessary_is_tagged(tmp_path: Path) -> None:
    async with session(tmp_path) as author:
        author.open(A, UNUSED)
        found = item(await author.published(A, "unused-variable"), "unused-variable")
        assert (found["tags"], found["severity"]) == ([1], 4)
        assert cut(UNUSED, found["range"]) == '"name"'


@pytest.mark.parametrize("shown", [{}, {"relatedInformation": False}, {"tagSupport": {"valueSet": []}}])
async def test_a_client_gets_no_more_than_it_shows(shown: Json, tmp_path: Path) -> None:
    async with session(tmp_path, {"textDocument": {"publishDiagnostics": shown}}) as author:
        author.open(B, prompt("a"))
        author.open(A, UNUSED)
        report = await author.published(A, "duplicate-id", "unused-variable")
        assert not any({"tags", "relatedInformation"} & set(each) for each in report["diagnostics"])
    assert SHOWN.keys() == {"relatedInformation", "tagSupport"}
    assert DEADLINE <= 10
