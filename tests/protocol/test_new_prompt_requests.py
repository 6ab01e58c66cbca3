"""`promptbits/newPrompt`: a prompt from the template, or a duplicate of another one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from authoring import PUSH, Author, prompt, session
from editing import refusal
from extras import CREATES, Json, capable

from promptbits.cli import main
from promptbits.prompts.library import shipped_library

pytestmark = pytest.mark.asyncio

A, LEARNED = "prompts/custom/a.json", "prompts/learned/a-v2.json"


async def made(author: Author, id_: str, **params: Any) -> tuple[str, str]:
    """The path of a new prompt in the workspace, and its text, taken from the edit as a client applies it."""
    found = await author.client.request("promptbits/newPrompt", {"id": id_, **params})
    [created, change] = found["edit"]["documentChanges"]
    assert created == {"kind": "create", "uri": found["uri"]}
    assert change["textDocument"] == {"uri": found["uri"], "version": None}
    [edit] = change["edits"]
    assert edit["range"]["start"] == edit["range"]["end"] == {"line": 0, "character": 0}
    return found["uri"].removeprefix(author.uri("") + "/"), edit["newText"]


async def refused(author: Author, id_: str, **params: Any) -> str:
    return await refusal(author.client.request("promptbits/newPrompt", {"id": id_, **params}))


async def test_it_is_what_the_command_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with session(tmp_path, capable(**CREATES)) as author:
        author.write("promptbits.toml", "")
        path, text = await made(author, "my-first-prompt")
        assert path == "prompts/custom/my-first-prompt.json"
        assert not (tmp_path / path).exists(), "the client creates it"
        monkeypatch.chdir(tmp_path)
        assert main(["new", "my-first-prompt"]) == 0
        assert (tmp_path / path).read_bytes().decode() == text


async def test_a_client_that_creates_no_files_finds_it_written(tmp_path: Path) -> None:
    async with session(tmp_path, PUSH) as author:
        author.write("promptbits.toml", "")
        found = await author.client.request("promptbits/newPrompt", {"id": "mine"})
        assert found == {"uri": author.uri("prompts/custom/mine.json"), "edit": {"changes": {}}}
        assert json.loads((tmp_path / "prompts/custom/mine.json").read_bytes())["id"] == "mine"
        await author.read()
        assert "already" in await refused(author, "mine")
        (tmp_path / "prompts/custom").rename(tmp_path / "moved")
        (tmp_path / "prompts/custom").write_text("a file in the way")
        assert await refused(author, "other") == f"{tmp_path}/prompts/custom/other.json: File exists"


async def test_a_duplicate_is_a_prompt_of_the_authors_own(tmp_path: Path) -> None:
    async with session(tmp_path, capable(**CREATES)) as author:
        author.write("promptbits.toml", "")
        author.write(A, prompt("a"))
        source = {"LLMGenerated": {"model": "m", "timestamp": "2026-01-01T00:00:00Z"}}
        fields: Json = {"source": source, "parent": "a", "revision": 2, "tags": ["x"], "confidence": None}
        text = prompt("a-v2", **fields, trigger={"Custom": "a-v2"}, extra={"kept": [1]})
        text = text.replace('"tags"', '"confidence": 0.70,\n  "tags"').replace("Say", "S\\u00e1y")
        author.write(LEARNED, text)
        path, copy = await made(author, "b", **{"from": author.uri(LEARNED)})
        assert path == "prompts/custom/b.json"
        expected = json.loads(text) | {"id": "b", "source": "Custom", "trigger": {"Custom": "b"}}
        del expected["parent"], expected["revision"]
        assert json.loads(copy) == expected
        assert '"confidence": 0.70,' in copy, "numbers keep their spelling"
        # It stands as `promptbits fmt` would write it, and as it is in the editor, saved or not.
        author.write(path, copy)
        assert main(["fmt", "--check", str(tmp_path / path)]) == 0
        author.open(A, prompt("a", content="Not saved."))
        _, copy = await made(author, "c", **{"from": author.uri(A)})
        assert json.loads(copy) == json.loads(prompt("c", content="Not saved.", trigger={"Custom": "trigger of a"}))
        view = f"promptbits-content:{author.folder / A}.md"
        assert (await made(author, "c", **{"from": view}))[1] == copy


async def test_a_shipped_prompt_is_duplicated_under_its_own_id_or_another(tmp_path: Path) -> None:
    entry = next(each for each in shipped_library().entries() if each.id == "react-hooks")
    async with session(tmp_path, capable(**CREATES)) as author:
        origin = {"from": Path(entry.path).as_uri()}
        for id_ in ("react-hooks", "my-hooks"):
            path, text = await made(author, id_, **origin)
            assert path == f"prompts/custom/{id_}.json"
            copy = json.loads(text)
            assert (copy["id"], copy["source"]) == (id_, "Custom")
            assert "$schema" not in copy, "it would lead nowhere"
        said = 'a prompt with the id "react-hooks" ships with PromptBits: choose another id, or duplicate that one'
        assert await refused(author, "react-hooks") == said


async def test_the_root_is_named_or_that_of_the_original_or_the_first(tmp_path: Path) -> None:
    async with session(tmp_path, capable(**CREATES), folders=["one", "two/inner"]) as author:
        author.write("one/promptbits.toml", 'roots = ["texts", "more"]')
        author.write("two/promptbits.toml", "")
        (tmp_path / "two/inner").mkdir()
        author.write("two/prompts/custom/p.json", prompt("p"))
        assert (await made(author, "n"))[0] == "one/texts/custom/n.json"
        for root in ("two", "two/inner"):
            assert (await made(author, "n", root=author.uri(root)))[0] == "two/prompts/custom/n.json"
        origin = {"from": author.uri("two/prompts/custom/p.json")}
        assert (await made(author, "n", **origin))[0] == "two/prompts/custom/n.json"
        assert (await made(author, "p", root=author.uri("one"), **origin))[0] == "one/texts/custom/p.json"
        said = f"{tmp_path / 'three'} is no root of prompts that is open here"
        assert await refused(author, "n", root=author.uri("three")) == said
        assert await refused(author, "n", root="untitled:x") == "this address is no root of prompts that is open here"


async def test_without_a_folder_it_says_so(tmp_path: Path) -> None:
    async with session(tmp_path, capable(**CREATES), folders=None) as author:
        assert await refused(author, "n") == "a new prompt needs a folder to lie in: open one first"


@pytest.mark.parametrize(
    ("id_", "reason"),
    [
        ("My Prompt", '"My Prompt" is no id: use lower-case words joined by hyphens, such as my-prompt'),
        ("-a", '"-a" is no id: use lower-case words joined by hyphens, such as a'),
        ("../up", '"../up" is no id: use lower-case words joined by hyphens, such as up'),
        ("…", '"…" is no id: use lower-case words joined by hyphens'),
        ("", '"" is no id: use lower-case words joined by hyphens'),
        ("a", "{folder}/prompts/custom/a.json exists already: choose another id"),
        ("b", 'a prompt with the id "b" lies in {folder}/prompts/custom/deep/b.json: choose another id'),
        ("a-v2", 'a prompt with the id "a-v2" lies in {folder}/prompts/learned/a-v2.json: choose another id, or'),
        ("opened", "{folder}/prompts/custom/opened.json exists already: choose another id"),
        ("x" * 300, "File name too long"),
    ],
)
async def test_what_stands_in_the_way_is_said(id_: str, reason: str, tmp_path: Path) -> None:
    async with session(tmp_path, capable()) as author:
        author.write("promptbits.toml", "")
        author.write(A, prompt("a"))
        author.write("prompts/custom/deep/b.json", prompt("b"))
        author.write(LEARNED, prompt("a-v2", source="Learned"))
        author.open("prompts/custom/opened.json", prompt("other"))
        assert reason.format(folder=tmp_path) in await refused(author, id_)


BROKEN: list[tuple[str, str]] = [
    ('{"id": "a",\n  "content": }', "a.json:2:12: "),
    ('{"id": "a", "id": "b"}', "a.json:1:13: a key is written twice"),
    ("[]", "a.json holds no prompt to duplicate"),
    ("", "a.json"),
]


@pytest.mark.parametrize(("text", "reason"), BROKEN)
async def test_what_cannot_be_read_is_not_duplicated(text: str, reason: str, tmp_path: Path) -> None:
    async with session(tmp_path, capable(**CREATES)) as author:
        author.write("promptbits.toml", "")
        author.write(A, text)
        assert (await refused(author, "n", **{"from": author.uri(A)})).startswith(reason)
        said = await refused(author, "n", **{"from": author.uri("prompts/custom/gone.json")})
        assert said == "gone.json cannot be read: was it renamed or deleted?"
        assert await refused(author, "n", **{"from": author.uri("promptbits.toml")}) == "promptbits.toml is no prompt"
