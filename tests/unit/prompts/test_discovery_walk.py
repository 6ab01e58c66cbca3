"""Finding prompt files where file systems are at their worst."""

from __future__ import annotations

import itertools
import os
from pathlib import Path
from typing import Any

import pytest

from promptbits.prompts.discovery import Unreadable, walk


def names(folder: Path) -> list[str]:
    return [os.path.relpath(found.path, folder) for found in walk(folder)[0]]


def problems(folder: Path) -> list[tuple[str, str]]:
    return [(os.path.relpath(each.path, folder), each.reason) for each in walk(folder)[1]]


def put(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("{}")
    return path


def test_json_files_in_the_order_of_names(tmp_path: Path) -> None:
    for name in ("b.json", "a/z.json", "a/b.prompt.json", "C.JSON", "x.txt", ".hidden.json", "json"):
        put(tmp_path / name)
    assert names(tmp_path) == [".hidden.json", "C.JSON", "a/b.prompt.json", "a/z.json", "b.json"]
    assert problems(tmp_path) == []
    found = walk(tmp_path)[0][-1]
    info = (tmp_path / "b.json").stat()
    assert (found.size, found.mtime_ns) == (info.st_size, info.st_mtime_ns)


def test_folders_that_hold_no_prompts_are_passed_over(tmp_path: Path) -> None:
    for name in (".git/a.json", "node_modules/a.json", "x/__pycache__/a.json", "x/.venv/a.json", "x/a.json"):
        put(tmp_path / name)
    assert names(tmp_path) == ["x/a.json"]


def test_a_folder_that_does_not_exist_is_empty(tmp_path: Path) -> None:
    assert walk(tmp_path / "nowhere") == ([], [])


def test_a_file_in_place_of_the_folder(tmp_path: Path) -> None:
    file = put(tmp_path / "prompts")
    assert walk(file) == ([], [Unreadable(str(file), "not a directory")])


def test_a_folder_named_like_a_file(tmp_path: Path) -> None:
    put(tmp_path / "x.json" / "inner.json")
    assert names(tmp_path) == ["x.json/inner.json"]
    assert problems(tmp_path) == [("x.json", "it is a folder, not a file")]


def test_dangling_and_circular_links(tmp_path: Path) -> None:
    put(tmp_path / "ok.json")
    (tmp_path / "dangling.json").symlink_to(tmp_path / "nothing.json")
    (tmp_path / "self.json").symlink_to("self.json")
    (tmp_path / "one").symlink_to("two")
    (tmp_path / "two").symlink_to("one")
    (tmp_path / "dangling-folder").symlink_to(tmp_path / "nothing")
    assert names(tmp_path) == ["ok.json"]
    assert problems(tmp_path) == [
        ("dangling.json", "the link leads to nothing"),
        ("one", "the links lead in a circle"),
        ("self.json", "the links lead in a circle"),
        ("two", "the links lead in a circle"),
    ]


def test_a_link_to_a_folder_above_is_told_and_not_followed(tmp_path: Path) -> None:
    put(tmp_path / "a" / "x.json")
    (tmp_path / "a" / "up").symlink_to(tmp_path)
    (tmp_path / "a" / "here").symlink_to(".")
    assert names(tmp_path) == ["a/x.json"]
    assert problems(tmp_path) == [
        ("a/here", "the link leads back to a folder above it"),
        ("a/up", "the link leads back to a folder above it"),
    ]


def test_links_to_files_and_folders_are_followed(tmp_path: Path) -> None:
    outside = put(tmp_path / "outside" / "x.json")
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "file.json").symlink_to(outside)
    (inside / "folder").symlink_to(outside.parent)
    assert names(inside) == ["file.json", "folder/x.json"]


@pytest.mark.timeout(20)
def test_links_that_double_with_every_level_do_not(tmp_path: Path) -> None:
    """Forty folders, each with two links to the next, have 2^40 paths."""
    folders = [tmp_path / "far" / f"{level:02}" for level in range(40)]
    for folder in folders:
        folder.mkdir(parents=True)
    for folder, following in itertools.pairwise(folders):
        (folder / "left").symlink_to(following)
        (folder / "right").symlink_to(following)
    put(folders[-1] / "deep.json")
    found, _ = walk(folders[0])
    assert len(found) == 1
    assert len(walk(tmp_path)[0]) < 100


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this platform has no named pipes")
def test_a_named_pipe_is_told_and_never_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.json")
    assert names(tmp_path) == []
    assert problems(tmp_path) == [("pipe.json", "it is not an ordinary file")]


def test_a_folder_that_cannot_be_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By a failing scandir rather than by modes, which do not bind every user."""
    put(tmp_path / "a" / "x.json")
    put(tmp_path / "locked" / "y.json")
    real = os.scandir

    def scandir(path: Any) -> Any:
        if str(path).endswith("locked"):
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    assert names(tmp_path) == ["a/x.json"]
    assert problems(tmp_path) == [("locked", "permission denied")]


def test_a_file_that_goes_while_the_folder_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path / "a.json")
    gone = put(tmp_path / "b.json")
    real = os.scandir

    class Scan:
        def __init__(self, path: Any) -> None:
            with real(path) as entries:
                self.entries = list(entries)
            gone.unlink(missing_ok=True)

        def __enter__(self) -> list[os.DirEntry[str]]:
            return self.entries

        def __exit__(self, *_: object) -> None:
            pass

    monkeypatch.setattr(os, "scandir", Scan)
    found, unreadable = walk(tmp_path)
    assert [Path(each.path).name for each in found] == ["a.json"]
    assert [(Path(each.path).name, each.reason) for each in unreadable] == [("b.json", "no such file or directory")]
