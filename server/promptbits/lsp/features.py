"""Requests about one document: from the protocol's JSON to a pure function of a snapshot, and back."""

from __future__ import annotations

from typing import Any, Final, cast

from promptbits.checks.finding import Edit
from promptbits.checks.snapshot import Range, Snapshot
from promptbits.language.formatting import format_document
from promptbits.language.hover import hover, plain
from promptbits.language.outline import Kind, Symbol, outline
from promptbits.lsp.convert import range_of
from promptbits.lsp.documents import uri_in
from promptbits.lsp.errors import InvalidParamsError
from promptbits.lsp.session import Session
from promptbits.text.document import Document

Json = dict[str, Any]

# What the entries of the outline are to an editor: its icons.
_SYMBOLS: Final[dict[Kind, int]] = {
    "object": 19,
    "array": 18,
    "string": 15,
    "number": 16,
    "literal": 17,
    "field": 8,
    "variable": 13,
    "heading": 15,
}


class Features:
    """The answers of the server, by document."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def formatting(self, params: Any) -> list[Json] | None:
        """The edits that bring a document to canonical form; None where it is not ours."""
        snapshot = self._session.snapshot(uri_in(params))
        if snapshot is None:
            return None
        document = snapshot.document
        items = [self._edit(document, edit) for edit in format_document(snapshot)]
        if items and not document.text.endswith("\n"):
            # Neovim leaves an empty line after the newline that this adds, unless the edit reaches beyond the text.
            items[-1]["range"]["end"] = {"line": document.lines.line_count, "character": 0}
        return items

    def document_symbols(self, params: Any) -> list[Json] | None:
        """The outline, as a tree where the client shows one."""
        uri = uri_in(params)
        snapshot = self._session.snapshot(uri)
        if snapshot is None:
            return None
        most = snapshot.settings.max_items
        symbols, is_cut = outline(snapshot, most)
        if is_cut:
            name = snapshot.path.name if snapshot.path else "this document"
            self._session.warn([f"{name}: the outline shows only the first {most:,} entries (the setting is maxItems)"])
        if self._session.client.symbol_trees:
            return [self._symbol(snapshot, symbol) for symbol in symbols]
        return [each for symbol in symbols for each in self._flat(snapshot, symbol, uri, "")]

    def hover(self, params: Any) -> Json | None:
        """What is known of the place under the pointer."""
        snapshot = self._session.snapshot(uri_in(params))
        if snapshot is None:
            return None
        found = hover(snapshot, offset_in(params, self._session, snapshot.document))
        if found is None:
            return None
        markdown = self._session.client.markdown_hovers
        contents = {
            "kind": "markdown" if markdown else "plaintext",
            "value": found.markdown if markdown else plain(found.markdown),
        }
        return {"contents": contents, "range": self._range(snapshot.document, (found.start, found.end))}

    def _symbol(self, snapshot: Snapshot, symbol: Symbol) -> Json:
        item: Json = {
            "name": symbol.name,
            "kind": _SYMBOLS[symbol.kind],
            "range": self._range(snapshot.document, symbol.range),
            "selectionRange": self._range(snapshot.document, symbol.selection),
        }
        if symbol.detail:
            item["detail"] = symbol.detail
        if symbol.children:
            item["children"] = [self._symbol(snapshot, child) for child in symbol.children]
        return item

    def _flat(self, snapshot: Snapshot, symbol: Symbol, uri: str, holder: str) -> list[Json]:
        item: Json = {
            "name": symbol.name,
            "kind": _SYMBOLS[symbol.kind],
            "location": {"uri": uri, "range": self._range(snapshot.document, symbol.range)},
        }
        if holder:
            item["containerName"] = holder
        below = (each for child in symbol.children for each in self._flat(snapshot, child, uri, symbol.name))
        return [item, *below]

    def _edit(self, document: Document, edit: Edit) -> Json:
        return {"range": self._range(document, (edit.start, edit.end)), "newText": edit.new}

    def _range(self, document: Document, span: Range) -> Json:
        return range_of(document, *span, self._session.documents.encoding)


def offset_in(params: Any, session: Session, document: Document) -> int:
    """The offset of the position that a request names, clamped to the document.

    Raises:
        InvalidParamsError: it names none.
    """
    position = cast("Json", params).get("position") if isinstance(params, dict) else None
    if not isinstance(position, dict):
        raise InvalidParamsError
    line, character = cast("Json", position).get("line"), cast("Json", position).get("character")
    if not isinstance(line, int) or not isinstance(character, int):
        raise InvalidParamsError
    return document.lines.offset(line, character, session.documents.encoding)
