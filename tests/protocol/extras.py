"""A client that can do more than LSP has, as VS Code's extension can."""

from __future__ import annotations

from typing import Any

from authoring import PUSH, Author, session

Json = dict[str, Any]

CHANGED = "promptbits/libraryChanged"
COMMANDS = ["promptbits.editContent", "promptbits.preview", "promptbits.statistics"]
EXTRAS: Json = {"commands": COMMANDS, "libraryChanged": True, "llmRequest": True}
CREATES: Json = {"workspaceEdit": {"documentChanges": True, "resourceOperations": ["create"]}}


def capable(**workspace: Any) -> Json:
    """The capabilities of such a client, with some of `workspace`."""
    return {**PUSH, "workspace": workspace, "experimental": {"promptbits": EXTRAS}}


async def library(author: Author) -> list[Json]:
    return (await author.client.request("promptbits/library"))["roots"]


async def prompts(author: Author, *, shipped: bool = False) -> dict[str, Json]:
    """The prompts of the first root by their path in the workspace, or by their id those that are shipped."""
    found = (await library(author))[0]["prompts"]
    if shipped:
        return {each["id"]: each for each in found if each["shipped"]}
    start = author.uri("") + "/"
    return {each["uri"].removeprefix(start): each for each in found if not each["shipped"]}


async def changed(author: Author, number: int) -> None:
    """Wait until the server has told of changes for the given number of times in all."""
    await author.asked(CHANGED, number)


__all__ = ["CHANGED", "COMMANDS", "CREATES", "EXTRAS", "Json", "capable", "changed", "library", "prompts", "session"]
