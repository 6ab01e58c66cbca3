"""Definition, references, highlights, symbols and lineage over the protocol, on files on disk."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from authoring import PUSH, session
from editing import Editor, Json, covered, prompt

from promptbits.prompts.shipped import shipped_prompts

pytestmark = pytest.mark.asyncio

A, B, C = "prompts/custom/a.json", "prompts/custom/b.json", "prompts/learned/c.json"
LAZY_SYMBOLS: Json = {**PUSH, "workspace": {"symbol": {"resolveSupport": {"properties": ["location.range"]}}}}
TEXTS = {
    A: prompt(
        "a",
        description="Reviews a change",
        content="🚀 Look at <<file_name>> and {{ file_name }}, then {{mood}}.",
        variables={"file_name": {"default": "é"}, "mood": {}},
        related=["b"],
        tags=["review", "git-of-ours"],
    ),
    B: prompt("b", parent="a", related=["a", "nobody"], tags=["git-of-ours"], revision=2, variables={"file_name": {}}),
    C: prompt("c", parent="b", related=["a"], revision=3, source="Learned", tags=["review"]),
}


def write(author: Any) -> Editor:
    author.write("promptbits.toml", "")
    for name, text in TEXTS.items():
        author.write(name, text)
    return Editor(author)


async def test_a_variable_leads_to_its_declaration_and_back(tmp_path: Path) -> None:
    async with session(tmp_path) as author:
        editor = write(author)
        for use in ("<<file", "{{ file"):  # never opened: answered from disk
            [found] = await editor.at("definition", A, use, after=4)
            assert editor.places([found]) == [("a.json", "11:file_name")]
        context = {"includeDeclaration": False}
        uses = await editor.at("references", A, '"file_name', after=2, context=context)
        assert editor.places(uses) == [("a.json", "7:file_name")] * 2
        assert uses[0] != uses[1]
        every = await editor.at("references", A, "<<file", after=3, context={"includeDeclaration": True})
        assert len(every) == 3
        assert all(each in every for each in uses)


async def test_an_id_leads_across_files(tmp_path: Path) -> None:
    async with session(tmp_path) as author:
        editor = write(author)
        author.open(C, TEXTS[C])
        await author.read()
        [found] = await editor.at("definition", C, '"parent": "b', after=11)
        assert editor.places([found]) == [("b.json", "1:b")]
        uses = await editor.at("references", A, '"id": "a', after=7, context={"includeDeclaration": False})
        assert editor.places(uses) == [("b.json", "10:a"), ("b.json", "12:a"), ("c.json", "12:a")]
        assert await editor.at("definition", B, "nobody", after=1) == []


async def test_every_file_is_looked_at_also_before_all_have_been_read(tmp_path: Path) -> None:
    async with session(tmp_path) as author:
        editor = write(author)
        uses = await editor.at("references", A, '"id": "a', after=7, context={"includeDeclaration": False})
        assert len(uses) == 3
    async with session(tmp_path) as author:
        editor = Editor(author)
        [item] = await editor.at("prepareTypeHierarchy", A, "{")
        assert step(await editor.request("typeHierarchy/subtypes", {"item": item})) == ["b"]


async def test_a_tag_is_used_in_many_files_and_leads_to_itself(tmp_path: Path) -> None:
    async with session(tmp_path) as author:
        editor = write(author)
        author.open(A, TEXTS[A])
        await author.read()
        (itself,) = await editor.at("definition", A, '"git-of', after=2)
        assert covered(TEXTS[A], itself["range"]) == "git-of-ours", "editors then show where it is used"
        uses = await editor.at("references", A, '"git-of', after=2, context={"includeDeclaration": True})
        assert editor.places(uses) == [("a.json", "21:git-of-ours"), ("b.json", "16:git-of-ours")]


async def test_what_the_editor_holds_counts_not_what_is_on_disk(tmp_path: Path) -> None:
    async with session(tmp_path) as author:
        editor = write(author)
        author.open(B, "\n\n" + TEXTS[B])
        author.open(A, TEXTS[A])
        await author.read()
        [found] = await editor.at("definition", A, '"b"', after=1)
        assert found["range"]["start"] == {"line": 3, "character": 9}


async def test_every_mention_lights_up(tmp_path: Path) -> None:
    async with session(tmp_path) as author:
        editor = write(author)
        found = await editor.at("documentHighlight", A, "<<file", after=2)
        assert [(covered(TEXTS[A], each["range"]), each["kind"]) for each in found] == [
            ("file_name", 2),
            ("file_name", 2),
            ("file_name", 3),
        ]
        assert await editor.at("documentHighlight", A, "Look") == []


# Symbols.


async def names(editor: Editor, query: str) -> list[str]:
    return [each["name"] for each in await editor.request("workspace/symbol", {"query": query})]


async def test_symbols_are_found_by_id_tag_variable_and_description_the_best_first(tmp_path: Path) -> None:
    async with session(tmp_path) as author:
        editor = write(author)
        author.write("prompts/custom/reviewer.json", prompt("reviewer", tags=["reviews"], variables={"review": {}}))
        # Nothing was opened, and nothing has been read when this is asked.
        found = await editor.request("workspace/symbol", {"query": "review"})
        assert [each["name"] for each in found][:2] == ["review", "review"], "exact names: a tag, then a variable"
        assert [each["kind"] for each in found][:2] == [20, 13]
        assert [each["name"] for each in found].index("reviewer") < [each["name"] for each in found].index("a")
        assert {each["kind"] for each in found if each["name"] == "a"} == {1}, "found by its description"
        for each in found:
            [(_, place)] = editor.places([each["location"]])
            assert place.partition(":")[2] == each["name"]
        assert "a" in await names(editor, "reveiws"), "a slip of the fingers"
        assert (await names(editor, "fil nam"))[0] == "file_name"
        assert await names(editor, "zzqqxx") == []


async def test_symbols_are_capped(tmp_path: Path) -> None:
    async with session(tmp_path) as author:
        editor = write(author)
        for number in range(150):
            author.write(f"prompts/custom/many-{number}.json", prompt(f"many-{number}"))
        assert len(await names(editor, "many")) == 100
        assert len(await names(editor, "")) == 100


async def test_a_client_that_can_wait_gets_ranges_when_it_needs_them(tmp_path: Path) -> None:
    async with session(tmp_path, LAZY_SYMBOLS) as author:
        editor = write(author)
        [symbol, *_] = await editor.request("workspace/symbol", {"query": "file_name"})
        assert symbol["location"] == {"uri": author.uri(A)}
        resolved = await editor.request("workspaceSymbol/resolve", symbol)
        assert covered(TEXTS[A], resolved["location"]["range"]) == "file_name"
        assert resolved["location"]["range"]["start"]["line"] == 11
        (tmp_path / A).unlink()
        gone = await editor.request("workspaceSymbol/resolve", symbol)
        zero = {"line": 0, "character": 0}
        assert gone["location"] == {"uri": author.uri(A), "range": {"start": zero, "end": zero}}


async def test_a_symbol_that_came_with_its_range_is_resolved_already(tmp_path: Path) -> None:
    async with session(tmp_path) as author:
        editor = write(author)
        [symbol, *_] = await editor.request("workspace/symbol", {"query": "mood"})
        assert await editor.request("workspaceSymbol/resolve", symbol) == symbol


async def test_symbols_of_all_folders_are_found_each_once(tmp_path: Path) -> None:
    async with session(tmp_path, folders=("one", "two")) as author:
        editor = Editor(author)
        for folder in ("one", "two"):
            author.write(f"{folder}/promptbits.toml", "")
            author.write(f"{folder}/prompts/zebra-{folder}.json", prompt(f"zebra-{folder}"))
        assert sorted(await names(editor, "zebra")) == ["zebra-one", "zebra-two"]
        shipped = sorted(shipped_prompts().glob("*.json"))[0].stem
        assert (await names(editor, shipped)).count(shipped) == 1


# Lineage.


def step(items: list[Json] | None) -> list[str]:
    return [each["name"] for each in items or []]


async def test_the_lineage_of_a_prompt_goes_up_and_down(tmp_path: Path) -> None:
    async with session(tmp_path) as author:
        editor = write(author)
        author.open(B, TEXTS[B])
        await author.read()
        [item] = await editor.at("prepareTypeHierarchy", B, "{")
        assert (item["name"], item["detail"]) == ("b", "revision 2 · A prompt of the tests")
        assert covered(TEXTS[B], item["selectionRange"]) == '"b"'
        above = await editor.request("typeHierarchy/supertypes", {"item": item})
        below = await editor.request("typeHierarchy/subtypes", {"item": item})
        assert (step(above), step(below)) == (["a"], ["c"])
        assert step(await editor.request("typeHierarchy/supertypes", {"item": above[0]})) == []
        assert step(await editor.request("typeHierarchy/subtypes", {"item": above[0]})) == ["b"]
        [named] = await editor.at("prepareTypeHierarchy", B, '"parent": "a', after=11)
        assert named["name"] == "a"


async def test_what_evolved_from_a_shipped_prompt_is_below_it(tmp_path: Path) -> None:
    path = sorted(shipped_prompts().glob("*.json"))[0]
    text = prompt("mine", parent=path.stem)
    async with session(tmp_path) as author:
        editor = write(author)
        author.write("prompts/custom/mine.json", text)
        author.open("prompts/custom/mine.json", text)
        await author.read()
        [item] = await editor.at("prepareTypeHierarchy", "prompts/custom/mine.json", "{")
        [above] = await editor.request("typeHierarchy/supertypes", {"item": item})
        assert (above["name"], above["uri"]) == (path.stem, path.as_uri())
        author.open(path.as_uri(), path.read_text("utf-8"))  # as an editor does that shows it
        await author.read()
        assert step(await editor.request("typeHierarchy/subtypes", {"item": above})) == ["mine"]
        bare = {key: value for key, value in above.items() if key != "data"}  # not every client gives it back
        assert await editor.request("typeHierarchy/supertypes", {"item": bare}) == []


async def test_a_prompt_outside_of_every_folder_has_a_lineage_too(tmp_path: Path) -> None:
    parent = sorted(shipped_prompts().glob("*.json"))[0].stem
    async with session(tmp_path) as author:
        editor = write(author)
        author.write("elsewhere/lone.prompt.json", prompt("lone", parent=parent))
        [item] = await editor.at("prepareTypeHierarchy", "elsewhere/lone.prompt.json", "{")
        assert step(await editor.request("typeHierarchy/supertypes", {"item": item})) == [parent]
