"""What lies in real folders and should not: each is told in one line that names it, and the rest is still checked."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from cli_workspace import Run, prompt, text_of, write


def complaints(err: str) -> list[str]:
    return [line.removeprefix("promptbits: ") for line in err.splitlines()]


@pytest.fixture
def good(root: Path) -> Path:
    return write(root / "prompts/good.json", prompt("good"))


@pytest.mark.parametrize("path", ["prompts", "prompts/odd.json", None], ids=["folder", "named", "root"])
def test_a_folder_named_like_a_file(good: Path, run: Run, path: str | None) -> None:
    (good.parent / "odd.json").mkdir()
    result = run("check", *([path] if path else []), *([good] if path == "prompts/odd.json" else []))
    assert result.code == 2
    assert complaints(result.err) == ["prompts/odd.json: it is a folder, not a file"]
    assert result.out == "1 file is fine\n"


@pytest.mark.parametrize("named", [True, False])
def test_a_link_that_leads_to_nothing(good: Path, run: Run, named: bool) -> None:
    (good.parent / "gone.json").symlink_to("nowhere.json")
    result = run("check", *(["prompts/gone.json", good] if named else []))
    assert result.code == 2
    assert complaints(result.err) == ["prompts/gone.json: the link leads to nothing"]
    assert result.out == "1 file is fine\n"


@pytest.mark.parametrize("named", [True, False])
def test_links_in_a_circle(good: Path, run: Run, named: bool) -> None:
    (good.parent / "a.json").symlink_to("b.json")
    (good.parent / "b.json").symlink_to("a.json")
    result = run("check", *(["prompts/a.json", "prompts/b.json", good] if named else []))
    assert result.code == 2
    assert complaints(result.err) == [f"prompts/{name}.json: the links lead in a circle" for name in "ab"]
    assert result.out == "1 file is fine\n"


def test_a_folder_that_links_to_one_above_it(good: Path, run: Run) -> None:
    (good.parent / "again").symlink_to("..", target_is_directory=True)
    result = run("check")
    assert result.code == 2
    assert len(complaints(result.err)) == 1
    assert "leads back to a folder above it" in result.err


def test_a_path_that_does_not_exist(good: Path, run: Run) -> None:
    result = run("check", "missing.json", "no/such/folder", good)
    assert result.code == 2
    assert complaints(result.err) == [
        "missing.json: no such file or directory",
        "no/such/folder: no such file or directory",
    ]
    assert result.out == "1 file is fine\n"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes on this platform")
def test_a_pipe_is_not_waited_for(good: Path, run: Run) -> None:
    os.mkfifo(good.parent / "pipe.json")
    result = run("check")
    assert result.code == 2
    assert complaints(result.err) == ["prompts/pipe.json: it is not an ordinary file"]


def test_a_file_that_may_not_be_read(good: Path, run: Run, unprivileged: Callable[[], None]) -> None:
    run("check")  # loads what must still be readable afterwards
    write(good.parent / "secret.json", prompt("secret")).chmod(0)
    unprivileged()
    result = run("check")
    assert result.code == 2
    assert complaints(result.err) == ["prompts/secret.json: permission denied"]
    assert result.out == "1 file is fine\n"


def test_a_folder_that_may_not_be_read(good: Path, run: Run, unprivileged: Callable[[], None]) -> None:
    run("check")
    (good.parent / "locked").mkdir(mode=0)
    unprivileged()
    result = run("check")
    assert result.code == 2
    assert complaints(result.err) == ["prompts/locked: permission denied"]


def test_bytes_that_are_not_utf8(good: Path, run: Run) -> None:
    write(good.parent / "bad.json", text_of(prompt("bad")).replace("About", "Ab\0ut").encode().replace(b"\0", b"\xff"))
    result = run("check", "--json")
    assert result.code == 1
    found = json.loads(result.out)["diagnostics"]
    assert [each["code"] for each in found] == ["invalid-encoding"]


def test_a_byte_order_mark_is_told_and_can_be_removed(good: Path, run: Run) -> None:
    good.write_bytes(b"\xef\xbb\xbf" + good.read_bytes())
    assert "warning[invalid-encoding]" in run("check").out
    assert run("check", "--fix").code == 0
    assert good.read_bytes() == text_of(prompt("good")).encode()


@pytest.mark.parametrize(
    "data", [b"", b"\0\0\0", b"\x89PNG\r\n\x1a\n\0", b"[" * 20_000, b"{" * 300, b'"\\ud800"', b"1e999"]
)
def test_files_that_are_no_prompt_at_all(good: Path, run: Run, data: bytes) -> None:
    write(good.parent / "odd.json", data)
    result = run("check")
    assert result.code == 1
    assert result.out.startswith("prompts/odd.json:1:1: error[") or "prompts/odd.json:1:" in result.out
    assert result.err == ""
    assert run("fmt", "--check").code in (0, 1)


def test_a_file_of_5_mb(good: Path, run: Run) -> None:
    write(good.parent / "large.json", prompt("large", content="All work and no play. " * 240_000))
    result = run("check", "--json")
    assert result.code == 0
    assert [each["code"] for each in json.loads(result.out)["diagnostics"]] == ["oversized-content"]
    assert len(run("check").out) < 1_000


def test_a_read_only_workspace_can_be_checked_and_listed(
    good: Path, root: Path, run: Run, unprivileged: Callable[[], None]
) -> None:
    write(good.parent / "other.json", prompt("another"))
    before = sorted(root.rglob("*"))
    for command in (["check"], ["check", "--fix"], ["list"], ["fmt"], ["new", "x"], ["init"]):
        run(*command, *(["--json"] if command[0] != "fmt" else []))  # loads what must be readable afterwards
    (root / "prompts/custom/x.json").unlink(missing_ok=True)
    write(good.parent / "other.json", prompt("another"))
    good.write_text(json.dumps(prompt("good")))
    for path in (good, good.parent / "other.json"):
        path.chmod(0o444)
    unprivileged()
    for folder in (root, good.parent, root / "prompts/custom"):
        folder.chmod(0o555)
    try:
        assert run("check").code == 1
        assert run("list").code == 0
        fixed = run("check", "--fix")
        assert fixed.code == 2
        assert complaints(fixed.err) == ["prompts/other.json: the file is read-only: make it writable first"]
        formatted = run("fmt")
        assert formatted.code == 2
        assert complaints(formatted.err) == ["prompts/good.json: the file is read-only: make it writable first"]
        created = run("new", "x")
        assert created.code == 2
        assert complaints(created.err) == ["prompts/custom: permission denied"]
    finally:
        for folder in (root, good.parent, root / "prompts/custom"):
            folder.chmod(0o755)
    assert set(before) <= set(root.rglob("*"))
    assert not list(root.rglob("*.tmp"))


def test_a_hostile_prompt_does_not_drive_the_terminal(root: Path, run: Run) -> None:
    evil = "\x1b[2J\x1b]0;owned\x07 \u202e\u2066 \u200b \x9b31m"
    write(root / "prompts/one.json", json.dumps(prompt("one", content=evil, category=evil), ensure_ascii=False))
    write(root / f"prompts/{evil.replace('/', '')}.json", "{}")
    for command in (["check"], ["check", "--format", "github"], ["list"], ["fmt", "--check"]):
        result = run(*command)
        for char in "\x1b\x07\u202e\u2066\u200b\x9b":
            assert char not in result.out + result.err, command


def test_a_file_name_that_is_not_utf8(root: Path, run: Run) -> None:
    write(root / "prompts/one.json", prompt("one"))
    name = os.fsencode(root / "prompts/") + b"/b\xff.json"
    try:
        Path(os.fsdecode(name)).write_bytes(b"{}")
    except OSError:
        pytest.skip("the file system takes UTF-8 names only")
    for form in ("text", "json", "sarif", "github"):
        result = run("check", "--format", form)
        assert result.code == 1, form


def test_the_working_directory_is_gone(root: Path, run: Run) -> None:
    root.rmdir()
    result = run("check")
    assert result.code == 2
    assert len(complaints(result.err)) == 1


@pytest.mark.parametrize("command", [["check"], ["check", "--fix"], ["fmt"]])
def test_an_empty_path_is_not_the_working_directory(good: Path, run: Run, command: list[str]) -> None:
    untidy = '{"content": "x", "id": "untidy"}'
    other = write(good.parent / "untidy.json", untidy)
    result = run(*command, "")
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith("promptbits: a path is empty: ")
    assert other.read_text() == untidy
