"""Waiting for our own watcher of files."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from authoring import DEADLINE, Author


async def until(holds: Callable[[], bool], what: str) -> None:
    """Wait for something that no message tells of."""

    async def held() -> None:
        while not holds():  # noqa: ASYNC110  (a thread and the file system have no event for it)
            await asyncio.sleep(0.01)

    try:
        await asyncio.wait_for(held(), DEADLINE)
    except TimeoutError:
        raise AssertionError(what) from None


async def watching(author: Author) -> None:
    """Wait until every root is watched."""
    await author.settled()
    await until(lambda: all(each.watched for each in author.session.roots.states()), "the watcher does not stand")
    await author.settled()
