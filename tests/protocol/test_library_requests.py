"""`promptbits/library`, `promptbits/libraryChanged` and `promptbits/isPrompt`."""

from __future__ import annotations

import json
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from authoring import PULL, PUSH, Author, prompt, session
from client import ResponseError
from extras import CHANGED, Json, capable, changed, library, prompts
from measuring import append, runs, varied
from test_measurements_equal import recounted

from promptbits.cli import main
from promptbits.facts.ids import content_sha256
from promptbits.facts.intervals import wilson
from promptbits.lsp.state.reading import read_file
from promptbits.lsp.sync import library_news
from promptbits.prompts.library import shipped_library

pytestmark = pytest.mark.asyncio

A, B, C = "prompts/custom/a.json", "prompts/learned/b.json", "prompts/builtin/c.json"
SHIPPED = sorted(entry.id for entry in shipped_library().entries())


def workspace(author: Author) -> None:
    author.write("promptbits.toml", "")
    author.write(A, prompt("a", tags=["x", "y"], content="Say <<it>>."))
    author.write(B, prompt("b", source="Learned", parent="a", revision=3, confidence=7))
    author.write(C, prompt("c", source="Builtin", description=None))
    author.write("prompts/learned/a.json", prompt("a", source="Learned", trigger={"Custom": "other"}))
    author.write("prompts/broken.json", '{"id": "broken", "content": "Say')
    author.write("prompts/nothing.json", "")


async def test_every_prompt_of_a_root_with_what_is_known_of_it(tmp_path: Path) -> None:
    async with session(tmp_path) as author:
        workspace(author)
        [root] = await library(author)
        assert (root["uri"], root["name"]) == (author.uri(""), tmp_path.name)
        found = await prompts(author)
        assert len(found) == 6
        assert found[B] == {
            "uri": author.uri(B),
            "id": "b",
            "description": "A prompt of the tests",
            "layer": "learned",
            "shipped": False,
            "shadowed": False,
            "category": "Testing",
            "tags": [],
            "parent": "a",
            "revision": 3,
            "problems": {"errors": 1, "warnings": 0},
            "measured": None,
        }
        assert found[A]["tags"] == ["x", "y"]
        assert found[C]["layer"] == "builtin"
        assert found[C]["description"] is None
        assert [path for path, each in found.items() if each["shadowed"]] == ["prompts/learned/a.json"]
        assert found["prompts/nothing.json"]["id"] == ""
        shipped = await prompts(author, shipped=True)
        assert sorted(shipped) == SHIPPED
        assert {each["layer"] for each in shipped.values()} == {"builtin"}


def counted(author: Author, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Counter[Any]:
    """Errors and warnings by file, as `promptbits check` has them."""
    monkeypatch.chdir(author.folder)
    main(["check", "--json"])
    found = json.loads(capsys.readouterr().out)["diagnostics"]
    return Counter((each["file"], f"{each['severity']}s") for each in found if each["severity"] in ("error", "warning"))


@pytest.mark.parametrize("capabilities", [PUSH, PULL])
async def test_problems_are_those_that_check_finds(
    capabilities: Json, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    async with session(tmp_path, capabilities) as author:
        workspace(author)
        for number in range(30):
            fields: Json = {"confidence": number % 3, "tags": ["Bad Tag"] * (number % 4), "parent": "gone"}
            author.write(f"prompts/custom/p-{number}.json", prompt(f"p-{number - number % 5}", **fields))
        expected = counted(author, capsys, monkeypatch)
        found = await prompts(author)
        said = {(path, kind): count for path, each in found.items() for kind, count in each["problems"].items()}
        assert {key: count for key, count in said.items() if count} == expected
        # What stands in the editor counts, saved or not.
        author.open(A, prompt("a", confidence=9))
        assert (await prompts(author))[A]["problems"] == {"errors": 1, "warnings": 0}
        author.close(A)
        await author.read()
        assert (await prompts(author))[A]["problems"]["errors"] == 0
        author.write("promptbits.toml", 'checks = {"out-of-range" = "off"}')
        author.touched(("promptbits.toml", 2))
        expected = counted(author, capsys, monkeypatch)
        said = {
            (path, kind): count
            for path, each in (await prompts(author)).items()
            for kind, count in each["problems"].items()
        }
        assert {key: count for key, count in said.items() if count} == expected


async def measured(author: Author, path: str) -> Json:
    """What is measured of a prompt, once the server has looked at the store."""
    number = author.client.methods().count(CHANGED)
    while (found := (await prompts(author))[path]["measured"]) is None:
        number += 1
        await changed(author, number)
    return found


async def test_what_is_measured_is_what_a_recount_of_the_facts_gives(tmp_path: Path) -> None:
    async with session(tmp_path, capable()) as author:
        workspace(author)
        facts = varied(1, "a", "Say <<it>>.", 80, 1) + varied(2, "a", "Say it before.", 50, 1)
        store = append(author.folder, facts + runs("b", "Another text.", 3, 1))
        found = await measured(author, A)
        first = await prompts(author)
        recount = recounted(store, "a", "Say <<it>>.")
        conversations, successes = recount["conversations"], recount["successes"]
        rate = wilson(successes, conversations)
        assert rate is not None
        assert (found["conversations"], found["successes"]) == (conversations, successes)
        assert (found["rate"], found["low"], found["high"]) == tuple(rate)
        assert found["executions"] == sum(
            each["kind"] == "execution" and each["content_sha256"] == content_sha256("Say <<it>>.") for each in facts
        )
        assert not found["olderText"]
        assert found["summary"].startswith(f"{100 * successes / conversations:.1f} % of {conversations} [")
        older = first[B]["measured"]
        assert (older["olderText"], older["conversations"], older["successes"]) == (True, 4, 3)
        assert older["summary"] == "3 of 4 succeeded"
        # The facts of an id are about the file that is served: the one that it shadows has no older text.
        assert first["prompts/learned/a.json"]["measured"] is None
        assert first[C]["measured"] is None


async def test_a_shipped_prompt_has_numbers_of_its_own(tmp_path: Path) -> None:
    async with session(tmp_path, capable()) as author:
        workspace(author)
        entry = next(each for each in shipped_library().entries() if each.id == "react-hooks")
        content = json.loads(read_file(Path(entry.path)))["content"]
        append(author.folder, [*runs("react-hooks", content, 1, 1), *runs("a", "Say <<it>>.", 1, 0)])
        await measured(author, A)
        found = (await prompts(author, shipped=True))["react-hooks"]["measured"]
        assert (found["conversations"], found["successes"], found["olderText"]) == (2, 1, False)


async def test_several_roots_each_with_its_own_prompts(tmp_path: Path) -> None:
    async with session(tmp_path, folders=["two", "one"]) as author:
        for name in ("one", "two", "one/inner"):
            author.write(f"{name}/promptbits.toml", "")
            author.write(f"{name}/prompts/custom/p.json", prompt("p"))
        author.write("elsewhere/lonely.prompt.json", prompt("lonely"))
        author.open("elsewhere/lonely.prompt.json", prompt("lonely"))
        author.open("one/inner/prompts/custom/p.json", prompt("p"))
        roots = await library(author)
        assert [each["uri"] for each in roots] == [author.uri(name) for name in ("two", "one", "one/inner")]
        for root in roots:
            own = [each["uri"] for each in root["prompts"] if not each["shipped"]]
            assert own == [f"{root['uri']}/prompts/custom/p.json"]


async def test_without_a_folder_there_is_no_root(tmp_path: Path) -> None:
    async with session(tmp_path, folders=None) as author:
        assert await library(author) == []


async def test_the_repository_of_the_package_lists_its_prompts_once() -> None:
    top = Path(shipped_library().served(SHIPPED[0]).path).parents[2]  # type: ignore[union-attr]
    async with session(top) as author:
        [root] = await library(author)
        ids = [each["id"] for each in root["prompts"] if each["id"] in SHIPPED]
        assert sorted(ids) == SHIPPED
        assert not any(each["shipped"] for each in root["prompts"])


async def test_typing_goes_on_while_a_large_library_is_gathered(tmp_path: Path) -> None:
    async with session(tmp_path) as author:
        author.write("promptbits.toml", "")
        for number in range(300):
            author.write(f"prompts/custom/p-{number}.json", prompt(f"p-{number}", content="Say it. " * 300))
        author.open("prompts/custom/p-0.json", prompt("p-0"))
        asked = author.client.start_request("promptbits/library")
        hover = author.client.start_request("test/unknown")
        await author.client.response(hover)
        assert not author.client.responses(asked), "a later request is answered first"
        assert len((await author.client.response(asked))["result"]["roots"][0]["prompts"]) == 300 + len(SHIPPED)


async def test_it_can_be_cancelled_and_asked_again(tmp_path: Path) -> None:
    async with session(tmp_path) as author:
        workspace(author)
        asked = [author.client.start_request("promptbits/library") for _ in range(3)]
        author.client.cancel(asked[0])
        assert (await author.client.response(asked[0]))["error"]["code"] == -32800
        for each in asked[1:]:
            assert len((await author.client.response(each))["result"]["roots"]) == 1


# libraryChanged


async def test_a_client_that_does_not_announce_it_hears_nothing(tmp_path: Path) -> None:
    async with session(tmp_path) as author:
        workspace(author)
        await library(author)
        author.write(A, prompt("a", confidence=9))
        author.touched((A, 2))
        await author.settled()
        author.open(A, prompt("a"))
        await author.published(A)
        assert CHANGED not in author.client.methods()


async def test_it_tells_of_prompts_their_problems_settings_and_facts(tmp_path: Path) -> None:
    async with session(tmp_path, capable()) as author:
        workspace(author)
        await library(author)
        number = await told(author)
        author.write("prompts/custom/new.json", prompt("new"))
        author.touched(("prompts/custom/new.json", 1))
        await changed(author, number + 1)
        assert "prompts/custom/new.json" in await prompts(author)
        author.open(A, prompt("a", content="Say <<it>>.", tags=["x", "y"], confidence=9))
        await changed(author, number + 2)
        assert (await prompts(author))[A]["problems"]["errors"] == 1
        author.type(A, 2, prompt("a", content="Say <<it>>.", tags=["z"]))
        await changed(author, number + 3)
        assert (await prompts(author))[A]["tags"] == ["z"]
        author.write("promptbits.toml", 'checks = {"out-of-range" = "off"}')
        author.touched(("promptbits.toml", 2))
        await changed(author, number + 4)
        assert (await prompts(author))[B]["problems"]["errors"] == 0
        append(author.folder, runs("b", "Say b.", 1, 0))
        assert (await measured(author, B))["conversations"] == 1
        append(author.folder, runs("b", "Say b.", 1, 0))
        while (await prompts(author))[B]["measured"]["conversations"] == 1:
            number = author.client.methods().count(CHANGED)
            await changed(author, number + 1)


async def told(author: Author) -> int:
    """How often the server told of changes, once it is quiet."""
    await author.settled()
    await changed(author, 1)
    await library(author)
    return author.client.methods().count(CHANGED)


async def test_what_the_library_does_not_show_is_not_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(library_news, "SECONDS", 0.0)
    monkeypatch.setattr(library_news, "_QUIET_SECONDS", 0.0)
    async with session(tmp_path, capable()) as author:
        workspace(author)
        await library(author)
        number = await told(author)
        author.open(A, prompt("a", tags=["x", "y"], content="Say <<it>>."))
        for version in range(2, 12):
            author.type(A, version, prompt("a", tags=["x", "y"], content="Say <<it>>" + "." * version))
            await author.settled()
        assert author.client.methods().count(CHANGED) == number
        author.type(A, 12, prompt("a", tags=[], content="Say <<it>>"))
        await changed(author, number + 1)


async def test_many_changes_are_told_once(tmp_path: Path) -> None:
    async with session(tmp_path, capable()) as author:
        workspace(author)
        await library(author)
        number, started = await told(author), time.monotonic()
        for each in range(20):
            name = f"prompts/custom/p-{each}.json"
            author.write(name, prompt(f"p-{each}"))
            author.touched((name, 1))
            await author.settled()
        await changed(author, number + 1)
        assert len(await prompts(author)) == 26
        seconds = time.monotonic() - started
        assert author.client.methods().count(CHANGED) - number <= seconds / library_news.SECONDS + 1


# isPrompt

SCHEMA = '{"$schema": "https://example.org/promptbit.schema.json"}'
PLACES: list[tuple[str, str | None, bool]] = [
    ("prompts/custom/a.json", "{}", True),
    ("prompts/custom/not-there.json", None, True),
    ("prompts/notes.txt", "x", False),
    ("elsewhere/a.json", "{}", False),
    ("elsewhere/a.prompt.json", "{}", True),
    ("elsewhere/not-there.PROMPT.json", None, True),
    ("elsewhere/schema.json", SCHEMA, True),
    ("elsewhere/not-there.json", None, False),
    ("elsewhere/bytes.json", "\udcff\x00", False),
    ("elsewhere", None, False),
]


@pytest.mark.parametrize(("name", "text", "expected"), PLACES)
async def test_a_file_is_a_prompt_by_place_name_or_schema(
    name: str, text: str | None, expected: bool, tmp_path: Path
) -> None:
    async with session(tmp_path) as author:
        author.write("promptbits.toml", "")
        (tmp_path / "elsewhere").mkdir()
        if text is not None:
            author.write(name, text)
        uri = author.uri(name)
        assert await author.client.request("promptbits/isPrompt", {"uri": uri}) == {"prompt": expected}
        spelled = uri.replace("/a.json", "/%61.json")
        assert await author.client.request("promptbits/isPrompt", {"uri": spelled}) == {"prompt": expected}


async def test_what_stands_in_the_editor_decides_before_the_disk(tmp_path: Path) -> None:
    async with session(tmp_path) as author:
        author.write("x.json", SCHEMA)
        author.open("x.json", "{}")
        assert await author.client.request("promptbits/isPrompt", {"uri": author.uri("x.json")}) == {"prompt": False}
        author.type("x.json", 2, SCHEMA)
        assert await author.client.request("promptbits/isPrompt", {"uri": author.uri("x.json")}) == {"prompt": True}
        author.client.open_document("untitled:Untitled-1", "{}", language="promptbit")
        for uri, expected in {"untitled:Untitled-1": True, "untitled:Untitled-2": False, "git:/x.json": False}.items():
            assert await author.client.request("promptbits/isPrompt", {"uri": uri}) == {"prompt": expected}


async def test_other_roots_of_prompts_count_and_no_library_is_read_for_a_question(tmp_path: Path) -> None:
    async with session(tmp_path, folders=["one"]) as author:
        author.write("one/promptbits.toml", 'roots = ["library/texts"]')
        author.write("far/away/promptbits.toml", 'roots = ["here"]')
        expected = {
            "one/library/texts/x.json": True,
            "one/prompts/x.json": False,
            "far/away/here/x.json": True,
            "far/away/x.json": False,
        }
        for name, is_one in expected.items():
            answer = await author.client.request("promptbits/isPrompt", {"uri": author.uri(name)})
            assert answer == {"prompt": is_one}, name
        assert not any(state.root.path.name == "away" for state in author.session.roots.states())


@pytest.mark.parametrize("params", [None, {}, {"uri": 7}, []])
async def test_a_question_without_an_address_is_invalid(params: Any, tmp_path: Path) -> None:
    async with session(tmp_path) as author:
        with pytest.raises(ResponseError) as caught:
            await author.client.request("promptbits/isPrompt", params)
        assert caught.value.code == -32602
