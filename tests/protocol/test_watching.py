"""Our own watcher, for clients that cannot tell of changes on disk: real files, a real git, a real process."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from authoring import PULL, PUSH, REFRESH, codes, prompt, session
from client import Client
from own_watcher import until, watching

pytestmark = pytest.mark.asyncio

A, B = "prompts/a.json", "prompts/b.json"


def git(folder: Path, *words: str) -> None:
    settings = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    done = subprocess.run(["git", "-C", str(folder), *settings, *words], capture_output=True, env=environment)
    assert done.returncode == 0, done.stderr


async def test_a_file_comes_changes_and_goes(tmp_path: Path) -> None:
    async with session(tmp_path) as author:
        (tmp_path / "prompts").mkdir()
        author.open(A, prompt("a", related=["b"]))
        await author.published(A, "unknown-reference")
        await watching(author)
        path = author.write(B, prompt("b"))
        await author.cleared(A)
        author.write(B, prompt("other"))
        await author.published(A, "unknown-reference")
        author.write(".new", prompt("b")).replace(path)
        await author.cleared(A)
        path.unlink()
        await author.published(A, "unknown-reference")


async def test_a_branch_switch(tmp_path: Path) -> None:
    count = 300
    async with session(tmp_path, PULL) as author:
        for number in range(count):
            author.write(f"prompts/p{number}.json", prompt(f"p{number}"))
        git(tmp_path, "init", "-q", "-b", "one")
        git(tmp_path, "add", ".")
        git(tmp_path, "commit", "-qm", "one")
        git(tmp_path, "checkout", "-qb", "two")
        for number in range(count):
            (tmp_path / f"prompts/p{number}.json").unlink()
            author.write(f"prompts/deep/q{number}.json", prompt(f"q{number}"))
        git(tmp_path, "add", "-A")
        git(tmp_path, "commit", "-qm", "two")
        git(tmp_path, "checkout", "-q", "one")
        author.open(A, prompt("a"))
        await watching(author)
        [state] = author.session.roots.states()

        def names() -> set[str]:
            ids = {entry.id for entry in state.library.entries()}  # of a file that git is writing it may be empty
            return {each for each in ids if re.fullmatch(r"[pq][0-9]+", each)}

        assert names() == {f"p{number}" for number in range(count)}
        before = author.client.methods().count(REFRESH)
        await asyncio.to_thread(git, tmp_path, "checkout", "-q", "two")
        await until(lambda: names() == {f"q{number}" for number in range(count)}, "the new branch is not read")
        await author.settled()
        assert 1 <= author.client.methods().count(REFRESH) - before <= 3
        await asyncio.to_thread(git, tmp_path, "checkout", "-q", "one")
        await until(lambda: names() == {f"p{number}" for number in range(count)}, "the old branch is not read")


async def test_a_folder_is_renamed_and_removed(tmp_path: Path) -> None:
    async with session(tmp_path) as author:
        author.write("prompts/old/b.json", prompt("b"))
        author.open(A, prompt("a", related=["b"]))
        await watching(author)
        [state] = author.session.roots.states()
        (tmp_path / "prompts/old").rename(tmp_path / "prompts/new")
        new = str(tmp_path / "prompts/new/b.json")
        await until(lambda: [each.path for each in state.library.by_id("b")] == [new], "the renamed folder is not seen")
        author.write("prompts/new/b.json", prompt("other"))
        await author.published(A, "unknown-reference")
        shutil.rmtree(tmp_path / "prompts/new")
        await until(lambda: not state.library.by_id("other"), "the removed folder is not seen")


async def test_the_prompt_folder_is_removed_and_made_again(tmp_path: Path) -> None:
    async with session(tmp_path) as author:
        author.write(B, prompt("b"))
        author.open("prompts/c.json", prompt("c", related=["b"]))
        await watching(author)
        [state] = author.session.roots.states()
        for _ in range(2):
            shutil.rmtree(tmp_path / "prompts")
            author.write(B, prompt("again"))
            await until(lambda: bool(state.library.by_id("again")), "the new folder is not read")
            author.write(B, prompt("b"))
            await until(lambda: bool(state.library.by_id("b")), "the new folder is not watched")


async def test_a_prompt_folder_that_comes_later(tmp_path: Path) -> None:
    async with session(tmp_path) as author:
        author.open(A, prompt("a", related=["b"]))
        await author.published(A, "unknown-reference")
        await watching(author)
        author.write(B, prompt("b"))
        await author.cleared(A)


async def test_the_settings_file_and_the_roots_it_names(tmp_path: Path) -> None:
    async with session(tmp_path) as author:
        author.write("texts/b.json", prompt("b"))
        author.open("texts/a.json", prompt("a", confidence=7))
        author.open(A, prompt("a"))
        await watching(author)
        author.write("promptbits.toml", 'roots = ["texts"]')
        await author.published("texts/a.json", "out-of-range")
        await watching(author)
        author.write("texts/c.json", prompt("a"))  # the new folder is watched
        await author.published("texts/a.json", "duplicate-id", "out-of-range")
        (tmp_path / "promptbits.toml").unlink()
        await author.cleared("texts/a.json")


async def test_a_folder_that_comes_is_watched_and_one_that_goes_is_not(tmp_path: Path) -> None:
    async with session(tmp_path, folders=["one"]) as author:
        author.write("one/prompts/a.json", prompt("a"))
        author.write("two/prompts/a.json", prompt("a", related=["b"]))
        author.open("one/prompts/a.json", prompt("a"))
        await watching(author)
        event = {"uri": author.uri("two"), "name": "two"}
        author.client.notify("workspace/didChangeWorkspaceFolders", {"event": {"added": [event], "removed": []}})
        author.open("two/prompts/a.json", prompt("a", related=["b"]))
        await author.published("two/prompts/a.json", "unknown-reference")
        await watching(author)
        author.write("two/prompts/b.json", prompt("b"))
        await author.cleared("two/prompts/a.json")
        author.close("two/prompts/a.json")
        author.client.notify("workspace/didChangeWorkspaceFolders", {"event": {"added": [], "removed": [event]}})
        await author.settled()
        assert [state.root.path for state in author.session.roots.states()] == [tmp_path / "one"]


def watchers() -> set[threading.Thread]:
    return {thread for thread in threading.enumerate() if thread.name == "lsp-watcher"}


async def test_where_the_client_watches_we_do_not(tmp_path: Path) -> None:
    of_others = watchers()  # of sessions before this one, which nobody waits for
    async with session(
        tmp_path, {**PUSH, "workspace": {"didChangeWatchedFiles": {"dynamicRegistration": True}}}
    ) as author:
        author.open(A, prompt("a"))
        await author.published(A)
        await author.settled()
        assert watchers() <= of_others


async def test_a_whole_repository_as_prompt_folder_is_looked_at_on_saving_only(tmp_path: Path) -> None:
    async with session(tmp_path) as author:
        author.write("promptbits.toml", 'roots = ["."]')
        author.open("a.json", prompt("a", related=["b"]))
        await author.published("a.json", "unknown-reference")
        await author.settled()
        author.write("b.json", prompt("b"))
        author.client.notify("textDocument/didSave", {"textDocument": {"uri": author.uri("a.json")}})
        await author.cleared("a.json")
        assert not any(state.watched for state in author.session.roots.states())


async def test_the_thread_ends_with_the_session(tmp_path: Path) -> None:
    async with session(tmp_path) as author:
        author.write(A, prompt("a"))
        author.open(A, prompt("a"))
        await watching(author)
        assert watchers()
    await until(lambda: not watchers(), "the thread goes on")


async def test_a_process_that_watches_ends(tmp_path: Path) -> None:
    path = tmp_path / A
    path.parent.mkdir()
    path.write_text(prompt("a", related=["b"]))
    environment = {"PROMPTBITS_CACHE": str(tmp_path / "cache")}
    client = await Client.spawn([sys.executable, "-m", "promptbits", "lsp"], env=environment)
    await client.initialize(PUSH, workspaceFolders=[{"uri": tmp_path.as_uri(), "name": "w"}])
    client.open_document(path.as_uri(), path.read_text())

    async def published(*wanted: str) -> None:
        await client.notified("textDocument/publishDiagnostics", lambda report: codes(report) == list(wanted))

    await published("unknown-reference")
    (tmp_path / B).write_text(prompt("b"))
    await published()
    await client.request("shutdown")
    client.notify("exit")
    assert await client.exit_code() == 0
    assert client.stderr == b""
    await client.stop()
