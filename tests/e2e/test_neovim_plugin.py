"""The plugin in `neovim/`, in a real Neovim that has nothing else: no setup of a client, no recipe."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest
from neovim_driver import TOP, Neovim, at, prompt

import promptbits
from promptbits.facts.opening import open_store

PLUGIN = TOP / "neovim"
CONTENT = "# Greeting\n\nSay hello to <<name>>.\n\n## Tone\n\nWarm.\n"
SUBCOMMANDS = [
    "check",
    "content",
    "diff",
    "duplicate",
    "feedback",
    "json",
    "library",
    "log",
    "new",
    "preview",
    "restart",
    "stats",
]


GREET = prompt("greet", CONTENT, variables={"name": {"description": "Whom to greet", "default": "you"}})
FORMAL = prompt("greet-formal", "Bow.\n", revision=2, parent="greet")

pytestmark = pytest.mark.timeout(300)


@pytest.fixture
def editor(neovim: Neovim) -> Neovim:
    """A Neovim with the plugin as a package, and nothing else."""
    return neovim.with_plugin("plugin_probes.lua")


def path_of(editor: Neovim, name: str) -> Path:
    return editor.workspace / "prompts" / "custom" / name


def greet(editor: Neovim, text: str = GREET) -> Path:
    return editor.write("prompts/custom/greet.json", text)


def test_a_prompt_gets_its_filetype_the_server_lenses_and_hints(editor: Neovim) -> None:
    greet(editor)
    text = prompt("greet-formal", "Bow <<how>>.", parent="greet", variables={"how": {"default": "low"}})
    path = editor.write("prompts/custom/greet-formal.json", text)
    others = [
        editor.write("prompts/nested/deep/other.json", GREET),
        editor.write("elsewhere/a.prompt.json", GREET),
        editor.write("elsewhere/b.json", '{\n  "$schema": "https://example.org/promptbit.schema.json"\n}\n'),
        editor.write("elsewhere/package.json", "{}\n"),
        editor.write("elsewhere/notes.txt", "nothing\n"),
    ]
    done = editor.probe("attach", path, others=[str(each) for each in others])
    assert done["filetype"] == "promptbit"
    assert done["syntax"] == "promptbit"
    assert done["language"] == "json"
    assert done["root"] == str(editor.workspace)
    assert any("low" in hint for hint in done["hints"])
    assert any("compare with" in lens for lens in done["lenses"])
    assert done["others"] == [["promptbit", 1], ["promptbit", 1], ["promptbit", 1], ["json", 1], ["text", 0]]
    assert done["complete"] == SUBCOMMANDS
    assert done["complete_feedback"] == ["succeeded"]


def test_lenses_and_hints_can_be_switched_off_and_settings_reach_the_server(editor: Neovim) -> None:
    text = GREET.replace('"description": "A greet"', '"colour": 1, "description": "A greet"').replace("<<name>>", "you")
    settings = {"checks": {"unknown-key": "off"}}
    quiet = editor.with_plugin(editor.probes, code_lens=False, inlay_hints=False, settings=settings)
    done = quiet.probe("plain", greet(editor, text), findings=at(text, unused_variable='"name": {'))
    assert done["hints"] is False
    assert done["lenses"] is False
    assert 'no option "colour"' in done["refused"][0]
    assert '"code_lens" must be a boolean' in done["refused"][1]


def test_content_is_edited_written_and_a_conflict_shown(editor: Neovim) -> None:
    path = greet(editor)
    done = editor.probe("content", path, file=str(path))
    assert done["before"] + "\n" == CONTENT
    assert done["written"] == GREET.replace("hello", "good morning")
    markers = r"<<<<<<< edited here\nCool\.\n.*=======\nHot\.\n>>>>>>> now in greet\.json"
    assert re.search(markers, done["conflict"]["text"], re.DOTALL)
    assert done["conflict"]["modified"] is True
    assert done["modified"] is False
    assert path.read_text("utf-8") == GREET.replace("hello", "good morning").replace("Warm.", "Mild.")


def test_a_view_follows_its_prompt_also_to_another_name(editor: Neovim) -> None:
    path = greet(editor)
    broken = CONTENT.replace("hello", "moin").replace("<<name>>", "<<nobody>>")
    done = editor.probe("follow", path, file=str(path), findings=at(broken, undeclared_variable="<<nobody>>"))
    assert done["modified"] is False
    assert done["after"] is False
    assert sorted(done["buffers"]) == ["welcome.json", "welcome.json.md"]
    assert not path.exists()
    written = json.loads(path_of(editor, "welcome.json").read_text("utf-8"))
    assert (written["id"], written["content"]) == ("welcome", broken)


def test_the_whole_root_is_checked_into_the_quickfix_list(editor: Neovim) -> None:
    line = '  "description": "Grüße 😀", "colour": 1,'
    text = GREET.replace('  "description": "A greet",', line)
    path = greet(editor, text)
    editor.write("prompts/custom/greet-formal.json", FORMAL)
    notes = editor.write("notes.txt", "nothing\n")
    done = editor.probe("check", notes, file=str(path), mended=GREET)
    column = len(line[: line.index('"colour"')].encode()) + 1
    [[name, row, start, end, kind, message]] = done["found"]
    assert (name, row, start, end, kind) == ("greet.json", 3, column, column + len('"colour"'), "W")
    assert message.endswith("[unknown-key]")
    assert done["message"].endswith("in 2 files.")
    assert done["left"] == 0


def test_preview_comparison_and_statistics(editor: Neovim) -> None:
    greet(editor)
    path = editor.write("prompts/custom/greet-formal.json", FORMAL)
    done = editor.probe("documents", path)
    assert done["preview"] == {"text": "Bow.", "filetype": "markdown", "modifiable": False}
    assert done["windows"] == 2
    assert done["diff"]["filetype"] == "diff"
    assert "+Bow." in done["diff"]["text"].splitlines()
    assert done["stats"]["filetype"] == "markdown"
    assert "greet-formal" in done["stats"]["text"]
    assert done["content"] == "greet-formal.json.md"


def test_feedback_is_recorded(editor: Neovim) -> None:
    done = editor.probe("feedback", greet(editor))
    assert done["offered"] == ["5, very good", "4", "3", "2", "1, very bad", "succeeded", "failed"]
    assert all('recorded for "greet"' in message for message in done["messages"])
    assert "rating" in done["refused"]
    store = open_store(editor.workspace / ".promptbits" / "facts.db")
    try:
        facts = list(store.facts())
    finally:
        store.close()
    assert [(fact["prompt_id"], fact.get("rating"), fact.get("outcome")) for fact in facts] == [
        ("greet", 4, None),
        ("greet", None, "failed"),
    ]


def test_the_server_is_restarted_for_prompts_and_views(editor: Neovim) -> None:
    text = GREET.replace('"description": "A greet"', '"colour": 1, "description": "A greet"')
    path = greet(editor, text)
    done = editor.probe("restart", path, findings=at(text, unknown_key='"colour"'))
    assert done == {"running": 1, "log": "lsp.log"}
    assert path.read_text("utf-8") == text.replace("hello", "hallo")


def test_the_health_report_has_nothing_to_complain_of(editor: Neovim) -> None:
    report = editor.probe("health", greet(editor))
    assert "ERROR" not in report
    assert "WARNING" not in report
    assert f"is version {promptbits.__version__}" in report
    assert f"attached to 1 buffers below {editor.workspace}" in report
    assert "facts.db" in report


def test_the_health_report_tells_of_another_server_and_of_a_version_that_lags(editor: Neovim) -> None:
    lines = [
        "import runpy, sys",
        'print("promptbits 0.0.9") if "--version" in sys.argv else runpy.run_module("promptbits", run_name="__main__")',
    ]
    script = editor.write("old.py", "\n".join(lines))
    old = editor.with_plugin(editor.probes, cmd=[sys.executable, str(script)])
    report = old.probe("health", greet(editor), other=sys.executable)
    assert "upgrade the server" in report
    assert "jsonls is attached to prompts/custom/greet.json too" in report


def test_a_server_that_is_not_there_is_told(editor: Neovim) -> None:
    missing = editor.with_plugin(editor.probes, cmd=["/nowhere/promptbits"])
    done = missing.probe("missing", editor.write("notes.txt", "nothing\n"))
    assert "/nowhere/promptbits" in done["check"]
    assert re.search(r"ERROR.*`/nowhere/promptbits` is not found", done["health"])


def test_help_has_a_tag_for_all_that_can_be_typed(editor: Neovim) -> None:
    options = ["cmd", "settings", "code_lens", "inlay_hints"]
    tags = ["promptbits", ":PromptBits", *(f":PromptBits-{name}" for name in SUBCOMMANDS), "g:promptbits"]
    tags += ["promptbits.setup()", *(f"promptbits-option-{name}" for name in options)]
    done = editor.probe("help", greet(editor), tags=tags)
    assert done["found"] == [["promptbits.txt", True]] * len(tags)
    assert done["anew"] == (PLUGIN / "doc" / "tags").read_text("utf-8")


def test_the_plugin_has_the_version_of_the_server() -> None:
    config = (PLUGIN / "lua" / "promptbits" / "config.lua").read_text("utf-8")
    assert f'M.VERSION = "{promptbits.__version__}"' in config
