"""Changes on disk that the client tells of: gathered, read once, told once; folders; open documents."""

from __future__ import annotations

import asyncio
import shutil
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from authoring import PULL, PUSH, REFRESH, Author, codes, prompt, session

from promptbits.lsp.state import disk
from promptbits.lsp.state.listing import Seen, look_at

pytestmark = pytest.mark.asyncio

TOLD = {"workspace": {"didChangeWatchedFiles": {"dynamicRegistration": True}}}
PUSHED = {**PUSH, **TOLD}
PULLED = {**PULL, "workspace": {**PULL["workspace"], **TOLD["workspace"]}}
A, B = "prompts/a.json", "prompts/b.json"


def ids(author: Author, *names: str) -> list[bool]:
    [state] = author.session.roots.states()
    return [bool(state.library.by_id(name)) for name in names]


def hold_reads(patch: pytest.MonkeyPatch) -> tuple[threading.Event, threading.Event]:
    """Hold what looks at the disk once it has looked: the events that it has, and that it may go on."""
    was_read, go_on = threading.Event(), threading.Event()

    def slow(root: Any, paths: Iterable[Path]) -> Seen:
        seen = look_at(root, paths)
        was_read.set()
        assert go_on.wait(20)
        return seen

    patch.setattr(disk, "look_at", slow)
    return was_read, go_on


def count_reads(patch: pytest.MonkeyPatch) -> list[int]:
    """Count the files of each look at the disk."""
    sizes: list[int] = []

    def counted(root: Any, paths: Iterable[Path]) -> Seen:
        taken = list(paths)
        sizes.append(len(taken))
        return look_at(root, taken)

    patch.setattr(disk, "look_at", counted)
    return sizes


@pytest.mark.parametrize("messages", [1, 100])
async def test_a_flood_of_events_is_read_once_and_told_once(
    messages: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes = count_reads(monkeypatch)
    names = [f"prompts/p{number}.json" for number in range(500)]
    async with session(tmp_path, PULLED) as author:
        author.open(A, prompt("a", related=["p499"]))
        await author.settled()
        assert codes(await author.pull(A)) == ["unknown-reference"]
        await author.asked(REFRESH)
        before = author.client.methods().count(REFRESH)
        for name in names:
            author.write(name, prompt(Path(name).stem))
        each = len(names) // messages
        for start in range(0, len(names), each):
            author.touched(*((name, 1) for name in names[start : start + each]))
        await author.settled()
        assert codes(await author.pull(A)) == []
        assert sum(sizes) == len(names)
        assert author.client.methods().count(REFRESH) == before + 1


async def test_many_changes_are_looked_for_everywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The system may have dropped events: a file that nobody told of is found as well."""
    monkeypatch.setattr(disk, "_FLOOD", 2)
    async with session(tmp_path, PUSHED) as author:
        author.open(A, prompt("a", related=["untold"]))
        await author.published(A, "unknown-reference")
        author.write("prompts/untold.json", prompt("untold"))
        author.touched(*((f"prompts/p{number}.json", 3) for number in range(3)))
        await author.cleared(A)


async def test_the_server_answers_while_it_reads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reading, go_on = threading.Event(), threading.Event()

    def slow(root: Any, paths: Iterable[Path]) -> Seen:
        reading.set()
        assert go_on.wait(20)
        return look_at(root, paths)

    monkeypatch.setattr(disk, "look_at", slow)
    async with session(tmp_path, PUSHED) as author:
        author.open(A, prompt("a", related=["b", "c"]))
        await author.published(A, "unknown-reference", "unknown-reference")
        author.write(B, prompt("b"))
        author.touched((B, 1))
        assert await asyncio.to_thread(reading.wait, 20)
        at = {"textDocument": {"uri": author.uri(A)}, "position": {"line": 1, "character": 4}}
        await author.client.request("textDocument/hover", at)
        author.write("prompts/c.json", prompt("c"))
        author.touched(("prompts/c.json", 1))  # nothing that comes meanwhile is lost
        await author.client.fence()
        go_on.set()
        await author.cleared(A)


async def test_a_document_that_is_opened_while_its_file_is_read_stays_the_editors(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with session(tmp_path, PUSHED) as author:
        author.write(B, prompt("b"))
        author.open(A, prompt("a", related=["edited"]))
        await author.published(A, "unknown-reference")
        await author.settled()
        was_read, go_on = hold_reads(monkeypatch)
        author.write(B, prompt("disk"))
        author.touched((B, 2))
        assert await asyncio.to_thread(was_read.wait, 20)
        author.open(B, prompt("edited"))
        await author.cleared(A)
        go_on.set()
        await author.settled()
        assert ids(author, "edited", "disk") == [True, False]
        author.close(B)
        await author.settled()
        assert ids(author, "edited", "disk") == [False, True]


async def test_what_was_read_before_the_root_moved_is_not_put_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with session(tmp_path, PUSHED) as author:
        author.open(A, prompt("a"))
        await author.published(A)
        await author.settled()
        was_read, go_on = hold_reads(monkeypatch)
        author.write(B, prompt("b"))
        author.write("texts/c.json", prompt("c"))
        author.touched((B, 1))
        assert await asyncio.to_thread(was_read.wait, 20)
        author.write("promptbits.toml", 'roots = ["texts"]')
        author.touched(("promptbits.toml", 1))
        await author.client.fence()
        go_on.set()
        await author.settled()
        assert ids(author, "b", "c") == [False, True]


@pytest.mark.parametrize("how", ["told by the watcher", "told by the editor"])
async def test_one_event_for_a_folder_stands_for_its_prompts(how: str, tmp_path: Path) -> None:
    def tell(author: Author, kind: int) -> None:
        if how == "told by the watcher":
            author.touched(("prompts/team", kind))
        else:
            method = {1: "workspace/didCreateFiles", 3: "workspace/didDeleteFiles"}[kind]
            author.client.notify(method, {"files": [{"uri": author.uri("prompts/team")}]})

    async with session(tmp_path, PUSHED) as author:
        author.write("prompts/team/deep/b.json", prompt("b"))
        author.write("prompts/teamwork.json", prompt("teamwork"))
        author.open(A, prompt("a", related=["b", "teamwork"]))
        await author.published(A)
        await author.settled()
        (tmp_path / "prompts/team").rename(tmp_path / "aside")
        tell(author, 3)
        await author.published(A, "unknown-reference")
        (tmp_path / "aside").rename(tmp_path / "prompts/team")
        tell(author, 1)
        await author.cleared(A)


async def test_a_renamed_folder(tmp_path: Path) -> None:
    async with session(tmp_path, PUSHED) as author:
        author.write("prompts/old/b.json", prompt("b"))
        author.open(A, prompt("a", related=["b"]))
        await author.published(A)
        await author.settled()
        (tmp_path / "prompts/old").rename(tmp_path / "prompts/new")
        files = [{"oldUri": author.uri("prompts/old"), "newUri": author.uri("prompts/new")}]
        author.client.notify("workspace/didRenameFiles", {"files": files})
        await author.settled()
        [state] = author.session.roots.states()
        assert [entry.path for entry in state.library.by_id("b")] == [str(tmp_path / "prompts/new/b.json")]


async def test_the_whole_prompt_folder_goes_and_comes_back_with_what_is_open_in_it(tmp_path: Path) -> None:
    async with session(tmp_path, PUSHED) as author:
        author.write(B, prompt("b"))
        author.write(A, prompt("a", confidence=7))
        author.open(A, prompt("a", confidence=7))
        await author.published(A, "out-of-range")
        await author.settled()
        (tmp_path / "prompts").rename(tmp_path / "aside")
        author.touched(("prompts", 3))
        await author.cleared(A)
        await author.settled()
        assert ids(author, "a", "b") == [False, False]
        (tmp_path / "aside").rename(tmp_path / "prompts")
        author.touched(("prompts", 1))
        await author.published(A, "out-of-range")
        await author.settled()
        assert ids(author, "a", "b") == [True, True]


async def test_a_state_folder_makes_a_root(tmp_path: Path) -> None:
    async with session(tmp_path, PUSHED) as author:
        author.write("inner/prompts/b.json", prompt("b"))
        author.open("inner/prompts/a.json", prompt("a", confidence=7, related=["b"]))
        await author.settled()
        assert author.reports("inner/prompts/a.json") == []
        (tmp_path / "inner/.promptbits").mkdir()
        author.touched(("inner/.promptbits", 1))
        await author.published("inner/prompts/a.json", "out-of-range")


async def test_what_lies_behind_a_link_is_told_as_the_whole_walk_tells_it(tmp_path: Path) -> None:
    async with session(tmp_path, PUSHED) as author:
        author.write("elsewhere/b.json", prompt("b"))
        author.open(A, prompt("a", related=["b"]))
        await author.published(A, "unknown-reference")
        (tmp_path / "prompts").mkdir(exist_ok=True)
        (tmp_path / "prompts/link").symlink_to(tmp_path / "elsewhere")
        (tmp_path / "prompts/again").symlink_to(tmp_path / "elsewhere")
        author.touched(("prompts/link", 1), ("prompts/again", 1))
        await author.cleared(A)
        [state] = author.session.roots.states()
        assert len(state.library.by_id("b")) == 1
        shutil.rmtree(tmp_path / "elsewhere")
        author.touched(("prompts/again/b.json", 3))
        await author.published(A, "unknown-reference")


@pytest.mark.parametrize("params", [None, [], {}, {"files": 3}, {"changes": "x"}])
async def test_malformed_events_are_survived(params: Any, tmp_path: Path) -> None:
    async with session(tmp_path, PUSHED) as author:
        for kind in ("didChangeWatchedFiles", "didCreateFiles", "didDeleteFiles", "didRenameFiles"):
            author.client.notify(f"workspace/{kind}", params)
            key = "changes" if kind == "didChangeWatchedFiles" else "files"
            author.client.notify(f"workspace/{kind}", {key: [None, 3, {}, {"uri": 7, "oldUri": [], "newUri": None}]})
        author.open(A, prompt("a", confidence=7))
        await author.published(A, "out-of-range")
