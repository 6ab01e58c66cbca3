"""Folding, growing selections and links over the protocol."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import get_args

import pytest
from authoring import PUSH, session
from editing import Editor, Json, covered, position_of, prompt, refusal

from promptbits.text.document import Document
from promptbits.text.lines import Encoding

pytestmark = pytest.mark.asyncio

A = "prompts/custom/a.json"
CONTENT = (
    "# Héad\n\nSee [the 🚀 notes](../../docs/notes.md) and https://x.example/ä.\n\n## Part\n```\ncode <<x>>\n```\n"
)
TEXT = prompt("a", content=CONTENT, variables={"x": {"default": "é"}}, related=["b", "nobody"], parent="b")


def folding(*, whole_lines: bool) -> Json:
    return {"textDocument": {**PUSH["textDocument"], "foldingRange": {"lineFoldingOnly": whole_lines}}}


@pytest.mark.parametrize("whole_lines", [True, False])
async def test_objects_and_lists_fold_and_their_last_line_stays(whole_lines: bool, tmp_path: Path) -> None:
    async with session(tmp_path, folding(whole_lines=whole_lines)) as author:
        author.open(A, TEXT)
        folds = await Editor(author).ask("foldingRange", A)
        rows = TEXT.split("\n")
        assert [rows[each["startLine"]].strip() for each in folds] == [
            "{",
            '"trigger": {',
            '"variables": {',
            '"x": {',
            '"related": [',
        ]
        assert [rows[each["endLine"] + 1].strip().rstrip(",") for each in folds] == ["}", "}", "}", "}", "]"]
        for each in folds:
            if whole_lines:
                assert each.keys() == {"startLine", "endLine"}
            else:
                assert rows[each["startLine"]][each["startCharacter"]] in "{["
                assert each["endCharacter"] == len(rows[each["endLine"]])


async def test_what_stands_on_one_line_does_not_fold(tmp_path: Path) -> None:
    async with session(tmp_path) as author:
        author.open(A, json.dumps(json.loads(TEXT)))
        assert await Editor(author).ask("foldingRange", A) == []


# Selections.


def chain_of(item: Json | None) -> list[Json]:
    """The ranges of a selection range, from the inside out."""
    found: list[Json] = []
    while item is not None:
        found.append(item["range"])
        item = item.get("parent")
    return found


@pytest.mark.parametrize("encoding", get_args(Encoding))
async def test_a_selection_grows_to_the_whole_document(encoding: Encoding, tmp_path: Path) -> None:
    async with session(tmp_path, {**PUSH, "general": {"positionEncodings": [encoding]}}) as author:
        author.open(A, TEXT)
        positions = [position_of(TEXT, what, 3, encoding) for what in ("<<x", "notes]", '"nobody', "Custom", "{\n")]
        result = await Editor(author, encoding).ask("selectionRange", A, positions=positions)
        assert len(result) == len(positions)
        lines = Document.from_text(TEXT).lines
        for item, position in zip(result, positions, strict=True):
            chain = chain_of(item)
            spans = [
                tuple(lines.offset(each[end]["line"], each[end]["character"], encoding) for end in ("start", "end"))
                for each in chain
            ]
            at = lines.offset(position["line"], position["character"], encoding)
            assert spans[-1] == (0, len(TEXT))
            assert all(start <= at <= end for start, end in spans)
            assert all(
                outer[0] <= inner[0] and inner[1] <= outer[1] and outer != inner
                for inner, outer in itertools.pairwise(spans)
            )
        texts = [covered(TEXT, each, encoding) for each in chain_of(result[0])]
        assert texts[:4] == ["x", "<<x>>", "code <<x>>", "```\\ncode <<x>>\\n```"]
        assert json.dumps(CONTENT, ensure_ascii=False)[1:-1] in texts
        assert covered(TEXT, chain_of(result[2])[0], encoding) == "nobody"


async def test_every_position_has_a_selection(tmp_path: Path) -> None:
    async with session(tmp_path) as author:
        author.open(A, "")
        author.open("prompts/b.json", TEXT)
        editor = Editor(author)
        far = {"line": 10**6, "character": 10**6}
        zero = {"line": 0, "character": 0}
        assert (
            await editor.ask("selectionRange", A, positions=[far, zero])
            == [{"range": {"start": zero, "end": zero}}] * 2
        )
        assert await editor.ask("selectionRange", A, positions=[]) == []
        [found] = await editor.ask("selectionRange", "prompts/b.json", positions=[far])
        assert covered(TEXT, chain_of(found)[-1]) == TEXT


# Links.


def linking(*, tooltips: bool) -> Json:
    return {"textDocument": {**PUSH["textDocument"], "documentLink": {"tooltipSupport": tooltips}}}


@pytest.mark.parametrize("tooltips", [True, False])
async def test_links_lead_to_prompts_addresses_and_files(tooltips: bool, tmp_path: Path) -> None:
    async with session(tmp_path, linking(tooltips=tooltips)) as author:
        author.write("promptbits.toml", "")
        author.write("prompts/b.json", prompt("b"))
        author.open(A, TEXT)
        await author.read()
        editor = Editor(author)
        links = await editor.ask("documentLink", A)
        notes = author.uri("docs/notes.md")
        assert [(covered(TEXT, each["range"]), each.get("target")) for each in links] == [
            ("../../docs/notes.md", None if tooltips else notes),
            ("https://x.example/ä", "https://x.example/%C3%A4"),
            ("b", author.uri("prompts/b.json")),
            ("b", author.uri("prompts/b.json")),
        ]
        assert all(("tooltip" in each) == tooltips for each in links)
        if tooltips:
            assert [each["tooltip"] for each in links][:3:2] == ["Open docs/notes.md", "Open prompts/b.json"]
            asked = author.client.request("documentLink/resolve", links[0])
            assert await refusal(asked) == "there is no file docs/notes.md"
            author.write("docs/notes.md", "notes")
            assert (await editor.request("documentLink/resolve", links[0]))["target"] == notes
            assert await editor.request("documentLink/resolve", links[1]) == links[1]


async def test_a_link_never_leads_out_of_the_project(tmp_path: Path) -> None:
    content = "[a](../../../secret) [b](/etc/passwd) [c](file:///etc/passwd) [d](command:x) [e](..%2F..%2F..%2Fsecret)"
    async with session(tmp_path, linking(tooltips=True)) as author:
        author.write("promptbits.toml", "")
        author.open(A, prompt("a", content=content))
        await author.read()
        assert await Editor(author).ask("documentLink", A) == []
