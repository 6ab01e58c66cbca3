"""What lies in a workspace may be no file, or not readable, or not writable: one log line, and the work goes on."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from authoring import PULL, Author, codes, prompt, session

from promptbits.lsp.state import roots
from promptbits.prompts.library import Library

pytestmark = [
    pytest.mark.asyncio,
    pytest.mark.skipif(sys.platform == "win32", reason="links and permissions of POSIX"),
]

A, B = "prompts/a.json", "prompts/b.json"


def a_folder(path: Path) -> None:
    path.mkdir()
    (path / "inner.json").write_text(prompt("inner"))


def a_dangling_link(path: Path) -> None:
    path.symlink_to(path.with_name("nowhere.json"))


def a_link_to_itself(path: Path) -> None:
    path.symlink_to(path)


def a_link_to_a_folder_above(path: Path) -> None:
    path.symlink_to(path.parent.parent)


def a_pipe(path: Path) -> None:
    os.mkfifo(path)


def an_unreadable_file(path: Path) -> None:
    """No rights, or for the superuser, who has all of them, a file whose first byte cannot be read."""
    if os.geteuid() != 0:
        path.write_text(prompt("x"))
        path.chmod(0)
    elif Path("/proc/self/mem").exists():
        path.symlink_to("/proc/self/mem")
    else:
        pytest.skip("the superuser can read everything here")


MAKERS = [a_folder, a_dangling_link, a_link_to_itself, a_link_to_a_folder_above, a_pipe, an_unreadable_file]


def lines_about(caplog: pytest.LogCaptureFixture, path: Path) -> list[str]:
    return [line for record in caplog.records if (line := record.getMessage()).startswith(f"{path} ")]


@pytest.mark.parametrize("make", MAKERS)
async def test_what_is_no_prompt_gets_one_log_line(
    make: Callable[[Path], None], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with session(tmp_path) as author:
        author.write(B, prompt("b"))
        odd = tmp_path / "prompts/odd.json"
        make(odd)
        author.open(A, prompt("a", related=["b", "c"]))
        await author.published(A, "unknown-reference")
        author.client.notify("textDocument/didSave", {"textDocument": {"uri": author.uri(A)}})
        await author.settled()
        assert len(lines_about(caplog, odd)) == 1
        assert author.warnings() == []


@pytest.mark.parametrize("make", MAKERS)
async def test_what_is_no_prompt_may_be_told_of_pulled_and_related(
    make: Callable[[Path], None], tmp_path: Path
) -> None:
    async with session(tmp_path, PULL) as author:
        odd = tmp_path / "prompts/odd.json"
        author.write("prompts/odd.json", prompt("a"))
        author.open(A, prompt("a"))
        await author.read()
        assert codes(await author.pull(A)) == ["duplicate-id"]
        odd.unlink()
        make(odd)
        assert codes(await author.pull("prompts/odd.json")) == []
        author.type(A, 2, prompt("a") + "\n")
        assert codes(await author.pull(A)) == ["duplicate-id"]  # the server has not been told yet
        author.touched(("prompts/odd.json", 2))
        await author.settled()
        assert codes(await author.pull(A)) == []


async def test_an_open_document_that_cannot_be_read_from_disk(tmp_path: Path) -> None:
    (tmp_path / "prompts").mkdir()
    an_unreadable_file(tmp_path / A)
    async with session(tmp_path) as author:
        author.open(A, prompt("a", confidence=7))
        await author.published(A, "out-of-range")
        author.close(A)
        await author.cleared(A)


@pytest.mark.parametrize("name", ["promptbits.toml", ".promptbits"])
async def test_a_settings_file_that_is_no_file(name: str, tmp_path: Path) -> None:
    (tmp_path / name).mkdir()
    (tmp_path / "prompts").mkdir()
    async with session(tmp_path) as author:
        author.open(A, prompt("a", confidence=7))
        await author.published(A, "out-of-range")


async def test_a_workspace_and_a_cache_that_cannot_be_written(tmp_path: Path) -> None:
    workspace = tmp_path / "w"
    (tmp_path / "w-cache").write_text("a file where the cache folder should be")
    async with session(workspace) as author:
        author.write(B, prompt("a"))
        before = sorted(workspace.rglob("*"))
        for path in [*before, workspace]:
            path.chmod(0o555 if path.is_dir() else 0o444)
        try:
            await checked(author)
            assert sorted(workspace.rglob("*")) == before
        finally:
            for path in [workspace, *before]:
                path.chmod(0o755)
        assert author.warnings() == []


async def checked(author: Author) -> None:
    author.open(A, prompt("a"))
    await author.published(A, "duplicate-id")
    author.client.notify("textDocument/didSave", {"textDocument": {"uri": author.uri(A)}})
    author.touched((B, 2))
    await author.settled()


async def test_a_library_that_cannot_be_read_at_all_reports_nothing_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object, **_options: object) -> Library:
        raise MemoryError

    monkeypatch.setattr(roots.Library, "load", fail)
    async with session(tmp_path, failures=1) as author:
        author.open(A, prompt("a", confidence=7, related=["b"]))
        await author.published(A, "out-of-range")
