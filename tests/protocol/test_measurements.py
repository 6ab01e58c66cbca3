"""What is measured, in an editor: lens, hint, hover, diagnostics, documents and commands, on a real store."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from authoring import PULL, REFRESH, item, prompt, session
from editing import Editor, refusal
from measuring import (
    DOCUMENT,
    DRAWS,
    EVERYTHING,
    HINTS,
    PARENT,
    TEXT,
    B,
    append,
    execution,
    feedback,
    gone,
    lens,
    runs,
    shown,
    write,
)

from promptbits.facts.ids import content_sha256
from promptbits.facts.locating import facts_path
from promptbits.facts.opening import open_store
from promptbits.facts.sqlite import summaries
from promptbits.lsp.requests.virtual_documents import stats_uri
from promptbits.lsp.values.uris import content_uri

pytestmark = pytest.mark.asyncio

RUN = "workspace/executeCommand"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("promptbits.lsp.sync.measurements.SECONDS", 0.02)
    monkeypatch.setattr("promptbits.lsp.sync.measurements._AGAIN_SECONDS", 0.02)
    monkeypatch.delenv("PROMPTBITS_FACTS", raising=False)


# What is shown, and when.


async def test_everything_there_is_to_see(tmp_path: Path) -> None:
    append(tmp_path, runs("a-v2", TEXT, 60, 40, execution_time_ms=840) + runs("a", PARENT, 90, 10, revision=1))
    async with session(tmp_path, DRAWS) as author:
        text = write(author)
        author.open(B, text)
        title = await shown(author, "60.0 %")
        assert title == "60.0 % of 100 [50.2–69.1] · p50 827 ms · r2 vs r1 -30.0 pts [-40.8, -18.3]"
        report = await author.published(B, "confidence-drift", "regression")
        assert "60.0 % [50.2–69.1] of 100" in item(report, "confidence-drift")["message"]
        assert "observed, not randomized" in item(report, "regression")["message"]
        editor = Editor(author)
        hints = await editor.ask("inlayHint", B, range=EVERYTHING)
        assert " measured 0.60 [0.50–0.69]" in [each["label"] for each in hints]
        for what in ('"a-v2"', '"confidence"'):
            hover = await editor.at("hover", B, what, 1)
            assert "60.0 % [50.2–69.1]" in hover["contents"]["value"]
        [drawn] = [each for each in await editor.ask("codeLens", B) if "p50" in each["command"]["title"]]
        rows = text.split("\n")
        assert '"id"' in rows[drawn["range"]["start"]["line"]]


async def test_facts_that_come_later_are_seen_without_a_keystroke(tmp_path: Path) -> None:
    async with session(tmp_path, DRAWS) as author:
        text = write(author)
        author.open(B, text)
        await author.read()
        assert await lens(author) == ""
        append(tmp_path, runs("a-v2", TEXT, 60, 40))
        await shown(author, "60.0 % of 100")
        await author.asked(HINTS)
        await author.published(B, "confidence-drift")
        append(tmp_path, runs("a-v2", TEXT, 100, 0))
        await shown(author, "80.0 % of 200")


async def test_a_client_that_pulls_is_asked_to_pull_again(tmp_path: Path) -> None:
    async with session(tmp_path, PULL) as author:
        author.open(B, write(author))
        await author.settled()
        before = author.client.methods().count(REFRESH)
        append(tmp_path, runs("a-v2", TEXT, 60, 40))
        await author.asked(REFRESH, before + 1)
        assert [each["code"] for each in (await author.pull(B))["items"]] == ["confidence-drift"]


async def test_prompts_that_are_not_open_are_checked_again(tmp_path: Path) -> None:
    async with session(tmp_path, PULL) as author:
        write(author)
        first = await author.client.request("workspace/diagnostic", {"previousResultIds": []})
        assert first["items"] == []
        held = asyncio.ensure_future(author.client.request("workspace/diagnostic", {"previousResultIds": []}))
        append(tmp_path, runs("a-v2", TEXT, 60, 40) + runs("a", PARENT, 90, 10))
        found: dict[str, list[str]] = {}
        while found.get("a-v2.json") is None:
            for each in (await held)["items"]:
                found[Path(each["uri"]).name] = [one["code"] for one in each["items"]]
            held = asyncio.ensure_future(author.client.request("workspace/diagnostic", {"previousResultIds": []}))
        held.cancel()
        assert found["a-v2.json"] == ["confidence-drift", "regression"]


async def test_typing_moves_nothing_and_says_whose_numbers_they_are(tmp_path: Path) -> None:
    append(tmp_path, runs("a-v2", TEXT, 90, 10))
    async with session(tmp_path, DRAWS) as author:
        text = write(author)
        author.open(B, text)
        await shown(author, "90.0 % of 100")
        editor = Editor(author)
        ranges = [each["range"] for each in await editor.ask("codeLens", B)]
        at = text.index(TEXT) + len(TEXT)
        for version, typed in enumerate([" ", " a", ' a"', " a"], start=2):
            author.type(B, version, text[:at] + typed + text[at:])
            lenses = await editor.ask("codeLens", B)
            assert [each["range"] for each in lenses] == ranges
            assert lenses[-1]["command"]["title"].startswith("changed text: not measured yet · the text before: 90.0 %")
        author.type(B, 9, text)
        assert (await lens(author)).startswith("90.0 %")


async def test_a_keystroke_asks_the_store_for_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    append(tmp_path, runs("a-v2", TEXT, 90, 10) + runs("a", PARENT, 90, 10))
    async with session(tmp_path, DRAWS) as author:
        text = write(author)
        author.open(B, text)
        await shown(author, "90.0 %")
        asked: list[Any] = []
        monkeypatch.setattr(summaries, "read", lambda _, ids: asked.append(ids) or [])
        editor = Editor(author)
        for version in range(2, 30):
            author.type(B, version, text.replace(TEXT, TEXT + "!" * version))
            await editor.ask("codeLens", B)
            await editor.ask("inlayHint", B, range=EVERYTHING)
            await editor.at("hover", B, '"confidence"', 1)
        await author.published(B, "stale-statistics", version=29)
        assert asked == []


async def test_the_content_shown_as_markdown_has_its_lens(tmp_path: Path) -> None:
    append(tmp_path, runs("a-v2", TEXT, 90, 10))
    async with session(tmp_path, DRAWS) as author:
        author.open(B, write(author))
        await shown(author, "90.0 %")
        view = content_uri(tmp_path / B)
        author.open(view, TEXT, language="markdown")
        assert (await lens(author, view)).startswith("90.0 %")
        author.type(view, 2, "Something else.")
        assert (await lens(author, view)).startswith("changed text")


# Stores that come, go, and are none.


async def test_without_a_store_nothing_is_made(tmp_path: Path) -> None:
    async with session(tmp_path, DRAWS) as author:
        author.open(B, write(author))
        await author.settled()
        assert await lens(author) == ""
    assert not (tmp_path / ".promptbits").exists()


async def test_a_store_that_vanishes_and_another_in_its_place(tmp_path: Path) -> None:
    path = append(tmp_path, runs("a-v2", TEXT, 90, 10))
    async with session(tmp_path, DRAWS) as author:
        author.open(B, write(author))
        await shown(author, "90.0 % of 100")
        for each in path.parent.glob("facts.db*"):
            each.unlink()
        await gone(author)
        append(tmp_path, runs("a-v2", TEXT, 30, 10))
        await shown(author, "75.0 % of 40")
        other = tmp_path / "other"
        append(other, runs("a-v2", TEXT, 10, 30))
        facts_path(other).replace(path)
        await shown(author, "25.0 % of 40")
        assert author.warnings() == []


@pytest.mark.parametrize("damage", ["text", "newer", "folder"])
async def test_a_store_that_cannot_be_read_is_said_once_and_the_rest_goes_on(damage: str, tmp_path: Path) -> None:
    path = append(tmp_path, runs("a-v2", TEXT, 90, 10))
    if damage == "newer":
        connection = sqlite3.connect(path)
        connection.execute("PRAGMA user_version = 999")
        connection.close()
    else:
        for each in path.parent.glob("facts.db*"):
            each.unlink()
        path.write_bytes(b"no store at all\n" * 500) if damage == "text" else path.mkdir()
    async with session(tmp_path, DRAWS) as author:
        author.open(B, write(author, confidence=7))
        await author.client.until(lambda: bool(author.warnings()), what="a warning")
        await author.published(B, "out-of-range")
        assert await lens(author) == ""
        for version in range(2, 6):
            author.type(B, version, prompt("a-v2", confidence=version))
            await author.published(B, version=version)
        [warning] = author.warnings()
        assert str(path) in warning
        assert "\n" not in warning
        if damage == "text":
            path.unlink()
            append(tmp_path, runs("a-v2", TEXT, 90, 10))
            await shown(author, "the text before: 90.0 %")


async def test_a_store_that_is_damaged_while_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    append(tmp_path, runs("a-v2", TEXT, 90, 10))
    async with session(tmp_path, DRAWS) as author:
        author.open(B, write(author))
        await shown(author, "90.0 %")

        def fail(_connection: object, _ids: object) -> None:
            raise sqlite3.DatabaseError("database disk image is malformed")

        with monkeypatch.context() as patch:
            patch.setattr(summaries, "read", fail)
            append(tmp_path, runs("a-v2", TEXT, 1, 0))
            await gone(author)
        await shown(author, "90.1 % of 101")
        assert len(author.warnings()) == 1


# Commands and documents.


async def recorded(author: Any, *arguments: Any) -> Any:
    params = {"command": "promptbits.recordFeedback", "arguments": [author.uri(B), *arguments]}
    return await author.client.request(RUN, params)


async def test_feedback_becomes_a_fact_about_the_text_in_the_editor(tmp_path: Path) -> None:
    async with session(tmp_path, DRAWS) as author:
        text = write(author)
        author.open(B, text.replace(TEXT, "Not saved yet."))
        await author.settled()
        answer = await recorded(author, 4)
        assert answer["message"] == 'recorded for "a-v2" as it stands: rating 4'
        await shown(author, "★ 4.0")
        await recorded(author, {"rating": 5, "outcome": "succeeded", "conversation_id": "c", "secret": "never"})
        await shown(author, "1 of 1 succeeded · ★ 4.5")
        assert "no rate counts" in (await recorded(author, "failed"))["message"]
    store = open_store(facts_path(tmp_path), create=False, read_only=True)
    fact = store.get(answer["id"])
    assert fact is not None
    assert (fact["rating"], fact["revision"], fact["prompt_id"]) == (4, 2, "a-v2")
    assert fact["content_sha256"] == content_sha256("Not saved yet.")
    assert store.text(fact["content_sha256"]) == "Not saved yet."
    assert [each.get("secret") for each in store.facts(kinds=["feedback"])] == [None] * 3
    store.close()


@pytest.mark.parametrize(
    "said", [0, 6, -1, "wonderful", True, None, [], {}, {"rating": "4"}, {"text": "x"}, {"rating": 3, "outcome": "no"}]
)
async def test_what_is_no_feedback_is_refused_in_words(said: Any, tmp_path: Path) -> None:
    async with session(tmp_path, DRAWS) as author:
        author.open(B, write(author))
        assert await refusal(recorded(author, said))
        assert "address" in await refusal(recorded(author))
    if facts_path(tmp_path).exists():
        assert list(open_store(facts_path(tmp_path)).facts()) == []


async def test_feedback_needs_a_text(tmp_path: Path) -> None:
    async with session(tmp_path, DRAWS) as author:
        for text in ('{"id": "a-v2"}', '{"content": "x"}', '{"id": "a-v2", "content": "x', "[]"):
            write(author)
            author.open(B, text)
            assert "about a text" in await refusal(recorded(author, 4))
            author.close(B)
        assert "saved" in await refusal(
            author.client.request(
                RUN, {"command": "promptbits.recordFeedback", "arguments": ["file:///nowhere.json", 4]}
            )
        )
    assert not facts_path(tmp_path).exists()


async def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    async with session(tmp_path, DRAWS) as author:
        author.open(B, write(author))
        author.write(".promptbits", "a file where the folder would be")
        said = await refusal(recorded(author, 4))
        assert said.startswith("nothing was recorded: ")
        assert "\n" not in said


async def test_the_statistics_as_a_document_that_keeps_up(tmp_path: Path) -> None:
    append(tmp_path, runs("a-v2", TEXT, 90, 10, model="small"))
    async with session(tmp_path, DRAWS) as author:
        author.client.answers["window/showDocument"] = lambda _: {"success": True}
        author.open(B, write(author))
        await shown(author, "90.0 %")
        params = {"command": "promptbits.showStats", "arguments": [author.uri(B)]}
        address = stats_uri(tmp_path / B)
        assert await author.client.request(RUN, params) == {"uri": address}
        read = {"uri": address}
        text = (await author.client.request("workspace/textDocumentContent", read))["text"]
        assert text.startswith("# What is measured of `a-v2`\n")
        assert "| `small` | 100 | 90.0 % [82.6–94.5] |" in text
        append(
            tmp_path,
            [execution("a-v2", TEXT, "failed"), feedback("a-v2", content_sha256=content_sha256(TEXT), rating=2)],
        )
        await author.asked(DOCUMENT)
        text = (await author.client.request("workspace/textDocumentContent", read))["text"]
        assert "| 101 | 89.1 %" in text


async def test_other_prompts_of_a_busy_store_ask_nothing_of_the_client(tmp_path: Path) -> None:
    append(tmp_path, runs("a-v2", TEXT, 90, 10))
    async with session(tmp_path, DRAWS) as author:
        author.open(B, write(author))
        await shown(author, "90.0 %")
        await author.settled()
        before = author.client.methods().count(HINTS)
        for number in range(5):
            append(tmp_path, [execution(f"other-{number}", "x", "failed")])
        append(tmp_path, [execution("a", PARENT, "failed")])  # the parent of the prompt that is open
        await author.asked(HINTS, before + 1)
        assert author.client.methods().count(HINTS) == before + 1


async def test_a_store_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROMPTBITS_FACTS", str(tmp_path / "elsewhere" / "f.db"))
    append(tmp_path, runs("a-v2", TEXT, 90, 10))
    assert (tmp_path / "elsewhere" / "f.db").exists()
    folder = tmp_path / "work"
    folder.mkdir()
    async with session(folder, DRAWS) as author:
        author.open(B, write(author))
        await shown(author, "90.0 %")
