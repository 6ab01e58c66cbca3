"""Views: the content of a prompt as a Markdown document that owns its text until it is saved."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from promptbits.lsp.state.documents import Documents
from promptbits.lsp.state.reading import document_on_disk
from promptbits.lsp.values.uris import content_path, uri_of
from promptbits.prompts.content import UnfitError, decoded, unfit, with_content_anew
from promptbits.text.document import Document

_BOM: Final = "\ufeff"


@dataclass(frozen=True)
class Twin:
    """The JSON file that a view shows the content of; `version` is None where it is not open."""

    path: Path
    uri: str
    version: int | None
    document: Document
    language_id: str = ""


@dataclass(frozen=True)
class Composed:
    """A prompt with the text of a view put in."""

    document: Document
    markdown: Document
    twin: Twin


class Views:
    """Finds what a view shows. A view need not be open, and neither need the prompt behind it."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents
        self._composed: dict[str, Composed] = {}

    def twin(self, path: Path) -> Twin | None:
        """A prompt as the editor holds it, or as it is on disk; None where it cannot be read or is out of step."""
        opened = self._documents.at(path)
        if opened is not None:
            twin = Twin(path, opened.uri, opened.version, opened.document, opened.language_id)
            return twin if opened.in_sync else None
        document = document_on_disk(str(path))
        if document is None:
            return None
        if document.text.startswith(_BOM):  # editors take it away: no position may count it
            document = replace(document, text=document.text.removeprefix(_BOM))
        return Twin(path, uri_of(path), None, document)

    def compose(self, uri: str) -> Composed | None:
        """The prompt of a view; None where it has no content that can be shown.

        For one state of both it is always the same one.
        """
        path = content_path(uri)
        twin = self.twin(path) if path is not None else None
        opened = self._documents.get(uri)
        if twin is None or (opened is not None and not opened.in_sync):
            return None
        known = self._composed.get(uri)
        if known is not None and known.twin == twin and (opened is None or known.markdown is opened.document):
            return known
        try:
            content = decoded(twin.document)
        except UnfitError:
            return None
        if opened is None:
            return Composed(twin.document, Document(content), twin)
        text = opened.document.text  # with the line ends of the editor; what the content has is put back on saving
        if unfit(text):
            return None
        document = twin.document if text == content else with_content_anew(twin.document, text)
        composed = self._composed[uri] = Composed(document, opened.document, twin)
        return composed

    def of(self, path: Path) -> Iterator[str]:
        """The open views of a prompt."""
        return (each.uri for each in self._documents.all() if content_path(each.uri) == path)

    def closed(self, uri: str) -> None:
        """A document was closed; forget what was made of it."""
        self._composed.pop(uri, None)
