"""What one prompt has to do with another: in the editor, on disk, and while the library is still read."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest
from authoring import CONFIGURATION, codes, item, prompt, session

from promptbits.lsp.state import roots
from promptbits.prompts.library import Library

pytestmark = pytest.mark.asyncio

A, B = "prompts/a.json", "prompts/b.json"


async def test_a_duplicate_id_shows_in_both_files_while_typed_and_goes_when_renamed(tmp_path: Path) -> None:
    async with session(tmp_path) as author:
        author.open(A, prompt("a"))
        author.open(B, prompt("b"))
        await author.published(B)
        author.type(B, 2, prompt("a"))
        await author.published(A, "duplicate-id")
        found = await author.published(B, "duplicate-id", "id-file-name")
        assert "a.json" in item(found, "duplicate-id")["message"]
        author.type(B, 3, prompt("b"))
        await author.cleared(A)
        assert codes(author.reports(A)[-1]) == []


@pytest.mark.parametrize("how", ["closed", "deleted", "deleted while open", "renamed on disk"])
async def test_a_duplicate_id_goes_with_the_other_file(how: str, tmp_path: Path) -> None:
    async with session(tmp_path) as author:
        author.open(A, prompt("a"))
        if how in ("closed", "deleted while open"):
            author.open(B, prompt("a"))
        else:
            path = author.write(B, prompt("a"))
            author.touched((B, 1))
        await author.published(A, "duplicate-id")
        if how == "closed":
            author.close(B)  # it was never saved
        elif how == "renamed on disk":
            author.write(B, prompt("b"))
            author.touched((B, 2))
        else:
            if how == "deleted":
                path.unlink()
            author.touched((B, 3))
        await author.cleared(A)
        await author.settled()
        assert codes(author.reports(A)[-1]) == []


async def test_a_closed_document_counts_as_it_is_on_disk(tmp_path: Path) -> None:
    async with session(tmp_path) as author:
        author.write(B, prompt("b"))
        author.open(A, prompt("a", related=["b"]))
        author.open(B, prompt("other"))
        await author.published(A, "unknown-reference")
        author.close(B)
        await author.cleared(A)


@pytest.mark.parametrize("how", ["created", "opened", "renamed in the editor"])
async def test_an_unknown_reference_goes_once_there_is_such_a_prompt(how: str, tmp_path: Path) -> None:
    text = prompt("a", related=["b"])
    async with session(tmp_path) as author:
        if how == "renamed in the editor":
            author.open(B, prompt("x"))
        author.open(A, text)
        await author.published(A, "unknown-reference")
        if how == "created":
            author.write(B, prompt("b"))
            author.touched((B, 1))
        elif how == "opened":
            author.open(B, prompt("b"))
        else:
            author.type(B, 2, prompt("b"))
        await author.cleared(A)


async def test_a_file_changed_behind_an_open_document_is_the_editors(tmp_path: Path) -> None:
    async with session(tmp_path) as author:
        author.open(A, prompt("a", related=["b"]))
        author.open(B, prompt("b"))
        await author.settled()
        author.write(B, prompt("zzz"))
        author.touched((B, 2))
        await author.settled()
        assert codes(author.reports(A)[-1]) == []


async def test_nothing_is_missing_while_the_library_is_still_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = threading.Event()
    load = Library.load

    def slowly(*args: Any, **options: Any) -> Library:
        assert gate.wait(10)
        return load(*args, **options)

    monkeypatch.setattr(roots.Library, "load", slowly)
    async with session(tmp_path) as author:
        author.write(B, prompt("b"))
        author.open(A, prompt("a", confidence=7, related=["b", "c"]))
        await author.published(A, "out-of-range")
        gate.set()
        found = item(await author.published(A, "out-of-range", "unknown-reference"), "unknown-reference")
        assert '"c"' in found["message"]
        assert [codes(report) for report in author.reports(A)] == [
            ["out-of-range"],
            ["out-of-range", "unknown-reference"],
        ]


async def test_what_is_only_in_an_editor_is_not_missing_once_the_library_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = threading.Event()
    load = Library.load
    monkeypatch.setattr(roots.Library, "load", lambda root: gate.wait(10) and load(root))
    async with session(tmp_path) as author:
        author.open(A, prompt("a", confidence=7, related=["b"]))
        author.open(B, prompt("b"))
        await author.published(B)
        gate.set()
        await author.settled()
        assert {code for report in author.reports(A) for code in codes(report)} == {"out-of-range"}


async def test_nothing_is_missing_while_the_library_of_new_roots_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = threading.Event()
    load = Library.load

    def slowly(root: Any, **options: Any) -> Library:
        assert root.settings.roots == ("prompts",) or gate.wait(10)
        return load(root, **options)

    monkeypatch.setattr(roots.Library, "load", slowly)
    async with session(tmp_path) as author:
        author.write("more/b.json", prompt("b"))
        author.open(A, prompt("a", confidence=7))
        await author.settled()
        author.write("promptbits.toml", 'roots = ["prompts", "more"]\n')
        author.touched(("promptbits.toml", 1))
        author.type(A, 2, prompt("a", confidence=8, related=["b"]))
        await author.published(A, "out-of-range", version=2)
        gate.set()
        await author.settled()
        assert codes(author.reports(A)[-1]) == ["out-of-range"]


WATCHING = {"workspace": {"didChangeWatchedFiles": {"dynamicRegistration": True}}}


async def test_saving_makes_a_client_that_cannot_watch_files_see_them(tmp_path: Path) -> None:
    saved = {"textDocument": {"uri": (tmp_path / A).as_uri()}}
    async with session(tmp_path) as author:
        author.open(A, prompt("a", confidence=7, related=["b"]))
        await author.published(A, "out-of-range", "unknown-reference")
        author.write(B, prompt("b"))
        author.client.notify("textDocument/didSave", saved)
        await author.published(A, "out-of-range")
        author.write("promptbits.toml", 'checks = {"out-of-range" = "off"}')
        author.client.notify("textDocument/didSave", saved)
        await author.cleared(A)


async def test_saving_makes_a_client_that_cannot_watch_files_see_a_new_root(tmp_path: Path) -> None:
    async with session(tmp_path) as author:
        author.open(A, prompt("a", confidence=7))
        await author.published(A, "out-of-range")
        (tmp_path / "prompts/.promptbits").mkdir(parents=True)
        author.client.notify("textDocument/didSave", {"textDocument": {"uri": author.uri(A)}})
        await author.cleared(A)


async def test_saving_reads_nothing_for_a_client_that_watches_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loads: list[Any] = []
    load = Library.load
    monkeypatch.setattr(roots.Library, "load", lambda root: (loads.append(root), load(root))[1])
    async with session(tmp_path, WATCHING) as author:
        author.open(A, prompt("a", confidence=7))
        await author.settled()
        author.client.notify("textDocument/didSave", {"textDocument": {"uri": author.uri(A)}})
        await author.settled()
        assert len(loads) == 1


async def test_a_file_watcher_is_asked_for_where_the_client_has_one(tmp_path: Path) -> None:
    watching = {"workspace": {**WATCHING["workspace"], "configuration": True}}
    async with session(tmp_path, watching, handshake=False) as author:
        author.ignore(CONFIGURATION)
        await author.client.initialize(watching)
        await author.asked("client/registerCapability")
        [asked] = [each for each in author.client.received if each.get("method") == "client/registerCapability"]
        [registration] = asked["params"]["registrations"]
        globs = [watcher["globPattern"] for watcher in registration["registerOptions"]["watchers"]]
        assert {"**/*.json", "**/promptbits.toml", "**/.promptbits", "**/prompts", "**/prompts/**"} == set(globs)
