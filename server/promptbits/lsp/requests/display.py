"""What editors draw into a prompt: semantic tokens, inlay hints and code lenses.

The tokens of a long prompt take their time, and so are found in a thread, in a snapshot that never changes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any, Final

from lsprotocol import types

from promptbits.language.display.code_lens import Lens, LensCommand, lens_range, lenses
from promptbits.language.display.inlay_hints import FARTHEST, HintKind, hints
from promptbits.language.display.semantic_tokens import TokenKind, tokens
from promptbits.language.reviewing import lens as review_lenses
from promptbits.lsp.requests.commands import OPEN, SHOW_DIFF, SHOW_STATS
from promptbits.lsp.requests.reviewing import CLIENT_REVIEW, SHOW_REVIEW
from promptbits.lsp.state.reviewed import placed
from promptbits.lsp.state.session import Session
from promptbits.lsp.state.surface import Surface
from promptbits.lsp.values.convert import Json
from promptbits.lsp.values.parameters import range_in, uri_in

# Kinds that every theme has a colour for, in any editor.
_TOKENS: Final[dict[TokenKind, types.SemanticTokenTypes]] = {
    "placeholder": types.SemanticTokenTypes.Parameter,
    "heading": types.SemanticTokenTypes.Keyword,
    "fence": types.SemanticTokenTypes.Decorator,
    "code": types.SemanticTokenTypes.Macro,
    "link": types.SemanticTokenTypes.Namespace,
    "trigger-kind": types.SemanticTokenTypes.EnumMember,
}
_INDEXES: Final[dict[TokenKind, int]] = {kind: index for index, kind in enumerate(_TOKENS)}
LEGEND: Final = types.SemanticTokensLegend(token_types=[each.value for each in _TOKENS.values()], token_modifiers=[])
_HINTS: Final[dict[HintKind, int]] = {"default": 2, "tokens": 1, "measured": 1}
_COMMANDS: Final[dict[LensCommand, str]] = {
    "open": OPEN,
    "diff": SHOW_DIFF,
    "lineage": OPEN,
    "stats": SHOW_STATS,
}
# Commands of clients, where they announce them: what stands above a prompt, and what runs instead of ours.
_EDIT: Final = "promptbits.editContent"
_ABOVE: Final = {_EDIT: "Edit as Markdown", "promptbits.preview": "Preview"}
_STATISTICS: Final = "promptbits.statistics"
_TOP: Final = {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 0}}


class Display:
    """Answers the requests for what is drawn between and above the lines."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._lenses: dict[str, list[Json]] = {}

    async def semantic_tokens(self, params: Any) -> Json | None:
        """Every token of a document, each relative to the one before it."""
        surface = self._session.surface(uri_in(params))
        return None if surface is None else await asyncio.to_thread(self._tokens, surface)

    def _tokens(self, surface: Surface) -> Json:
        lines, encoding = surface.shown.lines, surface.encoding
        data: list[int] = []
        before_line = before = 0
        for token in tokens(surface.snapshot):
            span = surface.span(token.start, token.end)
            if span is None:
                continue
            line, start = lines.position(span[0], encoding)
            last, end = lines.position(span[1], encoding)
            if line != last or end <= start:
                continue  # of broken text; a token stays on its line
            data += (line - before_line, start - before if line == before_line else start, end - start)
            data += (_INDEXES[token.kind], 0)
            before_line, before = line, start
        return {"data": data}

    def inlay_hints(self, params: Any) -> list[Json] | None:
        """The hints for a range of a document."""
        surface = self._session.surface(uri_in(params))
        if surface is None:
            return None
        start, end = (surface.offset(*position) for position in range_in(params))
        # A view has lines of its own, however far out on the line of the JSON they stand.
        farthest = None if surface.is_view else FARTHEST
        items: list[Json] = []
        for hint in hints(surface.snapshot, start, end, farthest):
            position = surface.position(hint.offset)
            if position is not None:
                tooltip = {"kind": "markdown", "value": hint.tooltip}
                items.append({"position": position, "label": hint.label, "kind": _HINTS[hint.kind], "tooltip": tooltip})
        return items

    def code_lenses(self, params: Any) -> list[Json] | None:
        """The lenses of a document: above its first line and above its id."""
        uri = uri_in(params)
        items = self._code_lenses(uri)
        if items is not None and self._session.documents.get(uri) is not None:
            self._lenses[uri] = items
        return items

    def has_other_lenses(self) -> bool:
        """Whether an open document has other lenses by now than the client was told."""
        self._lenses = {uri: items for uri, items in self._lenses.items() if self._session.documents.get(uri)}
        return any(self._code_lenses(uri) != items for uri, items in self._lenses.items())

    def _code_lenses(self, uri: str) -> list[Json] | None:
        surface = self._session.surface(uri)
        if surface is None:
            return None
        drawn = (self._lens(surface, each) for each in lenses(surface.snapshot))
        return [*self._above(surface), *drawn, *self._reviews(surface)]

    def _reviews(self, surface: Surface) -> Iterator[Json]:
        """What is proposed for a prompt."""
        place, client = placed(self._session, surface), self._session.client
        if place is None or not place.state.reviews or place.snapshot.path is None:
            return
        own = CLIENT_REVIEW in client.commands
        for each in review_lenses.lenses(place.snapshot, place.reviews):
            command: Json = {"title": each.title, "command": ""}
            if own or client.show_documents:
                arguments = [self._session.address(str(place.snapshot.path)), each.review]
                command |= {"command": CLIENT_REVIEW if own else SHOW_REVIEW, "arguments": arguments}
            yield {"range": surface.range(each.start, each.end) or _TOP, "command": command}

    def _above(self, surface: Surface) -> Iterator[Json]:
        """What a client can do with a prompt: above its first line, where an author begins to read and no key is."""
        where, path = lens_range(surface.snapshot), surface.snapshot.path
        if where is None or path is None:
            return
        for command, title in _ABOVE.items():
            is_edited = surface.is_view or self._session.roots.ships(path)  # already, or never
            if command not in self._session.client.commands or (command == _EDIT and is_edited):
                continue
            arguments = [self._session.address(str(path))]
            shown = {"title": title, "command": command, "arguments": arguments}
            yield {"range": surface.range(*where) or _TOP, "command": shown}

    def _lens(self, surface: Surface, lens: Lens) -> Json:
        command: Json = {"title": lens.title, "command": ""}
        client = self._session.client
        drawn = lens.command == "stats" and _STATISTICS in client.commands
        if lens.command is not None and (drawn or client.show_documents):
            addresses = [self._session.address(path) for path in lens.targets]
            name = _STATISTICS if drawn else _COMMANDS[lens.command]
            command = {"title": lens.title, "command": name, "arguments": addresses}
        return {"range": surface.range(lens.start, lens.end) or _TOP, "command": command}
