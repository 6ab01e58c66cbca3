"""Workspaces for tests of the command line, and a way to run it as a user would."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cli_workspace import Result, Run

from promptbits.cli import main

_NOBODY = 65534


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No setting of the machine gets in, and nothing is left behind on it."""
    for name in ("PROMPTBITS_ROOT", "PROMPTBITS_DEBUG", "NO_COLOR", "VISUAL", "EDITOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PROMPTBITS_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder that is the working directory."""
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Run:
    """Run a command line in this process: exit code, stdout, stderr. A traceback fails the test."""

    def run_it(*args: str | Path) -> Result:
        capfd.readouterr()
        code = main([str(arg) for arg in args])
        captured = capfd.readouterr()
        assert "Traceback" not in captured.err
        assert "unexpected" not in captured.err
        return Result(code, captured.out, captured.err)

    return run_it


@pytest.fixture
def unprivileged(tmp_path: Path) -> Iterator[Callable[[], None]]:
    """A function that drops the rights of the superuser, whom no file mode stops, until the test ends."""
    if os.name == "nt":
        pytest.skip("file modes do not bind on Windows")
    ours = [folder for folder in (tmp_path, *tmp_path.parents) if not folder.stat().st_mode & stat.S_IXOTH]
    modes = {folder: folder.stat().st_mode for folder in {tmp_path, *ours}}

    def drop() -> None:
        if os.geteuid() != 0:
            return
        for folder in modes:
            folder.chmod(0o755)
        for path in (tmp_path, *tmp_path.rglob("*")):
            os.chown(path, _NOBODY, _NOBODY, follow_symlinks=False)
        os.seteuid(_NOBODY)

    before = os.geteuid()
    yield drop
    os.seteuid(before)
    for folder, mode in modes.items():
        folder.chmod(mode)
