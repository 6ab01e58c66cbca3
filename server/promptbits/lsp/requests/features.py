"""Requests about one document: from the protocol's JSON to a pure function of a snapshot, and back."""

from __future__ import annotations

from typing import Any, Final

from promptbits.language.formatting import format_document
from promptbits.language.hover import hover, plain
from promptbits.language.outline import Kind, Symbol, outline
from promptbits.lsp.state.session import Session
from promptbits.lsp.state.surface import Surface
from promptbits.lsp.values.convert import Json
from promptbits.lsp.values.parameters import position_in, uri_in

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
        surface = self._session.surface(uri_in(params))
        if surface is None or surface.is_view:
            return None
        items = [each for edited in surface.edited(format_document(surface.snapshot)) for each in edited.edits]
        if items and not surface.shown.text.endswith("\n"):
            # Neovim leaves an empty line after the newline that this adds, unless the edit reaches beyond the text.
            items[-1]["range"]["end"] = {"line": surface.shown.lines.line_count, "character": 0}
        return items

    def document_symbols(self, params: Any) -> list[Json] | None:
        """The outline, as a tree where the client shows one."""
        surface = self._session.surface(uri_in(params))
        if surface is None:
            return None
        snapshot = surface.snapshot
        most = snapshot.settings.max_items
        symbols, is_cut = outline(snapshot, most)
        if is_cut:
            name = snapshot.path.name if snapshot.path else "this document"
            self._session.warn([f"{name}: the outline shows only the first {most:,} entries (the setting is maxItems)"])
        if surface.is_view:  # which shows the headings alone
            symbols = [child for symbol in symbols if symbol.name == "content" for child in symbol.children]
        if self._session.client.symbol_trees:
            return [_symbol(surface, symbol) for symbol in symbols]
        return [each for symbol in symbols for each in _flat(surface, symbol, "")]

    def hover(self, params: Any) -> Json | None:
        """What is known of the place under the pointer."""
        surface = self._session.surface(uri_in(params))
        if surface is None:
            return None
        found = hover(surface.snapshot, surface.offset(*position_in(params)))
        if found is None:
            return None
        markdown = self._session.client.markdown_hovers
        contents = {
            "kind": "markdown" if markdown else "plaintext",
            "value": found.markdown if markdown else plain(found.markdown),
        }
        return {"contents": contents, "range": surface.range(found.start, found.end)}


def _symbol(surface: Surface, symbol: Symbol) -> Json:
    item: Json = {
        "name": symbol.name,
        "kind": _SYMBOLS[symbol.kind],
        "range": surface.range(*symbol.range),
        "selectionRange": surface.range(*symbol.selection),
    }
    if symbol.detail:
        item["detail"] = symbol.detail
    if symbol.children:
        item["children"] = [_symbol(surface, child) for child in symbol.children]
    return item


def _flat(surface: Surface, symbol: Symbol, holder: str) -> list[Json]:
    item: Json = {
        "name": symbol.name,
        "kind": _SYMBOLS[symbol.kind],
        "location": surface.location(*symbol.range),
    }
    if holder:
        item["containerName"] = holder
    below = (each for child in symbol.children for each in _flat(surface, child, symbol.name))
    return [item, *below]
