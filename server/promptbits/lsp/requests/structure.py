"""Requests about how a prompt is built: folding, growing selections and links.

What goes through the whole of a prompt runs in a thread, on a snapshot that never changes.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any, Final, cast

from promptbits.language.structure.folding import folds
from promptbits.language.structure.links import Link, links, resolve_link
from promptbits.language.structure.selection import selections
from promptbits.lsp.rpc.errors import InvalidParamsError, RequestFailedError
from promptbits.lsp.state.session import Session
from promptbits.lsp.state.surface import Surface
from promptbits.lsp.values.convert import Json, position_of, range_of
from promptbits.lsp.values.parameters import list_in, position, uri_in
from promptbits.lsp.values.uris import uri_of
from promptbits.text.document import Position

# More positions than any editor has cursors.
_MOST_POSITIONS: Final = 1000


class Structure:
    """Answers `foldingRange`, `selectionRange` and `documentLink`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def folds(self, params: Any) -> list[Json] | None:
        """What can be folded: whatever is longer than a line where it is shown."""
        surface = self._session.surface(uri_in(params))
        return None if surface is None else await asyncio.to_thread(self._folds, surface)

    def _folds(self, surface: Surface) -> list[Json]:
        items: list[Json] = []
        for fold in folds(surface.snapshot):
            span = surface.span(fold.start, fold.end)
            if span is None:
                continue
            found = range_of(surface.shown, *span, surface.encoding)
            start, end = found["start"], found["end"]
            if start["line"] < end["line"]:
                item: Json = {"startLine": start["line"], "endLine": end["line"]}
                if not self._session.client.whole_line_folds:
                    item |= {"startCharacter": start["character"], "endCharacter": end["character"]}
                items.append(item | {"kind": fold.kind} if fold.kind else item)
        return items[: surface.snapshot.settings.max_items]

    def selections(self, params: Any) -> list[Json] | None:
        """For each position, the ranges that a selection grows through, from the inside."""
        surface = self._session.surface(uri_in(params))
        positions = [position(each) for each in list_in(params, "positions")[:_MOST_POSITIONS]]
        if surface is None:
            return None
        return [_chain(surface, each) for each in positions]

    async def links(self, params: Any) -> list[Json] | None:
        """What a document leads to. Whether a file is there is looked up when somebody follows the link."""
        surface = self._session.surface(uri_in(params))
        return None if surface is None else await asyncio.to_thread(self._links, surface)

    def _links(self, surface: Surface) -> list[Json]:
        items: list[Json] = []
        for link in links(surface.snapshot)[: surface.snapshot.settings.max_items]:
            span = surface.range(link.start, link.end)
            if span is not None:
                item: Json = {"range": span} | self._target(link)
                items.append(item | {"tooltip": link.tooltip} if self._session.client.link_tooltips else item)
        return items

    def resolve_link(self, item: Any) -> Json:
        """A link to a file with its target.

        Raises:
            RequestFailedError: there is no such file.
        """
        if not isinstance(item, dict):
            raise InvalidParamsError
        link = cast("Json", item)
        path = link.get("data")
        if "target" in link or path is None:
            return link
        if not isinstance(path, str) or not Path(path).is_absolute():
            raise InvalidParamsError
        found = resolve_link(path)
        if found is None:
            raise RequestFailedError(f"there is no file {self._shown(path)}")
        return link | {"target": self._session.address(found)}

    def _shown(self, path: str) -> str:
        """A file as an author knows it: relative to its root."""
        found = (state.root.relative(Path(path)) for state in self._session.roots.states())
        return next((each.as_posix() for each in found if each is not None), Path(path).name)

    def _target(self, link: Link) -> Json:
        if link.target_url is not None:
            return {"target": link.target_url}
        if link.prompt_id is not None and link.target_path is not None:
            return {"target": self._session.address(link.target_path)}
        if link.target_path is None:
            return {}
        # Only a client with tooltips is of the version that resolves links, too.
        resolves = self._session.client.link_tooltips
        return {"data": link.target_path} if resolves else {"target": uri_of(link.target_path)}


def _chain(surface: Surface, at: Position) -> Json:
    """The ranges around a position that are shown, each the parent of the one inside; the position alone has one."""
    spans = [surface.span(*each) for each in selections(surface.snapshot, surface.offset(*at))]
    chain: Json | None = None
    around = (0, len(surface.shown.text)) if surface.is_view else None
    for span in reversed(spans):
        if span is not None and (around is None or (span != around and around[0] <= span[0] <= span[1] <= around[1])):
            item: Json = {"range": range_of(surface.shown, *span, surface.encoding)}
            chain = item | {"parent": chain} if chain else item
            around = span
    if chain is None:
        here = position_of(surface.shown, surface.shown.lines.offset(*at, surface.encoding), surface.encoding)
        chain = {"range": {"start": here, "end": here}}
    return chain
