"""Code lenses, and the commands that they run, over the protocol."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from authoring import PUSH, session
from client import ResponseError
from editing import INVALID_PARAMS, Editor, Json, prompt, refusal

from promptbits.prompts.shipped import shipped_prompts
from promptbits.text.document import Document

pytestmark = pytest.mark.asyncio

A, B, C = "prompts/custom/a.json", "prompts/custom/b.json", "prompts/learned/c.json"
SHOW = "window/showDocument"
CHOOSE = "window/showMessageRequest"
SHOWS: Json = {**PUSH, "window": {"showDocument": {"support": True}}}
TEXTS = {
    A: prompt("a"),
    B: prompt("b", parent="a", revision=2),
    C: prompt("c", parent="a", source="Learned", revision=3),
    "prompts/learned/a.json": prompt("a", source="Learned", trigger={"Custom": "learned"}),
}


async def begun(author: Any, name: str) -> Editor:
    author.write("promptbits.toml", "")
    for each, text in TEXTS.items():
        author.write(each, text)
    author.open(name, TEXTS[name])
    await author.read()
    return Editor(author)


def titles(lenses: list[Json]) -> list[str]:
    return [each["command"]["title"] for each in lenses]


async def test_lenses_tell_of_lineage_and_shadowing(tmp_path: Path) -> None:
    async with session(tmp_path, SHOWS) as author:
        editor = await begun(author, A)
        lenses = await editor.ask("codeLens", A)
        assert titles(lenses) == ["2 prompts evolved from it", "shadows learned/a.json"]
        first = {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 1}}
        assert all(each["range"] == first for each in lenses)
        assert titles(await editor.ask("codeLens", B)) == ["evolved from a (revision 1)", "compare with a"]
        assert titles(await editor.ask("codeLens", "prompts/learned/a.json")) == [
            "shadowed by custom/a.json: that one is served"
        ]


async def test_lenses_stay_in_their_place_while_the_json_is_broken(tmp_path: Path) -> None:
    async with session(tmp_path, SHOWS) as author:
        editor = await begun(author, B)
        whole = await editor.ask("codeLens", B)
        text = TEXTS[B]
        parent = text.index('"parent": "a"') + len('"parent": "a"')
        for version, end in enumerate(range(len(text) - 1, 0, -5), start=2):
            author.type(B, version, text[:end])
            lenses = await editor.ask("codeLens", B)
            if end >= parent:
                assert lenses == whole
            assert {each["range"]["start"]["line"] for each in lenses} <= {0}
            assert set(titles(lenses)) <= set(titles(whole))


@pytest.mark.parametrize("capabilities", [PUSH, SHOWS])
async def test_a_lens_is_clicked_only_where_a_document_can_be_shown(capabilities: Json, tmp_path: Path) -> None:
    async with session(tmp_path, capabilities) as author:
        editor = await begun(author, B)
        commands = [each["command"]["command"] for each in await editor.ask("codeLens", B)]
        shows = ["promptbits.open", "promptbits.showDiff"]
        assert commands == (shows if capabilities is SHOWS else ["", ""])


async def clicked(editor: Editor, name: str, title: str) -> Any:
    [lens] = [each for each in await editor.ask("codeLens", name) if each["command"]["title"] == title]
    command = lens["command"]
    params = {"command": command["command"], "arguments": command["arguments"]}
    return await editor.request("workspace/executeCommand", params)


def shown(author: Any) -> list[str]:
    return [each["params"]["uri"] for each in author.client.received if each.get("method") == SHOW]


async def test_a_click_opens_the_parent(tmp_path: Path) -> None:
    async with session(tmp_path, SHOWS) as author:
        author.client.answers[SHOW] = lambda _: {"success": True}
        editor = await begun(author, B)
        assert await clicked(editor, B, "evolved from a (revision 1)") == {"uri": author.uri(A)}
        assert shown(author) == [author.uri(A)]


@pytest.mark.parametrize("chosen", ["c", None, "nothing of the kind"])
async def test_a_click_on_several_lets_the_author_choose(chosen: str | None, tmp_path: Path) -> None:
    async with session(tmp_path, SHOWS) as author:
        author.client.answers[SHOW] = lambda _: {"success": True}
        author.client.answers[CHOOSE] = lambda _: {"title": chosen} if chosen else None
        editor = await begun(author, A)
        result = await clicked(editor, A, "2 prompts evolved from it")
        [asked] = [each["params"] for each in author.client.received if each.get("method") == CHOOSE]
        assert (asked["message"], asked["actions"]) == ("Which prompt?", [{"title": "b"}, {"title": "c"}])
        assert result == ({"uri": author.uri(C)} if chosen == "c" else None)
        assert shown(author) == ([author.uri(C)] if chosen == "c" else [])


async def test_files_of_one_id_are_told_apart_by_their_folders(tmp_path: Path) -> None:
    async with session(tmp_path, SHOWS) as author:
        author.client.answers[CHOOSE] = lambda asked: asked["actions"][1]
        author.client.answers[SHOW] = lambda _: {"success": True}
        names = ["x/learned/a.json", "y/learned/a.prompt.json", "b.prompt.json"]
        params = {"command": "promptbits.open", "arguments": [author.uri(name) for name in names]}
        result = await author.client.request("workspace/executeCommand", params)
        [asked] = [each["params"] for each in author.client.received if each.get("method") == CHOOSE]
        assert [each["title"] for each in asked["actions"]] == ["learned/a.json", "learned/a.prompt.json", "b"]
        assert result == {"uri": author.uri(names[1])}
        same = [author.uri("x/learned/a.json"), author.uri("y/learned/a.json")]
        await author.client.request("workspace/executeCommand", {"command": "promptbits.open", "arguments": same})
        last = [each["params"] for each in author.client.received if each.get("method") == CHOOSE][-1]
        assert [each["title"] for each in last["actions"]] == ["x/learned/a.json", "y/learned/a.json"]


async def test_a_choice_is_not_endless(tmp_path: Path) -> None:
    async with session(tmp_path, SHOWS) as author:
        many = [author.uri(f"prompts/m{number}.json") for number in range(1500)]
        assert (
            await author.client.request("workspace/executeCommand", {"command": "promptbits.open", "arguments": many})
            is None
        )
        [asked] = [each["params"] for each in author.client.received if each.get("method") == CHOOSE]
        assert asked["message"] == "Which prompt? (the first 12 of 1,500)"
        assert len(asked["actions"]) == 12


async def test_a_client_that_refuses_to_ask_or_to_show_is_no_defect(tmp_path: Path) -> None:
    async with session(tmp_path, SHOWS) as author:
        refused = ResponseError({"code": -32601, "message": "no"})
        author.client.answers[SHOW] = lambda _: refused
        author.client.answers[CHOOSE] = lambda _: refused
        editor = await begun(author, A)
        await refusal(clicked(editor, A, "2 prompts evolved from it"))
        await refusal(clicked(editor, B, "compare with a"))


async def test_a_diff_and_a_rendered_prompt_are_shown_and_can_be_read(tmp_path: Path) -> None:
    async with session(tmp_path, SHOWS) as author:
        author.client.answers[SHOW] = lambda _: {"success": True}
        editor = await begun(author, B)
        diff = await clicked(editor, B, "compare with a")
        rendered = await author.client.request(
            "workspace/executeCommand", {"command": "promptbits.showRendered", "arguments": [author.uri(B)]}
        )
        assert shown(author) == [diff["uri"], rendered["uri"]]
        assert diff["uri"].startswith("promptbits-diff:")
        assert rendered["uri"].startswith("promptbits-rendered:")


@pytest.mark.parametrize(
    ("command", "arguments", "reason"),
    [
        ("promptbits.nothing", [], '"promptbits.nothing" is no command of this server'),
        ("promptbits.open", [], '"promptbits.open" needs the address of a prompt'),
        ("promptbits.open", None, '"promptbits.open" needs the address of a prompt'),
        ("promptbits.showDiff", ["file:///a.json"], '"promptbits.showDiff" needs the addresses of two prompts'),
        (
            "promptbits.showRendered",
            [7],
            '"promptbits.showRendered" needs the address of a prompt, and takes a table of values',
        ),
    ],
)
async def test_a_command_that_cannot_be_run_says_why(command: str, arguments: Any, reason: str, tmp_path: Path) -> None:
    async with session(tmp_path) as author:
        asked = author.client.request("workspace/executeCommand", {"command": command, "arguments": arguments})
        assert await refusal(asked) == reason


@pytest.mark.parametrize("command", ["promptbits.open", "promptbits.showDiff", "promptbits.showRendered"])
async def test_a_command_takes_addresses_of_files_only(command: str, tmp_path: Path) -> None:
    async with session(tmp_path) as author:
        arguments = ["untitled:a", "https://x.example/"][: 1 if command == "promptbits.showRendered" else 2]
        asked = author.client.request("workspace/executeCommand", {"command": command, "arguments": arguments})
        await refusal(asked, INVALID_PARAMS)


async def test_what_ships_has_lenses_only_of_what_is_so(tmp_path: Path) -> None:
    path = sorted(shipped_prompts().glob("*.json"))[0]
    async with session(tmp_path, SHOWS) as author:
        await begun(author, A)
        document = Document.from_bytes(path.read_bytes())
        author.open(path.as_uri(), document.text)
        await author.read()
        assert await Editor(author).ask("codeLens", path.as_uri()) == []
