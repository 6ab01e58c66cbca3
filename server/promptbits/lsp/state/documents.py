"""The documents that the client holds open, each version of them immutable."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from promptbits.lsp.values.parameters import list_in, range_in, table, table_in, text_in, uri_in
from promptbits.lsp.values.uris import path_of
from promptbits.text.document import Document, Position
from promptbits.text.lines import Encoding

# Helix 25.01 sends what is typed fast as versions 5, 7, 8, 6: a few edits are overtaken by later ones.
_MOST_OVERTAKING: Final = 8
# In characters. What longer documents were before is not kept: it would cost more memory than it is worth.
_LONGEST_KEPT: Final = 1_000_000

_Edit = tuple[tuple[Position, Position] | None, str]


class OutOfSyncError(Exception):
    """An edit cannot be applied to the text that we hold."""


@dataclass(frozen=True)
class OpenDocument:
    """One version of an open document. `path` is None where the address names no file.

    `in_sync` is False once an edit was lost: the text is then not what the author sees, and nothing is said of it
    until the client sends the whole text again.
    """

    uri: str
    path: Path | None
    language_id: str
    version: int
    document: Document
    in_sync: bool = True


@dataclass(frozen=True)
class _Step:
    """The edits that made one version, and what they were applied to."""

    before: OpenDocument
    version: int
    edits: tuple[_Edit, ...]


class Documents:
    """The open documents by address. Takes the parameters of the protocol as plain JSON."""

    def __init__(self) -> None:
        self.encoding: Encoding = "utf-16"
        self._open: dict[str, OpenDocument] = {}
        self._steps: dict[str, deque[_Step]] = {}

    def get(self, uri: str) -> OpenDocument | None:
        """The current version of an open document."""
        return self._open.get(uri)

    def all(self) -> list[OpenDocument]:
        """Every open document."""
        return list(self._open.values())

    def at(self, path: Path) -> OpenDocument | None:
        """The open document of a file."""
        return next((each for each in self.all() if each.path == path), None)  # a copy: threads ask, too

    def open(self, params: Any) -> OpenDocument:
        """Take in a document.

        Raises:
            InvalidParamsError: the parameters have the wrong shape.
        """
        item = table_in(params, "textDocument")
        uri, text = text_in(item, "uri"), text_in(item, "text")
        language, version = item.get("languageId"), _version(item.get("version"))
        opened = OpenDocument(
            uri,
            path_of(uri),
            language if isinstance(language, str) else "",
            version or 0,
            Document.from_text(text),
        )
        self._open[uri] = opened
        self._steps[uri] = deque(maxlen=_MOST_OVERTAKING)
        return opened

    def change(self, params: Any) -> OpenDocument | None:
        """Apply edits; None for a document that is not open.

        Raises:
            InvalidParamsError: the parameters have the wrong shape; nothing was applied.
            OutOfSyncError: the edit is older than the text that we hold.
        """
        item = table_in(params, "textDocument")
        uri, version = text_in(item, "uri"), _version(item.get("version"))
        changes = list_in(params, "contentChanges")
        current = self._open.get(uri)
        if current is None:
            return None
        if version is None:
            version = current.version + 1  # a client that does not count: take its edits as they come
        edits = tuple(_edit(change) for change in changes)
        todo = [(version, edits)]
        # An old version is a replayed or an overtaken edit, unless it brings the whole text.
        if version < current.version and not (edits and edits[0][0] is None):
            overtaking = self._take_back(uri, version)
            current = overtaking[0].before
            todo += [(step.version, step.edits) for step in overtaking]
        for version, edits in todo:
            current = self._apply(current, version, edits)
        self._open[uri] = current
        return current

    def _take_back(self, uri: str, version: int) -> list[_Step]:
        """The steps that came before an edit that they follow, taken out of those that are kept.

        Raises:
            OutOfSyncError: the version was there already, or is too long ago.
        """
        steps = self._steps[uri]
        overtaking = [step for step in steps if step.version > version]
        if not overtaking or overtaking[0].before.version >= version:
            raise OutOfSyncError
        for _ in overtaking:
            steps.pop()
        return overtaking

    def _apply(self, current: OpenDocument, version: int, edits: tuple[_Edit, ...]) -> OpenDocument:
        document, in_sync = current.document, current.in_sync
        for span, text in edits:
            if span is None:
                document, in_sync = Document.from_text(text), True
            else:
                document = document.edit(*span, text, self.encoding)
        steps = self._steps[current.uri]
        if len(document.text) > _LONGEST_KEPT:
            steps.clear()
        else:
            steps.append(_Step(current, version, edits))
        return replace(current, version=version, document=document, in_sync=in_sync)

    def lose(self, uri: str) -> OpenDocument | None:
        """Mark a document as out of step with the editor."""
        current = self._open.get(uri)
        if current is not None:
            current = self._open[uri] = replace(current, in_sync=False)
            self._steps[uri].clear()
        return current

    def close(self, params: Any) -> str | None:
        """Forget a document; its address, or None if it was not open.

        Raises:
            InvalidParamsError: the parameters have the wrong shape.
        """
        uri = uri_in(params)
        self._steps.pop(uri, None)
        return uri if self._open.pop(uri, None) else None


def _version(value: Any) -> int | None:
    """A version; clients written in Lua may send 2.0."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value != value // 1:
        return None
    return int(value)


def _edit(value: Any) -> _Edit:
    change = table(value)
    text = text_in(change, "text")
    return (None if change.get("range") is None else range_in(change)), text
