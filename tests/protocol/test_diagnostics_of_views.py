"""Pulled diagnostics of a Markdown view, which depend on the JSON behind it."""

from __future__ import annotations

from pathlib import Path

import pytest
from authoring import PULL, REFRESH, Author, codes, prompt, session

pytestmark = pytest.mark.asyncio

A = "prompts/a.json"
UNDECLARED = prompt("a", content="Hi <<x>>.", variables={})
DECLARED = prompt("a", content="Hi <<x>>.", variables={"x": {"default": "1"}})


def view(author: Author) -> str:
    return f"promptbits-content{(author.folder / A).as_uri().removeprefix('file')}.md"


async def test_a_change_of_the_json_has_the_view_pulled_again(tmp_path: Path) -> None:
    async with session(tmp_path, PULL) as author:
        author.open(A, UNDECLARED)
        author.open(view(author), "Hi <<x>>.", language="markdown")
        before = await author.pull(view(author))
        assert codes(before) == ["undeclared-variable"]
        await author.settled()
        asked = author.client.methods().count(REFRESH)
        author.type(A, 2, DECLARED)
        await author.asked(REFRESH, asked + 1)
        assert codes(await author.pull(view(author), before["resultId"])) == []


async def test_a_change_of_the_json_that_the_view_does_not_show_asks_for_nothing(tmp_path: Path) -> None:
    async with session(tmp_path, PULL) as author:
        author.open(A, UNDECLARED)
        author.open(view(author), "Hi <<x>>.", language="markdown")
        await author.pull(view(author))
        await author.settled()
        asked = author.client.methods().count(REFRESH)
        author.type(A, 2, UNDECLARED.replace("0.5", "0.6"))
        await author.settled()
        assert author.client.methods().count(REFRESH) == asked


async def test_a_client_that_has_not_heard_the_last_report_is_not_told_that_it_is_unchanged(tmp_path: Path) -> None:
    """Neovim 0.12 pulls again while an answer is on its way, with the result id of the one before."""
    async with session(tmp_path, PULL) as author:
        author.open(A, DECLARED)
        first = await author.pull(A)
        author.type(A, 2, UNDECLARED)
        assert codes(await author.pull(A, first["resultId"])) == ["undeclared-variable"]
        author.type(A, 3, DECLARED)
        last = await author.pull(A, first["resultId"])
        assert (last["kind"], last["items"]) == ("full", [])
        assert (await author.pull(A, last["resultId"]))["kind"] == "unchanged"
