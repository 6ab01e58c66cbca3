"""Refactorings as code actions: their titles at once, their edits once one is chosen."""

from __future__ import annotations

from typing import Any, cast

from promptbits.language.actions import wants
from promptbits.language.places import RefusedError
from promptbits.language.refactoring import Refactoring, change_of, refactorings
from promptbits.language.refactoring.item import RefactoringKind
from promptbits.language.refactoring.split import SPLIT
from promptbits.lsp.requests.workspace_edits import workspace_edit
from promptbits.lsp.rpc.errors import ContentModifiedError, InvalidParamsError, RequestFailedError
from promptbits.lsp.state.reading import reader_of
from promptbits.lsp.state.session import Session
from promptbits.lsp.state.surface import Surface
from promptbits.lsp.values.convert import Json

KIND = "refactor"


class RefactorActions:
    """Refactorings of a selection."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def list(self, surface: Surface, start: int, end: int, only: list[str] | None) -> list[Json]:
        """What can be done with a range of a prompt."""
        kinds = None if only is None else tuple(only)
        found = [each for each in refactorings(surface.snapshot, start, end) if wants(kinds, each.kind)]
        if not self._session.client.create_files:
            found = [each for each in found if each.name != SPLIT]
        items = [self._item(surface, each, start, end) for each in found]
        return [item for item in items if item is not None]

    async def resolve(self, action: Json) -> Json:
        """An action with its edit.

        Raises:
            ContentModifiedError: the document is no longer what the action was made for.
            RequestFailedError: it cannot be done, for a reason that the author should read.
        """
        data = cast("list[Any]", action["data"])
        if [type(each) for each in data] != [str, str, int, str, str, int, int]:
            raise InvalidParamsError
        _, uri, version, name, argument, start, end = data
        if name == SPLIT:
            await self._session.library_read(uri)  # before that it is not known which ids are free
        surface = self._session.surface(uri)
        if surface is None or surface.version != version:
            raise ContentModifiedError
        title, kind = action.get("title"), cast("RefactoringKind", action.get("kind"))
        chosen = Refactoring(name, title if isinstance(title, str) else "", kind, argument)
        start, end = surface.source(start), surface.source(end)
        try:
            return action | {"edit": self._edit(surface, chosen, start, end)}
        except RefusedError as error:
            raise RequestFailedError(str(error)) from error

    def _item(self, surface: Surface, each: Refactoring, start: int, end: int) -> Json | None:
        item: Json = {"title": each.title, "kind": each.kind}
        if self._session.client.lazy_edits and surface.version is not None:
            # The version is that of the text that is shown: the JSON of a view may change until this is chosen.
            span = surface.span(start, end) or (0, 0)
            return item | {"data": [KIND, surface.uri, surface.version, each.name, each.argument, *span]}
        try:
            return item | {"edit": self._edit(surface, each, start, end)}
        except RefusedError:
            return None

    def _edit(self, surface: Surface, each: Refactoring, start: int, end: int) -> Json:
        change = change_of(surface.snapshot, each, start, end)
        return workspace_edit(self._session, surface, change, reader_of(self._session.documents))
