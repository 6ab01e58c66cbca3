"""Renaming: of a name, with every place that mentions it, and of files, with the ids that follow their names."""

from __future__ import annotations

import asyncio
from typing import Any, Final

from lsprotocol import types

from promptbits.language.places import Change, RefusedError
from promptbits.language.renaming import prepare, rename
from promptbits.language.renaming.files import will_rename
from promptbits.language.renaming.linked import linked
from promptbits.lsp.requests.workspace_edits import workspace_edit
from promptbits.lsp.rpc.errors import ContentModifiedError, RequestFailedError
from promptbits.lsp.state.reading import reader_of
from promptbits.lsp.state.roots import RootState
from promptbits.lsp.state.session import Session
from promptbits.lsp.values.convert import Json
from promptbits.lsp.values.parameters import list_in, position_in, text_in, uri_in
from promptbits.lsp.values.uris import path_of

# Every file and folder that may hold or be a prompt; a folder may have any name.
FILES: Final = types.FileOperationRegistrationOptions(
    filters=[
        types.FileOperationFilter(
            scheme="file",
            pattern=types.FileOperationPattern(glob=glob, matches=matches),
        )
        for glob, matches in (
            ("**/*.json", types.FileOperationPatternKind.File),
            ("**", types.FileOperationPatternKind.Folder),
        )
    ]
)


class Renaming:
    """Answers `prepareRename`, `rename`, `linkedEditingRange` and `willRenameFiles`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def prepare(self, params: Any) -> Json | None:
        """The name under the cursor; None where nothing can be renamed.

        Raises:
            RequestFailedError: the name there cannot be renamed, for a reason that the author should read.
        """
        await self._session.library_read(uri_in(params))
        surface = self._session.surface(uri_in(params))
        if surface is None:
            return None
        try:
            found = prepare(surface.snapshot, surface.offset(*position_in(params)))
        except RefusedError as error:
            raise RequestFailedError(str(error)) from error
        span = surface.range(found.start, found.end) if found is not None else None
        return {"range": span, "placeholder": found.text} if found is not None and span is not None else None

    async def rename(self, params: Any) -> Json | None:
        """The edits that rename what stands under the cursor.

        Raises:
            RequestFailedError: it cannot be renamed, or not to that name.
            ContentModifiedError: the document changed meanwhile.
        """
        uri = uri_in(params)
        version = self._version(uri)
        await self._session.library_read(uri)
        await self._session.caught_up()
        surface = self._session.surface(uri)
        new = text_in(params, "newName")
        if surface is None:
            return None
        offset, read = surface.offset(*position_in(params)), reader_of(self._session.documents)
        can_rename_files = self._session.client.rename_files

        def edit() -> Json:
            change = rename(surface.snapshot, offset, new, read, can_rename_files=can_rename_files)
            return workspace_edit(self._session, surface, change, read)

        try:
            found = await asyncio.to_thread(edit)
        except RefusedError as error:
            raise RequestFailedError(str(error)) from error
        if self._version(uri) != version:
            raise ContentModifiedError
        return found

    def _version(self, uri: str) -> int | None:
        opened = self._session.documents.get(uri)
        return opened.version if opened is not None else None

    def linked(self, params: Any) -> Json | None:
        """The ranges that change together while one of them is typed over."""
        surface = self._session.surface(uri_in(params))
        found = linked(surface.snapshot, surface.offset(*position_in(params))) if surface is not None else None
        if surface is None or found is None:
            return None
        ranges = [span for each in found.ranges if (span := surface.range(*each)) is not None]
        return {"ranges": ranges, "wordPattern": found.word_pattern} if len(ranges) > 1 else None

    async def will_rename_files(self, params: Any) -> Json | None:
        """The edits that belong to renaming files, before it happens; None where there are none."""
        moves = moved(params)
        by_root: dict[int, tuple[RootState, list[tuple[str, str]]]] = {}
        for old, new in moves:
            path = path_of(old)
            target = path_of(new)
            if path is not None and target is not None:
                state = self._session.roots.of(path)
                by_root.setdefault(id(state), (state, []))[1].append((str(path), str(target)))
        for state, _ in by_root.values():
            await state.library_read()  # nothing can be renamed along before it is known who names what
        await self._session.caught_up()
        read = reader_of(self._session.documents)
        changes: list[Change] = []
        for state, renames in by_root.values():
            changes.append(await asyncio.to_thread(will_rename, renames, state.library, state.root.layer, read))
        edits = tuple(file for change in changes for file in change.edits)
        if not edits:
            return None
        try:
            return await asyncio.to_thread(workspace_edit, self._session, None, Change(edits), read)
        except RefusedError as error:  # a file changed meanwhile: the renaming goes on without edits
            self._session.warn([f"ids and references were not renamed along: {error}"])
            return None


def moved(params: Any) -> list[tuple[str, str]]:
    """The old and the new address of each file that parameters name.

    Raises:
        InvalidParamsError: they have the wrong shape.
    """
    return [(text_in(file, "oldUri"), text_in(file, "newUri")) for file in list_in(params, "files")]
