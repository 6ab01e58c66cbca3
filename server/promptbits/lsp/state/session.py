"""The state of one session: the client, its settings, open documents, and the roots they belong to.

It hands out snapshots; nothing that computes an answer ever sees the session itself.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from pathlib import Path
from typing import Any, Final

from lsprotocol import types

from promptbits.checks.catalogue import CHECKS
from promptbits.checks.snapshot import Snapshot
from promptbits.lsp.state.client import ClientFeatures
from promptbits.lsp.state.client_settings import ClientSettings
from promptbits.lsp.state.disk import Disk
from promptbits.lsp.state.documents import Documents, OpenDocument
from promptbits.lsp.state.reading import document_on_disk
from promptbits.lsp.state.roots import Roots, RootState, with_entry
from promptbits.lsp.state.surface import Surface, View
from promptbits.lsp.state.views import Views
from promptbits.lsp.values.convert import range_of
from promptbits.lsp.values.uris import content_path, is_view, name_of, path_of, uri_of
from promptbits.prompts.entry import Entry, entry_of_document
from promptbits.prompts.library import Library
from promptbits.prompts.root import STATE_FOLDER, Root, claims_schema, names_a_prompt
from promptbits.prompts.settings import FILE_NAME, combine
from promptbits.text.document import Document

logger = logging.getLogger("promptbits.lsp")

LANGUAGE_ID: Final = "promptbit"

# What other prompts are checked against: a change here makes their diagnostics stale.
_SHARED_FIELDS: Final = ("id", "layer", "parent", "related", "trigger_kind", "trigger_name")


class Session:
    """What the server knows. All of it is touched on the event loop only.

    Args:
        spawn: starts background work that ends with the session.
        show_warning: shows a line to the user.
    """

    def __init__(
        self,
        spawn: Callable[[Coroutine[Any, Any, Any], str], asyncio.Task[Any]],
        show_warning: Callable[[str], None],
    ) -> None:
        self.client = ClientFeatures()
        self._settings = ClientSettings()
        self.documents = Documents()
        self.views = Views(self.documents)
        self.roots = Roots(self._settings.of, spawn, self._loaded, self.warn, self._opened)
        self.disk = Disk(self.roots, self._opened, spawn, lambda: self.on_stale())
        self.configured = asyncio.Event()
        self.on_stale: Callable[[], None] = lambda: None
        self.deleted: set[str] = set()
        self._snapshots: dict[str, Snapshot] = {}
        self._spawn = spawn
        self._show_warning = show_warning
        self._warned: set[str] = set()
        self._without_root: Root | None = None
        # Returns once it is known what is measured: whoever looks at the stores says when.
        self.facts_known: Callable[[], Awaitable[object]] = self.configured.wait
        # The same for what is proposed.
        self.reviews_known: Callable[[], Awaitable[object]] = self.configured.wait
        self.client_name = ""
        self.llm_available = False  # whether the client has a language model to ask, as far as it said

    def initialize(self, params: types.InitializeParams, encoding: object) -> None:
        """Take in who the client is and which folders it has open."""
        self.client = ClientFeatures.of(params.capabilities)
        self.client_name = params.client_info.name if params.client_info else ""
        self.documents.encoding = "utf-8" if encoding == "utf-8" else "utf-32" if encoding == "utf-32" else "utf-16"
        folders = [folder.uri for folder in params.workspace_folders or []]
        if not folders and params.root_uri:
            folders = [params.root_uri]
        if not folders and params.root_path:
            folders = [uri_of(params.root_path)]
        self.roots.folders = [path for uri in folders if (path := path_of(uri))]
        self._settings.begin(params.initialization_options)

    # Settings

    def settle(self) -> None:
        """The client's settings are here, or are waited for no longer: documents that came before get their turn."""
        if not self.configured.is_set():
            self.configured.set()
            self.on_stale()

    def set_client_settings(self, settings: object, folders: dict[Path, object]) -> None:
        """Take in settings from the client; where they are None, those of `initialize` hold."""
        self._settings.take(settings, folders)
        self.settings_changed()

    def settings_changed(self) -> None:
        """Read settings and roots anew."""
        self._without_root = None
        self.roots.forget()
        self.on_stale()

    def change_folders(self, added: Iterable[str], removed: Iterable[str]) -> None:
        """Workspace folders came or went."""
        gone = {path_of(uri) for uri in removed}
        came = [path for uri in added if (path := path_of(uri))]
        self.roots.folders = [folder for folder in self.roots.folders if folder not in gone] + came
        self.settings_changed()

    def warn(self, warnings: Iterable[str]) -> None:
        """Show each warning once in a session."""
        for warning in warnings:
            if warning not in self._warned:
                self._warned.add(warning)
                self._show_warning(f"PromptBits: {warning}")

    # Snapshots

    def snapshot(self, uri: str) -> Snapshot | None:
        """The snapshot of a document that is ours, open or on disk; None for any other.

        For one state of an open document it is always the same one, so that what was worked out of it stays.
        """
        surface = self.surface(uri)
        return None if surface is None else surface.snapshot

    def surface(self, uri: str) -> Surface | None:
        """What a client shows at an address, and the prompt behind it; None where there is none that is ours."""
        opened, composed = self.documents.get(uri), None
        if uri in self.deleted or (opened is not None and not opened.in_sync):
            return None
        if is_view(uri):
            composed = self.views.compose(uri)
            if composed and composed.twin.uri in self.deleted:
                return None
            fresh = composed and self._take(composed.document, composed.twin.path, composed.twin.language_id)
        elif opened is not None:
            fresh = self._take(opened.document, opened.path, opened.language_id)
        else:
            path = path_of(uri)
            document = document_on_disk(str(path)) if path is not None else None
            fresh = self._take(document, path, "") if document is not None else None
        if fresh is None:
            self._snapshots.pop(uri, None)
            return None
        known = self._snapshots.get(uri)
        if known is not None and _same(fresh, known):
            fresh = known
        elif opened is not None:
            self._snapshots[uri] = fresh
        version, encoding = opened.version if opened else None, self.documents.encoding
        if composed is None:
            return Surface(uri, version, fresh, encoding)
        twin = composed.twin
        return View(uri, version, fresh, encoding, composed.markdown, twin.document, twin.uri, twin.version)

    def _take(self, document: Document, path: Path | None, language_id: str) -> Snapshot | None:
        if path is None:
            ours = language_id == LANGUAGE_ID or claims_schema(document.text)
            return self._unsaved(document) if ours else None
        state = self.roots.of(path)
        if state.layer(path) is not None:
            return Snapshot(document, path, state.root, state.library, state.facts)
        if language_id == LANGUAGE_ID or names_a_prompt(path) or claims_schema(document.text):
            return Snapshot(document, path, state.root, self.roots.shipped_only(), state.facts)
        return None

    def _unsaved(self, document: Document) -> Snapshot:
        state = self.roots.of_unsaved()
        if state is not None:
            return Snapshot(document, None, state.root, state.library, state.facts)
        if self._without_root is None:
            settings, warnings = combine(None, self._settings.session, CHECKS)
            self.warn(warnings)
            self._without_root = Root(Path(), settings)
        return Snapshot(document, None, self._without_root, self.roots.shipped_only())

    def record(self, opened: OpenDocument) -> bool:
        """Put an open document in the library of its root; whether other prompts are affected."""
        path = opened.path
        if path is None or not opened.in_sync or opened.uri in self.deleted:
            return False
        state = self.roots.of(path)
        layer = state.layer(path)
        if layer is None:
            return False
        entry = entry_of_document(path, layer, opened.document)
        before = with_entry(state, path, entry)
        return before is None or _shared(before) != _shared(entry)

    def closed(self, uri: str) -> None:
        """A document was closed: what is on disk counts again."""
        self.deleted.discard(uri)
        self._snapshots.pop(uri, None)
        self.views.closed(uri)
        path = path_of(uri)
        if path is not None:
            self.disk.touched([path])

    def files_changed(self, changes: Iterable[tuple[Path | str, bool]]) -> None:
        """Files or folders on disk changed, each with whether it was deleted.

        Each is a path or the address of one: there may be thousands, and to take an address apart costs more than
        all else that is done here. What concerns an open document is done at once, the rest when it is quiet.
        """
        notable = {part for path in self._opened() for part in path.parts} | {FILE_NAME, STATE_FOLDER}
        touched: list[Path | str] = []
        settings = stale = False
        for place, deleted in changes:
            touched.append(place)
            name = name_of(place) if isinstance(place, str) else place.name
            if name in (FILE_NAME, STATE_FOLDER):
                settings = True
            elif name in notable:
                path = path_of(place) if isinstance(place, str) else place
                stale |= path is not None and self._changed_below(path, deleted)
        self.disk.touched(touched)
        if settings:
            self.settings_changed()
        elif stale:
            self.on_stale()

    def _changed_below(self, path: Path, deleted: bool) -> bool:
        """A path changed: whether that makes an open document count that did not, or the other way round."""
        before = set(self.deleted)
        for opened in self.documents.all():
            if opened.path is None or (opened.path != path and path not in opened.path.parents):
                continue
            if deleted:
                self.deleted.add(opened.uri)
                state = self.roots.of(opened.path)
                if state.layer(opened.path) is not None:
                    state.library = state.library.with_changes({str(opened.path): None})
            elif opened.path == path or opened.path.is_file():
                self.deleted.discard(opened.uri)
        return self.deleted != before

    def _opened(self) -> list[Path]:
        """The paths that are open in the editor, whose text counts whatever is on disk."""
        return [opened.path for opened in self.documents.all() if opened.path is not None]

    def look_again(self, uri: str) -> None:
        """A document was saved: the moment to look at the disk, where nobody tells of changed files."""
        path = path_of(uri)
        if path is None or self.client.watched_files:
            return
        if not self.roots.is_current(path):
            self.settings_changed()
        state = self.roots.of(path)
        if not state.watched:
            self.disk.touched(state.root.prompt_folders())

    def _loaded(self, state: RootState) -> None:
        for opened in self.documents.all():
            self.record(opened)
        self.on_stale()

    async def libraries(self) -> list[Library]:
        """The libraries of the workspace, read to the end: of every root met so far, and of each folder."""
        for folder in self.roots.folders:
            self.roots.of(folder / "any.json")
        for state in self.roots.states():
            await state.library_read()
        return [state.library for state in self.roots.states()] or [self.roots.shipped_only()]

    async def library_read(self, uri: str) -> None:
        """Wait until the library of a document has been read: what asks for every prompt is not told of some."""
        path = path_of(uri) or content_path(uri)
        state = self.roots.of(path) if path is not None else self.roots.of_unsaved()
        if state is not None:
            await state.library_read()

    async def caught_up(self) -> None:
        """Take in what else waits for a quiet moment, on disk and in open documents: a rename misses no reference."""
        await self.disk.settled()
        if True in {self.record(opened) for opened in self.documents.all()}:
            self.on_stale()

    def address(self, path: str) -> str:
        """The address of a file, as the editor spells it."""
        opened = self.documents.at(Path(path))
        return opened.uri if opened is not None else uri_of(path)

    def locate(self, path: str, *key: str | int) -> dict[str, Any] | None:
        """The place of a member of another file: as the editor holds it, or as it is on disk."""
        opened = self.documents.at(Path(path))
        document = opened.document if opened is not None else document_on_disk(path)
        if document is None:
            return None
        node = document.tree.find(key)
        start, end = (node.start, node.end) if node else (0, 0)
        return {"uri": self.address(path), "range": range_of(document, start, end, self.documents.encoding)}


def _shared(entry: Entry) -> tuple[Any, ...]:
    return tuple(getattr(entry, name) for name in _SHARED_FIELDS)


def _same(one: Snapshot, other: Snapshot) -> bool:
    here, there = ((each.document, each.library, each.root, each.facts) for each in (one, other))
    return all(mine is its for mine, its in zip(here, there, strict=True))
