"""Which documents are ours, whatever their language id, and that others are left alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from authoring import Author, codes, prompt, session

from promptbits.prompts.library import Library

pytestmark = pytest.mark.asyncio

A = "prompts/a.json"
BROKEN = '{"confidence": 7,}'
LAST = "prompts/last.json"


async def silent(author: Author, name: str) -> bool:
    """Tell whether nothing was ever published on a document, once a later one has been looked at."""
    author.open(LAST, BROKEN)
    await author.published(LAST)
    await author.settled()
    return author.reports(name) == []


@pytest.mark.parametrize("language", ["json", "jsonc", "js-json", "promptbit", "plaintext", ""])
@pytest.mark.parametrize("name", [A, "prompts/builtin/a.json", "prompts/deep/er/a.JSON", "anywhere/a.prompt.json"])
async def test_a_prompt_is_ours_whatever_its_language_id(name: str, language: str, tmp_path: Path) -> None:
    async with session(tmp_path) as author:
        author.open(name, BROKEN, language=language)
        assert {"json-syntax", "out-of-range"} <= set(codes(await author.published(name)))


@pytest.mark.parametrize(
    ("name", "language"),
    [("scratch.json", "promptbit"), ("untitled:Untitled-1", "promptbit"), ("promptbits:/a.json", "promptbit")],
)
async def test_the_language_id_alone_makes_a_document_ours(name: str, language: str, tmp_path: Path) -> None:
    async with session(tmp_path) as author:
        author.open(name, BROKEN, language=language)
        await author.published(name, "out-of-range", "json-syntax")


@pytest.mark.parametrize(
    "name",
    [
        "package.json",
        "tsconfig.json",
        "prompts.json",
        "prompts/README.md",
        "prompts/notes.txt",
        "prompts/node_modules/x/package.json",
        "prompts/.vscode/settings.json",
        "untitled:Untitled-1",
        "git:/w/prompts/a.txt",
    ],
)
async def test_what_is_not_ours_is_left_alone(name: str, tmp_path: Path) -> None:
    async with session(tmp_path) as author:
        author.open(name, BROKEN)
        author.type(name, 2, BROKEN + " ")
        assert await silent(author, name)
        author.close(name)
        author.type(LAST, 2, "{}")
        await author.published(LAST, version=2)
        assert author.reports(name) == []


async def test_the_server_and_the_library_agree_on_what_lies_in_a_prompt_folder(tmp_path: Path) -> None:
    names = [
        "a.json",
        "a.JSON",
        "a.Json",
        "a.txt",
        "x/.y/a.json",
        ".a.json",
        "node_modules/a.json",
        "x/__pycache__/a.json",
    ]
    async with session(tmp_path) as author:
        for name in names:
            author.write(f"prompts/{name}", prompt("a"))
        state = author.session.roots.of(tmp_path / A)
        library = Library.load(state.root, use_cache=False)
        indexed = {name for name in names if library.by_path(str(tmp_path / "prompts" / name))}
        assert {name for name in names if state.layer(tmp_path / "prompts" / name)} == indexed
        assert {"a.json", "a.JSON", ".a.json"} <= indexed < set(names)


async def test_a_document_becomes_ours_while_its_schema_is_typed_and_stops_being_ours(tmp_path: Path) -> None:
    name = "somewhere.json"
    async with session(tmp_path) as author:
        author.open(name, '{\n  "confidence": 7\n}')
        assert await silent(author, name)
        author.type(name, 2, '  "$schema": "../x/promptbit.schema.json",\n', (1, 0, 1, 0))
        assert "out-of-range" in codes(await author.published(name, version=2))
        author.type(name, 3, "", (1, 0, 2, 0))
        assert (await author.cleared(name))["version"] == 3
        author.type(name, 4, " ", (0, 1, 0, 1))
        author.type(LAST, 2, "{}")
        await author.published(LAST, version=2)
        assert author.reports(name)[-1]["version"] == 3
