"""What is registered with the client after the handshake: things that `initialize` has no place for."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, Final

from lsprotocol import types

from promptbits.lsp.requests import virtual_documents
from promptbits.lsp.sync import configuration
from promptbits.lsp.values.uris import uri_of

if TYPE_CHECKING:
    from pygls.lsp.server import LanguageServer

    from promptbits.lsp.state.session import Session

logger = logging.getLogger("promptbits.lsp")

# What is a prompt, changes which files are, or may hold some. Editors tell of a deleted folder, not of its files.
GLOBS: Final = ("**/*.json", "**/promptbits.toml", "**/.promptbits", "**/prompts", "**/prompts/**")

_FILES: Final = "promptbits-files"


class Registration:
    """Asks the client to tell of changes, and to show the documents that this server writes."""

    def __init__(
        self,
        server: LanguageServer,
        session: Session,
        spawn: Callable[[Coroutine[Any, Any, Any], str], asyncio.Task[Any]],
    ) -> None:
        self._server = server
        self._session = session
        self._spawn = spawn
        self._watched: list[types.FileSystemWatcher] = []
        self._turn = asyncio.Lock()

    async def register(self) -> None:
        """Register what this client can do."""
        client = self._session.client
        wanted: list[types.Registration] = []
        if client.configuration_registration:
            section = {"section": configuration.SECTION}
            wanted.append(types.Registration("promptbits-settings", types.WORKSPACE_DID_CHANGE_CONFIGURATION, section))
        if client.virtual_documents:
            options = types.TextDocumentContentRegistrationOptions(schemes=list(virtual_documents.SCHEMES))
            wanted.append(types.Registration("promptbits-documents", types.WORKSPACE_TEXT_DOCUMENT_CONTENT, options))
        if wanted:
            await quietly(self._server.client_register_capability_async(types.RegistrationParams(wanted)))
        await self._watch()

    def roots_changed(self) -> None:
        """Roots came, or their settings changed: prompts may lie in other folders by now."""
        if self._watched and self._watched != self._watchers():
            self._spawn(self._watch(), "asking to be told of changed files")

    async def _watch(self) -> None:
        if not self._session.client.watched_files:
            return
        async with self._turn:
            watchers = self._watchers()
            if watchers == self._watched:
                return
            if self._watched:
                gone = types.Unregistration(_FILES, types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
                await quietly(self._server.client_unregister_capability_async(types.UnregistrationParams([gone])))
            self._watched = watchers
            options = types.DidChangeWatchedFilesRegistrationOptions(watchers=watchers)
            files = types.Registration(_FILES, types.WORKSPACE_DID_CHANGE_WATCHED_FILES, options)
            await quietly(self._server.client_register_capability_async(types.RegistrationParams([files])))

    def _watchers(self) -> list[types.FileSystemWatcher]:
        """What to watch: anywhere what is called as usual, and the prompt folders that a root calls otherwise."""
        patterns: list[str | types.RelativePattern] = list(GLOBS)
        for state in sorted(self._session.roots.states(), key=lambda state: state.root.path):
            for name in state.root.settings.roots:
                folder = name.strip("/")
                if folder.rpartition("/")[2] == "prompts" or folder in ("", "."):
                    continue
                for pattern in (folder, f"{folder}/**"):
                    if self._session.client.relative_globs:
                        patterns.append(types.RelativePattern(uri_of(state.root.path), pattern))
                    elif f"**/{pattern}" not in patterns:
                        patterns.append(f"**/{pattern}")
        return [types.FileSystemWatcher(glob_pattern=pattern) for pattern in patterns]


async def quietly(work: Any) -> None:
    """Wait for the client's answer to a request whose refusal changes nothing."""
    try:
        await work
    except asyncio.CancelledError:
        raise
    except Exception as error:  # whatever the client answers, it has been asked
        logger.info("the client refused a request: %s", type(error).__name__)
