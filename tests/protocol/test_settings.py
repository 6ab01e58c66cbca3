"""Settings: the client's over promptbits.toml over defaults, and what becomes of those that make no sense."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from authoring import ASKED, CONFIGURATION, PULL, PUSH, Author, Json, codes, prompt, session
from client import ResponseError

from promptbits.lsp.sync import configuration

pytestmark = pytest.mark.asyncio

A, B = "prompts/a.json", "prompts/b.json"
TOML = "promptbits.toml"
BROKEN = prompt("a", confidence=7)
OFF: Json = {"checks": {"out-of-range": "off"}}


def severity(report: Json) -> list[int]:
    return [each["severity"] for each in report["diagnostics"]]


# Who wins.


async def test_the_file_holds_over_the_defaults(tmp_path: Path) -> None:
    async with session(tmp_path) as author:
        author.write(TOML, 'checks = {"out-of-range" = "hint"}')
        author.open(A, BROKEN)
        assert severity(await author.published(A, "out-of-range")) == [4]


@pytest.mark.parametrize("wrapped", [True, False])
async def test_initialization_options_hold_over_the_file(wrapped: bool, tmp_path: Path) -> None:
    options = {"checks": {"out-of-range": "warning"}}
    async with session(tmp_path, initializationOptions={"promptbits": options} if wrapped else options) as author:
        author.write(TOML, 'checks = {"out-of-range" = "hint", "id-file-name" = "off"}')
        author.open(A, prompt("x", confidence=7))
        assert severity(await author.published(A, "out-of-range")) == [2]


async def test_what_the_client_answers_holds_over_what_it_began_with(tmp_path: Path) -> None:
    begun = {"checks": {"out-of-range": "hint"}}
    async with session(tmp_path, ASKED, settings=OFF, initializationOptions=begun) as author:
        author.open(A, BROKEN)
        await author.cleared(A)
        author.client.answers[CONFIGURATION] = lambda asked: [None for _ in asked["items"]]
        author.client.notify("workspace/didChangeConfiguration", {"settings": None})
        assert severity(await author.published(A, "out-of-range")) == [4]


async def test_a_client_that_pushes_its_settings(tmp_path: Path) -> None:
    async with session(tmp_path) as author:
        author.open(A, BROKEN)
        await author.published(A, "out-of-range")
        author.client.notify("workspace/didChangeConfiguration", {"settings": {"promptbits": OFF}})
        await author.cleared(A)
        author.client.notify("workspace/didChangeConfiguration", {"settings": {"promptbits": None}})
        await author.published(A, "out-of-range")


async def test_a_document_without_file_and_folder_follows_the_client(tmp_path: Path) -> None:
    name = "untitled:Untitled-1"
    async with session(tmp_path, folders=None) as author:
        author.open(name, BROKEN, language="promptbit")
        await author.published(name, "out-of-range")
        author.client.notify("workspace/didChangeConfiguration", {"settings": {"promptbits": OFF}})
        await author.cleared(name)


async def test_each_folder_has_its_own_settings(tmp_path: Path) -> None:
    def answer(asked: Json) -> Any:
        return OFF if asked.get("scopeUri", "").endswith("/two") else None

    async with session(tmp_path, ASKED, folders=["one", "two"], settings=answer) as author:
        author.open("one/prompts/a.json", BROKEN)
        author.open("two/prompts/a.json", BROKEN)
        await author.published("one/prompts/a.json", "out-of-range")
        await author.cleared("two/prompts/a.json")


# What they do.


async def test_semantic_mode_leaves_json_and_schema_to_another_server(tmp_path: Path) -> None:
    text = prompt("a", confidence=7, related=["b"]).replace("\n}", ",\n}")
    async with session(tmp_path, initializationOptions={"json": "semantic"}) as author:
        author.open(A, text)
        await author.published(A, "unknown-reference")


async def test_overrides_hold_for_their_files(tmp_path: Path) -> None:
    async with session(tmp_path) as author:
        author.write(TOML, '[[overrides]]\nfiles = ["prompts/learned/**"]\nchecks = {"out-of-range" = "off"}')
        author.open("prompts/learned/a.json", prompt("a", confidence=7, source="Learned"))
        author.open(A, prompt("a", confidence=7, source="Custom"))
        await author.published(A, "out-of-range")
        assert codes(await author.published("prompts/learned/a.json")) == []


async def test_the_number_of_items_is_bounded_and_never_none(tmp_path: Path) -> None:
    async with session(tmp_path, initializationOptions={"maxItems": 2}) as author:
        author.open(A, prompt("a", confidence=7, x=1, y=2, z=3))
        assert len((await author.published(A))["diagnostics"]) == 2
        author.type(A, 2, prompt("a", confidence=7, x=1, y=2, z=4))
        await author.published(A, version=2)
        [notice] = author.warnings()
        assert "a.json: only the first 2 findings are shown" in notice


async def test_other_folders_may_hold_the_prompts(tmp_path: Path) -> None:
    async with session(tmp_path, PULL) as author:
        author.write(TOML, 'roots = [".ai/prompts", "more"]')
        assert codes(await author.pull(A)) == []
        author.write(".ai/prompts/a.json", BROKEN)
        author.write("more/b.json", prompt("b", confidence=7))
        author.write(A, BROKEN)
        assert codes(await author.pull(".ai/prompts/a.json")) == ["out-of-range"]
        assert codes(await author.pull("more/b.json")) == ["out-of-range"]
        assert codes(await author.pull(A)) == []


async def test_the_file_may_change_while_the_author_types(tmp_path: Path) -> None:
    async with session(tmp_path) as author:
        author.open(A, BROKEN)
        await author.published(A, "out-of-range")
        path = author.write(TOML, 'checks = {"out-of-range" = "off"}')
        author.touched((TOML, 1))
        await author.cleared(A)
        author.write(TOML, "checks = {")
        author.touched((TOML, 2))
        await author.published(A, "out-of-range")
        path.unlink()
        author.touched((TOML, 3))
        await author.settled()
        assert len(author.warnings()) == 1
        assert str(path) in author.warnings()[0]


# Nonsense.


async def only_warning(author: Author) -> str:
    """Make the server read its settings a few times more, and return the one line that it showed."""
    for _ in range(3):
        author.touched((TOML, 2))
        author.client.notify("workspace/didChangeConfiguration", {"settings": None})
    author.open("other/prompts/b.json", BROKEN)
    await author.settled()
    [warning] = author.warnings()
    return warning


WRONG: list[tuple[Any, str]] = [
    ([7], "settings"),
    ("text", "settings"),
    (7, "settings"),
    (True, "settings"),
    ({"json": "strict"}, "json"),
    ({"json": ["semantic"]}, "json"),
    ({"json": None}, "json"),
    ({"roots": "prompts"}, "roots"),
    ({"roots": []}, "roots"),
    ({"roots": [7]}, "roots"),
    ({"checks": [7]}, "checks"),
    ({"checks": {"out-of-range": "loud"}}, "checks.out-of-range"),
    ({"checks": {"out-of-range": ["off"]}}, "checks.out-of-range"),
    ({"checks": {"out-of-rage": "off"}}, "out-of-range"),
    ({"overrides": {}}, "overrides"),
    ({"overrides": [7]}, "overrides[0]"),
    ({"overrides": [{"files": "x", "checks": {"out-of-range": "off"}}]}, "overrides[0].files"),
    ({"maxItems": -1}, "maxItems"),
    ({"maxItems": "many"}, "maxItems"),
    ({"facts": 7}, "facts"),
]


@pytest.mark.parametrize(("value", "named"), WRONG)
@pytest.mark.parametrize("way", ["asked", "options"])
async def test_a_wrong_setting_is_ignored_with_one_warning(way: str, value: Any, named: str, tmp_path: Path) -> None:
    capabilities, options = (ASKED, None) if way == "asked" else (PUSH, value)
    async with session(
        tmp_path, capabilities, folders=["", "other"], settings=value, initializationOptions=options
    ) as author:
        author.open(A, BROKEN)
        assert severity(await author.published(A, "out-of-range")) == [1]
        warning = await only_warning(author)
        assert warning.startswith("PromptBits: ")
        assert named in warning


NOTHING: list[Any] = [None, {}, {"promptbits": None}, {"promptbits": {}}, {"unknownToUs": 1}]
# A client in Lua writes an empty table as an empty list.
NOTHING += [[], {"promptbits": []}, {"checks": []}, {"facts": [], "llm": [], "optimize": []}]


@pytest.mark.parametrize("value", NOTHING)
async def test_nothing_at_all_is_no_mistake(value: Any, tmp_path: Path) -> None:
    async with session(tmp_path, ASKED, settings=value, initializationOptions=value) as author:
        author.open(A, BROKEN)
        await author.published(A, "out-of-range")
        author.client.notify("workspace/didChangeConfiguration", {"settings": value})
        await author.settled()
        assert author.warnings() == []


@pytest.mark.parametrize("answer", [None, {}, [], "text", 7, {"json": "semantic"}, [None] * 9, [{}], [[]], [[], False]])
async def test_odd_answers_leave_the_defaults(answer: Any, tmp_path: Path) -> None:
    async with session(tmp_path, ASKED, handshake=False) as author:
        author.client.answers[CONFIGURATION] = lambda _: answer
        await author.client.initialize(ASKED, workspaceFolders=[{"uri": tmp_path.as_uri(), "name": ""}])
        author.open(A, BROKEN)
        await author.published(A, "out-of-range")
        await author.settled()
        assert len(author.warnings()) <= 1


async def test_a_client_that_answers_with_an_error(tmp_path: Path) -> None:
    async with session(tmp_path, ASKED, handshake=False) as author:
        author.client.answers[CONFIGURATION] = lambda _: ResponseError({"code": -32601, "message": "not here"})
        await author.client.initialize(ASKED, workspaceFolders=[{"uri": tmp_path.as_uri(), "name": ""}])
        author.open(A, BROKEN)
        await author.published(A, "out-of-range")
        assert author.warnings() == []


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    assert configuration.PATIENCE_SECONDS <= 1
    monkeypatch.setattr(configuration, "PATIENCE_SECONDS", 0.05)


@pytest.mark.parametrize("pulls", [True, False])
async def test_a_client_that_never_answers_gets_its_diagnostics(pulls: bool, tmp_path: Path, impatient: None) -> None:
    capabilities = {**(PULL if pulls else PUSH)}
    capabilities["workspace"] = {**capabilities.get("workspace", {}), "configuration": True}
    async with session(tmp_path, capabilities, handshake=False) as author:
        author.ignore(CONFIGURATION)
        await author.client.initialize(capabilities, workspaceFolders=[{"uri": tmp_path.as_uri(), "name": ""}])
        author.open(A, BROKEN)
        report = await (author.pull(A) if pulls else author.published(A))
        assert codes(report) == ["out-of-range"]


async def test_a_client_that_never_says_initialized_gets_its_diagnostics(tmp_path: Path, impatient: None) -> None:
    async with session(tmp_path, handshake=False) as author:
        params = {"processId": None, "capabilities": PUSH, "rootUri": tmp_path.as_uri()}
        await author.client.request("initialize", params)
        author.open(A, BROKEN)
        await author.published(A, "out-of-range")


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ("checks = {", "defaults hold"),
        ("\x00", "defaults hold"),
        ('roots = ["../.."]', "outside the root"),
        ('endpoint = "https://example.org"', "your own settings"),
        ('[llm]\napi_key = "x"', "your own settings"),
        ("colour = 7", "no setting of that name"),
    ],
)
async def test_a_settings_file_that_makes_no_sense_is_told_once_with_its_path(
    toml: str, said: str, tmp_path: Path
) -> None:
    async with session(tmp_path) as author:
        author.write(TOML, toml)
        author.open(A, BROKEN)
        await author.published(A, "out-of-range")
        warning = await only_warning(author)
        assert said in warning
        assert str(tmp_path / TOML) in warning


async def test_the_same_mistake_in_two_files_is_told_of_both(tmp_path: Path) -> None:
    async with session(tmp_path, folders=["one", "two"]) as author:
        for name in ("one", "two"):
            author.write(f"{name}/{TOML}", "colour = 7")
            author.open(f"{name}/prompts/a.json", BROKEN)
            await author.published(f"{name}/prompts/a.json")
        assert len(author.warnings()) == 2
