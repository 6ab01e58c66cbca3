"""`promptbits/content`: the decoded content with its version, in the client's spelling, or the reason why not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from authoring import Json
from client import ResponseError
from viewing import BOM, A, editing, said

pytestmark = pytest.mark.asyncio

CONTENT = "# Häding\n\nSay <<x>> 🚀\r\nand\u2028more"
TEXT = said(content=CONTENT, variables={"x": {}})


async def refused(editor: Any, uri: str) -> str:
    with pytest.raises(ResponseError) as caught:
        await editor.content(uri)
    assert caught.value.code == -32803
    assert caught.value.data is None
    return caught.value.message


@pytest.mark.parametrize("slashes", [1, 3])
@pytest.mark.parametrize("safe", ["/", "/=ü", "/ =üß"])
async def test_a_view_may_be_spelled_in_any_way_and_is_answered_in_it(slashes: int, safe: str, tmp_path: Path) -> None:
    async with editing(tmp_path, TEXT) as editor:
        path = quote(str(editor.author.folder / A), safe=safe)
        view = f"promptbits-content:{'/' * (slashes - 1)}{path}.md"
        for _ in range(2):  # closed, then open
            answer = await editor.content(view)
            assert (answer["uri"], answer["text"], answer["languageId"]) == (view, CONTENT, "markdown")
            editor.open(view, answer["text"])
        # Asked for by its file, it is answered in the spelling that is open.
        for name in (A, f"file://{quote(str(editor.author.folder / A))}", f"file://{editor.author.folder / A}"):
            assert (await editor.content(name))["uri"] == view
        # And so are positions; each feature answers, too.
        assert (await editor.mapped(A, editor.at(A, "Say", 1)))["uri"] == view
        assert (await editor.mapped(view))["uri"] == editor.author.uri(A)
        assert (await editor.ask("hover", view, position=editor.at(view, "<<x", 2)))["range"]


async def test_of_several_views_the_one_that_is_named_is_answered(tmp_path: Path) -> None:
    async with editing(tmp_path, TEXT) as editor:
        one, other = await editor.opened(slashes=1), await editor.opened(slashes=3)
        assert one != other
        for view in (one, other):
            assert (await editor.content(view))["uri"] == view
        editor.type(other, "\n\n" + CONTENT)
        for view in (one, other):
            answer = await editor.mapped(view, editor.at(view, "<<x>>"))
            assert answer["positions"] == [editor.at(A, "<<x>>")]
            found = await editor.ask("hover", view, position=editor.at(view, "<<x>>", 1))
            assert editor.cut(view, found["range"]) == "<<x>>"


async def test_the_unsaved_text_of_the_json_counts(tmp_path: Path) -> None:
    async with editing(tmp_path, TEXT) as editor:
        on_disk = await editor.content(A)
        editor.open(A, said(content="unsaved"))
        unsaved = await editor.content(A)
        assert unsaved["text"] == "unsaved"
        editor.close(A)
        assert await editor.content(A) == on_disk
        editor.author.write(A, said(content="other bytes"))
        again = await editor.content(A)
        assert again["text"] == "other bytes"
        assert len({each["version"] for each in (on_disk, unsaved, again)}) == 3


async def test_the_version_is_that_of_the_text_alone(tmp_path: Path) -> None:
    async with editing(tmp_path, TEXT) as editor:
        before = await editor.content(A)
        editor.author.write(A, said(content=CONTENT, description="another", variables={"x": {}}))
        assert (await editor.content(A))["version"] == before["version"]


@pytest.mark.parametrize(
    ("data", "reason", "line"),
    [
        (said(content="a\n\0"), "NUL", 8),
        (said().replace("Say a.", r"Say \ud800 a."), "surrogate", 8),
        (said().replace("Say a.", r"Say \udc00 a."), "surrogate", 8),
        (said(content=None), "no content", 1),
        (said(content=7), "no content", 8),
        (said(content=["a"]), "no content", 8),
        (said().replace("Say a.", r"Say \q a."), "mend the JSON first", 8),
        (said().replace("Say a.", "Say\ta."), "mend the JSON first", 8),
        (said().split("Say a.", maxsplit=1)[0] + "Say", "mend the JSON first", 8),
        (said().encode().replace(b"Say", b"S\xffy"), "UTF-8", 8),
        (said().encode("utf-16"), "UTF-16", 1),
        ("", "", 1),
        ("[]", "no content", 1),
        ('{"id": "a", "conte', "mend the JSON first", 1),
    ],
)
async def test_what_cannot_be_edited_is_refused_with_the_reason_and_the_place(
    data: str | bytes, reason: str, line: int, tmp_path: Path
) -> None:
    async with editing(tmp_path, "") as editor:
        (editor.author.folder / A).write_bytes(data if isinstance(data, bytes) else data.encode())
        for uri in (A, editor.view()):
            message = await refused(editor, uri)
            assert message.startswith(f"a.json:{line}:")
            assert reason in message
            assert "Say" not in message


async def test_the_place_of_what_stands_in_the_way_is_exact(tmp_path: Path) -> None:
    async with editing(tmp_path, json.dumps({"id": "a", "content": "🚀\n\0"}, ensure_ascii=False)) as editor:
        column = editor.text(editor.author.uri(A)).index("\\u0000") + 1
        assert (await refused(editor, A)).startswith(f"a.json:1:{column}: ")


async def test_content_that_can_be_shown_is_shown_though_the_rest_of_the_file_is_half_typed(tmp_path: Path) -> None:
    async with editing(tmp_path, said(content="fine").rstrip().rstrip("}") + ', "tags": [') as editor:
        assert (await editor.content(A))["text"] == "fine"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("package.json", '{"name": "x", "content": "not a prompt"}'),
        ("other/a.json", '{"content": "not a prompt"}'),
        ("prompts/a.json.md", "# Markdown"),
        ("prompts/notes.md", "# Markdown"),
    ],
)
async def test_a_file_that_is_no_prompt_is_refused(name: str, text: str, tmp_path: Path) -> None:
    async with editing(tmp_path, TEXT) as editor:
        editor.author.write(name, text)
        for uri in (name, editor.view(name)):
            message = await refused(editor, uri)
            assert "no prompt" in message
            for method in ("hover", "definition", "completion"):
                assert await editor.ask(method, uri, position={"line": 0, "character": 0}) is None


async def test_a_file_that_is_ours_by_its_language_is_a_prompt(tmp_path: Path) -> None:
    async with editing(tmp_path) as editor:
        editor.author.open("elsewhere/x.json", TEXT, language="promptbit")
        assert (await editor.content(editor.view("elsewhere/x.json")))["text"] == CONTENT


async def test_a_file_that_is_gone_is_refused(tmp_path: Path) -> None:
    async with editing(tmp_path, TEXT) as editor:
        view = await editor.opened()
        (editor.author.folder / A).unlink()
        for uri in (A, view, editor.view("prompts/never.json")):
            assert "cannot be read" in await refused(editor, uri)
        assert "save it first" in await refused(editor, "untitled:Untitled-1")
        (editor.author.folder / "prompts/folder.json").mkdir()
        assert "cannot be read" in await refused(editor, "prompts/folder.json")


async def test_a_markdown_file_beside_the_prompt_is_never_what_a_view_shows(tmp_path: Path) -> None:
    async with editing(tmp_path, TEXT) as editor:
        editor.author.write(f"{A}.md", "decoy <<x>>")
        view = editor.view()
        assert (await editor.content(view))["text"] == CONTENT
        symbols = await editor.ask("documentSymbol", view)
        assert [each["name"] for each in symbols] == ["Häding"]
        # Nor is the decoy a prompt, open or not.
        assert await editor.ask("documentSymbol", f"{A}.md") is None
        editor.author.open(f"{A}.md", "decoy <<x>>", language="markdown")
        assert await editor.ask("hover", f"{A}.md", position={"line": 0, "character": 8}) is None
        (editor.author.folder / A).unlink()
        assert "cannot be read" in await refused(editor, view)


async def test_content_of_a_file_with_a_byte_order_mark(tmp_path: Path) -> None:
    async with editing(tmp_path, BOM + TEXT) as editor:
        assert (await editor.content(A))["text"] == CONTENT


CALLS: dict[str, Json] = {
    "promptbits/content": {"uri": "U"},
    "promptbits/setContent": {"uri": "U", "baseVersion": "0", "text": ""},
    "promptbits/mapPosition": {"uri": "U", "positions": [{"line": 0, "character": 0}]},
}
WRONG = {
    "uri": [None, 7, [], {}],
    "baseVersion": [None, 7, {}],
    "text": [None, 7, []],
    "positions": [None, 7, {}, [None], [7], [{}], [{"line": 0}], [{"line": "0", "character": 0}]],
}


@pytest.mark.parametrize("method", CALLS)
async def test_malformed_parameters_are_called_so(method: str, tmp_path: Path) -> None:
    async with editing(tmp_path, TEXT) as editor:
        right = CALLS[method] | {"uri": editor.view()}
        wrong: list[Any] = [None, [], 7, "uri", {}, *({k: v for k, v in right.items() if k != key} for key in right)]
        wrong += [right | {key: value} for key in right for value in WRONG[key]]
        for params in wrong:
            with pytest.raises(ResponseError) as caught:
                await editor.author.client.request(method, params)
            assert caught.value.code == -32602, params


async def test_an_address_that_names_nothing_is_refused_politely(tmp_path: Path) -> None:
    odd = [
        "",
        "x",
        "promptbits-content:",
        "promptbits-content:a.json.md",
        "promptbits-content:///.md",
        "file:///%00",
        "promptbits-content:///%00.json.md",
        "promptbits-content:/",
        "promptbits-content://host/a.json.md",
        "promptbits-content:///\ud800.json.md",
        "promptbits-content:///%FF%FE.json.md",
        "PROMPTBITS-CONTENT:/x.md",
    ]
    async with editing(tmp_path, TEXT) as editor:
        for uri in odd:
            await refused(editor, uri)
            for method in ("hover", "definition", "completion", "prepareRename"):
                assert await editor.ask(method, uri, position={"line": 0, "character": 0}) is None
            editor.author.open(uri, "text <<", language="markdown")
            assert await editor.ask("completion", uri, position={"line": 0, "character": 7}) is None
