"""`promptbits/preview`, and documents of rendered prompts with values in their addresses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from authoring import Author, prompt, session
from client import ResponseError
from editing import INVALID_PARAMS, refusal
from extras import Json
from test_virtual_documents import SHOWS, shown
from viewing import CHANGES, Editor

from promptbits.language.hover.content import estimated_tokens
from promptbits.lsp.requests.virtual_documents import rendered_uri
from promptbits.prompts.render import render

pytestmark = pytest.mark.asyncio

A = "prompts/custom/a.json"
CONTENT = "# <<title>>\n\nWrite <<n>> lines about {{ what }}{{ more }}: <<undeclared>>\n"
VARIABLES: Json = {
    "title": {"description": "What stands above", "default": "Notes", "examples": ["One"]},
    "n": {"type": "integer", "enum": [1, 2, 3]},
    "what": {"type": "array"},
    "more": {"required": False},
}
VALUES: Json = {"n": 2, "what": ["x"], "undeclared": "it"}


async def preview(author: Author, uri: str = A, /, values: Json | None = None, **params: Any) -> Json:
    asked = {"uri": author.uri(uri), "values": values or {}, **params}
    return await author.client.request("promptbits/preview", asked)


async def test_the_variables_and_the_text_with_their_values(tmp_path: Path) -> None:
    async with session(tmp_path) as author:
        author.write(A, prompt("a", content=CONTENT, variables=VARIABLES))
        found = await preview(author, values=VALUES)
        assert found["text"] == render(CONTENT, VARIABLES, VALUES)
        assert found["complete"]
        assert found["problems"] == []
        assert found["id"] == "a"
        assert found["tokens"] == estimated_tokens(len(found["text"]))
        none: Json = {"description": None, "type": "string", "required": True, "enum": None, "examples": None}
        none["undeclared"] = False
        assert found["variables"] == [
            none | {"name": "title", "description": "What stands above", "default": "Notes", "examples": ["One"]},
            none | {"name": "n", "type": "integer", "enum": [1, 2, 3]},
            none | {"name": "what", "type": "array"},
            none | {"name": "more", "required": False},
            none | {"name": "undeclared", "undeclared": True},
        ]


async def test_without_values_placeholders_stand_and_say_what_is_missing(tmp_path: Path) -> None:
    async with session(tmp_path) as author:
        author.write(A, prompt("a", content=CONTENT, variables=VARIABLES))
        found = await preview(author)
        assert found["text"] == "# Notes\n\nWrite <<n>> lines about {{ what }}: <<undeclared>>\n"
        assert not found["complete"]
        assert [(each["variable"], each["missing"]) for each in found["problems"]] == [
            ("n", True),
            ("what", True),
            ("undeclared", True),
        ]
        found = await preview(author, values=VALUES | {"n": "2", "title": 7, "other": 1})
        assert [(each["variable"], each["missing"]) for each in found["problems"]] == [
            ("title", False),
            ("n", False),
            ("other", False),
        ]
        assert found["text"].startswith("# <<title>>\n\nWrite <<n>> lines")


async def test_a_form_sends_text(tmp_path: Path) -> None:
    async with session(tmp_path) as author:
        author.write(A, prompt("a", content=CONTENT, variables=VARIABLES))
        typed = {"title": "", "n": "2", "what": "one\ntwo", "undeclared": "7"}
        found = await preview(author, values=typed, asText=True)
        assert found["complete"]
        values = {"n": 2, "what": ["one", "two"], "undeclared": "7"}
        assert found["text"] == render(CONTENT, VARIABLES, values)


async def test_it_is_of_the_text_in_the_editor_also_in_a_view_and_while_the_json_is_broken(tmp_path: Path) -> None:
    async with session(tmp_path, CHANGES) as author:
        author.write(A, prompt("a", content="On disk: <<x>>"))
        editor = Editor(author, "utf-16")
        assert (await preview(author, values={"x": "1"}))["text"] == "On disk: 1"
        view = editor.view(A)
        assert (await preview(author, view, values={"x": "1"}))["text"] == "On disk: 1"
        text = prompt("a", content="In the editor: <<x>>")
        editor.open(A, text)
        assert (await preview(author, values={"x": "1"}))["text"] == "In the editor: 1"
        spelled = author.uri(A).replace("custom", "%63ustom")
        assert (await preview(author, spelled, values={"x": "1"}))["text"] == "In the editor: 1"
        for broken in (text.replace('"confidence": 0.5', '"confidence": '), text.rstrip().removesuffix("}")):
            editor.type(A, broken)
            found = await preview(author, values={"x": "1"})
            assert (found["text"], found["complete"]) == ("In the editor: 1", False)
            assert [each["variable"] for each in found["problems"]] == [None]
        editor.type(A, text)
        editor.open(view, "In the view: <<x>>")
        assert (await preview(author, view, values={"x": "1"}))["text"] == "In the view: 1"
        assert (await preview(author, editor.view(A, 3), values={"x": "1"}))["text"] == "In the view: 1"
        assert (await preview(author, values={"x": "1"}))["text"] == "In the editor: 1"


async def test_of_truncated_text_it_always_gives_an_answer(tmp_path: Path) -> None:
    async with session(tmp_path) as author:
        text = prompt("a", content=CONTENT, variables=VARIABLES)
        author.open(A, text)
        for version, end in enumerate(range(len(text), -1, -3), start=2):
            author.type(A, version, text[:end])
            found = await preview(author, values=VALUES)
            assert found["complete"] == (not found["problems"])
            assert end == len(text) or not found["complete"] or text[end:].isspace()


async def test_long_prompts_are_rendered_beside_the_typing(tmp_path: Path) -> None:
    async with session(tmp_path) as author:
        content = "Say <<it>>. " * 20_000
        author.open(A, prompt("a", content=content))
        found = await preview(author, values={"it": "x" * 10})
        assert found["text"] == content.replace("<<it>>", "x" * 10)


async def test_odd_values_are_shown_as_an_application_renders_them(tmp_path: Path) -> None:
    async with session(tmp_path) as author:
        author.open(A, prompt("a", content="<<a>>|<<b.c>>|<<d>>"))
        values = {"a": "\ud800<<b.c>>", "b": {"c": 12345678901234567890123}, "d": None}
        found = await preview(author, values=values)
        assert found["text"] == "\ud800<<b.c>>|12345678901234567890123|null"


async def test_what_is_no_prompt_is_refused(tmp_path: Path) -> None:
    async with session(tmp_path) as author:
        author.write("x.json", "{}")
        assert await refusal(preview(author, "x.json")) == "x.json is no prompt"
        assert await refusal(preview(author, "y.json")) == "y.json cannot be read: was it renamed or deleted?"
        assert await refusal(preview(author, "untitled:1")) == "this is no prompt"
        wrong: list[Json | None] = [{"uri": author.uri(A)}, {"uri": author.uri(A), "values": []}, {"values": {}}, None]
        for params in wrong:
            with pytest.raises(ResponseError) as caught:
                await author.client.request("promptbits/preview", params)
            assert caught.value.code == INVALID_PARAMS


# Documents


async def rendered_with(author: Author, values: Any) -> str:
    arguments = [author.uri(A), values]
    asked = {"command": "promptbits.showRendered", "arguments": arguments}
    author.client.answers["window/showDocument"] = lambda _: {"success": True}
    return (await author.client.request("workspace/executeCommand", asked))["uri"]


async def test_a_rendered_document_carries_its_values(tmp_path: Path) -> None:
    async with session(tmp_path, SHOWS) as author:
        path = author.write(A, prompt("a", content="Tell <<who>> about <<what>>.", variables={"who": {}, "what": {}}))
        author.open(A, path.read_text("utf-8"))
        values = {"who": "Zoë & 100 % ?#/", "n": "\ud800"}
        address = await rendered_with(author, values)
        assert address == rendered_uri(path, values)
        assert address.split("?", 1)[1].isascii()
        assert await shown(author, address) == "Tell Zoë & 100 % ?#/ about <<what>>."
        assert await rendered_with(author, {}) == await rendered_with(author, None) == rendered_uri(path)
        plain = f"{rendered_uri(path)}?{quote(json.dumps({'what': 'it', 'who': 7}))}"
        assert await shown(author, plain) == (
            "This prompt cannot be rendered: variable 'who': the value is a number, not a string\n"
        )
        author.type(A, 2, prompt("a", content="<<who>>!"))
        await author.asked("workspace/textDocumentContent/refresh", 2)
        refreshed = [
            each["params"]["uri"]
            for each in author.client.received
            if each.get("method") == "workspace/textDocumentContent/refresh"
        ]
        assert set(refreshed) == {address, plain}
        assert await shown(author, address) == "Zoë & 100 % ?#/!"


@pytest.mark.parametrize("query", ["x", "%7B", "[1]", "%FF", "7"])
async def test_a_query_that_holds_no_table_is_invalid(query: str, tmp_path: Path) -> None:
    async with session(tmp_path) as author:
        path = author.write(A, prompt("a"))
        with pytest.raises(ResponseError) as caught:
            await shown(author, f"{rendered_uri(path)}?{query}")
        assert caught.value.code == INVALID_PARAMS


async def test_values_that_are_no_table_are_refused(tmp_path: Path) -> None:
    async with session(tmp_path) as author:
        author.write(A, prompt("a"))
        assert "takes a table of values" in await refusal(rendered_with(author, 7))
