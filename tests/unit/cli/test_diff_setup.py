"""What `promptbits git-setup` writes, without git."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

import pytest
from cli_workspace import Run

from promptbits.cli.git import attributes
from promptbits.cli.git.setup import command
from promptbits.prompts.root import Root
from promptbits.prompts.settings import Settings


def test_the_script_is_started_by_its_whole_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "it's $HOME; rm"
    folder.mkdir()
    (folder / "promptbits").touch()
    monkeypatch.setattr(sys, "executable", str(folder / "python3"))
    assert shlex.split(command()) == [(folder / "promptbits").as_posix()]


def test_without_a_script_the_module_is_started_and_never_one_of_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "py thon3"))
    assert shlex.split(command()) == [(tmp_path / "py thon3").as_posix(), "-P", "-m", "promptbits"]


@pytest.mark.parametrize(
    ("folder", "pattern"),
    [
        ("prompts", "prompts/**/*.json"),
        ("./a//b/", "a/b/**/*.json"),
        (".", "*.json"),
        ("a[1]*", r"a\[1\]\*/**/*.json"),
        ("#a", '"#a/**/*.json"'),
        ("!a", '"!a/**/*.json"'),
        ("a b", '"a b/**/*.json"'),
        ('a"b', r'"a\"b/**/*.json"'),
    ],
)
def test_patterns(folder: str, pattern: str) -> None:
    root = Root(Path("/r"), Settings(roots=(folder,)))
    assert attributes.lines(root) == [f"{pattern} diff=promptbit merge=promptbit"]


@pytest.mark.parametrize("before", [None, b"", b"*.md text\n", b"*.md text", b"a\r\n*.md text\r\n", b"\xff\xfe\n\n"])
def test_lines_are_added_once_and_taken_out_again(tmp_path: Path, before: bytes | None) -> None:
    path = tmp_path / ".gitattributes"
    if before is not None:
        path.write_bytes(before)
    lines = attributes.lines(Root(tmp_path, Settings(roots=("prompts", "more"))))
    assert attributes.add(path, lines)
    added = path.read_bytes()
    assert added.startswith(before or b"")
    assert added.count(b"promptbit merge") == 2
    assert (b"\n" in added.replace(b"\r\n", b"")) == (b"\r\n" not in added)
    assert not attributes.add(path, lines)
    assert attributes.remove(path, lines)
    assert not attributes.remove(path, lines)
    rest = path.read_bytes() if path.exists() else None
    assert rest == (before or None) or rest == (before or b"") + b"\n"


def test_what_is_no_file_is_never_written_to(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Git replaces the file of its configuration, and as root it would replace a device as well."""
    for name in (str(tmp_path), ""):
        monkeypatch.setenv("GIT_CONFIG_GLOBAL", name)
        for arguments in ([], ["--undo"]):
            result = run("git-setup", "--global", *arguments)
            assert (result.code, result.out) == (2, "")
            assert result.err.startswith(f"promptbits: GIT_CONFIG_GLOBAL is {name!r}, which is no file to write to")
