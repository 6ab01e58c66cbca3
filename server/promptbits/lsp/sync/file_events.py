"""Changes of files: told by the client, or by our own watcher where the client cannot."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from lsprotocol import types

from promptbits.lsp.requests.renaming import FILES
from promptbits.lsp.rpc.errors import InvalidParamsError
from promptbits.lsp.state.watcher import Target, Watcher

if TYPE_CHECKING:
    from promptbits.lsp.rpc.protocol import Protocol
    from promptbits.lsp.state.session import Session

_DELETED: Final = 3

Told = Iterable[tuple[Any, bool]]


def register(protocol: Protocol, session: Session) -> None:
    """Register what tells the session of changed files."""

    def tells(method: str, options: Any, name: str, changes: Callable[[dict[str, Any]], Told]) -> None:
        @protocol.raw(method, options)
        def handle(params: Any) -> None:
            latest = dict(each for item in _items(params, name) for each in changes(item) if isinstance(each[0], str))
            session.files_changed(latest.items())

        _ = handle

    tells(
        types.WORKSPACE_DID_CHANGE_WATCHED_FILES,
        None,
        "changes",
        lambda item: [(item.get("uri"), item.get("type") == _DELETED)],
    )
    tells(types.WORKSPACE_DID_CREATE_FILES, FILES, "files", lambda item: [(item.get("uri"), False)])
    tells(types.WORKSPACE_DID_DELETE_FILES, FILES, "files", lambda item: [(item.get("uri"), True)])
    tells(
        types.WORKSPACE_DID_RENAME_FILES,
        FILES,
        "files",
        lambda item: [(item.get("oldUri"), True), (item.get("newUri"), False)],
    )
    _watch(protocol, session)


def _items(params: Any, name: str) -> list[dict[str, Any]]:
    """The list of a notification; what is no object in it is left out."""
    items = cast("dict[str, Any]", params).get(name) if isinstance(params, dict) else None
    if not isinstance(items, list):
        raise InvalidParamsError
    return [cast("dict[str, Any]", item) for item in cast("list[Any]", items) if isinstance(item, dict)]


def _watch(protocol: Protocol, session: Session) -> None:
    """Watch the roots ourselves where the client does not, once the first library has been read."""
    watched: set[Path] = set()

    def mark(roots: set[Path]) -> None:
        watched.clear()
        watched.update(roots)
        for state in session.roots.states():
            state.watched = state.root.path in watched

    def failed(reason: str) -> None:
        mark(set())
        session.warn([f"changes made outside of the editor are noticed only when you save a prompt: {reason}"])

    watcher = Watcher(session.files_changed, mark, failed)

    def follow() -> None:
        if session.client.watched_files:
            return
        states = session.roots.states()
        for state in states:
            state.watched = state.root.path in watched
        if any(state.library.complete for state in states):
            watcher.follow(
                Target(state.root.path, state.settings_stamp, tuple(state.root.prompt_folders())) for state in states
            )

    session.roots.on_change.append(follow)
    protocol.on_close.append(watcher.close)
