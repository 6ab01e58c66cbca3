"""The state of one session: the client, its settings, open documents, and the roots they belong to.

It hands out snapshots; nothing that computes an answer ever sees the session itself.
"""

from __future__ import annotations

import asyncio
import functools
import logging
from collections.abc import Callable, Coroutine, Iterable
from pathlib import Path
from typing import Any, Final, cast

from lsprotocol import types

from promptbits.checks.catalogue import CHECKS
from promptbits.checks.finding import Related
from promptbits.checks.snapshot import Snapshot
from promptbits.lsp.client import ClientFeatures
from promptbits.lsp.convert import range_of
from promptbits.lsp.documents import Documents, OpenDocument
from promptbits.lsp.roots import Roots, RootState, read_file, with_entry
from promptbits.lsp.uris import path_of, uri_of
from promptbits.prompts.entry import Entry, entry_of_document
from promptbits.prompts.root import Root, claims_schema, names_a_prompt
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
        self.documents = Documents()
        self.roots = Roots(self.client_settings, spawn, self._loaded, self.warn)
        self.configured = asyncio.Event()
        self.on_stale: Callable[[], None] = lambda: None
        self.deleted: set[str] = set()
        self._snapshots: dict[str, Snapshot] = {}
        self._spawn = spawn
        self._show_warning = show_warning
        self._warned: set[str] = set()
        self._initial_settings: object = None
        self._settings: object = None
        self._without_root: Root | None = None
        self._folder_settings: dict[Path, object] = {}

    def initialize(self, params: types.InitializeParams, encoding: object) -> None:
        """Take in who the client is and which folders it has open."""
        self.client = ClientFeatures.of(params.capabilities)
        self.documents.encoding = "utf-8" if encoding == "utf-8" else "utf-32" if encoding == "utf-32" else "utf-16"
        folders = [folder.uri for folder in params.workspace_folders or []]
        if not folders and params.root_uri:
            folders = [params.root_uri]
        if not folders and params.root_path:
            folders = [uri_of(params.root_path)]
        self.roots.folders = [path for uri in folders if (path := path_of(uri))]
        self._settings = self._initial_settings = _section(params.initialization_options)

    # Settings

    def settle(self) -> None:
        """The client's settings are here, or are waited for no longer: documents that came before get their turn."""
        if not self.configured.is_set():
            self.configured.set()
            self.on_stale()

    def client_settings(self, path: Path) -> object:
        """The client's settings for a path: those of the innermost folder, or those of the session."""
        around = [folder for folder in self._folder_settings if path.is_relative_to(folder)]
        return self._folder_settings[max(around, key=lambda each: len(each.parts))] if around else self._settings

    def set_client_settings(self, settings: object, folders: dict[Path, object]) -> None:
        """Take in settings from the client; where they are None, those of `initialize` hold."""
        self._settings = self._initial_settings if settings is None else settings
        self._folder_settings = {folder: each for folder, each in folders.items() if each is not None}
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
        fresh, known = self._take(uri), self._snapshots.get(uri)
        if fresh is not None and known is not None and _same(fresh, known):
            return known
        if fresh is None or self.documents.get(uri) is None:
            self._snapshots.pop(uri, None)
        else:
            self._snapshots[uri] = fresh
        return fresh

    def _take(self, uri: str) -> Snapshot | None:
        opened = self.documents.get(uri)
        path = opened.path if opened else path_of(uri)
        if opened is not None:
            if not opened.in_sync or uri in self.deleted:
                return None
            document, language_id = opened.document, opened.language_id
        elif path is not None:
            try:
                document, language_id = Document.from_bytes(read_file(path)), ""
            except OSError:
                return None
        else:
            return None
        if path is None:
            ours = language_id == LANGUAGE_ID or claims_schema(document.text)
            return self._unsaved(document) if ours else None
        state = self.roots.of(path)
        if state.layer(path) is not None:
            return Snapshot(document, path, state.root, state.library)
        if language_id == LANGUAGE_ID or names_a_prompt(path) or claims_schema(document.text):
            return Snapshot(document, path, state.root, self.roots.shipped_only())
        return None

    def _unsaved(self, document: Document) -> Snapshot:
        state = self.roots.of_unsaved()
        if state is not None:
            return Snapshot(document, None, state.root, state.library)
        if self._without_root is None:
            settings, warnings = combine(None, self._settings, CHECKS)
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
        path = path_of(uri)
        if path is not None:
            state = self.roots.of(path)
            if state.layer(path) is not None:
                self._spawn(self._reread(state, [path]), "reading a closed prompt")

    def files_changed(self, changes: Iterable[tuple[Path, bool]]) -> None:
        """Files on disk changed; each with whether it was deleted. Open ones are the editor's."""
        opened = {str(each.path): each.uri for each in self.documents.all() if each.path}
        closed: list[Path] = []
        settings = stale = False
        for path, deleted in changes:
            uri = opened.get(str(path))
            if path.name == FILE_NAME:
                settings = True
            elif uri is None:
                closed.append(path)
            else:
                stale = True
                (self.deleted.add if deleted else self.deleted.discard)(uri)
                state = self.roots.of(path)
                if deleted and state.layer(path) is not None:
                    state.library = state.library.with_changes({str(path): None})
        # Only roots that are known: any other is read when a document of it is opened. A package manager changes
        # thousands of files, and to look for the root of each would stop the author from typing.
        for state in self.roots.states():
            ours = [path for path in closed if state.layer(path) is not None]
            if ours:
                self._spawn(self._reread(state, ours), "reading changed prompts")
        if settings:
            self.settings_changed()
        elif stale:
            self.on_stale()

    def look_again(self, uri: str) -> None:
        """A document was saved: the moment to look at the disk, for a client that cannot tell of changed files."""
        path = path_of(uri)
        if path is None or self.client.watched_files:
            return
        if not self.roots.is_current(path):
            self.settings_changed()
        state = self.roots.of(path)
        if state.layer(path) is not None:
            self.roots.reload(state)

    async def _reread(self, state: RootState, paths: list[Path]) -> None:
        await self.roots.changed_on_disk(state, paths)
        self.on_stale()

    def _loaded(self, state: RootState) -> None:
        for opened in self.documents.all():
            self.record(opened)
        self.on_stale()

    def locate(self, related: Related) -> tuple[str, dict[str, Any]] | None:
        """The place of a member in another file: as the editor holds it, or as it is on disk."""
        if related.path is None:
            return None
        uri = uri_of(related.path)
        path = Path(related.path)
        opened = next((each for each in self.documents.all() if each.path == path), None)
        if opened is not None:
            document: Document | None = opened.document
            uri = opened.uri
        else:
            document = _on_disk(related.path)
        if document is None:
            return None
        node = document.tree.find((related.key,))
        start, end = (node.start, node.end) if node else (0, 0)
        return uri, range_of(document, start, end, self.documents.encoding)


def _on_disk(path: str) -> Document | None:
    try:
        return _read(path, Path(path).stat().st_mtime_ns)
    except OSError:
        return None


@functools.lru_cache(maxsize=32)
def _read(path: str, _mtime_ns: int) -> Document:
    return Document.from_bytes(read_file(Path(path)))


def _shared(entry: Entry) -> tuple[Any, ...]:
    return tuple(getattr(entry, name) for name in _SHARED_FIELDS)


def _section(options: object) -> object:
    """Our section of initialization options: under our name, or the whole of it."""
    if isinstance(options, dict):
        table = cast("dict[str, Any]", options)
        return table.get("promptbits", table) if table else None
    return options


def _same(one: Snapshot, other: Snapshot) -> bool:
    return one.document is other.document and one.library is other.library and one.root is other.root
