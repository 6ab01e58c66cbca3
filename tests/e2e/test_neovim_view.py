"""The content of a prompt as Markdown in a real Neovim with the plugin."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from neovim_driver import Neovim, at

CONTENT = "# Greeting\n\nSay hello to <<name>>.\n\n## Tone\n\nWarm.\n"
FIELDS: dict[str, Any] = {
    "id": "greet",
    "description": "Greets",
    "trigger": {"Custom": "greeting"},
    "category": "Examples",
    "content": CONTENT,
    "variables": {"name": {"description": "Whom to greet"}},
    "confidence": 0.5,
    "source": "Custom",
}
PROMPT = json.dumps(FIELDS, indent=2, ensure_ascii=False) + "\n"

pytestmark = pytest.mark.timeout(300)


@pytest.fixture
def editor(neovim: Neovim) -> Neovim:
    return neovim.with_plugin("view_probes.lua")


def test_writing_changes_the_edited_bytes_and_no_other(editor: Neovim) -> None:
    # Written by hand: other spacing, an escape where none is needed, CRLF in the content, a blank in the name.
    text = (
        PROMPT.replace('"Greets"', '"Gr\\u00fc\\u00dft" ')
        .replace("Say", "Caf\\u00e9: say")
        .replace("## Tone\\n", "## Tone\\r\\n")
    )
    path = editor.write("prompts/my prompts/greet.json", text)
    edits = [["hello", 'a "hello" ☕'], ["Warm.", "Warm,\nalways."]]
    first = text.replace("hello", 'a \\"hello\\" \\u2615')  # the file escapes what is not ASCII
    second = first.replace("Warm.", "Warm,\\nalways.")
    done = editor.probe("edit", path, file=str(path), edits=edits)
    shown = json.loads(text)["content"].replace("\r", "")
    assert done["before"] == {"text": shown[:-1], "eol": True, "modified": False, "filetype": "markdown"}
    assert done["after"]["modified"] is False
    assert done["files"] == [first, second]
    assert (done["undone"], done["redone"]) == (first, second)


@pytest.mark.parametrize("content", ["", "one line", "\n", "a\n\n"])
def test_a_view_without_the_json_in_a_window(editor: Neovim, content: str) -> None:
    path = editor.write("prompts/greet.json", json.dumps(FIELDS | {"content": content}))
    notes = editor.write("notes.txt", "nothing of interest\n")
    done = editor.probe("alone", notes, file=str(path), texts=["other", content.removesuffix("\n")])
    shown = {"text": content.removesuffix("\n"), "eol": content.endswith("\n"), "modified": False}
    assert {name: done["before"][name] for name in shown} == shown
    assert done["before"] == done["after"] == done["again"]
    assert done["listed"] == 2
    assert path.read_text("utf-8") == json.dumps(FIELDS | {"content": content})


def test_diagnostics_hover_completion_and_rename_in_a_view(editor: Neovim) -> None:
    path = editor.write("prompts/greet.json", PROMPT)
    broken = CONTENT.replace("<<name>>", "<<nobody>>")
    findings = at(broken, undeclared_variable="<<nobody>>")
    done = editor.probe("language", path, findings=findings)
    assert "Whom to greet" in done["hover"]
    content = CONTENT.replace("Warm.", "Warm. Dear <<name>>").replace("<<name>>", "<<guest>>")
    assert done["text"] + "\n" == content
    variables = {"guest": FIELDS["variables"]["name"]}
    assert path.read_text("utf-8") == json.dumps(FIELDS | {"content": content, "variables": variables}, indent=2) + "\n"


def test_tokens_actions_and_outline_in_a_view(editor: Neovim) -> None:
    path = editor.write("prompts/greet.json", PROMPT)
    done = editor.probe("more", path, title='Extract "hello" into a variable')
    lines = CONTENT.splitlines()
    start = lines[2].index("<<name>>")
    assert done["token"] == ["parameter", 2, start, start + len("<<name>>")]
    assert done["outline"] == [["Greeting", 1], ["Tone", lines.index("## Tone") + 1]]
    written = json.loads(path.read_text("utf-8"))
    assert written["content"] == CONTENT.replace("hello", "<<hello>>")
    assert written["variables"] == FIELDS["variables"] | {"hello": {"type": "string", "default": "hello"}}


def test_a_view_reads_anew_what_another_program_wrote(editor: Neovim) -> None:
    before = CONTENT.replace("<<name>>", "<<nobody>>")
    after = "# New\n\n" + CONTENT.replace("<<name>>", "<<someone>>")
    later = after.replace("Say", "\nSay")
    found = {
        "before": at(before, undeclared_variable="<<nobody>>"),
        "after": at(after, undeclared_variable="<<someone>>"),
        "later": at(later, undeclared_variable="<<someone>>"),
    }
    path = editor.write("prompts/greet.json", json.dumps(FIELDS | {"content": before, "variables": {}}))
    text = json.dumps(FIELDS | {"content": after, "variables": {}})
    assert editor.probe("reload", path, file=str(path), text=text, **found) + "\n" == after


def test_a_view_keeps_its_text_when_the_file_is_gone(editor: Neovim) -> None:
    path = editor.write("prompts/greet.json", PROMPT)
    done = editor.probe("orphan", path, file=str(path))
    assert done["message"].startswith("greet.json")
    assert done["state"]["modified"] is True
    assert done["state"]["text"] + "\n" == CONTENT.replace("hello", "hallo")
    assert not path.exists()


def test_a_save_merges_and_a_conflict_is_shown(editor: Neovim) -> None:
    path = editor.write("prompts/greet.json", PROMPT)
    done = editor.probe("merge", path, file=str(path))
    merged = CONTENT.replace("hello", "good morning").replace("Warm.", "Calm.")
    assert done["merged"]["text"] + "\n" == merged
    assert json.loads(done["merged"]["file"])["content"] == merged

    conflict = done["conflict"]
    theirs = merged.replace("Calm.", "Hot.")
    assert json.loads(conflict["file"])["content"] == theirs
    assert conflict["state"]["modified"] is True
    markers = r"<<<<<<< edited here\nCool\.\n.*=======\nHot\.\n>>>>>>> now in greet\.json"
    assert re.search(markers, conflict["state"]["text"], re.DOTALL)
    assert "write again" in conflict["message"]

    solved = theirs.replace("Hot.", "Mild.")
    assert done["solved"] == {"text": solved[:-1], "eol": True, "modified": False, "filetype": "markdown"}
    assert path.read_text("utf-8") == PROMPT.replace("hello", "good morning").replace("Warm.", "Mild.")


def test_content_that_no_editor_can_hold_is_refused_with_the_reason(editor: Neovim) -> None:
    text = PROMPT.replace("Warm.", "Warm\\u0000.")
    path = editor.write("prompts/greet.json", text)
    done = editor.probe("refused", path, reason="NUL")
    assert done == {"message": done["message"], "written": False, "modifiable": False}
    assert "greet.json:" in done["message"]
    assert path.read_text("utf-8") == text
