"""What the server says that it can, and requests about places that are malformed, or about what is not ours."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from authoring import session
from editing import INVALID_PARAMS, Json, refusal
from test_navigation_requests import A, write

pytestmark = pytest.mark.asyncio


async def test_the_server_says_what_it_can(tmp_path: Path) -> None:
    async with session(tmp_path, handshake=False) as author:
        can: Json = {
            "textDocument": {"rename": {"prepareSupport": True}},
            "workspace": {"fileOperations": {"willRename": True}},
        }
        capabilities = (await author.client.initialize(can))["capabilities"]
        for feature in (
            "definition",
            "references",
            "documentHighlight",
            "workspaceSymbol",
            "typeHierarchy",
            "linkedEditingRange",
            "foldingRange",
            "selectionRange",
            "inlayHint",
            "codeLens",
        ):
            assert capabilities[f"{feature}Provider"], feature
        assert capabilities["renameProvider"]["prepareProvider"]
        assert capabilities["documentLinkProvider"]["resolveProvider"]
        assert capabilities["semanticTokensProvider"]["full"]
        assert "refactor" in capabilities["codeActionProvider"]["codeActionKinds"]
        assert capabilities["workspace"]["fileOperations"]["willRename"]["filters"]
        assert "promptbits.open" in capabilities["executeCommandProvider"]["commands"]


AT_A_PLACE = (
    "definition",
    "references",
    "documentHighlight",
    "prepareTypeHierarchy",
    "prepareRename",
    "rename",
    "linkedEditingRange",
    "selectionRange",
    "foldingRange",
    "documentLink",
    "semanticTokens/full",
    "inlayHint",
    "codeLens",
    "codeAction",
)
ZERO = {"line": 0, "character": 0}
EVERYWHERE: Json = {
    "position": ZERO,
    "positions": [ZERO],
    "range": {"start": ZERO, "end": ZERO},
    "newName": "x",
    "context": {"includeDeclaration": True, "diagnostics": []},
}


@pytest.mark.parametrize("method", AT_A_PLACE)
async def test_nothing_is_said_of_what_is_not_ours(method: str, tmp_path: Path) -> None:
    async with session(tmp_path) as author:
        editor = write(author)
        author.write("package.json", '{"name": "x"}')
        author.open("open.json", '{"name": "x"}')
        author.open("prompts/custom/notes.md", "# <<x>>", language="markdown")
        for name in ("package.json", "open.json", "missing.json", "prompts/custom/notes.md", "untitled:Untitled-1"):
            assert await editor.ask(method, name, **EVERYWHERE) is None


@pytest.mark.parametrize("method", AT_A_PLACE)
@pytest.mark.parametrize("params", [None, [], 7, {}, {"textDocument": {}}, {"textDocument": {"uri": 7}}])
async def test_parameters_that_name_no_document_are_refused(method: str, params: Any, tmp_path: Path) -> None:
    async with session(tmp_path) as author:
        asked = author.client.request(f"textDocument/{method}", params)
        assert await refusal(asked, INVALID_PARAMS) == "Invalid parameters"


NEEDS = {
    "position": ("definition", "references", "documentHighlight", "prepareTypeHierarchy", "prepareRename", "rename"),
    "positions": ("selectionRange",),
    "range": ("inlayHint", "codeAction"),
    "newName": ("rename",),
}


@pytest.mark.parametrize("value", [None, 7, [7], {"line": "1"}])
@pytest.mark.parametrize(("key", "method"), [(key, method) for key, methods in NEEDS.items() for method in methods])
async def test_parameters_of_another_shape_are_refused(key: str, method: str, value: Any, tmp_path: Path) -> None:
    async with session(tmp_path) as author:
        write(author)
        params = {**EVERYWHERE, "textDocument": {"uri": author.uri(A)}, key: value}
        await refusal(author.client.request(f"textDocument/{method}", params), INVALID_PARAMS)


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("workspace/symbol", None),
        ("workspace/symbol", {"query": 7}),
        ("workspaceSymbol/resolve", None),
        ("workspaceSymbol/resolve", {"data": 7, "location": {}}),
        ("workspaceSymbol/resolve", {"data": ["/a", "id"]}),
        ("workspaceSymbol/resolve", {"data": ["/a", "nothing", "b"]}),
        ("typeHierarchy/supertypes", None),
        ("typeHierarchy/subtypes", {"item": {"uri": "untitled:x"}}),
        ("documentLink/resolve", []),
        ("documentLink/resolve", {"data": 7}),
        ("workspace/willRenameFiles", None),
        ("workspace/willRenameFiles", {"files": [{"oldUri": "file:///a.json"}]}),
        ("workspace/executeCommand", None),
        ("workspace/executeCommand", {"command": 7}),
        ("codeAction/resolve", {"data": ["refactor", 1]}),
        ("codeAction/resolve", {"data": ["refactor", "u", 1, "n", "a", True, 2]}),
    ],
)
async def test_malformed_requests_are_refused(method: str, params: Any, tmp_path: Path) -> None:
    async with session(tmp_path) as author:
        await refusal(author.client.request(method, params), INVALID_PARAMS)


async def test_an_item_or_a_symbol_of_nowhere_leads_nowhere(tmp_path: Path) -> None:
    async with session(tmp_path) as author:
        editor = write(author)
        item = {"uri": author.uri("missing.json"), "data": 7}
        assert await editor.request("typeHierarchy/supertypes", {"item": item}) is None
        nul = {"name": "x", "kind": 1, "data": ["\0", "id", "x"]}
        await refusal(author.client.request("workspaceSymbol/resolve", nul), INVALID_PARAMS)
