"""Emacs with eglot, set up as docs/editors.md says, without a screen."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from editors import command_of, documented, environment, prompt, with_server

PROBES = Path(__file__).with_name("emacs") / "probe.el"
DOCUMENTED = '"promptbits" "lsp" "--stdio"'
RUN_SECONDS = 60
FINDING = '"nmae" is not declared in variables: did you mean <<name>>?'
Probe = Callable[[str], Any]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "work" / "prompts" / "custom" / "greet.json"
    path.parent.mkdir(parents=True)
    (tmp_path / "work" / "promptbits.toml").touch()
    path.write_text(prompt(), "utf-8")
    return path


@pytest.fixture
def probe(tmp_path: Path, path: Path) -> Probe:
    """Runs one probe in the prompt; what it returns."""
    command = command_of("emacs")
    setup, report = tmp_path / "init.el", tmp_path / "report.json"
    setup.write_text(with_server(documented("Emacs", "elisp", "eglot-server-programs"), DOCUMENTED), "utf-8")

    def run(name: str) -> Any:
        done = subprocess.run(
            [command, "--batch", "-Q", "-l", setup, "-l", PROBES, "-f", "probe-main", name, path, report],
            cwd=path.parent,
            env=environment(tmp_path),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=RUN_SECONDS,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(report.read_text("utf-8"))

    return run


def test_it_has_findings(probe: Probe) -> None:
    findings = probe("findings")
    assert len(findings) == 1
    assert FINDING in findings[0]


def test_it_tells_about_what_is_under_the_cursor(probe: Probe) -> None:
    assert "not declared in variables" in probe("hover")


def test_it_completes_variables(probe: Probe) -> None:
    assert "Greet <<nmae>> <<name>> well." in probe("completion")


def test_its_quick_fix_mends_the_file(probe: Probe, path: Path) -> None:
    mended = prompt(content="Greet <<name>> well.")
    assert probe("action") == mended
    assert path.read_text("utf-8") == mended
