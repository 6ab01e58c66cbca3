"""Each feature that leads elsewhere, refactors or draws, used once from a real Neovim by what it has for it itself."""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from neovim_driver import Neovim, at, place_of

GREETING = "# Greeting\n\nSay hello to <<name>>.\n\n## Tone\n\nBe <<tone>>, like [us](https://example.org/tone).\n"


def prompt(id_: str, content: str, **fields: Any) -> str:
    value = {
        "id": id_,
        "description": f"A {id_.replace('-', ' ')} of people",
        "trigger": {"Custom": f"trigger of {id_}"},
        "category": "Examples",
        "content": content,
        "confidence": 0.5,
        "source": "Custom",
    }
    return json.dumps(value | fields, indent=2, ensure_ascii=False) + "\n"


VARIABLES = {"name": {"description": "Whom to greet"}, "tone": {"description": "How", "default": "warm"}}
GREET = prompt("greet", GREETING, variables=VARIABLES)
FORMAL = prompt("greet-formal", "Bow.\n", revision=2, parent="greet", related=["farewell"])
FAREWELL = prompt("farewell", "Say goodbye.\n", related=["greet"])
# The prompts that name "greet", once it is called "welcome".
WELCOMED = {
    "greet-formal": FORMAL.replace('"greet"', '"welcome"'),
    "farewell": FAREWELL.replace('"greet"', '"welcome"'),
}

pytestmark = pytest.mark.timeout(300)
# Where 0.10 has no function for a feature, tests/protocol asks in its name.
newest = pytest.mark.parametrize("version", ["newest"], indirect=True)


@pytest.fixture
def editor(neovim: Neovim) -> Neovim:
    """A Neovim with three prompts: one that evolved from another, and one that is related to it."""
    for name, text in {"greet": GREET, "greet-formal": FORMAL, "farewell": FAREWELL}.items():
        neovim.write(f"prompts/{name}.json", text)
    return neovim.with_plugin("feature_probes.lua")


@pytest.fixture
def drawing(editor: Neovim) -> Neovim:
    """The same, with the probes of what is drawn, folded, selected and linked."""
    return dataclasses.replace(editor, probes="drawing_probes.lua")


def test_definition_references_highlights_symbols_and_lineage(editor: Neovim) -> None:
    done = editor.probe("navigate", path_of(editor, "greet-formal"), parent='"greet"')
    declaration = place_of(GREET, 'name": {')
    assert done["there"] == [f"greet.json {place_of(GREET, 'greet')}", f"greet.json {declaration}"]
    assert done["highlights"] == [f"{place_of(GREET, 'name>>')} LspReferenceRead", f"{declaration} LspReferenceWrite"]
    assert [place for place, _ in done["uses"]] == [
        f"farewell.json {place_of(FAREWELL, 'greet')}",
        "greet-formal.json " + place_of(FORMAL, 'greet",'),
    ]
    [(place, symbol)] = done["symbols"]
    assert place == f"greet-formal.json {place_of(FORMAL, 'greet-formal')}"
    assert "greet-formal" in symbol
    above = "greet.json " + place_of(GREET, '"greet"')
    below = "greet-formal.json " + place_of(FORMAL, '"greet-formal"')
    assert done["above"] == [[above, "greet revision 1 · A greet of people"]]
    assert done["below"] == [[below, "greet-formal revision 2 · A greet formal of people"]]


def test_an_id_is_renamed_in_every_file_with_the_file_and_a_variable_in_all_its_places(editor: Neovim) -> None:
    new = path_of(editor, "welcome")
    done = editor.probe("rename", path_of(editor, "greet"), new=str(new))
    assert done["taken"].endswith('the id "farewell" is taken by prompts/farewell.json')
    assert done["clash"].endswith('there is a variable "tone" already')
    assert done["nothing"] == "Nothing to rename"
    assert done["asked"] == "name"
    assert done["buffers"] == len(["welcome", "greet-formal", "farewell"])
    welcome = GREET.replace('"greet"', '"welcome"').replace("<<name>>", "<<guest>>").replace('"name"', '"guest"')
    assert files(editor) == {"welcome": welcome} | WELCOMED


def test_ids_follow_a_file_that_an_explorer_renames(editor: Neovim) -> None:
    """Neovim asks nobody when it renames a file; plugins for that send `willRenameFiles`, as here."""
    old, new = path_of(editor, "greet"), path_of(editor, "welcome")
    assert editor.probe("move", old, old=str(old), new=str(new)) == "welcome.json"
    assert files(editor) == {"welcome": GREET.replace('"greet"', '"welcome"')} | WELCOMED


def test_delimiters_are_changed_words_extracted_a_variable_inlined_and_a_section_split_off(editor: Neovim) -> None:
    steps = [
        {"from": "<<name>>", "title": "Write <<name>> as {{name}}"},
        {"from": "hello", "to": "hello", "title": 'Extract "hello" into a variable'},
        {"from": "<<tone>>", "title": 'Inline the default of "tone"'},
        {"from": "## Tone", "title": 'Move "Tone" to a related prompt'},
    ]
    offered = editor.probe("refactor", path_of(editor, "greet"), steps=steps)
    assert all(step["title"] in titles for step, titles in zip(steps, offered, strict=True))
    after = files(editor)
    rest, section = json.loads(after.pop("greet")), json.loads(after.pop("greet-tone"))
    assert after == {"greet-formal": FORMAL, "farewell": FAREWELL}
    assert rest["content"] == "# Greeting\n\nSay <<hello>> to {{name}}.\n"
    assert rest["variables"] == {"name": VARIABLES["name"], "hello": {"type": "string", "default": "hello"}}
    assert rest["related"] == ["greet-tone"]
    assert section["content"] == "## Tone\n\nBe warm, like [us](https://example.org/tone).\n"
    assert (section["id"], section["related"]) == ("greet-tone", ["greet"])


def test_hints_tokens_and_lenses_are_drawn_and_a_lens_opens_the_parent(drawing: Neovim) -> None:
    content = "# Bow\n\nTo <<whom>>, `low`.\n\n```sh\nbow\n```\n"
    text = prompt("greet-formal", content, parent="greet", variables={"whom": {"default": "all"}})
    path = drawing.write("prompts/greet-formal.json", text)
    pieces = ["Custom", "# Bow", "<<whom>>", "`low`", "```sh", "To"]
    done = drawing.probe("drawn", path, pieces=pieces, hint="all", lens="evolved from")
    [lenses] = done["lenses"]
    titles = ["Edit as Markdown", "Preview", "compare with greet", "evolved from greet (revision 1)"]
    assert sorted(lenses.removeprefix("0:0 ").split(" | ")) == titles
    kinds = ["enumMember", "keyword", "parameter", "macro", "decorator"]
    assert done["tokens"] == [*map(list, zip(kinds, pieces, strict=False)), []]
    line = place_of(text, '"content"').split(":")[0]
    assert done["hints"] == [f"{line}:11  ≈ 11 tokens", f"{place_of(text, ', `low`')}  = all"]


def test_lenses_open_a_comparison_the_preview_and_the_content(drawing: Neovim) -> None:
    text = prompt("greet-formal", "Bow to <<whom>>.\n", parent="greet", variables={"whom": {"default": "all"}})
    path = drawing.write("prompts/greet-formal.json", text)
    titles = {"compare with": "promptbits-diff:", "Preview": "promptbits-rendered:", "Edit as": "promptbits-content:"}
    lenses = [{"title": title, "scheme": scheme} for title, scheme in titles.items()]
    comparison, rendered, content = drawing.probe("lenses", path, lenses=lenses)
    assert {"--- greet.json", "+++ greet-formal.json", "-Say hello to <<name>>.", "+Bow to <<whom>>."} <= set(
        comparison[0].splitlines()
    )
    assert comparison[1:] == ["diff", False]
    assert rendered == ["Bow to all.", "markdown", False]
    assert content == ["Bow to <<whom>>.", "markdown", True]


@newest
def test_sections_and_objects_fold(drawing: Neovim) -> None:
    folds = drawing.probe("folds", path_of(drawing, "greet"), pieces=["{", '"trigger"', '"variables"'])
    lines = GREET.splitlines()
    trigger, variables = lines.index('  "trigger": {') + 1, lines.index('  "variables": {') + 1
    before_brace = len(lines) - 1
    assert folds == [[1, before_brace], [trigger, trigger + 1], [variables, before_brace - 1]]


@newest
def test_a_selection_grows(drawing: Neovim) -> None:
    grown = drawing.probe("grow", path_of(drawing, "greet"), piece="hello", steps=5)
    content = json.dumps(GREETING)
    assert grown == ["hello", "Say hello to <<name>>.", content[1:-1], content, f'"content": {content}']


@newest
def test_linked_names_change_together(drawing: Neovim) -> None:
    typing = {"piece": "<<name>>", "after": 2, "typed": "nick", "becomes": "nickname", "count": 2}
    assert drawing.probe("linked", path_of(drawing, "greet"), **typing)
    assert read(drawing, "greet") == GREET.replace("<<name>>", "<<nickname>>").replace('"name"', '"nickname"')


def test_links_lead_to_prompts_and_addresses(drawing: Neovim) -> None:
    links = drawing.probe("links", path_of(drawing, "greet-formal"))
    assert links == [["greet", path_of(drawing, "greet").as_uri()], ["farewell", path_of(drawing, "farewell").as_uri()]]
    if drawing.version != "10":  # whose gx knows no server
        assert drawing.probe("follow", path_of(drawing, "greet-formal"), pieces=['"farewell"']) == [
            str(path_of(drawing, "farewell"))
        ]
        assert drawing.probe("follow", path_of(drawing, "greet"), pieces=["https"]) == ["https://example.org/tone"]


@newest
def test_every_prompt_of_the_workspace_is_checked(editor: Neovim) -> None:
    """By a request of our own, since Neovim's would keep open documents from being refreshed. 0.10 knows none."""
    broken = FAREWELL.replace("0.5", "5")
    path = editor.write("prompts/farewell.json", broken)
    done = editor.probe("workspace", path_of(editor, "greet"), file=str(path), mended=FAREWELL)
    assert done == {"found": ["farewell.json " + place_of(broken, "5,")], "mended": []}


def test_a_branch_switch_outside_changes_the_diagnostics_of_an_open_buffer(editor: Neovim) -> None:
    """No Neovim watches files on Linux: the server does."""
    git = git_in(editor)
    git("init", "--initial-branch=main", "--quiet")
    git("add", ".")
    git("commit", "--quiet", "--message", "all")
    git("switch", "--create", "without", "--quiet")
    git("rm", "--quiet", "prompts/greet.json")
    git("commit", "--quiet", "--message", "without")
    git("switch", "main", "--quiet")
    missing = at(FAREWELL, unknown_reference='"greet"')
    steps = [
        {"command": ["git", "switch", "without", "--quiet"], "findings": missing},
        {"command": ["git", "switch", "main", "--quiet"], "findings": []},
    ]
    assert editor.probe("watched", path_of(editor, "farewell"), steps=steps, folder=str(editor.workspace))


def path_of(editor: Neovim, id_: str) -> Path:
    return editor.workspace / "prompts" / f"{id_}.json"


def read(editor: Neovim, id_: str) -> str:
    return path_of(editor, id_).read_text("utf-8")


def files(editor: Neovim) -> dict[str, str]:
    """The text of every prompt on disk, by the name of its file."""
    return {path.stem: path.read_text("utf-8") for path in (editor.workspace / "prompts").iterdir()}


def git_in(editor: Neovim) -> Callable[..., None]:
    """Git in the workspace, as nobody in particular."""
    who = {f"GIT_{role}_{what}": "nobody" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    alone = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}

    def git(*arguments: str) -> None:
        subprocess.run(["git", *arguments], cwd=editor.workspace, env=os.environ | who | alone, check=True, timeout=30)

    return git
