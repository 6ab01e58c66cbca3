"""The custom requests behind a Markdown view: the content of a prompt, and the way back into the JSON.

The server keeps the texts that views were based on, so that a save merges what was typed in the view with what came
into the JSON meanwhile. Where both touched the same lines nothing is written, and the conflict is given back.
"""

from __future__ import annotations

import hashlib
import os
from collections import OrderedDict
from pathlib import Path
from typing import Any, Final

from promptbits.checks.finding import Edit
from promptbits.lsp.requests.workspace_edits import plain_edit
from promptbits.lsp.rpc.errors import RequestFailedError
from promptbits.lsp.state.session import Session
from promptbits.lsp.state.surface import Edited
from promptbits.lsp.state.views import Twin
from promptbits.lsp.values.convert import Json, position_of, text_edit
from promptbits.lsp.values.parameters import list_in, position, text_in
from promptbits.lsp.values.uris import content_path, content_uri, path_of
from promptbits.prompts.content import UnfitError, content_edits, decoded, unfit, with_line_ends
from promptbits.prompts.shipped import shipped_prompts
from promptbits.text.changes import carried, changes
from promptbits.text.document import Document
from promptbits.text.merge import merge

CONTENT: Final = "promptbits/content"
SET_CONTENT: Final = "promptbits/setContent"
MAP_POSITION: Final = "promptbits/mapPosition"

# How many texts are kept that views may be based on, and the characters that they may hold together.
_MOST_TEXTS: Final = 200
_MOST_CHARACTERS: Final = 20_000_000


class Contents:
    """Answers `promptbits/content`, `promptbits/setContent` and `promptbits/mapPosition`."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._texts: OrderedDict[str, str] = OrderedDict()
        self._characters = 0

    def content(self, params: Any) -> Json:
        """The content of a prompt with the version that `setContent` wants back.

        Raises:
            RequestFailedError: there is none, or none that an editor can hold.
        """
        path, view = self._named(params)
        twin = self._twin(path)
        if twin.uri not in self._session.deleted and self._session.surface(twin.uri) is None:
            raise RequestFailedError(f"{path.name} is no prompt: only the content of a prompt is edited as Markdown")
        text = self._decoded(twin)
        answer = {"uri": view, "text": text, "version": self._keep(text), "languageId": "markdown"}
        reason = self._read_only(path)
        return answer if reason is None else {**answer, "readOnly": reason}

    def set_content(self, params: Any) -> Json:
        """The smallest edit that puts a text back, or the conflict that stands in the way; nothing is applied.

        The answer holds `edit` (a `WorkspaceEdit`), `text` (what the content will be) and `version` (what the view is
        based on once the edit is applied); or `conflict`, with the `text` to go on from, which has conflict markers in
        it, and its `version`.

        Raises:
            RequestFailedError: the text cannot be put back, for a reason that the author should read.
        """
        path, _ = self._named(params)
        version, text = text_in(params, "baseVersion"), text_in(params, "text")
        if (reason := self._read_only(path)) is not None:
            raise RequestFailedError(f"{reason}: nothing was saved")
        twin = self._twin(path)
        current = self._decoded(twin)
        base = current if _version(current) == version else self._texts.get(version)
        if base is None:
            raise RequestFailedError(
                f"{path.name} is no longer what this text was based on: keep a copy of it, and read the content anew"
            )
        text = with_line_ends(base, text)
        reason = unfit(text)
        if reason is not None:
            raise RequestFailedError(f"{reason}: nothing was saved")
        if current != base:
            merged = merge(base, text, current, ("edited here", "before", f"now in {path.name}"))
            if merged.conflicts:
                return {"conflict": {"text": merged.text, "version": self._keep(current), "count": merged.conflicts}}
            text = merged.text
        encoding = self._session.documents.encoding
        edits = [text_edit(twin.document, Edit(*each), encoding) for each in content_edits(twin.document, text)]
        edit = plain_edit(self._session.client, [Edited(twin.uri, twin.version, edits)] if edits else [])
        return {"edit": edit, "text": text, "version": self._keep(text)}

    def map_position(self, params: Any) -> Json | None:
        """Positions of a view in the JSON, or of the JSON in the view; None for each that has no place there.

        Between a view that was changed and the JSON behind it, text that both have stands in for what one lacks.

        Raises:
            RequestFailedError: the prompt has no content that can be shown.
        """
        path, view = self._named(params)
        places = [position(each) for each in list_in(params, "positions")]
        twin = self._twin(path)
        content = self._decoded(twin)
        opened = self._session.documents.get(view)
        shown = opened.document if opened is not None else Document(content)
        text = with_line_ends(content, shown.text)  # an editor holds one kind of line end
        held = Document(text) if text != shown.text else shown
        node = twin.document.tree.find(("content",))
        assert node is not None, "`decoded` has seen to it"
        encoding = self._session.documents.encoding
        mapped: list[Json | None] = []
        if content_path(text_in(params, "uri")) is not None:
            made = changes(text, content)
            for place in places:
                at = _same_place(shown, held, shown.lines.offset(*place, encoding))
                offset = node.source_offset(carried(made, at))
                mapped.append(position_of(twin.document, offset, encoding))
            return {"uri": twin.uri, "positions": mapped}
        made = changes(content, text)
        for place in places:
            offset = twin.document.lines.offset(*place, encoding)
            if not node.start < offset < node.end:
                mapped.append(None)
                continue
            at = carried(made, node.string_map.decoded(offset - node.start - 1))
            mapped.append(position_of(shown, _same_place(held, shown, at), encoding))
        return {"uri": view, "positions": mapped}

    def _named(self, params: Any) -> tuple[Path, str]:
        """The prompt that parameters name, and the address of its view as the client spells it."""
        uri = text_in(params, "uri")
        path = content_path(uri)
        if path is not None:
            is_open = self._session.documents.get(uri) is not None
            return path, uri if is_open else next(self._session.views.of(path), uri)
        path = path_of(uri)
        if path is None:
            raise RequestFailedError("only the content of a saved prompt can be edited as Markdown: save it first")
        return path, next(self._session.views.of(path), content_uri(path))

    def _read_only(self, path: Path) -> str | None:
        """Why a prompt is not edited: it ships with the package, and is not what the author works on."""
        if not path.is_relative_to(shipped_prompts()):
            return None
        if any(path.is_relative_to(folder) for folder in self._session.roots.folders):
            return None
        return f"{path.name} comes with PromptBits and is not edited, only duplicated"

    def _twin(self, path: Path) -> Twin:
        twin = self._session.views.twin(path)
        if twin is None:
            hint = "" if os.path.lexists(path) else ": was it renamed or deleted?"
            raise RequestFailedError(f"{path.name} cannot be read{hint}")
        return twin

    def _decoded(self, twin: Twin) -> str:
        try:
            return decoded(twin.document)
        except UnfitError as error:
            line, character = twin.document.lines.position(error.start, "utf-32")
            raise RequestFailedError(f"{twin.path.name}:{line + 1}:{character + 1}: {error}") from error

    def _keep(self, text: str) -> str:
        """Keep a text that a view may be based on; its version."""
        version = _version(text)
        if self._texts.pop(version, None) is None:
            self._characters += len(text)
        self._texts[version] = text
        while len(self._texts) > _MOST_TEXTS or (self._characters > _MOST_CHARACTERS and len(self._texts) > 1):
            self._characters -= len(self._texts.popitem(last=False)[1])
        return version


def _version(text: str) -> str:
    """A version that is the same for the same text, so that it outlives the server."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _same_place(one: Document, other: Document, offset: int) -> int:
    """The offset in another text that stands on the same line and column, for texts that differ in their line ends."""
    if one is other:
        return offset
    line = one.lines.line_of(offset)
    start, end = other.lines.span(line)
    return min(start + offset - one.lines.span(line)[0], end)
