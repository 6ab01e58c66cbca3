"""A server on stock pygls that answers with constants: what the framework costs before anything is done."""

from __future__ import annotations

from lsprotocol import types
from pygls.lsp.server import LanguageServer

server = LanguageServer("empty-pygls", "1")

_ZERO = types.Range(types.Position(0, 0), types.Position(0, 1))


@server.feature(
    types.TEXT_DOCUMENT_DIAGNOSTIC, types.DiagnosticOptions(inter_file_dependencies=False, workspace_diagnostics=False)
)
def diagnostic(_params: types.DocumentDiagnosticParams) -> types.RelatedFullDocumentDiagnosticReport:
    """No findings."""
    return types.RelatedFullDocumentDiagnosticReport(items=[])


@server.feature(types.TEXT_DOCUMENT_COMPLETION)
def completion(_params: types.CompletionParams) -> types.CompletionList:
    """Ten items."""
    items = [types.CompletionItem(label=f"item{number}") for number in range(10)]
    return types.CompletionList(is_incomplete=False, items=items)


@server.feature(types.TEXT_DOCUMENT_HOVER)
def hover(_params: types.HoverParams) -> types.Hover:
    """One word."""
    return types.Hover(types.MarkupContent(types.MarkupKind.Markdown, "text"))


@server.feature(types.TEXT_DOCUMENT_DOCUMENT_SYMBOL)
def document_symbol(_params: types.DocumentSymbolParams) -> list[types.DocumentSymbol]:
    """Ten symbols."""
    return [types.DocumentSymbol(f"name{number}", types.SymbolKind.Key, _ZERO, _ZERO) for number in range(10)]


@server.feature(types.TEXT_DOCUMENT_FORMATTING)
def formatting(_params: types.DocumentFormattingParams) -> list[types.TextEdit]:
    """Nothing to change."""
    return []


if __name__ == "__main__":
    server.start_io()
