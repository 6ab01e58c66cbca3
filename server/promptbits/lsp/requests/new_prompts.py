"""`promptbits/newPrompt`: a prompt of the author's own, from the template or as a duplicate of another one."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Final

from promptbits.checks.snapshot import Snapshot
from promptbits.language.duplicate import duplicate
from promptbits.language.places import Change, CreatedFile, RefusedError
from promptbits.lsp.requests.named import prompt_in
from promptbits.lsp.requests.workspace_edits import workspace_edit
from promptbits.lsp.rpc.errors import RequestFailedError
from promptbits.lsp.state.roots import RootState
from promptbits.lsp.state.session import Session
from promptbits.lsp.values.convert import Json
from promptbits.lsp.values.parameters import table, text_in
from promptbits.lsp.values.uris import path_of, uri_of
from promptbits.prompts import drafts, writing

NEW_PROMPT: Final = "promptbits/newPrompt"


class NewPrompts:
    """Answers the request."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def create(self, params: Any) -> Json:
        """The address of a new prompt, and the edit that creates it.

        For a client that creates no files the file is written here, and the edit is empty.

        Raises:
            RequestFailedError: it cannot be, in words to show.
        """
        id_ = text_in(params, "id")
        meant = drafts.kebab_case(id_)
        if not id_ or meant != id_:
            hint = f", such as {meant}" if meant else ""
            raise RequestFailedError(f'"{id_}" is no id: use lower-case words joined by hyphens{hint}')
        origin = prompt_in(self._session, params, "from") if table(params).get("from") is not None else None
        state = self._root(params, origin)
        await state.library_read()
        path = drafts.custom_path(state.root, id_)
        self._refuse_taken(state, path, id_, origin)
        try:
            text = drafts.as_text(drafts.template(id_)) if origin is None else duplicate(origin, id_, state.root)
            return self._created(path, text)
        except RefusedError as error:
            raise RequestFailedError(str(error)) from error
        except OSError as error:
            raise RequestFailedError(f"{path}: {error.strerror or 'it cannot be written'}") from error

    def _created(self, path: Path, text: str) -> Json:
        if self._session.client.create_files:
            change = Change(created=(CreatedFile(str(path), text, f"Create {path.name}"),))
            return {"uri": uri_of(path), "edit": workspace_edit(self._session, None, change, lambda _: None)}
        writing.create(path, text.encode("utf-8"))
        self._session.files_changed([(path, False)])
        return {"uri": uri_of(path), "edit": {"changes": {}}}

    def _root(self, params: Any, origin: Snapshot | None) -> RootState:
        """The root that is named, by its own folder or one of the workspace; that of the original; or the first one."""
        roots = self._session.roots
        if table(params).get("root") is not None:
            path = path_of(text_in(params, "root"))
            known = {folder: roots.of(folder / "any.json") for folder in roots.folders}
            known |= {state.root.path: state for state in roots.states()}
            if path not in known:
                raise RequestFailedError(f"{path or 'this address'} is no root of prompts that is open here")
            return known[path]
        if origin is not None and origin.path is not None and origin.layer is not None and not roots.ships(origin.path):
            return roots.of(origin.path)
        if not roots.folders:
            raise RequestFailedError("a new prompt needs a folder to lie in: open one first")
        return roots.of(roots.folders[0] / "any.json")

    def _refuse_taken(self, state: RootState, path: Path, id_: str, origin: Snapshot | None) -> None:
        """Refuse an id that is taken. A duplicate may keep its id where it comes to stand above what it was made of."""
        if os.path.lexists(path) or self._session.documents.at(path) is not None:
            raise RequestFailedError(f"{path} exists already: choose another id")
        for entry in state.library.by_id(id_):
            is_above = entry.layer != "custom" and origin is not None and origin.prompt.get("id") == id_
            if not is_above:
                where = "ships with PromptBits" if entry.layer == "shipped" else f"lies in {entry.path}"
                hint = "choose another id" if entry.layer == "custom" else "choose another id, or duplicate that one"
                raise RequestFailedError(f'a prompt with the id "{id_}" {where}: {hint}')
