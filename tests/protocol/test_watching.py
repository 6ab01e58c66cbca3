"""Our own watcher, for clients that cannot tell of changes on disk: real files, a real git, a real process."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import watchfiles
from authoring import DEADLINE, PULL, PUSH, REFRESH, Author, codes, prompt, session
from client import Client

pytestmark = pytest.mark.asyncio

A, B = "prompts/a.json", "prompts/b.json"


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


def git(folder: Path, *words: str) -> None:
    settings = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    subprocess.run(["git", "-C", str(folder), *settings, *words], check=True, capture_output=True, env=environment)


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
            return {entry.id for entry in state.library.entries() if entry.id[0] in "pq" and entry.id[1:].isdecimal()}

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


async def test_where_the_client_watches_we_do_not(tmp_path: Path) -> None:
    async with session(
        tmp_path, {**PUSH, "workspace": {"didChangeWatchedFiles": {"dynamicRegistration": True}}}
    ) as author:
        author.open(A, prompt("a"))
        await author.published(A)
        await author.settled()
        assert "lsp-watcher" not in {thread.name for thread in threading.enumerate() if thread.is_alive()}


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


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError("OS file watch limit reached. about [...]"), "max_user_watches"),
        (PermissionError(13, "no"), "Permission denied"),
        (RuntimeError("Error creating recommended watcher: Too many open files (os error 24)"), "max_user_instances"),
        (ImportError("no such library"), "ImportError"),
    ],
)
async def test_a_watcher_that_cannot_start_says_so_once_and_saving_helps(
    error: Exception, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object, **_options: object) -> None:
        raise error

    monkeypatch.setattr("watchfiles.watch", fail)
    async with session(tmp_path) as author:
        author.open(A, prompt("a", related=["b"]))
        await author.published(A, "unknown-reference")
        await author.client.until(lambda: bool(author.warnings()), deadline=DEADLINE)
        author.write(B, prompt("b"))
        author.client.notify("textDocument/didSave", {"textDocument": {"uri": author.uri(A)}})
        await author.cleared(A)
        [warning] = author.warnings()
        assert said in warning
        assert "save" in warning


LIMITED = """
import asyncio, sys
from pathlib import Path
from promptbits.lsp.watcher import Target, Watcher

try:
    Path("/proc/sys/user/max_inotify_watches").write_text("4")
except OSError:
    print("no limit can be set here")
    raise SystemExit

async def main():
    failed = asyncio.get_running_loop().create_future()
    watcher = Watcher(lambda told: None, lambda roots: None, failed.set_result)
    root = Path(sys.argv[1])
    watcher.follow([Target(root, None, (root / "prompts",))])
    print(await asyncio.wait_for(failed, 10))

asyncio.run(main())
"""


@pytest.mark.skipif(shutil.which("unshare") is None, reason="limits of its own for a process need unshare")
async def test_the_limit_of_watched_files_is_noticed(tmp_path: Path) -> None:
    for number in range(20):
        (tmp_path / f"prompts/{number}").mkdir(parents=True)
    command = ["unshare", "-Ur", sys.executable, "-c", LIMITED, str(tmp_path)]
    done = await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True, timeout=30)
    if "no limit can be set here" in done.stdout or done.stderr.startswith("unshare:"):
        pytest.skip("a process cannot have limits of its own here")
    assert "max_user_watches" in done.stdout, done.stderr


async def test_folders_without_access_are_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Root may read everything, so the system's answer is given here."""
    real = watchfiles.watch

    def denied(*folders: str, ignore_permission_denied: bool, **options: Any) -> Any:
        if not ignore_permission_denied:
            raise PermissionError(13, "no")
        return real(*folders, ignore_permission_denied=True, **options)

    monkeypatch.setattr("watchfiles.watch", denied)
    async with session(tmp_path) as author:
        author.write("prompts/c.json", prompt("c"))
        author.open(A, prompt("a", related=["b"]))
        await watching(author)
        author.write(B, prompt("b"))
        await author.cleared(A)
        assert author.warnings() == []


async def test_the_thread_ends_with_the_session(tmp_path: Path) -> None:
    def watchers() -> list[threading.Thread]:
        return [thread for thread in threading.enumerate() if thread.name == "lsp-watcher"]

    async with session(tmp_path) as author:
        author.write(A, prompt("a"))
        author.open(A, prompt("a"))
        await watching(author)
        assert watchers()
    await until(lambda: not watchers(), "the thread goes on")


async def test_a_process_that_watches_ends_at_once(tmp_path: Path) -> None:
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
    started = time.monotonic()
    assert await client.exit_code() == 0
    assert time.monotonic() - started < 1
    assert client.stderr == b""
    await client.stop()
