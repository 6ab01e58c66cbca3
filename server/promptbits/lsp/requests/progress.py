"""Work that is shown while it goes on, and that its author may call off there."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from promptbits.lsp.values.convert import Json
from promptbits.lsp.values.parameters import table

if TYPE_CHECKING:
    from pygls.lsp.server import LanguageServer

    from promptbits.lsp.state.session import Session

Token = str | int
_PROGRESS: Final = "$/progress"


class Progresses:
    """Everything that is shown, by its token.

    Args:
        server: what asks the client.
        session: knows whether the client shows progress.
        notify: sends a notification.
        spawn: starts background work that ends with the session.
    """

    def __init__(
        self,
        server: LanguageServer,
        session: Session,
        notify: Callable[[str, Json], None],
        spawn: Callable[[Coroutine[Any, Any, Any], str], asyncio.Task[Any]],
    ) -> None:
        self._server = server
        self._session = session
        self.notify = notify
        self._spawn = spawn
        self._shown: dict[Token, Progress] = {}

    def begin(self, title: str, token: object, cancel: Callable[[], object]) -> Progress:
        """Show that something goes on: under the token of the client, or under one of ours where it takes one.

        Args:
            title: what goes on.
            token: the `workDoneToken` of the request, if it has one.
            cancel: called when the author calls it off.
        """
        progress = Progress(self, title, cancel)
        if isinstance(token, str | int) and not isinstance(token, bool):
            self._show(progress, token)
        elif self._session.client.work_done_progress:
            self._spawn(self._create(progress), "asking to show progress")
        return progress

    def cancel(self, params: Any) -> None:
        """The author calls something off (`window/workDoneProgress/cancel`)."""
        token = table(params).get("token")
        progress = self._shown.get(token) if isinstance(token, str | int) else None
        if progress is not None:
            progress.call_off()

    def forget(self, token: Token) -> None:
        """Something is over."""
        self._shown.pop(token, None)

    async def _create(self, progress: Progress) -> None:
        token = str(uuid4())
        try:
            await self._server.window_work_done_progress_create_async(types.WorkDoneProgressCreateParams(token))
        except JsonRpcException:
            return  # it goes on all the same
        if not progress.is_over:
            self._show(progress, token)

    def _show(self, progress: Progress, token: Token) -> None:
        self._shown[token] = progress
        progress.show(token)


class Progress:
    """One thing that goes on.

    Attributes:
        is_over: whether it has ended.
        called_off: whether the author does not want it any more.
    """

    def __init__(self, all_: Progresses, title: str, cancel: Callable[[], object]) -> None:
        self._all = all_
        self._title = title
        self._cancel = cancel
        self._token: Token | None = None
        self._percentage = 0
        self.is_over = False
        self.called_off = False

    def show(self, token: Token) -> None:
        """Show it from now on."""
        self._token = token
        self._tell({"kind": "begin", "title": self._title, "cancellable": True, "percentage": self._percentage})

    def tell(self, done: int, total: int) -> None:
        """Tell how far it is, of how much."""
        percentage = min(100 * done // total, 100) if total > 0 else 0
        if percentage > self._percentage:
            self._percentage = percentage
            self._tell({"kind": "report", "message": f"{done:,} of {total:,}", "percentage": percentage})

    def call_off(self) -> None:
        """The author does not want it any more."""
        if not self.is_over and not self.called_off:
            self.called_off = True
            self._cancel()

    def end(self, message: str = "") -> None:
        """It is over."""
        if self.is_over:
            return
        self.is_over = True
        self._tell({"kind": "end"} | ({"message": message} if message else {}))
        if self._token is not None:
            self._all.forget(self._token)

    def _tell(self, value: Json) -> None:
        if self._token is not None:
            self._all.notify(_PROGRESS, {"token": self._token, "value": value})
