"""Changes of one or several files as the protocol writes them, for what the client can do."""

from __future__ import annotations

from collections.abc import Iterable

from promptbits.language.places import Change, FileEdits, Reader, RefusedError
from promptbits.lsp.state.client import ClientFeatures
from promptbits.lsp.state.session import Session
from promptbits.lsp.state.surface import Edited, Surface
from promptbits.lsp.values.convert import Json, text_edit
from promptbits.lsp.values.uris import uri_of


def workspace_edit(session: Session, surface: Surface | None, change: Change, read: Reader) -> Json:
    """A change of what a surface shows, if any, and of other files, as a `WorkspaceEdit`.

    Raises:
        RefusedError: the client cannot do what the change needs, or a file of it cannot be read any more.
    """
    writer = _Writer(session.client)
    for file in change.edits:
        for edited in _edited(session, surface, file, read):
            writer.edit(edited, file.label, confirm=file.confirm)
    for created in change.created:
        if not session.client.create_files:
            raise RefusedError("this needs a new file, and this editor lets no language server create one")
        writer.create(uri_of(created.path), created.text, created.label)
    for renamed in change.renamed:
        if session.client.rename_files:
            writer.rename(session.address(renamed.old), uri_of(renamed.new), renamed.label)
    return writer.finished()


def plain_edit(client: ClientFeatures, edited: Iterable[Edited]) -> Json:
    """Edits of documents as a `WorkspaceEdit`."""
    writer = _Writer(client)
    for each in edited:
        writer.edit(each, "")
    return writer.finished()


def _edited(session: Session, surface: Surface | None, file: FileEdits, read: Reader) -> list[Edited]:
    if file.path is None:
        assert surface is not None, "only a change of what a surface shows names no path"
        return surface.edited(file.edits)
    document = read(file.path)
    if document is None:
        raise RefusedError(f"{file.path} cannot be read")
    opened = session.documents.get(session.address(file.path))
    if opened is not None and opened.document is not document:
        raise RefusedError(f"{file.path} has changed meanwhile: try again")
    edits = [text_edit(document, edit, session.documents.encoding) for edit in file.edits]
    return [Edited(session.address(file.path), opened.version if opened else None, edits)]


class _Writer:
    """Collects the parts of a `WorkspaceEdit`: one per document, in the order in which they come."""

    def __init__(self, client: ClientFeatures) -> None:
        self._client = client
        self._documents: dict[str, Json] = {}
        self._changes: list[Json] = []
        self._annotations: dict[str, Json] = {}

    def edit(self, edited: Edited, label: str, *, confirm: bool = False) -> None:
        annotation = self._annotation(label, confirm=confirm)
        edits = [each | annotation for each in edited.edits]
        known = self._documents.get(edited.uri)
        if known is not None:
            known["edits"] += edits
            return
        document = {"uri": edited.uri, "version": edited.version}
        self._documents[edited.uri] = change = {"textDocument": document, "edits": edits}
        self._changes.append(change)

    def create(self, uri: str, text: str, label: str) -> None:
        annotation = self._annotation(label)
        start = {"line": 0, "character": 0}
        edit = {"range": {"start": start, "end": start}, "newText": text} | annotation
        document = {"uri": uri, "version": None}
        self._changes.append({"kind": "create", "uri": uri} | annotation)
        self._changes.append({"textDocument": document, "edits": [edit]})

    def rename(self, old: str, new: str, label: str) -> None:
        self._changes.append({"kind": "rename", "oldUri": old, "newUri": new} | self._annotation(label))

    def finished(self) -> Json:
        # A client that takes file operations takes `documentChanges`, also one that does not say so, as Neovim 0.10.
        if not self._client.document_changes and all("textDocument" in each for each in self._changes):
            return {"changes": {uri: change["edits"] for uri, change in self._documents.items()}}
        edit: Json = {"documentChanges": self._changes}
        return edit | {"changeAnnotations": self._annotations} if self._annotations else edit

    def _annotation(self, label: str, *, confirm: bool = False) -> Json:
        if not label or not self._client.change_annotations or not self._client.document_changes:
            return {}
        key = f"{'confirm: ' if confirm else ''}{label}"
        self._annotations[key] = {"label": label, "needsConfirmation": confirm}
        return {"annotationId": key}
