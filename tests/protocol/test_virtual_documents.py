"""Read-only documents that the server writes: a prompt as it renders, and two prompts compared."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
from authoring import PUSH, Author, prompt, session
from client import ResponseError

from promptbits.lsp.requests.commands import OPTIONS
from promptbits.lsp.requests.contents import CONTENT, MAP_POSITION, SET_CONTENT
from promptbits.lsp.requests.virtual_documents import SCHEMES, diff_uri, rendered_uri

pytestmark = pytest.mark.asyncio

Json = dict[str, Any]

REGISTER = "client/registerCapability"
REFRESH = "workspace/textDocumentContent/refresh"
A, B = "prompts/custom/a.json", "prompts/learned/a-v2.json"
SHOWS: Json = copy.deepcopy(PUSH) | {
    "workspace": {"textDocumentContent": {"dynamicRegistration": True}},
    "window": {"showDocument": {"support": True}},
}
VARIABLES = {"who": {"default": "the team"}, "what": {}}


async def shown(author: Author, uri: str) -> str:
    return (await author.client.request("workspace/textDocumentContent", {"uri": uri}))["text"]


def write(author: Author) -> tuple[Path, Path]:
    older = author.write(A, prompt("a", content="# One\n\nTell <<who>> about <<what>>.\n", variables=VARIABLES))
    fields: Json = {"parent": "a", "source": "Learned", "revision": 2, "variables": VARIABLES}
    newer = author.write(B, prompt("a-v2", content="# One\n\nTell <<who>> all about <<what>>.\n", **fields))
    return older, newer


async def test_they_are_registered_where_the_client_shows_them(tmp_path: Path) -> None:
    async with session(tmp_path, SHOWS) as author:
        await author.asked(REGISTER)
        asked = [each["params"] for each in author.client.received if each.get("method") == REGISTER]
        options = [each["registerOptions"] for params in asked for each in params["registrations"]]
        assert {"schemes": list(SCHEMES)} in options
    async with session(tmp_path) as author:
        await author.client.fence()
        assert REGISTER not in author.client.methods()


async def test_a_prompt_as_it_renders(tmp_path: Path) -> None:
    async with session(tmp_path) as author:
        older, _ = write(author)
        assert await shown(author, rendered_uri(older)) == "# One\n\nTell the team about <<what>>.\n"
        author.open(A, prompt("a", content="Not saved: <<who>>", variables=VARIABLES))
        assert await shown(author, rendered_uri(older)) == "Not saved: the team"
        spelled = rendered_uri(older).replace("///", "/", 1)  # as VS Code writes it
        assert await shown(author, spelled) == "Not saved: the team"


async def test_two_revisions_compared(tmp_path: Path) -> None:
    async with session(tmp_path) as author:
        older, newer = write(author)
        lines = (await shown(author, diff_uri(older, newer))).splitlines()
        assert lines[:2] == ["--- a.json", "+++ a-v2.json"]
        assert {"-Tell <<who>> about <<what>>.", "+Tell <<who>> all about <<what>>.", " # One"} <= set(lines)
        assert await shown(author, diff_uri(older, older)) == "a.json and a.json say the same.\n"


async def test_what_is_shown_is_read_again_when_the_prompt_changes(tmp_path: Path) -> None:
    async with session(tmp_path, SHOWS) as author:
        older, newer = write(author)
        author.open(A, older.read_text("utf-8"))
        address, other = rendered_uri(older), diff_uri(older, newer)
        await shown(author, address)
        await shown(author, other)
        author.type(A, 2, prompt("a", content="Changed for <<who>>.", variables=VARIABLES))
        await author.asked(REFRESH, 2)
        asked = {each["params"]["uri"] for each in author.client.received if each.get("method") == REFRESH}
        assert asked == {address, other}
        assert await shown(author, address) == "Changed for the team."
        await author.settled()
        assert author.client.methods().count(REFRESH) == 2, "asked once for each change"


async def test_the_lens_of_a_revision_leads_to_the_comparison(tmp_path: Path) -> None:
    async with session(tmp_path, SHOWS) as author:
        older, newer = write(author)
        author.client.answers["window/showDocument"] = lambda _: {"success": True}
        author.open(B, newer.read_text("utf-8"))
        await author.settled()
        params = {"textDocument": {"uri": author.uri(B)}}
        lenses = await author.client.request("textDocument/codeLens", params)
        (command,) = [each["command"] for each in lenses if each["command"]["command"] == "promptbits.showDiff"]
        answer = await author.client.request("workspace/executeCommand", command)
        assert answer == {"uri": diff_uri(older, newer)}
        (opened,) = [each["params"] for each in author.client.received if each.get("method") == "window/showDocument"]
        assert opened["uri"] == answer["uri"]


@pytest.mark.parametrize("scheme", SCHEMES)
async def test_what_cannot_be_read_is_said(scheme: str, tmp_path: Path) -> None:
    async with session(tmp_path) as author:
        gone = tmp_path / A
        uri = rendered_uri(gone) if scheme == SCHEMES[0] else diff_uri(gone, gone)
        with pytest.raises(ResponseError, match="cannot be read") as failure:
            await shown(author, uri)
        assert failure.value.code == -32803


@pytest.mark.parametrize(
    "params",
    [
        None,
        {},
        {"uri": 3},
        {"uri": "promptbits-rendered:"},
        {"uri": "file:///a.json"},
        {"uri": "promptbits-diff:///a.md"},
    ],
)
async def test_malformed_requests(params: Any, tmp_path: Path) -> None:
    async with session(tmp_path) as author:
        with pytest.raises(ResponseError) as failure:
            await author.client.request("workspace/textDocumentContent", params)
        assert failure.value.code == -32602


async def test_the_page_for_plugins_names_what_there_is() -> None:
    page = (Path(__file__).parents[2] / "docs" / "protocol.md").read_text("utf-8")
    for each in (CONTENT, SET_CONTENT, MAP_POSITION, *OPTIONS.commands, *SCHEMES):
        assert f"`{each}" in page
