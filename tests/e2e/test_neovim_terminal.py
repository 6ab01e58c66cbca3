"""The plugin in the terminal of a real Neovim: keys are typed, and what people see is read from the screen."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from neovim_driver import Neovim
from terminal import ENTER, ESCAPE, Terminal

GREET = """{
  "id": "greet",
  "description": "Greets people",
  "trigger": {"Custom": "greeting"},
  "category": "Examples",
  "content": "Say hello to <<nmae>>.",
  "variables": {"name": {"description": "Whom to greet", "default": "you"}},
  "confidence": 0.5,
  "source": "Custom"
}
"""
OTHER = {"id": "greet-formal", "description": "A formal one", "parent": "greet", "content": "Bow to <<name>>."}
FORMAL = json.dumps(json.loads(GREET) | OTHER, indent=2)
LOOK = "vim.diagnostic.config({ virtual_text = true })\nvim.o.completeopt = 'menuone,noselect'\n"
OMNI, NEXT, ACCEPT = "\x18\x0f", "\x0e", "\x19"

pytestmark = pytest.mark.timeout(300)


@pytest.fixture
def path(neovim: Neovim) -> Path:
    neovim.write("prompts/custom/greet-formal.json", FORMAL)
    return neovim.write("prompts/custom/greet.json", GREET)


@pytest.fixture
def terminal(neovim: Neovim, path: Path) -> Iterator[Terminal]:
    """Neovim with the plugin, in a prompt."""
    editor = neovim.with_plugin("")
    editor = dataclasses.replace(editor, setup=editor.setup + LOOK)
    with Terminal([*editor.start(), path], neovim.workspace, editor.environment()) as terminal:
        yield terminal


def test_a_prompt_is_mended_completed_and_its_content_edited_and_written(terminal: Terminal, path: Path) -> None:
    terminal.wait_for("Edit as Markdown", "1 prompt evolved from it", "≈ 6 tokens", "did you mean <<name>>?")
    terminal.type("/nmae", ENTER, "K")
    terminal.wait_for("not declared in", "Used 1 time")

    terminal.type(":lua vim.lsp.buf.code_action()", ENTER)
    terminal.wait_for("1: Change to <<name>>")
    terminal.type("1", ENTER)
    terminal.wait_for("<<name>> = you")
    terminal.wait_without("did you mean")

    terminal.type("/hello", ENTER, "ea <<na", OMNI)
    terminal.wait_for("Variable")  # the kind, in the menu
    terminal.type(NEXT, ACCEPT, ESCAPE)
    terminal.wait_for("Say hello <<name>> = you to <<name>> = you")
    terminal.type(":w", ENTER)
    terminal.wait_until(lambda _: "hello <<name>> to <<name>>." in path.read_text("utf-8"), "the file to be written")

    terminal.type(":PromptBits content", ENTER)
    terminal.wait_for("greet.json.md")
    terminal.wait_without('"content"')
    terminal.type("0cwShout", ESCAPE, ":w", ENTER)
    terminal.wait_until(lambda _: "Shout" in path.read_text("utf-8"), "the content to be written")
    terminal.type(":PromptBits json", ENTER)
    terminal.wait_for('"Shout hello')
    written = GREET.replace("Say hello to <<nmae>>", "Shout hello <<name>> to <<name>>")
    assert path.read_text("utf-8") == written


def test_subcommands_and_prompts_are_chosen_from_a_list(terminal: Terminal) -> None:
    terminal.wait_for("Edit as Markdown")
    terminal.type(":PromptBits", ENTER)
    text = terminal.wait_for("library    every prompt of the root", "Type number")
    [number] = [line.partition(":")[0] for line in text.splitlines() if ": library" in line]
    terminal.type(number, ENTER)
    terminal.wait_for("custom", "A formal one", "shipped")
    terminal.type("/greet-formal", ENTER, ENTER)
    terminal.wait_for("evolved from greet", "compare with greet", "Bow to <<name>> = you.")
