"""Editors that tests run, as the project's script installs them; and how each is set up, as docs/editors.md says."""

from __future__ import annotations

import functools
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parents[2]
SCRIPT = TOP / "scripts" / "install_editors.py"
SERVER = [sys.executable, "-m", "promptbits", "lsp", "--stdio"]
INSTALL_SECONDS = 280


def command_of(name: str) -> str:
    """The command of an editor. Where it cannot be installed, tests are skipped, unless CI=true."""
    command, problem = _installed(name)
    if problem and os.environ.get("CI") == "true":
        pytest.fail(problem, pytrace=False)
    if problem:
        pytest.skip(problem)
    return command


@functools.cache
def _installed(name: str) -> tuple[str, str]:
    """The command, or why there is none: of several that ask at once, one installs it."""
    variable = f"PROMPTBITS_{name.upper()}"
    if named := os.environ.get(variable):
        return named, "" if Path(named).exists() else f"{variable} names no file: {named}"
    command = [sys.executable, SCRIPT, name]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=INSTALL_SECONDS)
    except subprocess.TimeoutExpired:
        return "", f"{name} was not installed within {INSTALL_SECONDS} seconds"
    return done.stdout.strip(), done.stderr.strip().removeprefix("promptbits: ") if done.returncode else ""


def documented(title: str, language: str, holds: str) -> str:
    """The first piece of code in a section of docs/editors.md that holds some text."""
    text = (TOP / "docs" / "editors.md").read_text("utf-8")
    section = re.search(rf"^## {re.escape(title)}.*?\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    assert section, f"docs/editors.md has a section {title}"
    blocks = re.findall(rf"^```{language}\n(.*?)^```", section[1], re.MULTILINE | re.DOTALL)
    found = next((block for block in blocks if holds in block), None)
    assert found is not None, f"docs/editors.md, {title}: there is {language} with {holds}"
    return found


def with_server(text: str, command: str) -> str:
    """A documented setup with the server of these tests in place of the documented command."""
    assert command in text, f"docs/editors.md names the command: {command}"
    return text.replace(command, " ".join(json.dumps(part) for part in SERVER))


def environment(home: Path) -> dict[str, str]:
    """The environment of an editor and of the server, with nothing of the person who runs the tests."""
    folders = {f"XDG_{name}_HOME": str(home / name.lower()) for name in ("CONFIG", "DATA", "STATE", "CACHE")}
    mine = {name: value for name, value in os.environ.items() if not name.startswith("PROMPTBITS_")}
    return mine | folders | {"HOME": str(home)}


def prompt(**fields: object) -> str:
    """A prompt with the fields of a test."""
    base = {
        "id": "greet",
        "description": "Greet somebody",
        "trigger": {"Custom": "greet"},
        "category": "BestPractices",
        "content": "Greet <<nmae>> well.",
        "variables": {"name": {"description": "Who is greeted", "type": "string", "default": "Ada"}},
        "confidence": 0.7,
        "source": "Custom",
        "tags": ["test"],
        "revision": 1,
    }
    return json.dumps(base | fields, indent=2) + "\n"
