"""The server in a real Neovim, the oldest that we support and the newest, set up as docs/editors.md says."""

from __future__ import annotations

import json
import os
import select
from typing import Any

import pytest
from neovim_driver import Neovim, at

from promptbits.prompts.schema import describe

DEADLINE = 10.0
EMOJI = "\U0001f600 caf\u00e9 \U0001f468\u200d\U0001f469\u200d\U0001f467"
FIELDS: dict[str, Any] = {
    "id": "greet",
    "description": "Greets",
    "trigger": {"Custom": "greeting"},
    "category": "Examples",
    "content": "# Greeting\n\nSay hello to <<name>>.\n\n## Tone\n\nWarm.\n",
    "variables": {"name": {"description": "Whom to greet"}},
    "confidence": 0.5,
    "source": "Custom",
}
CLEAN = json.dumps(FIELDS, indent=2, ensure_ascii=False) + "\n"
# Two mistakes, each after characters of two, three and four bytes on its line.
BROKEN = CLEAN.replace('"Greets",', f'"{EMOJI}", "colour": "{EMOJI}", "revision": 0,')
# Two that can be mended, and one that cannot.
MENDABLE = CLEAN.replace('"Greets",', f'"{EMOJI}", "tags": ["Café Noir"], "revision": 0,').replace(
    '"source": "Custom"', '"source": "Builtin"'
)
MENDED_TAG = MENDABLE.replace("Café Noir", "cafe-noir")
MENDED = MENDED_TAG.replace('"Builtin"', '"Custom"')
FINDINGS = at(BROKEN, out_of_range='0,\n  "trigger"', unknown_key='"colour"')

# Installing may take longer than a test may; a run of Neovim has a deadline of its own.
pytestmark = pytest.mark.timeout(300)


def test_it_attaches(neovim: Neovim) -> None:
    attached = neovim.probe("attach", neovim.write("prompts/greet.json", CLEAN))
    encoding = "utf-16" if neovim.version == "10" else "utf-8"  # 0.10 speaks no other
    assert attached == {"encoding": encoding, "root": str(neovim.workspace), "clients": 1}


def test_diagnostics_follow_the_text_and_their_columns_are_right(neovim: Neovim) -> None:
    edits = [
        (f'"{EMOJI}", "colour"', f'"{EMOJI}{EMOJI}", "colour"'),
        ('"revision"', '\n\n  "model": {},\n  "revision"'),
        (f', "colour": "{EMOJI}"', ""),
        ('"revision": 0', '"revision": 1'),
    ]
    text, steps = BROKEN, list[dict[str, Any]]()
    for old, new in edits:
        text = text.replace(old, new, 1)
        pieces = {"unknown_key": '"colour"', "out_of_range": '0,\n  "trigger"'}
        left = {code: piece for code, piece in pieces.items() if piece in text}
        steps.append({"old": old, "new": new, "findings": at(text, **left)})
    assert steps[-1]["findings"] == []
    last = neovim.probe("typing", neovim.write("prompts/greet.json", BROKEN), findings=FINDINGS, steps=steps)
    assert last + "\n" == text


def test_diagnostics_come_by_one_way_only(neovim: Neovim) -> None:
    way = neovim.probe("way", neovim.write("prompts/greet.json", BROKEN), findings=FINDINGS)
    if neovim.version == "10":
        assert way["provider"] is False
        assert way["pulls"] == 0
        assert way["published"]["greet.json"][-1] == len(FINDINGS)
    else:
        assert way["provider"] is True
        assert way["pulls"] > 0
        assert not way["published"]


def test_other_json_files_get_nothing(neovim: Neovim) -> None:
    prompt = str(neovim.write("prompts/greet.json", BROKEN))
    other = neovim.write("package.json", '{"name": "x",, "id": 1}\n')
    silence = neovim.probe("other_file", other, prompt=prompt, findings=FINDINGS, old=",,", new=",,,", mended=CLEAN)
    assert (silence["attached"], silence["found"], silence["answer"]) == (True, 0, 0)
    assert "package.json" not in silence["published"]


def test_a_closed_buffer_has_no_diagnostics_and_gets_them_back(neovim: Neovim) -> None:
    path = neovim.write("prompts/greet.json", BROKEN)
    other = neovim.write("notes.txt", "nothing of interest\n")
    assert neovim.probe("closing", path, findings=FINDINGS, closed=str(path), other=str(other))


def test_a_file_renamed_on_disk(neovim: Neovim) -> None:
    old = neovim.write("prompts/greet.json", CLEAN)
    new = neovim.workspace / "prompts/welcome.json"
    together, alone = at(CLEAN, duplicate_id='"greet"', id_file_name='"greet"'), at(CLEAN, id_file_name='"greet"')
    names = {"old": str(old), "new": str(new), "id": '"greet"', "new_id": '"welcome"'}
    assert neovim.probe("renamed", old, **names, together=together, alone=alone)


def test_a_buffer_written_under_another_name(neovim: Neovim) -> None:
    path = neovim.write("prompts/greet.json", CLEAN)
    new = neovim.workspace / "prompts/welcome.json"
    findings = at(CLEAN, duplicate_id='"greet"', id_file_name='"greet"')
    assert neovim.probe("saved_as", path, new=str(new), findings=findings)


@pytest.mark.parametrize(("leave", "exit_code"), [("quit", 0), ("killed", -9)])
def test_the_server_ends_when_neovim_does(neovim: Neovim, leave: str, exit_code: int) -> None:
    run = neovim.run("server_process", neovim.write("prompts/greet.json", BROKEN), leave=leave)
    assert run.exit_code == exit_code
    (process,) = run.result
    assert has_ended(process)


@pytest.mark.parametrize("end", ["\n", ""], ids=["with a last newline", "without one"])
def test_formatting_writes_the_canonical_bytes(neovim: Neovim, end: str) -> None:
    fields = FIELDS | {"description": EMOJI}
    path = neovim.write("prompts/greet.json", json.dumps(dict(sorted(fields.items(), reverse=True))) + end)
    assert neovim.probe("format", path)
    assert path.read_bytes() == (json.dumps(fields, indent=2, ensure_ascii=False) + "\n").encode()


def test_formatting_leaves_what_does_not_parse(neovim: Neovim) -> None:
    path = neovim.write("prompts/greet.json", CLEAN.replace(":", "", 1))
    assert neovim.probe("format", path)
    assert path.read_text("utf-8") == CLEAN.replace(":", "", 1)


def test_the_outline_has_fields_variables_and_headings(neovim: Neovim) -> None:
    items = neovim.probe("symbols", neovim.write("prompts/greet.json", CLEAN))
    lines = {item["text"].split("] ", 1)[1]: item["line"] for item in items}
    content = line_of('"content"')
    assert (
        lines.items()
        >= {"id": 2, "content": content, "Greeting": content, "Tone": content, "name": line_of('"name"')}.items()
    )


def test_a_quick_fix_mends_one_finding(neovim: Neovim) -> None:
    findings, left = mendable(MENDABLE), mendable(MENDED_TAG)
    title = 'Change to "cafe-noir"'
    path = neovim.write("prompts/greet.json", MENDABLE)
    done = neovim.probe("code_action", path, findings=findings, left=left, piece='"Café', title=title)
    assert done == {"titles": [title, "Turn off invalid-value for greet.json"], "text": MENDED_TAG}


def test_all_that_can_be_mended_at_once(neovim: Neovim) -> None:
    findings, left = mendable(MENDABLE), mendable(MENDED)
    wanted = {"title": "Fix all that can be fixed with certainty", "only": ["source.fixAll.promptbits"]}
    path = neovim.write("prompts/greet.json", MENDABLE)
    done = neovim.probe("code_action", path, findings=findings, left=left, piece="{", **wanted)
    assert done == {"titles": [wanted["title"]], "text": MENDED}


def test_a_check_is_turned_off_for_the_file(neovim: Neovim) -> None:
    path = neovim.write("prompts/greet.json", BROKEN)
    action = {"piece": '"colour"', "title": "Turn off unknown-key for greet.json"}
    settings = str(neovim.workspace / "promptbits.toml")
    done = neovim.probe("code_action", path, findings=FINDINGS, left=FINDINGS[:1], settings=settings, **action)
    assert done["text"] == BROKEN


def test_hover_on_a_key_says_what_it_is_for(neovim: Neovim) -> None:
    said = neovim.probe("hover", neovim.write("prompts/greet.json", CLEAN), piece='"confidence"')
    assert describe(("confidence",))["description"] in said


def test_a_completion_of_a_variable_is_taken(neovim: Neovim) -> None:
    # Not near the end of the line: after emoji, Neovim 0.10 takes a place there for the end of the line.
    typed = {"after": "Say hello", "typed": f" {EMOJI} <lt><lt>na", "label": "name"}
    done = neovim.probe("complete", neovim.write("prompts/greet.json", CLEAN), **typed, written=f"{EMOJI} <<name>>")
    assert done["labels"] == ["name"]
    assert done["text"] == CLEAN.replace("Say hello", f"Say hello {EMOJI} <<name>>")


def test_a_completion_of_a_key_is_taken(neovim: Neovim) -> None:
    typed = {"after": '"Greets",', "typed": '<CR>"ta', "label": "tags"}
    done = neovim.probe("complete", neovim.write("prompts/greet.json", CLEAN), **typed, written='"tags": [')
    fields = json.loads(done["text"])
    assert isinstance(fields.pop("tags"), list)
    assert fields == FIELDS


def mendable(text: str) -> list[str]:
    """What is found in a form of MENDABLE."""
    pieces = {"invalid_value": '"Café Noir"', "source_folder": '"Builtin"', "out_of_range": '0,\n  "trigger"'}
    return at(text, **{code: piece for code, piece in pieces.items() if piece in text})


def line_of(piece: str) -> int:
    """The line of a piece of the clean prompt, from 1."""
    return CLEAN[: CLEAN.index(piece)].count("\n") + 1


def has_ended(process: int) -> bool:
    """Whether a process that is not ours ends within the deadline, or has."""
    try:
        watched = os.pidfd_open(process)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([watched], [], [], DEADLINE)[0])
    finally:
        os.close(watched)
