"""Semantic tokens, inlay hints, code lenses, and the commands that lenses run, over the protocol."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, get_args

import pytest
from authoring import PUSH, session, units
from client import ResponseError
from editing import INVALID_PARAMS, Editor, Json, prompt, refusal

from promptbits.lsp.display import LEGEND
from promptbits.prompts.shipped import shipped_prompts
from promptbits.text.document import Document
from promptbits.text.lines import Encoding

pytestmark = pytest.mark.asyncio

A, B, C = "prompts/custom/a.json", "prompts/custom/b.json", "prompts/learned/c.json"
SHOW = "window/showDocument"
CHOOSE = "window/showMessageRequest"
SHOWS: Json = {**PUSH, "window": {"showDocument": {"support": True}}}
CONTENT = "# 🚀 Héad <<x>>\n👩‍👧 `漢 code` and [ä](https://x.example/🚀) {{ x }}\n~~~py\n<<x>>\n~~~\n"
TEXT = prompt("a", content=CONTENT, variables={"x": {"default": "é"}})
EVERYTHING: Json = {"start": {"line": 0, "character": 0}, "end": {"line": 2**31 - 1, "character": 0}}


def decoded(text: str, data: list[int], encoding: Encoding) -> list[tuple[str, str]]:
    """The tokens of relative data as kind and text, found the slow and obvious way: by slicing bytes."""
    found: list[tuple[str, str]] = []
    width = {"utf-8": 1, "utf-16": 2, "utf-32": 4}[encoding]
    codec = encoding if width == 1 else f"{encoding}-le"
    rows = text.split("\n")
    line = start = 0
    assert len(data) % 5 == 0
    for at in range(0, len(data), 5):
        down, right, length, kind, modifiers = data[at : at + 5]
        assert (down, right, length) >= (0, 0, 0)
        line, start = (line + down, right) if down else (line, start + right)
        row = rows[line].encode(codec)
        assert (start + length) * width <= len(row), "a token stays on its line"
        found.append((LEGEND.token_types[kind], row[start * width : (start + length) * width].decode(codec)))
        assert modifiers == 0
    return found


@pytest.mark.parametrize("encoding", get_args(Encoding))
@pytest.mark.parametrize("one_line", [True, False])
async def test_tokens_cover_what_they_name(encoding: Encoding, one_line: bool, tmp_path: Path) -> None:
    text = json.dumps(json.loads(TEXT), ensure_ascii=False) if one_line else TEXT
    async with session(tmp_path, {**PUSH, "general": {"positionEncodings": [encoding]}}) as author:
        author.open(A, text)
        result = await Editor(author).ask("semanticTokens/full", A)
        assert decoded(text, result["data"], encoding) == [
            ("enumMember", "Custom"),
            ("keyword", "# 🚀 Héad "),
            ("parameter", "<<x>>"),
            ("macro", "`漢 code`"),
            ("namespace", "[ä](https://x.example/🚀)"),
            ("parameter", "{{ x }}"),
            ("decorator", "~~~py"),
            ("parameter", "<<x>>"),
            ("decorator", "~~~"),
        ]


@pytest.mark.parametrize("encoding", get_args(Encoding))
async def test_tokens_far_out_on_a_long_line_are_exact(encoding: Encoding, tmp_path: Path) -> None:
    text = prompt("a", content="🚀é <<x>> " * 3000, variables={"x": {}})
    async with session(tmp_path, {**PUSH, "general": {"positionEncodings": [encoding]}}) as author:
        author.open(A, text)
        result = await Editor(author).ask("semanticTokens/full", A)
        assert decoded(text, result["data"], encoding)[1:] == [("parameter", "<<x>>")] * 3000


# Hints.


@pytest.mark.parametrize("encoding", get_args(Encoding))
async def test_hints_stand_behind_what_they_explain(encoding: Encoding, tmp_path: Path) -> None:
    async with session(tmp_path, {**PUSH, "general": {"positionEncodings": [encoding]}}) as author:
        author.open(A, TEXT)
        hints = await Editor(author).ask("inlayHint", A, range=EVERYTHING)
        rows = TEXT.split("\n")
        found = []
        for hint in hints:
            row = rows[hint["position"]["line"]]
            before = next(
                end for end in range(len(row) + 1) if units(row[:end], encoding) == hint["position"]["character"]
            )
            found.append((row[:before].rpartition(" ")[2][-9:], hint["label"], hint["kind"]))
        assert found == [
            ('"content"', " ≈ 21 tokens", 1),
            ("<<x>>", " = é", 2),
            ("}}", " = é", 2),
            (found[3][0], " = é", 2),
        ]
        assert found[3][0].endswith("<<x>>")
        assert "estimate" in hints[0]["tooltip"]["value"]


async def test_only_the_hints_of_the_range_are_given(tmp_path: Path) -> None:
    async with session(tmp_path) as author:
        author.open(A, TEXT)
        editor = Editor(author)
        first = {"line": 0, "character": 0}
        assert await editor.ask("inlayHint", A, range={"start": first, "end": first}) == []
        line = next(number for number, row in enumerate(TEXT.split("\n")) if '"content"' in row)
        key = {"start": {"line": line, "character": 0}, "end": {"line": line, "character": 12}}
        assert [each["label"] for each in await editor.ask("inlayHint", A, range=key)] == [" ≈ 21 tokens"]


async def test_a_hint_too_far_out_to_be_drawn_is_not_given(tmp_path: Path) -> None:
    text = prompt("a", content="<<x>>" + "long " * 3000 + "<<x>>", variables={"x": {"default": 1}})
    async with session(tmp_path) as author:
        author.open(A, text)
        hints = await Editor(author).ask("inlayHint", A, range=EVERYTHING)
        assert [each["label"] for each in hints][1:] == [" = 1"]


# Lenses, and what they run.

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
        ("promptbits.showRendered", [7], '"promptbits.showRendered" needs the address of a prompt'),
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


@pytest.mark.parametrize("method", ["semanticTokens/full", "foldingRange", "documentLink"])
async def test_a_hover_does_not_wait_for_what_goes_through_a_long_prompt(method: str, tmp_path: Path) -> None:
    part = "## 🚀\nUse <<x>> and `code` at https://x.example/a.\n\n```\n<<x>>\n```\n"
    async with session(tmp_path) as author:
        author.open(A, prompt("a", content=part * 3000, variables={"x": {}}))
        document = {"textDocument": {"uri": author.uri(A)}}
        first = author.client.start_request(f"textDocument/{method}", document)
        second = author.client.start_request(
            "textDocument/hover", {**document, "position": {"line": 1, "character": 4}}
        )
        slow, hovered = await author.client.response(first), await author.client.response(second)
        assert author.client.received.index(hovered) < author.client.received.index(slow)
        assert slow["result"]
        assert hovered["result"]
