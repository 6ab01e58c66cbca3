"""Code actions: what they are called at once, and their edits once one is chosen, where the client can wait."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final, cast

from lsprotocol import types

from promptbits.checks.suppression import Suppression
from promptbits.language.actions import FIX_ALL, Action, What, actions, edits_of, suppression_of
from promptbits.language.places import RefusedError
from promptbits.lsp.checking.diagnostics import Diagnostics, Examined
from promptbits.lsp.requests.refactor_actions import KIND, RefactorActions
from promptbits.lsp.requests.review_actions import ReviewActions
from promptbits.lsp.requests.workspace_edits import plain_edit
from promptbits.lsp.rpc.errors import ContentModifiedError, InvalidParamsError, RequestFailedError
from promptbits.lsp.state.documents import OpenDocument
from promptbits.lsp.state.session import Session
from promptbits.lsp.state.surface import Edited
from promptbits.lsp.values.convert import Json, text_edit
from promptbits.lsp.values.parameters import range_in, uri_in
from promptbits.lsp.values.uris import uri_of
from promptbits.prompts.settings import FILE_NAME
from promptbits.text.document import Document

OPTIONS: Final = types.CodeActionOptions(
    code_action_kinds=[types.CodeActionKind.QuickFix, FIX_ALL, types.CodeActionKind.Refactor],  # pyright: ignore[reportArgumentType]  (an open set)
    resolve_provider=True,
)

_WHATS: Final[tuple[What, ...]] = ("fix", "off", "all")


class CodeActions:
    """Answers `textDocument/codeAction` and `codeAction/resolve`."""

    def __init__(self, session: Session, diagnostics: Diagnostics) -> None:
        self._session = session
        self._diagnostics = diagnostics
        self._refactorings = RefactorActions(session)
        self._reviews = ReviewActions(session)

    def list(self, params: Any) -> list[Json] | None:
        """The actions for a range of a document."""
        uri = uri_in(params)
        start, end = range_in(params)
        examined = self._diagnostics.examine(uri)
        if examined is None or not self._session.client.action_literals:
            return None  # a client that knows only commands gets none: they would have to run in it
        first, last = examined.surface.offset(*start), examined.surface.offset(*end)
        only = _only(params)
        found = actions(examined.snapshot, examined.findings, first, last, only)
        if not self._settings_can_be_written(examined):
            found = [action for action in found if action.what != "off"]
        places = {id(finding): index for index, finding in enumerate(examined.findings)}
        items = [(each.what, self._item(uri, examined, each, places.get(id(each.finding), -1))) for each in found]
        cures = [item for what, item in items if what != "off" and item is not None]
        silencers = [item for what, item in items if what == "off" and item is not None]
        # To turn a check off is what is left when nothing else serves.
        refactorings = self._refactorings.list(examined.surface, first, last, only)
        return [*cures, *refactorings, *self._reviews.list(examined.surface, first, last, only), *silencers]

    async def resolve(self, item: Any) -> Json:
        """An action with its edit.

        Raises:
            ContentModifiedError: the document is no longer what the action was made for.
        """
        action = cast("Json", item) if isinstance(item, dict) else {}
        data = action.get("data")
        if data is None and isinstance(action.get("command"), dict):
            return action  # some clients ask about every action that has no edit; this one has a command
        if isinstance(data, list) and data[:1] == [KIND]:
            return await self._refactorings.resolve(action)
        if not isinstance(data, list) or len(cast("list[Any]", data)) != 5:
            raise InvalidParamsError
        uri, version, what, index, code = cast("list[Any]", data)
        opened = self._session.documents.get(uri) if isinstance(uri, str) else None
        if opened is None or opened.version != version or what not in _WHATS:
            raise ContentModifiedError
        examined = self._diagnostics.examine(uri)
        if examined is None or not isinstance(index, int):
            raise ContentModifiedError
        chosen = Action(what, str(action.get("title")), str(action.get("kind")))
        if what != "all":
            if not 0 <= index < len(examined.findings) or examined.findings[index].code != code:
                raise ContentModifiedError  # another prompt changed, and with it what is found in this one
            chosen = Action(what, chosen.title, chosen.kind, examined.findings[index])
            fix = examined.findings[index].fix
            if what == "fix" and (fix is None or fix.title != chosen.title):
                raise ContentModifiedError  # another of the same code: the JSON of a view changed
        edit = self._workspace_edit(examined, chosen)
        if edit is None:
            raise RequestFailedError(
                f"{FILE_NAME} cannot be added to: turn the check off there by hand"
                if what == "off"
                else "this changes more than the content: do it in the JSON file"
            )
        return action | {"edit": edit}

    def _item(self, uri: str, examined: Examined, action: Action, index: int) -> Json | None:
        """An action as the protocol writes it; `index` is the place of its finding, if it has one."""
        item: Json = {"title": action.title, "kind": action.kind}
        if index >= 0:
            item["diagnostics"] = [examined.items[index]]
        if action.what == "fix":
            item["isPreferred"] = True
        opened = self._session.documents.get(uri)
        if self._session.client.lazy_edits and opened is not None:
            code = action.finding.code if action.finding else ""
            item["data"] = [uri, opened.version, action.what, index, code]
            return item
        edit = self._workspace_edit(examined, action)
        return None if edit is None else item | {"edit": edit}

    def _workspace_edit(self, examined: Examined, action: Action) -> Json | None:
        if action.what == "off":
            text: list[Document] = []

            def read() -> str:
                text.append(self._settings_document(examined))
                return text[0].text

            suppression = suppression_of(examined.snapshot, action, read)
            return self._settings_edit(suppression, text[0]) if suppression else None
        try:
            edited = examined.surface.edited(edits_of(examined.snapshot, action))
        except RefusedError:
            return None
        return plain_edit(self._session.client, edited)

    def _settings_path(self, examined: Examined) -> Path | None:
        return examined.snapshot.root.path / FILE_NAME if examined.snapshot.root else None

    def _settings_document(self, examined: Examined) -> Document:
        """The settings file as the editor holds it, or as it is on disk, or empty."""
        path = self._settings_path(examined)
        opened = self._opened(path)
        if opened is not None:
            return opened.document
        try:
            return Document.from_bytes(path.read_bytes()) if path else Document("")
        except OSError:
            return Document("")

    def _settings_edit(self, suppression: Suppression, document: Document) -> Json | None:
        client, encoding = self._session.client, self._session.documents.encoding
        opened = self._opened(suppression.path)
        edits = [text_edit(document, suppression.edit, encoding)]
        if opened is not None:
            return plain_edit(client, [Edited(opened.uri, opened.version, edits)])
        uri = uri_of(suppression.path)
        if suppression.path.exists():
            return plain_edit(client, [Edited(uri, None, edits)])
        if not client.create_files:
            return None
        change = {"textDocument": {"uri": uri, "version": None}, "edits": edits}
        return {"documentChanges": [{"kind": "create", "uri": uri}, change]}

    def _opened(self, path: Path | None) -> OpenDocument | None:
        return self._session.documents.at(path) if path is not None else None

    def _settings_can_be_written(self, examined: Examined) -> bool:
        path = self._settings_path(examined)
        if path is None:
            return False
        return self._session.client.create_files or self._opened(path) is not None or path.exists()


def _only(params: Any) -> list[str] | None:
    context = cast("Json", params).get("context")
    only = cast("Json", context).get("only") if isinstance(context, dict) else None
    if not isinstance(only, list):
        return None
    return [each for each in cast("list[Any]", only) if isinstance(each, str)]
