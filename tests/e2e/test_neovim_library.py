"""The plugin in a real Neovim: the library, new prompts, previews with values, and prompts that no pattern knows."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from neovim_driver import Neovim, prompt

from promptbits.facts.ids import content_sha256, new_id, timestamp
from promptbits.facts.locating import facts_path
from promptbits.facts.opening import open_store

CONTENT = "Say hello to <<name>>, <<tone>>.\n"
TONE = {"description": "How", "default": "warm", "enum": ["warm", "cool", "very cold"]}
SCHEMA = '"$schema": "https://example.org/promptbit.schema.json",'
LOUD = {"description": "Whether", "type": "boolean", "default": False}

pytestmark = pytest.mark.timeout(300)


GREET = prompt("greet", CONTENT, variables={"name": {"description": "Whom to greet"}, "tone": TONE})


@pytest.fixture
def editor(neovim: Neovim) -> Neovim:
    """A Neovim with the plugin as a package, and a prompt."""
    neovim.write("prompts/custom/greet.json", GREET)
    return neovim.with_plugin("library_probes.lua")


def path_of(editor: Neovim, id_: str) -> Path:
    return editor.workspace / "prompts" / "custom" / f"{id_}.json"


def test_the_library_is_listed_sorted_and_opened_from(editor: Neovim) -> None:
    editor.write("prompts/custom/greet-formal.json", prompt("greet-formal", "Bow.\n", description="Of other people"))
    editor.write("prompts/learned/broken.json", prompt("broken", "Bow.\n", source="Learned", colour=1, confidence=7))
    store = open_store(facts_path(editor.workspace))
    run = {"kind": "execution", "prompt_id": "greet", "content_sha256": content_sha256(CONTENT), "outcome": "succeeded"}
    store.append([run | {"id": new_id(), "timestamp": timestamp(), "execution_time_ms": 9} for _ in range(10)])
    store.close()
    notes = editor.write("notes.txt", "nothing\n")
    done = editor.probe("library", notes)
    own = [re.split(r" {2,}", line) for line in done["all"] if "shipped" not in line]
    assert own[0] == ["broken", "learned", "1 error, 1 warning", "A broken"]
    assert own[1][:2] == ["greet", "custom"]
    assert "100.0 % of 10" in own[1][2]
    assert own[1][3] == "A greet"
    assert own[2] == ["greet-formal", "custom", "Of other people"]
    assert done["by_rate"].startswith("greet ")
    assert done["by_problems"].startswith("broken ")
    assert [line.split()[0] for line in done["some"]][:1] == ["greet-formal"]
    assert len(done["some"]) < len(done["all"])
    assert "nowhere" in done["none"]
    assert done["ids"] == ["greet", "greet-formal"]
    assert done["servers"] == 1
    assert done["view"] == {"modifiable": False, "empty": False, "why": done["view"]["why"]}
    assert done["modified"] is False


def test_new_prompts_and_duplicates(editor: Neovim) -> None:
    done = editor.probe("new", path_of(editor, "greet"))
    assert done["asked"] == ["", "greet-copy"]
    assert done["state"] == ["promptbit", False]
    assert "greet" in done["taken"]
    assert "Two Words" in done["wrong"]
    for id_ in ("farewell", "hello", "greet-copy"):
        assert json.loads(path_of(editor, id_).read_text("utf-8"))["id"] == id_
    assert json.loads(path_of(editor, "greet-copy").read_text("utf-8"))["content"] == CONTENT


def test_a_preview_takes_values(editor: Neovim) -> None:
    variables = {"name": {"description": "Whom to greet"}, "tone": TONE, "loud": LOUD}
    path = editor.write("prompts/custom/greet.json", prompt("greet", CONTENT + "<<loud>>\n", variables=variables))
    done = editor.probe("values", path)
    assert sorted(done["names"]) == ["loud=", "name=", "tone="]
    assert done["tones"] == ["tone=warm", "tone=cool", "tone=very\\ cold"]
    assert done["flags"] == ["loud=true", "loud=false"]
    assert done["text"].startswith("Say hello to Ada Lovelace, cool.\n")
    assert done["json"] == "greet.json"
    assert '"name"' in done["refused"]


def test_without_a_subcommand_there_is_a_choice(editor: Neovim) -> None:
    done = editor.probe("menu", editor.write("notes.txt", "nothing\n"), file=str(path_of(editor, "greet")))
    assert done == {"few": 5, "all": 12, "notes": "notes.txt"}


def test_prompts_that_only_the_server_knows_get_the_filetype(editor: Neovim) -> None:
    editor.write("promptbits.toml", 'roots = ["house"]\n')
    outside = editor.home / "far.json"
    outside.write_text(prompt("far", CONTENT).replace("{", "{" + "\n" * 30 + SCHEMA, 1), "utf-8")
    done = editor.probe(
        "recognised",
        editor.write("house/custom/near.json", prompt("near", CONTENT)),
        outside=str(outside),
        typed=str(editor.write("elsewhere/typed.json", "{}\n")),
        schema="\n" * 30 + SCHEMA.rstrip(","),
        other=str(editor.write("elsewhere/package.json", "{}\n")),
    )
    assert done == {"before": "json", "other": "json", "servers": 1}


def test_a_plugin_that_is_added_late_looks_at_what_is_open(editor: Neovim) -> None:
    """As a manager does that loads a plugin when it is asked for; then everything is as if it had been there."""
    start = editor.home / "packages" / "pack" / "tests" / "start"
    start.rename(start.with_name("opt"))
    done = editor.probe("late", path_of(editor, "greet"))
    assert done == {"before": "json", "after": "promptbit"}


def test_an_option_that_there_is_not_is_told_and_the_others_hold(editor: Neovim) -> None:
    said = editor.with_plugin(editor.probes, colour=True).probe("options", path_of(editor, "greet"))
    assert said == 'promptbits: there is no option "colour"'
