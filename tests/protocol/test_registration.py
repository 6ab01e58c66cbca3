"""Clients that watch files are asked to watch the prompt folders of each root, whatever these are called."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
from authoring import PUSH, Author, codes, prompt, session

pytestmark = pytest.mark.asyncio

Json = dict[str, Any]

REGISTER, UNREGISTER = "client/registerCapability", "client/unregisterCapability"
WATCHED = "workspace/didChangeWatchedFiles"


def watches(*, relative: bool) -> Json:
    files = {"dynamicRegistration": True, "relativePatternSupport": relative}
    return copy.deepcopy(PUSH) | {"workspace": {"didChangeWatchedFiles": files}}


def patterns(author: Author) -> list[list[Any]]:
    """The patterns of each registration of watched files so far."""
    asked = [each["params"]["registrations"] for each in author.client.received if each.get("method") == REGISTER]
    options = [item["registerOptions"] for items in asked for item in items if item["method"] == WATCHED]
    return [[watcher["globPattern"] for watcher in each["watchers"]] for each in options]


@pytest.mark.parametrize("relative", [True, False])
async def test_prompt_folders_of_another_name(relative: bool, tmp_path: Path) -> None:
    async with session(tmp_path, watches(relative=relative)) as author:
        await author.asked(REGISTER)
        author.write("promptbits.toml", 'roots = ["library/of prompts", "prompts"]\n')
        author.open("library/of prompts/a.json", prompt("a"))
        await author.asked(REGISTER, 2)
        first, second = patterns(author)
        assert "**/prompts/**" in first
        added = [each for each in second if each not in first]
        if relative:
            base = tmp_path.as_uri()
            assert added == [
                {"baseUri": base, "pattern": "library/of prompts"},
                {"baseUri": base, "pattern": "library/of prompts/**"},
            ]
        else:
            assert added == ["**/library/of prompts", "**/library/of prompts/**"]
        assert author.client.methods().count(UNREGISTER) == 1


async def test_they_follow_the_settings(tmp_path: Path) -> None:
    async with session(tmp_path, watches(relative=False)) as author:
        author.write("promptbits.toml", 'roots = ["one"]\n')
        author.write("two/b.json", prompt("b"))
        author.open("one/a.json", prompt("a", related=["b"]))
        assert codes(await author.published("one/a.json", "unknown-reference")) == ["unknown-reference"]
        await author.asked(REGISTER, 1)
        author.write("promptbits.toml", 'roots = ["one", "two"]\n')
        author.touched(("promptbits.toml", 2))
        await author.published("one/a.json", *[])
        await author.client.until(lambda: "**/two/**" in patterns(author)[-1], deadline=10, what="the new pattern")


async def test_nothing_is_asked_twice(tmp_path: Path) -> None:
    async with session(tmp_path, watches(relative=True)) as author:
        author.write("prompts/a.json", prompt("a"))
        author.open("prompts/a.json", prompt("a"))
        await author.settled()
        author.touched(("prompts/a.json", 2))
        await author.settled()
        assert len(patterns(author)) == 1
