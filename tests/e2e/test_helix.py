"""Helix in a terminal, set up as docs/editors.md says: keys are typed, and its screen is read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from editors import SERVER, command_of, documented, environment, prompt
from terminal import DOWN, ENTER, ESCAPE, Terminal

FINDING = '"nmae" is not declared'


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "work" / "prompts" / "custom" / "greet.json"
    path.parent.mkdir(parents=True)
    (tmp_path / "work" / "promptbits.toml").touch()
    path.write_text(prompt(), "utf-8")
    return path


@pytest.fixture
def helix(tmp_path: Path, path: Path) -> Iterator[Terminal]:
    """Helix with the prompt, its cursor in the placeholder that is mistyped; the server has looked at it."""
    command = command_of("helix")
    settings = tmp_path / "config" / "helix"
    settings.mkdir(parents=True)
    languages = documented("Helix", "toml", "[language-server.promptbits]")
    command_line = 'command = "promptbits"\nargs = ["lsp", "--stdio"]'
    assert command_line in languages
    mine = f"command = {json.dumps(SERVER[0])}\nargs = {json.dumps(SERVER[1:])}"
    (settings / "languages.toml").write_text(languages.replace(command_line, mine), "utf-8")
    (settings / "config.toml").write_text(documented("Helix", "toml", "display-inlay-hints"), "utf-8")
    column = path.read_text("utf-8").split("\n")[7].index("nmae") + 1
    place = f"{path.relative_to(tmp_path / 'work')}:8:{column}"
    with Terminal([command, place], tmp_path / "work", environment(tmp_path)) as terminal:
        terminal.wait_for(FINDING)
        yield terminal


def test_it_shows_findings_and_a_fix_that_mends_them(helix: Terminal, path: Path) -> None:
    helix.type(" ", "a")
    helix.wait_for("Change to <<name>>")
    helix.type(ENTER)
    helix.wait_for("Greet <<name>>")
    helix.wait_without(FINDING)
    helix.type(":w", ENTER)
    helix.wait_for("written")
    assert path.read_text("utf-8") == prompt(content="Greet <<name>> well.")


def test_it_tells_about_what_is_under_the_cursor(helix: Terminal) -> None:
    helix.type(" ", "k")
    helix.wait_for("Variable nmae · not declared in variables", "Used 1 time")


def test_it_offers_variables(helix: Terminal, path: Path) -> None:
    helix.type("5", "l", "a", " <<na")
    helix.wait_for("name", "variable")
    helix.type(DOWN, ENTER, ESCAPE, ":w", ENTER)
    helix.wait_for("written")
    assert path.read_text("utf-8") == prompt(content="Greet <<nmae>> <<name>> well.")


def test_it_shows_inlay_hints(helix: Terminal) -> None:
    helix.type("l")  # it asks for them when it is idle after a key
    helix.wait_for("≈ 5 tokens")
