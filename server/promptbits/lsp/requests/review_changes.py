"""What a decision changes, as edits that the client makes, so that they can be undone."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from pygls.exceptions import JsonRpcException

from promptbits.language.places import Change, CreatedFile, FileEdits, RefusedError
from promptbits.lsp.requests.workspace_edits import workspace_edit
from promptbits.lsp.rpc.errors import RequestFailedError
from promptbits.lsp.state.reading import reader_of
from promptbits.lsp.values.convert import Json
from promptbits.optimize.reviews.changes import CreatedFile as NewFile
from promptbits.optimize.reviews.changes import FileChange
from promptbits.prompts import writing

if TYPE_CHECKING:
    from promptbits.lsp.state.session import Session
    from promptbits.lsp.state.surface import Surface

Ask = Callable[[str, Json], Awaitable[Any]]

_APPLY: Final = "workspace/applyEdit"


class ReviewChanges:
    """Has the client make changes.

    Args:
        ask: sends a request to the client, and gives its answer.
        session: knows what the client can do.
    """

    def __init__(self, ask: Ask, session: Session) -> None:
        self._ask = ask
        self._session = session

    async def make(self, surface: Surface, changes: Sequence[FileChange], label: str) -> None:
        """Make changes of the prompt that a surface shows and of other files.

        A new file is written here for a client that creates none.

        Raises:
            RequestFailedError: they are not made, in words to show.
        """
        new = [each for each in changes if isinstance(each, NewFile)]
        if not self._session.client.create_files:
            for each in new:
                self._write(each)
            new = []
        edits = tuple(
            FileEdits(None if each.path == surface.snapshot.path else str(each.path), each.edits, label)
            for each in changes
            if not isinstance(each, NewFile)
        )
        created = tuple(CreatedFile(str(each.path), each.text, f"Create {each.path.name}") for each in new)
        if not edits and not created:
            return
        if not self._session.client.apply_edits:
            raise RequestFailedError("this editor lets no language server edit: use `promptbits review` in a terminal")
        try:
            edit = workspace_edit(self._session, surface, Change(edits, created), reader_of(self._session.documents))
        except RefusedError as error:
            raise RequestFailedError(str(error)) from error
        await self._apply(edit, label)

    def reader(self) -> Callable[[Path], bytes]:
        """Reads prompts as the editor holds them."""
        read = reader_of(self._session.documents)

        def data(path: Path) -> bytes:
            document = read(str(path))
            if document is None:
                raise FileNotFoundError(path)
            return document.text.encode("utf-8", "surrogatepass")

        return data

    def _write(self, new: NewFile) -> None:
        try:
            writing.create(new.path, new.text.encode("utf-8"))
        except OSError as error:
            raise RequestFailedError(f"{new.path}: {error.strerror or 'it cannot be written'}") from error
        self._session.files_changed([(new.path, False)])

    async def _apply(self, edit: Any, label: str) -> None:
        try:
            answer = await self._ask(_APPLY, {"label": label, "edit": edit})
        except JsonRpcException as error:
            raise RequestFailedError("nothing was decided: the editor cannot make this change") from error
        result = cast("Json", answer) if isinstance(answer, dict) else {}
        if result.get("applied") is not True:
            why = result.get("failureReason")
            raise RequestFailedError(
                f"nothing was decided: the editor did not make this change{f' ({why})' if why else ''}"
            )
