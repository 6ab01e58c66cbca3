"""Positions of a view and of its JSON: `promptbits/mapPosition`, and that features answer alike in both."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
from client import ResponseError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from viewing import BOM, ENCODINGS, A, Editor, editing, said

from promptbits.text.lines import Encoding

pytestmark = pytest.mark.asyncio

SHIPPED = sorted(Path(__file__).parents[2].joinpath("prompts/builtin").glob("*.json"))[::3]
PIECES = [r"\u00e9", "é", r"\n", r"\r\n", r"\r", r"\ud83d\ude00", "😀", r"\"", r"\\", "a", "\u2028", r"\u2028", r"\t"]
SETTINGS = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


async def mapped(editor: Editor, uri: str, *offsets: int) -> list[int | None]:
    """Offsets of one document as offsets of the other."""
    found = await editor.mapped(uri, *(editor.position(editor.author.uri(uri), each) for each in offsets))
    return [None if each is None else editor.offset(found["uri"], each) for each in found["positions"]]


@SETTINGS
@given(
    sources=st.lists(st.sampled_from(PIECES), max_size=10),
    encoding=st.sampled_from(ENCODINGS),
    is_open=st.booleans(),
    mark=st.booleans(),
)
async def test_every_character_goes_there_and_back(
    sources: list[str], encoding: Encoding, is_open: bool, mark: bool, tmp_path: Path
) -> None:
    before = '{"é😀": 1, "content": "'
    text = before + "".join(sources) + '", "x": ""}'
    content = json.loads(text)["content"]
    async with editing(tmp_path, (BOM if mark else "") + text, encoding=encoding) as editor:
        view = editor.open(editor.view(), content)
        if is_open:
            editor.open(A, text)
        # No editor has a place between \r and \n.
        offsets = [at for at in range(len(content) + 1) if content[at - 1 : at + 1] != "\r\n" or at == 0]
        there = await mapped(editor, view, *offsets)
        source = [len(before)]  # where each character starts, found by decoding ever longer beginnings
        for piece in sources:
            units = [piece] if len(json.loads(f'"{piece}"')) == 1 else [piece[:2], piece[2:]]
            source += (
                [source[-1] + len(unit) for unit in units]
                if len(units) == 1
                else [
                    source[-1] + len(units[0]),
                    source[-1] + len(piece),
                ]
            )
        assert there == [source[at] for at in offsets]
        assert await mapped(editor, A, *[each for each in there if each is not None]) == offsets


async def test_inside_of_an_escape_and_outside_of_the_content(tmp_path: Path) -> None:
    text = '{"a": "content", "content": "x\\u00e9\\ny\\ud83d\\ude00z", "b": 1}'
    async with editing(tmp_path, text) as editor:
        view = await editor.opened()
        uri = editor.open(A, text)
        first, last = text.index('"x') + 1, text.index('z"') + 1
        for offset in range(len(text) + 1):
            [at] = await mapped(editor, uri, offset)
            assert (at is not None) == (first <= offset <= last), offset
        whole = await mapped(editor, uri, *range(first, last + 1))
        assert whole == [0, 1, 1, 1, 1, 1, 1, 2, 2, 3, *[4] * 12, 5, 6]
        far = {"line": 99, "character": 99}
        assert (await editor.mapped(view, far))["positions"] == [editor.position(uri, last)]
        assert (await editor.mapped(view))["positions"] == []


async def test_a_view_with_unsaved_text(tmp_path: Path) -> None:
    text = said(content="one\ntwo <<x>>\nthree é\n")
    async with editing(tmp_path, text) as editor:
        view, uri = await editor.opened(), editor.open(A, text)
        editor.type(view, "new 😀\none\nTWO <<x>>!\nthree é\nend")
        for what in ("one", "three é"):
            assert await mapped(editor, view, editor.text(view).index(what)) == [text.index(what)]
            assert await mapped(editor, uri, text.index(what)) == [editor.text(view).index(what)]
        for what in range(len(editor.text(view)) + 1):
            [there] = await mapped(editor, view, what)
            assert there is not None
            assert text.index("one") <= there <= text.index('",\n  "confidence"')
        # The JSON changes too: each side has lines that the other lacks.
        editor.type(uri, said(content="ONE\ntwo <<x>>\nthree é\n", description="longer than it was"))
        assert await mapped(editor, view, editor.text(view).index("three é")) == [editor.text(uri).index("three é")]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
async def test_line_ends_that_the_editor_made_alike(end: str, tmp_path: Path) -> None:
    content = "a\r\nbé\rc\n\r\nd <<x>>\re"
    async with editing(tmp_path, said(content=content, variables={"x": {}})) as editor:
        view, uri = await editor.opened(), editor.open(A, said(content=content, variables={"x": {}}))
        for typed in ("", "new\n"):
            rows = content.replace("\r\n", "\n").replace("\r", "\n").split("\n")
            editor.type(view, (typed + "\n".join(rows)).replace("\n", end))
            for what in ("bé", "c", "d <<", "<<x", "x>>", "e"):
                at, there = editor.text(view).rindex(what), editor.text(uri).index("a\\r\\n")
                there = editor.text(uri).index(what, there)
                assert await mapped(editor, view, at) == [there]
                assert await mapped(editor, uri, there) == [at]
            span = (await editor.ask("hover", view, position=editor.at(view, "<<x", 3)))["range"]
            assert editor.cut(view, span) == "<<x>>"


async def test_content_that_cannot_be_shown_has_no_positions(tmp_path: Path) -> None:
    async with editing(tmp_path, said(content="a\0")) as editor:
        for uri in (A, editor.view()):
            with pytest.raises(ResponseError, match="NUL") as caught:
                await editor.mapped(uri, {"line": 0, "character": 0})
            assert caught.value.code == -32803


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
async def test_a_view_of_a_shipped_prompt_answers_as_its_json_does(path: Path, tmp_path: Path) -> None:
    name, text = f"prompts/custom/{path.name}", path.read_text("utf-8")  # noqa: ASYNC240  (a test waits for it)
    content = json.loads(text)["content"]
    chance = random.Random(path.stem)
    places = {chance.randrange(len(content) + 1) for _ in range(15)}
    places |= {at + 3 for at in range(len(content)) if content.startswith(("<<", "{{"), at)}
    async with editing(tmp_path) as editor:
        editor.author.write(name, text)
        view, uri = await editor.opened(name), editor.open(name, text)
        await editor.author.settled()
        answered = 0
        for at in sorted(places):
            here = editor.position(view, at)
            [there] = (await editor.mapped(view, here))["positions"]
            for method in ("hover", "definition", "documentHighlight"):
                one = await editor.ask(method, view, position=here)
                other = await editor.ask(method, uri, position=there)
                answered += bool(one)
                assert one == await _shown(editor, uri, other), (method, at)
        assert answered >= len(places), "there is a hover everywhere"


async def _shown(editor: Editor, uri: str, answer: Any) -> Any:
    """An answer about the JSON as if it were about the view: without what a view does not show."""
    if isinstance(answer, list):
        return [each for one in answer if (each := await _shown(editor, uri, one)) is not None]
    if answer is None or "uri" in answer:
        return answer  # a declaration stands in the JSON for both
    found = (await editor.mapped(uri, answer["range"]["start"], answer["range"]["end"]))["positions"]
    return None if None in found else answer | {"range": dict(zip(("start", "end"), found, strict=True))}
