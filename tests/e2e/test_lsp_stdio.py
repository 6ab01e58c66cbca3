"""The server as a process of its own, over stdio, with the client of pytest-lsp."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import pytest_lsp
from lsprotocol import types
from pytest_lsp import ClientServerConfig, LanguageClient, client_capabilities

DEADLINE = 10.0
BROKEN = '{\n  "id": "a",\n  "description": "\U0001f600", "confidence": 7\n}\n'
Found = dict[str, types.Diagnostic]

pytestmark = pytest.mark.filterwarnings("error::pytest_lsp.LspSpecificationWarning")


# The console script as pip installs it; a checkout that was never installed runs the module.
_SCRIPT = Path(sys.executable).with_name("promptbits.exe" if sys.platform == "win32" else "promptbits")
COMMAND = [str(_SCRIPT)] if _SCRIPT.exists() else [sys.executable, "-m", "promptbits"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("workspace")
    (folder / "prompts").mkdir()
    (folder / "prompts/other.json").write_text('{"id": "taken"}')
    return folder


@pytest_lsp.fixture(
    scope="module",
    params=["neovim", "visual_studio_code"],
    config=ClientServerConfig(server_command=[*COMMAND, "lsp", "--stdio"]),
)
async def client(lsp_client: LanguageClient, request: pytest.FixtureRequest, folder: Path) -> AsyncIterator[None]:
    @lsp_client.feature(types.CLIENT_REGISTER_CAPABILITY)  # which pytest-lsp does not answer
    def register(_params: types.RegistrationParams) -> None:
        return None

    params = types.InitializeParams(
        capabilities=client_capabilities(request.param),
        workspace_folders=[types.WorkspaceFolder(uri=folder.as_uri(), name="workspace")],
    )
    await asyncio.wait_for(lsp_client.initialize_session(params), DEADLINE)
    yield
    await asyncio.wait_for(lsp_client.shutdown_session(), DEADLINE)
    _ = register


def open_document(client: LanguageClient, uri: str, text: str) -> None:
    document = types.TextDocumentItem(uri=uri, language_id="json", version=1, text=text)
    client.text_document_did_open(types.DidOpenTextDocumentParams(document))


def close_document(client: LanguageClient, uri: str) -> None:
    client.text_document_did_close(types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(uri)))


async def report(client: LanguageClient, uri: str, fits: Callable[[Found], bool]) -> Found:
    """Return the diagnostics of a document by code, once they are as they should be."""

    async def come() -> Found:
        while True:
            found = {str(each.code): each for each in client.diagnostics.get(uri, ())}
            if uri in client.diagnostics and fits(found):
                return found
            await client.wait_for_notification(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)

    return await asyncio.wait_for(come(), DEADLINE)


@pytest.mark.asyncio(loop_scope="module")
async def test_diagnostics_come_change_and_go(client: LanguageClient, folder: Path) -> None:
    uri = (folder / "prompts/a.json").as_uri()
    open_document(client, uri, BROKEN)
    found = await report(client, uri, lambda found: "out-of-range" in found)
    assert found["missing-key"].severity == types.DiagnosticSeverity.Error
    place = found["out-of-range"].range
    assert (place.start.line, place.end.character) == (2, place.start.character + 1)
    edit = types.TextDocumentContentChangePartial(text="0.5", range=place)
    document = types.VersionedTextDocumentIdentifier(version=2, uri=uri)
    client.text_document_did_change(types.DidChangeTextDocumentParams(document, [edit]))
    assert "missing-key" in await report(client, uri, lambda found: "out-of-range" not in found)
    close_document(client, uri)
    assert await report(client, uri, lambda found: not found) == {}


@pytest.mark.asyncio(loop_scope="module")
async def test_another_file_on_disk_counts(client: LanguageClient, folder: Path) -> None:
    uri = (folder / "prompts/taken.json").as_uri()
    open_document(client, uri, '{"id": "taken"}')
    found = await report(client, uri, lambda found: "duplicate-id" in found)
    assert "other.json" in found["duplicate-id"].message
    close_document(client, uri)


@pytest.mark.asyncio(loop_scope="module")
async def test_nothing_is_shown_or_logged_without_need(client: LanguageClient) -> None:
    assert client.messages == []
    assert client.log_messages == []


@pytest.mark.asyncio(loop_scope="module")
async def test_the_features_of_an_author(client: LanguageClient, folder: Path) -> None:
    path = folder / "prompts/features.json"
    text = '{"id": "features", "content": "<<topic>>\\n# Head", "variables": {"topic": {"description": "What about"}}}'
    document = types.TextDocumentItem(path.as_uri(), "json", 1, text)
    client.text_document_did_open(types.DidOpenTextDocumentParams(document))
    here = types.TextDocumentIdentifier(path.as_uri())
    at = types.Position(0, text.index("topic"))

    hover = await client.text_document_hover_async(types.HoverParams(here, at))
    assert hover is not None
    assert isinstance(hover.contents, types.MarkupContent)
    assert "What about" in hover.contents.value

    completion = await client.text_document_completion_async(types.CompletionParams(here, at))
    assert isinstance(completion, types.CompletionList)
    assert "topic" in [item.label for item in completion.items]

    options = types.FormattingOptions(tab_size=2, insert_spaces=True)
    assert await client.text_document_formatting_async(types.DocumentFormattingParams(here, options))

    symbols = await client.text_document_document_symbol_async(types.DocumentSymbolParams(here))
    assert [symbol.name for symbol in symbols or ()][:3] == ["id", "content", "variables"]

    whole = types.Range(types.Position(0, 0), types.Position(0, len(text)))
    context = types.CodeActionContext(diagnostics=[])
    actions = await client.text_document_code_action_async(types.CodeActionParams(here, whole, context))
    titles = [action.title for action in actions or ()]
    assert 'Add "source": "Custom"' in titles
    client.text_document_did_close(types.DidCloseTextDocumentParams(here))
