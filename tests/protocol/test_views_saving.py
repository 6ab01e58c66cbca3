"""`promptbits/setContent`: its edit is applied to the JSON as editors do, and BYTES are compared."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from authoring import Json
from client import ResponseError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from viewing import BOM, CHANGES, ENCODINGS, A, Editor, editing, said

from promptbits.text.lines import Encoding

pytestmark = pytest.mark.asyncio

# Ways to write a line of content, with what each decodes to; the columns of each differ in every encoding.
PIECES = {
    r"\u00e9": "é",
    "é": "é",
    r"\u00E9": "é",
    r"\/": "/",
    "/": "/",
    r"\ud83d\ude00": "😀",
    "😀": "😀",
    r"\"": '"',
    r"\u0041": "A",
    r"\\": "\\",
    r"\u2028": "\u2028",
    "\u2028": "\u2028",
    "\u0085": "\u0085",
    r"\f": "\f",
    r"\t": "\t",
    "<<x>>": "<<x>>",
    "```": "```",
}
ENDS = {r"\n": "\n", r"\u000a": "\n", r"\r\n": "\r\n", r"\u000d\n": "\r\n", r"\r": "\r"}
LINES = st.lists(
    st.tuples(st.lists(st.sampled_from(sorted(PIECES)), max_size=4), st.sampled_from(sorted(ENDS))), max_size=6
)
LAYOUTS = (
    ('{{"id": "\\u00e9é😀",\t"content" :"{}" , "tags": ["\\/"], "x": 1.50E+3}}', False),
    ('{{\r\n\t"content": "{}",\r\n\t"tags" : [ ]\r\n}}\r\n\r\n', False),
    ('{{"content": "first", "content": "{}"}}', False),
    ('{{"id": , "content": "{}", "tags": [', False),
    ('{{"description": "é😀", "content": "{}"}}\n', True),
)
SETTINGS = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
END = re.compile(r"\r\n|\n|\r")


def literal(source: str) -> str:
    return json.loads(f'"{source}"')


def shown(text: str, kind: str) -> str:
    """What VS Code makes of a text when it opens it: mixed line ends and a lone return become one kind."""
    kinds = set(END.findall(text))
    return text if kinds <= {"\n"} or kinds == {"\r\n"} else END.sub(kind, text)


def content_of(text: str) -> Any:
    """What a JSON reader finds in a text, for which the half typed one is completed."""
    text = text.removeprefix(BOM)
    return json.loads(text.replace('"id": ,', "") + "]}" if '"id": ,' in text else text)["content"]


def capabilities_of(changes: bool) -> Json | None:
    return CHANGES if changes else {"workspace": {}}


@SETTINGS
@given(
    lines=LINES,
    layout=st.sampled_from(LAYOUTS),
    encoding=st.sampled_from(ENCODINGS),
    changes=st.booleans(),
    is_open=st.booleans(),
    editors=st.sampled_from(["\n", "\r\n", None]),
    data=st.data(),
)
async def test_lines_that_are_not_touched_and_all_that_is_no_content_keep_their_bytes(
    lines: list[tuple[list[str], str]],
    layout: tuple[str, bool],
    encoding: Encoding,
    changes: bool,
    is_open: bool,
    editors: str | None,
    data: st.DataObject,
    tmp_path: Path,
) -> None:
    sources = [f"{number}{''.join(pieces)}{end}" for number, (pieces, end) in enumerate(lines)]  # no two alike
    before, after = layout[0].format("\0").split("\0")
    text = (BOM if layout[1] else "") + before + "".join(sources) + after
    content = literal("".join(sources))
    async with editing(tmp_path, text, encoding=encoding, capabilities=capabilities_of(changes)) as editor:
        uri = editor.open(A, text.removeprefix(BOM)) if is_open else editor.author.uri(A)
        answer = await editor.content(A)
        assert answer["text"] == content
        view = shown(content, editors) if editors else content
        kept = [data.draw(st.booleans()) for _ in sources]
        rows = END.split(view)
        ends = END.findall(view)
        new = "".join((row if keep else "XYZ") + end for row, keep, end in zip(rows, kept, ends, strict=False))
        tail = data.draw(st.sampled_from(["", "no end é", "😀"]))
        result = await editor.set(A, answer["version"], new + tail)
        editor.apply(result["edit"])
        saved = editor.text(uri)
        assert content_of(saved) == result["text"]
        assert END.sub("\n", result["text"]) == END.sub("\n", new + tail)
        if editors is None:
            assert result["text"] == new + tail
        assert saved.startswith(before)
        assert saved.endswith(after)
        blocks = "".join(source if keep else "\0" for source, keep in zip(sources, kept, strict=True)).split("\0")
        at = len(before)
        for block in blocks:
            found = saved.find(block, at)
            assert found >= 0, (block, saved)
            at = found + len(block)
        if not is_open:
            on_disk = (editor.author.folder / A).read_bytes()
            assert on_disk == ((BOM if layout[1] else "") + saved).encode()


@SETTINGS
@given(
    sources=st.lists(st.sampled_from([*PIECES, *ENDS]), max_size=8),
    text=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30),
    encoding=st.sampled_from(ENCODINGS),
)
async def test_any_content_becomes_exactly_any_other(
    sources: list[str], text: str, encoding: Encoding, tmp_path: Path
) -> None:
    before = '{"id": "\\u00e9é😀", "content": "' + "".join(sources) + '", "x": "\\/"}'
    async with editing(tmp_path, before, encoding=encoding) as editor:
        answer = await editor.content(A)
        kinds = set(END.findall(answer["text"]))
        result = await editor.set(A, answer["version"], text)
        editor.apply(result["edit"])
        found = json.loads(editor.text(editor.author.uri(A)))
        assert found == json.loads(before) | {"content": result["text"]}
        if kinds <= {"\n"} or kinds == {"\r\n"}:
            assert result["text"] == text  # this an editor holds as it is
        assert END.sub("\n", result["text"]) == END.sub("\n", text)
        again = await editor.content(A)
        assert (again["text"], again["version"]) == (result["text"], result["version"])


@pytest.mark.parametrize("changes", [True, False])
async def test_the_edit_is_as_small_as_can_be_and_names_the_version(changes: bool, tmp_path: Path) -> None:
    text = '{"content": "caf\\u00e9 \\/ one\\ntwo\\nthree"}'
    async with editing(tmp_path, text, capabilities=capabilities_of(changes)) as editor:
        for version in (None, 1):
            if version:
                editor.open(A, text)
            answer = await editor.content(A)
            result = await editor.set(A, answer["version"], answer["text"].replace("two", "twö"))
            edit = result["edit"]
            if changes:
                [change] = edit["documentChanges"]
                assert change["textDocument"] == {"uri": editor.author.uri(A), "version": version}
                [each] = change["edits"]
            else:
                assert list(edit["changes"]) == [editor.author.uri(A)]
                [each] = edit["changes"][editor.author.uri(A)]
            # This file writes é as \u00e9 and has no é: new ones are written alike.
            assert (editor.cut(A, each["range"]), each["newText"]) == ("o", "\\u00f6")


async def test_nothing_to_do_is_no_edit(tmp_path: Path) -> None:
    async with editing(tmp_path, said(content="a\r\nb\nc\r")) as editor:
        answer = await editor.content(A)
        for text in (answer["text"], "a\nb\nc\n", "a\r\nb\r\nc\r\n"):  # as two editors write it
            result = await editor.set(A, answer["version"], text)
            assert result == {"edit": {"documentChanges": []}, "text": "a\r\nb\nc\r", "version": answer["version"]}
            editor.apply(result["edit"])


@pytest.mark.parametrize("new", ["", "x", "\n", "\ufeffx", "\u2028", "\\", '"', "\x1f\x7f", "\U0010ffff", "a\r"])
async def test_empty_content_and_odd_texts(new: str, tmp_path: Path) -> None:
    async with editing(tmp_path, said(content="")) as editor:
        for text in (new, ""):
            answer = await editor.content(A)
            editor.apply((await editor.set(editor.view(), answer["version"], text))["edit"])
            assert editor.text(editor.author.uri(A)) == said(content=text)


async def test_a_long_content(tmp_path: Path) -> None:
    lines = [f"Line {number} is é 😀 <<x>> and `code`.\n" for number in range(2500)]
    async with editing(tmp_path, said(content="".join(lines))) as editor:
        answer = await editor.content(A)
        assert len(answer["text"]) > 80_000
        lines[1200:1203] = ["other\n"]
        lines.append("last")
        result = await editor.set(A, answer["version"], "".join(lines))
        assert sum(len(each["newText"]) for each in result["edit"]["documentChanges"][0]["edits"]) < 200
        editor.apply(result["edit"])
        assert editor.text(editor.author.uri(A)) == said(content="".join(lines))


@pytest.mark.parametrize(("text", "reason"), [("a\0", "NUL"), ("a\ud800b", "surrogate"), ("\udfff", "surrogate")])
async def test_what_no_editor_can_hold_is_not_saved(text: str, reason: str, tmp_path: Path) -> None:
    async with editing(tmp_path, said()) as editor:
        answer = await editor.content(A)
        with pytest.raises(ResponseError, match=reason) as caught:
            await editor.set(A, answer["version"], text)
        assert caught.value.code == -32803


async def test_where_the_json_broke_meanwhile_the_save_is_refused_with_the_place(tmp_path: Path) -> None:
    async with editing(tmp_path, said()) as editor:
        answer = await editor.content(A)
        editor.open(A, said().replace("Say", "\\q Say"))
        with pytest.raises(ResponseError, match=r"a\.json:8:15: .*mend the JSON"):
            await editor.set(A, answer["version"], "new")
        editor.type(A, said())
        assert (await editor.set(A, answer["version"], "new"))["text"] == "new"
        editor.close(A)
        (editor.author.folder / A).unlink()
        with pytest.raises(ResponseError, match=r"a\.json cannot be read: was it renamed or deleted\?"):
            await editor.set(A, answer["version"], "new")


async def test_other_unsaved_edits_of_the_json_stay(tmp_path: Path) -> None:
    async with editing(tmp_path, said()) as editor:
        answer = await editor.content(A)
        uri = editor.open(A, said())
        editor.type(A, said(description="a longer one, not saved", tags=["new"]))
        editor.apply((await editor.set(A, answer["version"], "🚀"))["edit"])
        assert editor.text(uri) == said(description="a longer one, not saved", tags=["new"], content="🚀")


async def view_and_json(editor: Editor) -> tuple[str, str]:
    view = await editor.opened()
    return view, editor.open(A, editor.text(editor.author.uri(A)))


async def test_a_save_through_the_view_leaves_both_the_same(tmp_path: Path) -> None:
    async with editing(tmp_path, said(content="a\nb")) as editor:
        version = (await editor.content(A))["version"]
        view, uri = await view_and_json(editor)
        for text in ("a\nb\nc", "", "x😀\ny"):
            editor.type(view, text)
            result = await editor.set(view, version, text)
            editor.apply(result["edit"])
            version = result["version"]
            assert editor.text(uri) == said(content=text)
            assert (await editor.content(view))["version"] == version
