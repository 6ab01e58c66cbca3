"""Completion over the protocol: items at once, their documentation once one is looked at."""

from __future__ import annotations

from typing import Any, Final, cast

from lsprotocol import types

from promptbits.checks.finding import Edit
from promptbits.language.completion import Item, complete, documentation
from promptbits.language.markup import plain
from promptbits.lsp.rpc.errors import InvalidParamsError
from promptbits.lsp.state.session import Session
from promptbits.lsp.state.surface import Surface
from promptbits.lsp.values.convert import Json
from promptbits.lsp.values.parameters import position_in, uri_in

# A space would bring the list up all through prose.
OPTIONS: Final = types.CompletionOptions(trigger_characters=['"', "<", "{", ":", "."], resolve_provider=True)

_MOST: Final = 100
_KINDS: Final = {
    "key": types.CompletionItemKind.Property,
    "enum": types.CompletionItemKind.EnumMember,
    "trigger": types.CompletionItemKind.Event,
    "variable": types.CompletionItemKind.Variable,
    "tag": types.CompletionItemKind.Keyword,
    "prompt": types.CompletionItemKind.Reference,
    "snippet": types.CompletionItemKind.Snippet,
}
_PLAIN_TEXT: Final = types.InsertTextFormat.PlainText.value
_SNIPPET: Final = types.InsertTextFormat.Snippet.value
_AS_IS: Final = types.InsertTextMode.AsIs.value


class CompletionRequests:
    """Answers `textDocument/completion` and `completionItem/resolve`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def list(self, params: Any) -> Json | None:
        """What can be written at a position; None in a document that is not ours."""
        uri = uri_in(params)
        surface = self._session.surface(uri)
        if surface is None:
            return None
        most = min(_MOST, surface.snapshot.settings.max_items)
        offset = surface.offset(*position_in(params))
        found = complete(surface.snapshot, offset, snippets=self._session.client.snippets, most=most)
        return {"isIncomplete": found.incomplete, "items": [_item(surface, item) for item in found.items]}

    def resolve(self, item: Any) -> Json:
        """An item with its documentation, if there is any by now."""
        if not isinstance(item, dict):
            raise InvalidParamsError
        chosen = cast("Json", item)
        data = chosen.get("data")
        if not isinstance(data, list) or len(cast("list[Any]", data)) != 2:
            return chosen  # not one of ours, or one without documentation
        uri, key = cast("list[Any]", data)
        snapshot = self._session.snapshot(uri) if isinstance(uri, str) else None
        text = documentation(snapshot, key) if snapshot is not None and isinstance(key, str) else None
        if text is None:
            return chosen
        if self._session.client.markdown_documentation:
            return chosen | {"documentation": {"kind": "markdown", "value": text}}
        return chosen | {"documentation": plain(text)}


def _item(surface: Surface, item: Item) -> Json:
    made: Json = {
        "label": item.label,
        "kind": _KINDS[item.kind].value,
        "textEdit": _edits(surface, item.edit)[0],
        "insertTextFormat": _SNIPPET if item.snippet else _PLAIN_TEXT,
    }
    if "\n" in item.edit.new:
        made["insertTextMode"] = _AS_IS
    if item.detail:
        made["detail"] = item.detail
    if item.filter_text:
        made["filterText"] = item.filter_text
    if item.sort_text:
        made["sortText"] = item.sort_text
    if item.additional:
        made["additionalTextEdits"] = _edits(surface, *item.additional)
    if item.key:
        made["data"] = [surface.uri, item.key]
    return made


def _edits(surface: Surface, *edits: Edit) -> list[Json]:
    return [each for edited in surface.edited(edits) for each in edited.edits]
