"""Roots: several folders, one in another, none at all, folders that come and go, and odd addresses."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from authoring import PULL, PUSH, codes, cut, item, prompt, session

from promptbits.lsp.values.uris import path_of, uri_of

pytestmark = pytest.mark.asyncio

posix_only = pytest.mark.skipif(sys.platform == "win32", reason="paths of POSIX")


async def test_two_folders_do_not_see_each_other(tmp_path: Path) -> None:
    async with session(tmp_path, folders=["one", "two"]) as author:
        author.write("two/prompts/b.json", prompt("b"))
        author.open("two/prompts/a.json", prompt("a", related=["b"]))
        author.open("one/prompts/a.json", prompt("a", related=["b"]))
        await author.published("one/prompts/a.json", "unknown-reference")
        await author.settled()
        assert codes(author.reports("two/prompts/a.json")[-1]) == []


@pytest.mark.parametrize("mark", ["inner/promptbits.toml", "inner/.promptbits/.gitignore"])
async def test_a_root_inside_a_root_has_its_own_prompts_and_settings(mark: str, tmp_path: Path) -> None:
    async with session(tmp_path) as author:
        author.write("promptbits.toml", 'checks = {"out-of-range" = "off"}')
        author.write(mark, "")
        author.open("prompts/a.json", prompt("a", confidence=7))
        author.open("inner/prompts/a.json", prompt("a", confidence=7, related=["x"]))
        await author.published("inner/prompts/a.json", "out-of-range", "unknown-reference")
        await author.settled()
        assert codes(author.reports("prompts/a.json")[-1]) == []


async def test_a_folder_inside_a_folder_is_its_own_root(tmp_path: Path) -> None:
    async with session(tmp_path, folders=["", "inner"]) as author:
        author.open("inner/prompts/a.json", prompt("a"))
        author.open("prompts/a.json", prompt("a"))
        await author.published("prompts/a.json")
        await author.settled()
        assert codes(author.reports("inner/prompts/a.json")[-1]) == []
        assert codes(author.reports("prompts/a.json")[-1]) == []


async def test_a_root_above_the_folder(tmp_path: Path) -> None:
    async with session(tmp_path, folders=["prompts/team"]) as author:
        author.write("promptbits.toml", "")
        author.write("prompts/b.json", prompt("a"))
        author.open("prompts/team/a.json", prompt("a"))
        await author.published("prompts/team/a.json", "duplicate-id")


async def test_files_that_change_where_nothing_is_open_cost_no_search_for_a_root(tmp_path: Path) -> None:
    async with session(tmp_path) as author:
        author.open("prompts/a.json", prompt("a", related=["b"]))
        await author.published("prompts/a.json", "unknown-reference")
        author.write("other/promptbits.toml", "")
        author.write("other/prompts/x.json", prompt("x"))
        author.write("prompts/b.json", prompt("b"))
        author.touched(("other/prompts/x.json", 1), ("node_modules/y/package.json", 1), ("prompts/b.json", 1))
        await author.cleared("prompts/a.json")
        assert [state.root.path for state in author.session.roots.states()] == [tmp_path]


@pytest.mark.parametrize("layer", ["builtin", "learned", "custom"])
async def test_without_a_folder_the_layer_tells_the_root(layer: str, tmp_path: Path) -> None:
    async with session(tmp_path, folders=None) as author:
        author.write(f"prompts/{layer}/b.json", prompt("a"))
        source = {"builtin": "Builtin", "learned": "Learned", "custom": "Custom"}[layer]
        author.open(f"prompts/{layer}/a.json", prompt("a", source=source))
        await author.published(f"prompts/{layer}/a.json", "duplicate-id")


async def test_without_a_folder_a_file_that_is_ours_by_name_is_checked_alone(tmp_path: Path) -> None:
    async with session(tmp_path, folders=None) as author:
        author.write("b.prompt.json", prompt("a"))
        author.open("a.prompt.json", prompt("a", confidence=7))
        await author.published("a.prompt.json", "out-of-range")
        await author.settled()
        assert codes(author.reports("a.prompt.json")[-1]) == ["out-of-range"]


@pytest.mark.parametrize("how", ["rootUri", "rootPath", "workspaceFolders"])
async def test_the_folder_may_be_told_in_three_ways(how: str, tmp_path: Path) -> None:
    told = {
        "rootUri": {"rootUri": tmp_path.as_uri()},
        "rootPath": {"rootPath": str(tmp_path), "workspaceFolders": []},
        "workspaceFolders": {"workspaceFolders": [{"uri": tmp_path.as_uri(), "name": ""}]},
    }[how]
    async with session(tmp_path, folders=None, **told) as author:
        author.open("prompts/a.json", prompt("a", confidence=7))
        await author.published("prompts/a.json", "out-of-range")


async def test_folders_come_and_go(tmp_path: Path) -> None:
    name = "late/prompts/a.json"
    event = {"uri": (tmp_path / "late").as_uri(), "name": "late"}
    async with session(tmp_path, folders=["early"]) as author:
        author.write("late/prompts/b.json", prompt("a"))
        author.open(name, prompt("a", confidence=7))
        await author.settled()
        assert author.reports(name) == []
        author.client.notify("workspace/didChangeWorkspaceFolders", {"event": {"added": [event], "removed": []}})
        await author.published(name, "duplicate-id", "out-of-range")
        author.client.notify("workspace/didChangeWorkspaceFolders", {"event": {"added": [], "removed": [event]}})
        await author.cleared(name)


async def test_a_folder_that_comes_brings_its_own_settings(tmp_path: Path) -> None:
    late = (tmp_path / "late").as_uri()

    def answer(asked: dict[str, str]) -> object:
        return {"checks": {"out-of-range": "off"}} if asked.get("scopeUri") == late else None

    capabilities = {**PUSH, "workspace": {"configuration": True, "workspaceFolders": True}}
    async with session(tmp_path, capabilities, folders=["early"], settings=answer) as author:
        name = "late/prompts/a.json"
        author.open(name, prompt("a", confidence=7))
        await author.settled()
        event = {"uri": late, "name": "late"}
        author.client.notify("workspace/didChangeWorkspaceFolders", {"event": {"added": [event], "removed": []}})
        await author.cleared(name)
        assert author.warnings() == []


async def test_a_prompt_folder_that_does_not_exist_is_an_empty_one(tmp_path: Path) -> None:
    async with session(tmp_path, folders=["nowhere"]) as author:
        name = "nowhere/prompts/a.json"
        author.open(name, prompt("a", related=["b"]))
        await author.published(name, "unknown-reference")
        assert author.warnings() == []


# Addresses.


NAMES = ["a b", "a%20b", "日本", "é", "e\u0301", "a:b", "a;b", "a?b", "a#b", "a&b=c", "[a]", "it's", "\U0001f600"]


@pytest.mark.parametrize("name", NAMES)
async def test_folders_of_all_names(name: str, tmp_path: Path) -> None:
    async with session(tmp_path / name) as author:
        author.write("prompts/b.json", '{"id": "a"}')
        author.open("prompts/a.json", prompt("a"))
        [related] = item(await author.published("prompts/a.json", "duplicate-id"), "duplicate-id")["relatedInformation"]
        assert path_of(related["location"]["uri"]) == tmp_path / name / "prompts/b.json"
        assert cut('{"id": "a"}', related["location"]["range"]) == '"a"'


@posix_only
@pytest.mark.parametrize(
    ("written", "path"),
    [
        ("file:///w/a%3Ab/c.json", "/w/a:b/c.json"),
        ("file:///w/a:b/c.json", "/w/a:b/c.json"),
        ("file:///w/a;b/c.json", "/w/a;b/c.json"),
        ("file:///w/a%2520b.json", "/w/a%20b.json"),
        ("file:///w/%E6%97%A5.json", "/w/日.json"),
        ("file:///w/日 x.json", "/w/日 x.json"),
        ("file:///w/%ff.json", "/w/\udcff.json"),
        ("file:///c%3A/w/a.json", "/c:/w/a.json"),
        ("file:///C:/w/a.json", "/C:/w/a.json"),
        ("FILE:///w/a.json", "/w/a.json"),
        ("file:/w/a.json", "/w/a.json"),
        ("file://localhost/w/a.json", "/w/a.json"),
        ("file://server/share/a.json", None),
        ("file:///w/%00.json", None),
        ("file:///w/\ud800.json", None),
        ("file://", None),
        ("file:", None),
        ("file://[/a.json", None),
        ("w/a.json", None),
        ("c:\\w\\a.json", None),
        ("untitled:Untitled-1", None),
        ("", None),
    ],
)
async def test_addresses_and_paths(written: str, path: str | None) -> None:
    found = path_of(written)
    assert found == (None if path is None else Path(path))
    if found is not None:
        assert path_of(uri_of(found)) == found


ODD = [
    "file:///c%3A/w/prompts/a.json",
    "file:///C:/w/prompts/a.json",
    "file://server/share/prompts/a.json",
    "file://[",
    "",
]


@pytest.mark.parametrize("uri", ODD)
async def test_odd_addresses_are_survived(uri: str, tmp_path: Path) -> None:
    folders = [{"uri": uri, "name": "odd"}]
    async with session(tmp_path, PULL, folders=None, workspaceFolders=folders) as author:
        author.client.open_document(uri, prompt("a", confidence=7), language="promptbit")
        report = await author.client.request("textDocument/diagnostic", {"textDocument": {"uri": uri}})
        assert "out-of-range" in codes(report)
        author.client.notify(
            "workspace/didChangeWatchedFiles", {"changes": [{"uri": uri, "type": 3}, {"uri": 7}, None]}
        )
        await author.settled()


async def test_one_document_may_have_two_spellings(tmp_path: Path) -> None:
    """A client opens `a%3Ab` and a watcher tells of `a:b`."""
    folder = tmp_path / "a:b"
    opened, told = f"file://{tmp_path}/a:b/prompts/a.json", f"file://{tmp_path}/a%3ab/prompts/a.json"
    async with session(folder) as author:
        author.client.open_document(opened, prompt("a", confidence=7))
        author.open("prompts/b.json", prompt("a"))
        found = item(await author.published("prompts/b.json", "duplicate-id", "id-file-name"), "duplicate-id")
        assert found["relatedInformation"][0]["location"]["uri"] == opened
        author.client.notify("workspace/didChangeWatchedFiles", {"changes": [{"uri": told, "type": 3}]})
        await author.cleared(opened)


@posix_only
async def test_a_file_whose_name_is_no_text(tmp_path: Path) -> None:
    async with session(tmp_path) as author:
        author.write("prompts/a.json", prompt("a"))
        (tmp_path / "prompts/a.json").rename(tmp_path / "prompts/\udcff.json")
        author.open("prompts/a.json", prompt("a"))
        found = item(await author.published("prompts/a.json", "duplicate-id"), "duplicate-id")
        assert found["relatedInformation"][0]["location"]["uri"].endswith("/prompts/%FF.json")
