"""Requests that lead from one place to others: definition, references, highlights, symbols and lineage.

What reads other files runs in a thread, on a snapshot that never changes: the author goes on typing meanwhile.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from typing import Any, Final, cast

from promptbits.language.navigation.definition import definition
from promptbits.language.navigation.highlights import HighlightKind, highlights
from promptbits.language.navigation.lineage import lineage_item, subtypes, supertypes
from promptbits.language.navigation.references import references
from promptbits.language.navigation.symbols import MOST, Found, FoundKind, locate, search
from promptbits.language.places import Place, Reader
from promptbits.lsp.rpc.errors import InvalidParamsError
from promptbits.lsp.state.reading import reader_of
from promptbits.lsp.state.session import Session
from promptbits.lsp.state.surface import Surface
from promptbits.lsp.values.convert import Json, range_of
from promptbits.lsp.values.parameters import position_in, table_in, text_in, uri_in
from promptbits.lsp.values.uris import path_of, uri_of
from promptbits.prompts.entry import Entry
from promptbits.prompts.library import Library

_HIGHLIGHTS: Final[dict[HighlightKind, int]] = {"text": 1, "read": 2, "write": 3}
# What the things of a library are to an editor: its icons.
_SYMBOLS: Final[dict[FoundKind, int]] = {"id": 1, "description": 1, "tag": 20, "variable": 13}
_PROMPT: Final = 5
# A list longer than this is nothing to read, and some editors open every file of it.
_MOST_REFERENCES: Final = 10_000


class Navigation:
    """Answers the requests that name other places."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def definition(self, params: Any) -> list[Json] | None:
        """Where the name under the cursor is declared."""
        await self._session.library_read(uri_in(params))
        surface = self._session.surface(uri_in(params))
        if surface is None:
            return None
        offset, read = surface.offset(*position_in(params)), reader_of(self._session.documents)
        places = await asyncio.to_thread(definition, surface.snapshot, offset, read)
        return self._locations(surface, places, read)

    async def references(self, params: Any) -> list[Json] | None:
        """Where the name under the cursor is used."""
        await self._session.library_read(uri_in(params))
        surface = self._session.surface(uri_in(params))
        if surface is None:
            return None
        offset, read = surface.offset(*position_in(params)), reader_of(self._session.documents)
        context = cast("Json", params).get("context")
        declared = isinstance(context, dict) and cast("Json", context).get("includeDeclaration") is True
        places = await asyncio.to_thread(references, surface.snapshot, offset, read, declared)
        return await asyncio.to_thread(self._locations, surface, places[:_MOST_REFERENCES], read)

    def highlights(self, params: Any) -> list[Json] | None:
        """The mentions in this document of the name under the cursor."""
        surface = self._session.surface(uri_in(params))
        if surface is None:
            return None
        items: list[Json] = []
        for each in highlights(surface.snapshot, surface.offset(*position_in(params))):
            span = surface.range(each.start, each.end)
            if span is not None:
                items.append({"range": span, "kind": _HIGHLIGHTS[each.kind]})
        return items

    async def symbols(self, params: Any) -> list[Json]:
        """What fits a query in the libraries of the workspace."""
        query = text_in(params, "query")
        libraries = await self._session.libraries()
        read = reader_of(self._session.documents)
        return await asyncio.to_thread(self._found, libraries, query, read)

    def resolve_symbol(self, item: Any) -> Json:
        """A symbol with its range."""
        symbol = cast("Json", item) if isinstance(item, dict) else {}
        data = symbol.get("data")
        if data is None and "location" in symbol:
            return symbol  # it came with its range
        if not isinstance(data, list) or [type(each) for each in cast("list[Any]", data)] != [str, str, str]:
            raise InvalidParamsError
        path, kind, name = cast("list[str]", data)
        if kind not in _SYMBOLS or not Path(path).is_absolute():
            raise InvalidParamsError
        entry = Entry(path, "custom", "")
        return symbol | {
            "location": self._place(Found(entry, kind, name, "", "", 0), reader_of(self._session.documents))
        }

    def _found(self, libraries: list[Library], query: str, read: Reader) -> list[Json]:
        found: dict[tuple[str, FoundKind, str], Found] = {}
        for library in libraries:
            for each in search(library, query, MOST):  # the shipped prompts are in every library
                found.setdefault((each.entry.path, each.kind, each.name), each)
        best = sorted(found.values(), key=lambda each: -each.score) if len(libraries) > 1 else found.values()
        return [self._symbol(each, read) for each in islice(best, MOST)]

    def _symbol(self, found: Found, read: Reader) -> Json:
        symbol: Json = {"name": found.name, "kind": _SYMBOLS[found.kind]}
        if found.detail:
            symbol["containerName"] = found.detail
        if not self._session.client.lazy_symbols:
            return symbol | {"location": self._place(found, read)}
        uri = self._session.address(found.entry.path)
        return symbol | {"location": {"uri": uri}, "data": [found.entry.path, found.kind, found.name]}

    def _place(self, found: Found, read: Reader) -> Json:
        place = locate(found, read)
        path = found.entry.path
        document = read(path)
        start, end = (place.start, place.end) if place is not None else (0, 0)
        zero = {"line": 0, "character": 0}
        encoding = self._session.documents.encoding
        span = range_of(document, start, end, encoding) if document is not None else {"start": zero, "end": zero}
        return {"uri": self._session.address(path), "range": span}

    def _locations(self, surface: Surface, places: Iterable[Place], read: Reader) -> list[Json]:
        encoding = self._session.documents.encoding
        locations: list[Json] = []
        for place in places:
            document = read(place.path) if place.path is not None else None
            if place.path is None:
                locations.append(surface.location(place.start, place.end))
            elif document is not None:
                span = range_of(document, place.start, place.end, encoding)
                locations.append({"uri": self._session.address(place.path), "range": span})
        return locations

    # Lineage, as a hierarchy of types: what a prompt evolved from is above it, what evolved from it below.

    async def prepare_hierarchy(self, params: Any) -> list[Json] | None:
        """The prompt under the cursor as an item of the hierarchy."""
        await self._session.library_read(uri_in(params))
        surface = self._session.surface(uri_in(params))
        entry = lineage_item(surface.snapshot, surface.offset(*position_in(params))) if surface is not None else None
        path = surface.snapshot.path if surface is not None else None
        asked = uri_of(path) if path is not None else None
        return None if entry is None or not entry.path else self._items([entry], asked)

    async def supertypes(self, params: Any) -> list[Json] | None:
        """What a prompt evolved from."""
        library, entry, asked = await self._entry_in(params)
        return None if entry is None else self._items(supertypes(library, entry), asked)

    async def subtypes(self, params: Any) -> list[Json] | None:
        """What evolved from a prompt."""
        library, entry, asked = await self._entry_in(params)
        return None if entry is None else self._items(subtypes(library, entry), asked)

    async def _entry_in(self, params: Any) -> tuple[Library, Entry | None, Any]:
        """The prompt of an item, the library that it is looked at in, and the document that was asked about first."""
        item = table_in(params, "item")
        uri, asked = item.get("uri"), item.get("data")
        path = path_of(uri) if isinstance(uri, str) else None
        if path is None:
            raise InvalidParamsError
        # A shipped prompt lies in no root of the author's, and perhaps in one of its own: what evolved from it is in
        # the library of the document that was asked about.
        origin = path_of(asked) if isinstance(asked, str) else None
        for each in (asked, uri):
            if isinstance(each, str):
                await self._session.library_read(each)
        for each in (origin, path):
            library = self._session.roots.of(each).library if each is not None else None
            entry = library.by_path(str(path)) if library is not None else None
            if library is not None and entry is not None:
                return library, entry, asked
        surface = self._session.surface(self._session.address(str(path)))
        if surface is None:
            return self._session.roots.of(path).library, None, asked
        return surface.snapshot.library, lineage_item(surface.snapshot, 0), asked

    def _items(self, entries: Iterable[Entry], asked: Any) -> list[Json]:
        items: list[Json] = []
        for entry in entries:
            place = self._session.locate(entry.path, "id")
            if place is not None:
                detail = f"revision {entry.revision}" + (f" · {entry.description}" if entry.description else "")
                name = entry.id or Path(entry.path).name
                item = {"name": name, "kind": _PROMPT, "detail": detail, "uri": place["uri"]}
                if asked is not None:
                    item["data"] = asked
                items.append(item | {"range": place["range"], "selectionRange": place["range"]})
        return items
