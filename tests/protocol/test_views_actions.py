"""Fixes and refactorings chosen in a view: applied to its text and, beside the content, to the JSON."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from authoring import Json
from client import ResponseError
from test_views_features import FILE, TYPED, viewing
from viewing import ENCODINGS

from promptbits.text.lines import Encoding

pytestmark = [pytest.mark.asyncio, pytest.mark.parametrize("encoding", ENCODINGS)]


async def actions(both: Any, span: Json, only: list[str] | None = None) -> dict[str, Json]:
    context: Json = {"diagnostics": []} | ({"only": only} if only else {})
    found = await both.ask("codeAction", both.name, range=span, context=context)
    return {each["title"]: each for each in found}


async def chosen(both: Any, action: Json) -> Json:
    return (
        action["edit"] if "edit" in action else (await both.author.client.request("codeAction/resolve", action))["edit"]
    )


@pytest.mark.parametrize("lazy", [True, False])
async def test_fixes_are_applied_to_the_view(encoding: Encoding, lazy: bool, tmp_path: Path) -> None:
    async with viewing(tmp_path, encoding, lazy=lazy) as both:
        both.type(both.name, TYPED.replace("<<name>>", "<<nmae>>"))
        [span] = both.span("<<nmae>>")
        found = await actions(both, span)
        action = found["Change to <<name>>"]
        assert [each["range"] for each in action["diagnostics"]] == [span]
        edit = await chosen(both, action)
        assert [each["textDocument"] for each in edit["documentChanges"]] == [{"uri": both.name, "version": 2}]
        both.apply(edit)
        assert both.text(both.name) == TYPED


@pytest.mark.parametrize("lazy", [True, False])
async def test_a_declaration_is_added_to_the_json(encoding: Encoding, lazy: bool, tmp_path: Path) -> None:
    async with viewing(tmp_path, encoding, lazy=lazy) as both:
        both.type(both.name, TYPED + "<<quite_another>>")
        found = await actions(both, both.span("<<quite_another>>")[0])
        [title] = [each for each in found if each.startswith(("Declare", "Add"))]
        both.apply(await chosen(both, found[title]))
        assert both.text(both.name) == TYPED + "<<quite_another>>"
        prompt = await both.saved(both.version)
        assert list(prompt["variables"]) == ["stack", "name", "quite_another"]
        assert prompt["content"] == TYPED + "<<quite_another>>"


@pytest.mark.parametrize("lazy", [True, False])
@pytest.mark.parametrize("twin", ["open", "closed", "grown"])
async def test_words_are_extracted_from_the_view_into_the_json(
    encoding: Encoding, lazy: bool, twin: str, tmp_path: Path
) -> None:
    async with viewing(tmp_path, encoding, lazy=lazy, is_open=twin != "closed") as both:
        both.type(both.name, TYPED)
        [span] = both.span("not saved")
        action = (await actions(both, span, ["refactor.extract"]))['Extract "not saved" into a variable']
        if twin == "grown" and lazy:  # between the offer and the choice: the offer still means the same words
            both.type(both.json, FILE.replace('"A prompt', '"A longer and longer prompt'))
        both.apply(await chosen(both, action))
        assert both.text(both.name) == TYPED.replace("not saved", "<<not_saved>>")
        prompt = await both.saved(both.version)
        assert prompt["variables"]["not_saved"]["default"] == "not saved"
        assert prompt["content"] == both.text(both.name)


@pytest.mark.parametrize("lazy", [True, False])
async def test_a_variable_is_inlined_and_delimiters_are_changed(encoding: Encoding, lazy: bool, tmp_path: Path) -> None:
    async with viewing(tmp_path, encoding, lazy=lazy) as both:
        both.type(both.name, TYPED)
        at = both.position(both.name, TYPED.index("<<stack>>") + 4)
        found = await actions(both, {"start": at, "end": at}, ["refactor"])
        [inline] = [each for each in found if each.startswith("Inline")]
        both.apply(await chosen(both, found[inline]))
        assert both.text(both.name) == TYPED.replace("<<stack>>", "a 🚀 stack")
        prompt = await both.saved(both.version)
        assert list(prompt["variables"]) == ["name"]
        at = both.at(both.name, "<<name>>", 3)
        found = await actions(both, {"start": at, "end": at}, ["refactor"])
        [other] = [each for each in found if "{{" in each]
        both.apply(await chosen(both, found[other]))
        assert re.search(r"\{\{ ?name ?\}\}", both.text(both.name))


@pytest.mark.parametrize("lazy", [True, False])
async def test_a_prompt_is_split_at_a_heading_of_the_view(encoding: Encoding, lazy: bool, tmp_path: Path) -> None:
    typed = TYPED.replace("# Café 🚀", "## First").replace("Über <<stack>>", "Über")
    async with viewing(tmp_path, encoding, lazy=lazy) as both:
        both.type(both.name, typed)
        [span] = both.span("## Über")
        await both.author.settled()
        found = await actions(both, span, ["refactor"])
        [split] = [each for each in found if each.startswith("Move")]
        both.apply(await chosen(both, found[split]))
        assert "## Über" not in both.text(both.name)
        assert both.text(both.name).startswith("## First")
        prompt = await both.saved(both.version)
        [new] = [path for path in (both.author.folder / "prompts/custom").iterdir() if path.name != "a.json"]
        other = json.loads(new.read_text("utf-8"))
        assert "## Über" in other["content"] or "# Über" in other["content"]
        assert prompt["related"] == [other["id"]]


async def test_a_fix_that_is_chosen_after_the_json_changed_is_the_one_that_was_offered(
    encoding: Encoding, tmp_path: Path
) -> None:
    async with viewing(tmp_path, encoding, lazy=True) as both:
        both.type(both.name, TYPED + "<<nmae>> <<stakc>>")
        whole = {"start": {"line": 0, "character": 0}, "end": {"line": 99, "character": 0}}
        found = await actions(both, whole)
        # What the first fix was for is declared meanwhile: the next finding of the same kind takes its place.
        both.type(both.json, FILE.replace('"stack": {', '"nmae": {}, "stack": {'))
        with pytest.raises(ResponseError) as caught:
            await chosen(both, found["Change to <<name>>"])
        assert caught.value.code == -32801
        both.type(both.json, FILE)
        both.apply(await chosen(both, found["Change to <<stack>>"]))
        assert both.text(both.name) == TYPED + "<<nmae>> <<stack>>"


@pytest.mark.parametrize("lazy", [True, False])
async def test_mending_all_mends_both(encoding: Encoding, lazy: bool, tmp_path: Path) -> None:
    text = FILE.replace('"Testing"', '"Testin"')
    async with viewing(tmp_path, encoding, text, lazy=lazy) as both:
        both.type(both.name, TYPED + "é\n\n<<nmae>>\t<<stakc>>")
        whole = {"start": {"line": 0, "character": 0}, "end": {"line": 99, "character": 0}}
        [action] = (await actions(both, whole, ["source.fixAll"])).values()
        both.apply(await chosen(both, action))
        assert both.text(both.name) == TYPED + "é\n\n<<name>>\t<<stack>>"
        assert both.text(both.json) == FILE.replace('"\\u00e9"', '"e"')  # a tag is mended, too
