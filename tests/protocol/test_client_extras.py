"""What clients can do beyond LSP, as they announce it: commands of theirs on lenses, language models."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from authoring import PUSH, Author, prompt, session
from client import Client
from editing import Editor
from extras import COMMANDS, EXTRAS, Json
from measuring import append, runs
from viewing import Editor as ViewEditor

from promptbits import __version__
from promptbits.lsp.server import create
from promptbits.prompts.shipped import shipped_prompts

pytestmark = pytest.mark.asyncio

A, B = "prompts/custom/a.json", "prompts/learned/b.json"
SECRET = "Nobody may see this."
TEXT = prompt("b", parent="a", source="Learned", revision=2, content=SECRET)


def announced(extras: Any) -> Json:
    return {**PUSH, "window": {"showDocument": {"support": True}}, "experimental": extras}


async def lenses(author: Author, name: str) -> list[Json]:
    return await Editor(author).ask("codeLens", name)


async def begun(author: Author) -> None:
    author.write("promptbits.toml", "")
    author.write(A, prompt("a"))
    author.write(B, TEXT)
    await lenses(author, A)
    await author.read()


async def test_commands_of_the_client_stand_above_the_prompt(tmp_path: Path) -> None:
    async with session(tmp_path, announced({"promptbits": EXTRAS})) as author:
        await begun(author)
        shown = await lenses(author, B)
        assert [each["command"]["title"] for each in shown] == [
            "Edit as Markdown",
            "Preview",
            "evolved from a (revision 1)",
            "compare with a",
        ]
        for lens, command in zip(shown, COMMANDS[:2], strict=False):
            assert lens["command"]["command"] == command
            assert lens["command"]["arguments"] == [author.uri(B)]
            assert lens["range"] == {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 1}}


@pytest.mark.parametrize(
    ("extras", "titles"),
    [
        (None, []),
        ({"promptbits": {"commands": ["promptbits.preview"]}}, ["Preview"]),
        ({"promptbits": {"commands": ["promptbits.other", 7, "promptbits.editContent"]}}, ["Edit as Markdown"]),
        ({"promptbits": {"commands": "promptbits.preview"}}, []),
        ({"promptbits": {"commands": None, "libraryChanged": 1}}, []),
        ({"promptbits": []}, []),
        ([], []),
        (7, []),
    ],
)
async def test_what_is_not_announced_is_not_there(extras: Any, titles: list[str], tmp_path: Path) -> None:
    async with session(tmp_path, announced(extras)) as author:
        await begun(author)
        assert [each["command"]["title"] for each in await lenses(author, A)] == [*titles, "1 prompt evolved from it"]
        assert not author.session.client.library_changed


async def test_the_numbers_run_the_command_of_the_client(tmp_path: Path) -> None:
    for commands, expected in ((COMMANDS, "promptbits.statistics"), (COMMANDS[:2], "promptbits.showStats")):
        async with session(tmp_path, announced({"promptbits": {**EXTRAS, "commands": commands}})) as author:
            await begun(author)
            append(tmp_path, runs("b", SECRET, 3, 1))
            number = 0
            while (found := (await lenses(author, B))[-1]["command"])["command"] == "promptbits.showDiff":
                number += 1
                await author.asked("promptbits/libraryChanged", number)
            assert found["title"].startswith(("3 of 4", "6 of 8"))
            assert (found["command"], found["arguments"]) == (expected, [author.uri(B)])


async def test_lenses_stay_where_they_are_while_the_text_is_broken_and_hold_no_text(tmp_path: Path) -> None:
    async with session(tmp_path, announced({"promptbits": EXTRAS})) as author:
        await begun(author)
        author.open(B, TEXT)
        whole = await lenses(author, B)
        for number, end in enumerate(range(len(TEXT), 0, -7), start=2):
            author.type(B, number, TEXT[:end])
            shown = await lenses(author, B)
            assert shown[:2] == whole[:2]
            assert SECRET[:9] not in str(shown)
        author.type(B, 1000, "")
        assert await lenses(author, B) == []


async def test_a_view_and_a_shipped_prompt_are_previewed_but_not_edited(tmp_path: Path) -> None:
    async with session(tmp_path, announced({"promptbits": EXTRAS})) as author:
        await begun(author)
        view = ViewEditor(author, "utf-16").view(B)
        author.open(view, SECRET, language="markdown")
        shown = await Editor(author).ask("codeLens", view)
        assert [each["command"]["title"] for each in shown][:1] == ["Preview"]
        assert shown[0]["command"]["arguments"] == [author.uri(B)]
        shipped = next(iter(shipped_prompts().glob("*.json"))).as_uri()
        titles = [each["command"]["title"] for each in await Editor(author).ask("codeLens", shipped)]
        assert titles[:1] == ["Preview"]
        assert "Edit as Markdown" not in titles


async def test_a_language_model_is_noted_and_nothing_is_answered(tmp_path: Path) -> None:
    async with session(tmp_path, announced({"promptbits": EXTRAS})) as author:
        assert author.session.client.llm_requests
        assert not author.session.llm_available
        for told, expected in (({"available": True}, True), ({"available": False}, False), ({"available": 1}, False)):
            author.client.notify("promptbits/llmAvailable", told)
            await author.client.fence()
            assert author.session.llm_available is expected
        author.client.notify("promptbits/llmAvailable", {"available": True})
        author.client.notify("promptbits/llmAvailable", [])
        await author.client.fence()
        assert author.session.llm_available
        assert author.warnings() == []


async def test_the_server_says_which_version_it_is() -> None:
    client = await Client.in_process(create())
    try:
        result = await client.initialize()
    finally:
        await client.stop()
    assert result["serverInfo"] == {"name": "promptbits", "version": __version__}
    assert __version__ == version("promptbits")


async def test_every_message_of_our_own_is_described() -> None:
    described = (Path(__file__).parents[2] / "docs" / "protocol.md").read_text("utf-8")
    features = [name for name in create().protocol.fm.features if name.startswith("promptbits/")]
    assert len(features) >= 9
    for name in [*features, "promptbits/llmRequest", "promptbits/libraryChanged"]:
        assert f"`{name}`" in described, name
