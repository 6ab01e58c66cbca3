"""Every feature on an open view with unsaved text: on the JSON with that text put in, in positions of the view."""

from __future__ import annotations

import contextlib
import json
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from authoring import Json
from client import ResponseError
from viewing import ENCODINGS, A, Editor, editing, said

from promptbits.text.lines import Encoding

pytestmark = [pytest.mark.asyncio, pytest.mark.parametrize("encoding", ENCODINGS)]

VARIABLES = {
    "stack": {"description": "What it is built with", "default": "a 🚀 stack"},
    "name": {"description": "Of the project"},
}
# In the file é stands as \u00e9, and nothing has the length that it has in the view.
SAVED = "# Café 🚀\n\nUse <<stack>>.\n"
TYPED = (
    "# Café 🚀\n\nA line 😀 that is not saved.\n\nUse 🚀 <<stack>> and <<name>>.\n\n"
    "## Über <<stack>>\n\n```sh\nrun\n```\n"
)
FILE = json.dumps(json.loads(said(content=SAVED, tags=["é"], variables=VARIABLES)), indent=2) + "\n"
LITERALS: Json = {
    "textDocument": {
        "publishDiagnostics": {"relatedInformation": True},
        "codeAction": {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": ["quickfix", "refactor"]}}},
        "documentSymbol": {"hierarchicalDocumentSymbolSupport": True},
        "hover": {"contentFormat": ["markdown"]},
    }
}
LAZY: Json = {
    "textDocument": {
        **LITERALS["textDocument"],
        "codeAction": {
            **LITERALS["textDocument"]["codeAction"],
            "dataSupport": True,
            "resolveSupport": {"properties": ["edit"]},
        },
    }
}


class Both(Editor):
    """A view and its JSON."""

    name: str
    json: str

    def span(self, what: str, count: int = 1) -> list[Json]:
        """The ranges of each place of something in the view."""
        found = [match.span() for match in re.finditer(re.escape(what), self.text(self.name))]
        assert len(found) == count
        return [{"start": self.position(self.name, a), "end": self.position(self.name, b)} for a, b in found]

    async def here(self, method: str, what: str, after: int = 0, **params: Any) -> Any:
        return await self.ask(method, self.name, position=self.at(self.name, what, after), **params)

    async def saved(self, version: str) -> Any:
        """The prompt, once the view is saved."""
        result = await self.set(self.name, version, self.text(self.name))
        self.apply(result["edit"])
        return json.loads(self.text(self.json))


def viewing(tmp_path: Path, encoding: Encoding, text: str = FILE, *, is_open: bool = True, lazy: bool = False) -> Any:
    """A view with its JSON open too, or on disk alone."""

    @contextlib.asynccontextmanager
    async def entered() -> Any:
        async with editing(tmp_path, text, encoding=encoding, capabilities=LAZY if lazy else LITERALS) as editor:
            editor.__class__ = Both
            editor.json = editor.open(A, text) if is_open else editor.author.uri(A)
            editor.version = (await editor.content(A))["version"]
            editor.name = await editor.opened()
            yield editor

    return entered()


async def test_completion_is_applied_to_the_view(encoding: Encoding, tmp_path: Path) -> None:
    async with viewing(tmp_path, encoding) as both:
        for typed, wanted in (
            ("😀 <<", "😀 <<stack>>"),
            ("<<st", "<<stack>>"),
            ("{{ st", "{{ stack }}"),
            ("é <<st>>", "é <<stack>>"),
        ):
            both.type(both.name, TYPED + typed)
            after = len(typed) - (2 if typed.endswith(">>") else 0)
            position = both.position(both.name, len(TYPED) + after)
            answer = await both.ask("completion", both.name, position=position)
            [item] = [each for each in answer["items"] if each["label"] == "stack"]
            edits = [item["textEdit"], *item.get("additionalTextEdits", [])]
            assert both.edited(both.name, edits).removeprefix(TYPED) == wanted
            resolved = await both.author.client.request("completionItem/resolve", item)
            assert "What it is built with" in str(resolved["documentation"])


async def test_no_keys_are_completed_in_a_view(encoding: Encoding, tmp_path: Path) -> None:
    async with viewing(tmp_path, encoding) as both:
        for typed in ("", '"', '{"', "a: "):
            both.type(both.name, typed)
            position = both.position(both.name, len(typed))
            assert not (await both.ask("completion", both.name, position=position))["items"]


async def test_hover(encoding: Encoding, tmp_path: Path) -> None:
    async with viewing(tmp_path, encoding) as both:
        both.type(both.name, TYPED)
        found = await both.here("hover", "<<name>>", 3)
        assert found["range"] == both.span("<<name>>")[0]
        assert "Of the project" in found["contents"]["value"]
        line = await both.here("hover", "that is", 1)
        assert both.cut(both.name, line["range"]) == "A line 😀 that is not saved."


async def test_definition_is_in_the_json_as_it_is(encoding: Encoding, tmp_path: Path) -> None:
    for is_open in (True, False):
        async with viewing(tmp_path, encoding, is_open=is_open) as both:
            both.type(both.name, TYPED)
            [found] = await both.here("definition", "<<name>>", 2)
            assert found["uri"] == both.json
            assert both.cut(both.json, found["range"]) in ('"name"', "name")
            start = both.offset(both.json, found["range"]["start"])
            assert FILE[start:].lstrip('"').startswith('name": {')
            assert start > FILE.index('"variables"')


async def test_definition_before_the_content(encoding: Encoding, tmp_path: Path) -> None:
    first = json.dumps({"variables": VARIABLES, "é": "😀", "content": SAVED}, ensure_ascii=False)
    async with viewing(tmp_path, encoding, first) as both:
        both.type(both.name, TYPED)
        [found] = await both.here("definition", "<<name>>", 2)
        assert both.cut(both.json, found["range"]).strip('"') == "name"


async def test_references_and_highlights(encoding: Encoding, tmp_path: Path) -> None:
    async with viewing(tmp_path, encoding) as both:
        both.type(both.name, TYPED)
        at = both.position(both.name, TYPED.index("<<stack>>") + 4)
        for declared in (True, False):
            found = await both.ask("references", both.name, position=at, context={"includeDeclaration": declared})
            own = [each["range"] for each in found if each["uri"] == both.name]
            assert [both.cut(both.name, each).strip("<>") for each in own] == ["stack", "stack"]
            assert [each["start"]["line"] for each in own] == [4, 6]
            beside = [both.cut(both.json, each["range"]).strip('"') for each in found if each["uri"] == both.json]
            assert beside == (["stack"] if declared else [])
            assert len(found) == len(own) + len(beside)
        marks = await both.ask("documentHighlight", both.name, position=at)
        assert [both.cut(both.name, each["range"]).strip("<>") for each in marks] == ["stack", "stack"]


@pytest.mark.parametrize("is_open", [True, False])
async def test_rename_changes_the_view_and_the_json(encoding: Encoding, is_open: bool, tmp_path: Path) -> None:
    async with viewing(tmp_path, encoding, is_open=is_open) as both:
        both.type(both.name, TYPED)
        at = both.position(both.name, TYPED.index("<<stack>>") + 4)
        prepared = await both.ask("prepareRename", both.name, position=at)
        assert prepared["placeholder"] == both.cut(both.name, prepared["range"]) == "stack"
        edit = await both.ask("rename", both.name, position=at, newName="tech_stack")
        uris = {each["textDocument"]["uri"]: each["textDocument"]["version"] for each in edit["documentChanges"]}
        assert uris == {both.name: 2, both.json: 1 if is_open else None}
        both.apply(edit)
        assert both.text(both.name) == TYPED.replace("<<stack>>", "<<tech_stack>>")
        assert both.text(both.json) == FILE.replace('"stack": {', '"tech_stack": {')
        prompt = await both.saved(both.version)
        assert prompt["content"] == both.text(both.name)
        assert list(prompt["variables"]) == ["tech_stack", "name"]
        with pytest.raises(ResponseError) as caught:
            await both.ask("rename", both.name, position=both.at(both.name, "<<name>>", 3), newName="tech_stack")
        assert caught.value.code == -32803


async def test_linked_editing(encoding: Encoding, tmp_path: Path) -> None:
    async with viewing(tmp_path, encoding) as both:
        both.type(both.name, TYPED)
        at = both.position(both.name, TYPED.index("<<stack>>") + 4)
        linked = await both.ask("linkedEditingRange", both.name, position=at)
        assert [both.cut(both.name, each) for each in linked["ranges"]] == ["stack", "stack"]
        # The declaration is in the JSON: one place alone has nothing to be linked with.
        assert await both.here("linkedEditingRange", "<<name>>", 3) is None


async def test_outline_is_of_the_headings(encoding: Encoding, tmp_path: Path) -> None:
    async with viewing(tmp_path, encoding) as both:
        both.type(both.name, TYPED)
        [title] = await both.ask("documentSymbol", both.name)
        [below] = title["children"]
        assert (title["name"], below["name"]) == ("Café 🚀", "Über <<stack>>")
        assert both.cut(both.name, below["range"]).startswith("## Über <<stack>>\n")
        assert both.cut(both.name, below["selectionRange"]).strip("# \n") == "Über <<stack>>"
        both.type(both.name, "no heading")
        assert await both.ask("documentSymbol", both.name) == []


async def test_semantic_tokens(encoding: Encoding, tmp_path: Path) -> None:
    async with viewing(tmp_path, encoding) as both:
        both.type(both.name, TYPED)
        data = (await both.ask("semanticTokens/full", both.name))["data"]
        line = start = 0
        texts: list[str] = []
        for at in range(0, len(data), 5):
            line, start = line + data[at], data[at + 1] + (0 if data[at] else start)
            span = {
                "start": {"line": line, "character": start},
                "end": {"line": line, "character": start + data[at + 2]},
            }
            texts.append(both.cut(both.name, span))
        assert texts.count("<<stack>>") == 2
        assert texts.count("<<name>>") == 1
        assert any("Café 🚀" in text for text in texts)
        assert [text for text in texts if "```" in text]
        assert not [text for text in texts if '"' in text]


async def test_inlay_hints(encoding: Encoding, tmp_path: Path) -> None:
    async with viewing(tmp_path, encoding) as both:
        both.type(both.name, TYPED)
        whole = {"start": {"line": 0, "character": 0}, "end": {"line": 99, "character": 0}}
        hints = await both.ask("inlayHint", both.name, range=whole)
        ends = {both.offset(both.name, each["position"]) for each in hints}
        assert ends == {match.end() for match in re.finditer("<<stack>>", TYPED)}
        part = {"start": {"line": 5, "character": 0}, "end": {"line": 7, "character": 0}}
        assert len(await both.ask("inlayHint", both.name, range=part)) == 1


async def test_a_hint_far_out_on_the_line_of_the_json_is_drawn_in_the_view(encoding: Encoding, tmp_path: Path) -> None:
    long = "some words\n" * 3000 + "<<stack>>"
    async with viewing(tmp_path, encoding, said(content=long, variables=VARIABLES)) as both:
        whole = {"start": {"line": 0, "character": 0}, "end": {"line": 9999, "character": 0}}
        [hint] = await both.ask("inlayHint", both.name, range=whole)
        assert hint["position"]["line"] == 3000


async def test_folds(encoding: Encoding, tmp_path: Path) -> None:
    async with viewing(tmp_path, encoding) as both:
        both.type(both.name, TYPED)
        folds = [(each["startLine"], each["endLine"]) for each in await both.ask("foldingRange", both.name)]
        rows = TYPED.split("\n")
        fence = rows.index("```sh")
        assert (fence, fence + 2) in folds
        assert any(start == 6 for start, _ in folds), "the section of the second heading"
        assert all(0 <= start < end < len(rows) for start, end in folds)
        assert len(set(folds)) == len(folds)


async def test_selection_ranges(encoding: Encoding, tmp_path: Path) -> None:
    async with viewing(tmp_path, encoding) as both:
        both.type(both.name, TYPED)
        at = both.at(both.name, "<<name>>", 4)
        first = {"line": 0, "character": 0}
        chains = await both.ask("selectionRange", both.name, positions=[at, first, {"line": 999, "character": 9}])
        assert len(chains) == 3
        texts: list[str] = []
        chain: Json | None = chains[0]
        while chain:
            texts.append(both.cut(both.name, chain["range"]))
            chain = chain.get("parent")
        assert texts[0] == "name"
        assert "<<name>>" in texts
        assert "Use 🚀 <<stack>> and <<name>>." in [text.strip() for text in texts]
        assert all(inner in outer and inner != outer for inner, outer in pairwise(texts))


async def test_links(encoding: Encoding, tmp_path: Path) -> None:
    async with viewing(tmp_path, encoding) as both:
        both.type(both.name, "é 🚀 [here](https://example.org/a) and https://example.org/b\n")
        links = await both.ask("documentLink", both.name)
        assert {each["target"] for each in links} == {"https://example.org/a", "https://example.org/b"}
        assert all("example.org" in both.cut(both.name, each["range"]) for each in links)


async def test_lenses_and_formatting(encoding: Encoding, tmp_path: Path) -> None:
    text = said(content=SAVED, variables=VARIABLES, parent="code-review")
    async with viewing(tmp_path, encoding, text) as both:
        both.type(both.name, TYPED)
        await both.author.settled()
        here, there = await both.ask("codeLens", both.name), await both.ask("codeLens", A)
        assert [each["command"] for each in here] == [each["command"] for each in there]
        assert {each["range"]["start"]["line"] for each in here} <= {0}
        assert await both.ask("formatting", both.name, options={"tabSize": 2, "insertSpaces": True}) is None
