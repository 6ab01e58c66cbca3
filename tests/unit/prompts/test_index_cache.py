"""The cache on disk: valid while size and time hold, and never needed."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

import pytest
from library_files import RICH, Reads, own, put

from promptbits.prompts import index_cache
from promptbits.prompts.library import Library
from promptbits.prompts.root import Root


def test_a_change_of_size_or_time_is_read_again_and_nothing_else(tmp_path: Path, reads: Reads) -> None:
    root = Root(tmp_path)
    path = put(tmp_path, "a.json", {"id": "one"})
    put(tmp_path, "b.json")
    Library.load(root)
    reads.take()
    stamp = path.stat().st_mtime_ns
    path.write_text(json.dumps({"id": "longer"}))
    os.utime(path, ns=(stamp, stamp))
    assert own(Library.load(root))[str(path)].id == "longer"
    assert reads.take() == ["a.json"]
    path.write_text(json.dumps({"id": "LONGER"}))
    os.utime(path, ns=(stamp + 1000, stamp + 1000))
    assert own(Library.load(root))[str(path)].id == "LONGER"
    assert reads.take() == ["a.json"]
    Library.load(root)
    assert reads.take() == []
    path.unlink()
    assert [entry.id for entry in own(Library.load(root)).values()] == ["b"]


def test_a_file_changed_a_moment_ago_is_not_trusted(tmp_path: Path, reads: Reads) -> None:
    """Its next change may bear the same time stamp."""
    root = Root(tmp_path)
    put(tmp_path, "new.json", age=-3600)
    put(tmp_path, "old.json")
    whole_second = put(tmp_path, "coarse.json")
    now = time.time_ns() // 10**9 * 10**9
    os.utime(whole_second, ns=(now, now))
    Library.load(root)
    reads.take()
    Library.load(root)
    assert reads.take() == ["coarse.json", "new.json"]


BROKEN_CACHES: list[bytes] = [
    b"", b"{", b"[]", b"null", b'{"format": 0, "files": {}}', b'{"format": 1}', b'{"format": 1, "files": []}',
    b'{"format": 1, "files": {"PATH": null}}', b'{"format": 1, "files": {"PATH": 5}}',
    b'{"format": 1, "files": {"PATH": []}}', b'{"format": 1, "files": {"PATH": {}}}',
    b'{"format": 1, "files": {"PATH": [TIME, SIZE]}}', b'{"format": 1, "files": {"PATH": [TIME, SIZE, []]}}',
    b'{"format": 1, "files": {"PATH": [TIME, SIZE, ["a", "custom", "x"]]}}',
    b'{"format": 1, "files": {"PATH": [TIME, SIZE, null]}}', b"\xff\xfe\x00",
]  # fmt: skip


@pytest.mark.parametrize("content", BROKEN_CACHES, ids=lambda content: ascii(content)[:50])
def test_a_broken_cache_is_no_cache(tmp_path: Path, content: bytes) -> None:
    root = Root(tmp_path)
    path = put(tmp_path, "a.json", RICH)
    expected = own(Library.load(root))
    (cache,) = index_cache.cache_folder().iterdir()
    info = path.stat()
    for name, value in (("PATH", path), ("TIME", info.st_mtime_ns), ("SIZE", info.st_size)):
        content = content.replace(name.encode(), str(value).encode())
    cache.write_bytes(content)
    assert own(Library.load(root)) == expected
    assert own(Library.load(root)) == expected


@pytest.mark.parametrize("kind", ["file", "below a file", "unwritable"])
def test_a_cache_folder_that_cannot_be_written(tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    root = Root(tmp_path)
    put(tmp_path, "a.json")
    blocker = tmp_path / "blocker"
    blocker.write_text("")
    folder = {"file": blocker, "below a file": blocker / "x", "unwritable": tmp_path / "new"}[kind]
    monkeypatch.setenv("PROMPTBITS_CACHE", str(folder))
    if kind == "unwritable":

        def refuse(*_: Any, **__: Any) -> Any:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr("tempfile.mkstemp", refuse)
    assert [entry.id for entry in own(Library.load(root)).values()] == ["a"]
    assert not folder.is_dir() or list(folder.iterdir()) == []


def test_a_failing_write_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_self: Path, _target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", refuse)
    put(tmp_path, "a.json")
    assert len(own(Library.load(Root(tmp_path)))) == 1
    assert list(index_cache.cache_folder().iterdir()) == []


def test_every_root_has_its_own_cache(tmp_path: Path, reads: Reads) -> None:
    for name in ("one", "two"):
        put(tmp_path / name, "a.json")
        Library.load(Root(tmp_path / name))
    reads.take()
    for name in ("one", "two"):
        Library.load(Root(tmp_path / name))
    assert reads.take() == []
