"""`promptbits/libraryChanged`: tells a client that shows the library to ask for it again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from promptbits.lsp.checking.library_checks import counted
from promptbits.lsp.values.uris import is_view

if TYPE_CHECKING:
    from promptbits.lsp.checking.diagnostics import Diagnostics
    from promptbits.lsp.requests.library import Library
    from promptbits.lsp.state.documents import OpenDocument
    from promptbits.lsp.state.session import Session

LIBRARY_CHANGED: Final = "promptbits/libraryChanged"

# At most one in so many seconds; what changes within them is told at their end.
SECONDS: Final = 1.0
# What comes together, such as many files, is told together.
_QUIET_SECONDS: Final = 0.1


class LibraryNews:
    """Gathers changes and tells of them now and then.

    Args:
        session: knows whether the client wants to hear of it.
        diagnostics: knows what is found in open documents.
        library: knows what the client was told.
        notify: sends the notification.
    """

    def __init__(
        self, session: Session, diagnostics: Diagnostics, library: Library, notify: Callable[[], None]
    ) -> None:
        self._session = session
        self._diagnostics = diagnostics
        self._library = library
        self._notify = notify
        self._told = 0.0
        self._timer: asyncio.TimerHandle | None = None

    def changed(self) -> None:
        """Prompts, settings or facts changed: of documents that are not open, too."""
        if not self._session.client.library_changed or self._timer is not None:
            return
        loop = asyncio.get_running_loop()
        self._timer = loop.call_later(max(self._told + SECONDS - loop.time(), _QUIET_SECONDS), self._tell)

    def document_changed(self) -> None:
        """The text of an open document changed: does the library show anything else of it?"""
        if self._session.client.library_changed and any(map(self._differs, self._session.documents.all())):
            self.changed()

    def _differs(self, opened: OpenDocument) -> bool:
        told = self._library.answered.get(str(opened.path))
        if told is None or opened.path is None or is_view(opened.uri):
            return False  # nobody shows it, or whoever does hears of it as of a new prompt
        examined = self._diagnostics.examine(opened.uri)
        if examined is None:
            return True
        entry, problems, text = told
        snapshot = examined.snapshot
        return (
            snapshot.library.by_path(str(opened.path)) != entry
            or counted(examined.items) != problems
            or (snapshot.facts is not None and snapshot.content_sha256 != text)
        )

    def _tell(self) -> None:
        self._timer = None
        self._told = asyncio.get_running_loop().time()
        self._notify()
