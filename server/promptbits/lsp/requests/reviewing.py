"""The commands about better versions of a prompt, and what an author is told of them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, Final, cast

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from promptbits.lsp.requests.deciding import Deciding
from promptbits.lsp.requests.optimizing import Optimizing
from promptbits.lsp.requests.review_documents import review_uri
from promptbits.lsp.values.convert import Json

if TYPE_CHECKING:
    from pygls.lsp.server import LanguageServer

    from promptbits.lsp.state.session import Session

OPTIMIZE: Final = "promptbits.optimize"
SHOW_REVIEW: Final = "promptbits.showReview"
ACCEPT: Final = "promptbits.acceptProposal"
REJECT: Final = "promptbits.rejectReview"
REBASE: Final = "promptbits.rebaseReview"
PROMOTE: Final = "promptbits.promoteRevision"
NEEDS: Final = {
    OPTIMIZE: "needs the address of a prompt, and takes a table of choices",
    SHOW_REVIEW: "needs the address of a prompt, and the number of a review",
    ACCEPT: 'needs the address of a prompt, the numbers of a review and of a candidate, and "revision" or "in-place"',
    REJECT: "needs the address of a prompt and the number of a review, and takes a reason",
    REBASE: "needs the address of a prompt, and the number of a review",
    PROMOTE: "needs the address of a learned revision",
}
# Of clients that have it: they show reviews in a way of their own, and tell of what became of a command.
CLIENT_REVIEW: Final = "promptbits.review"

_SHOW: Final = "Show proposals"


class Reviewing:
    """Runs the commands.

    Args:
        server: what asks the client.
        session: knows the prompts.
        optimizing: what the worker does.
        deciding: what authors decide.
        show: shows a document in the client.
        spawn: starts background work that ends with the session.
    """

    def __init__(
        self,
        server: LanguageServer,
        session: Session,
        optimizing: Optimizing,
        deciding: Deciding,
        show: Callable[[str | None], Coroutine[Any, Any, Json | None]],
        spawn: Callable[[Coroutine[Any, Any, Any], str], asyncio.Task[Any]],
    ) -> None:
        self._server = server
        self._session = session
        self._optimizing = optimizing
        self._deciding = deciding
        self._show = show
        self._spawn = spawn

    def run(self, command: str, given: list[Any], token: object) -> Coroutine[Any, Any, Json | None] | None:
        """The work of a command; None where the arguments are not what it needs."""
        match command, given:
            case "promptbits.optimize", [str(uri)]:
                return self._optimized(uri, None, token)
            case "promptbits.optimize", [str(uri), choices] if choices is None or isinstance(choices, dict):
                return self._optimized(uri, cast("object", choices), token)
            case "promptbits.showReview", [str(uri), int(number)]:
                return self._shown(uri, number)
            case "promptbits.acceptProposal", [str(uri), int(number), int(candidate), ("revision" | "in-place") as how]:
                return self._told(self._deciding.accept(uri, number, candidate, how))
            case "promptbits.rejectReview", [str(uri), int(number)]:
                return self._told(self._deciding.reject(uri, number, None))
            case "promptbits.rejectReview", [str(uri), int(number), str(reason)]:
                return self._told(self._deciding.reject(uri, number, reason))
            case "promptbits.rebaseReview", [str(uri), int(number)]:
                return self._rebased(uri, number, token)
            case "promptbits.promoteRevision", [str(uri)]:
                return self._told(self._deciding.promote(uri))
            case _:
                return None

    async def _optimized(self, uri: str, options: object, token: object) -> Json | None:
        answer = await self._optimizing.optimize(uri, options, token)
        if answer is not None:
            self._offer_to_show(uri, answer["review"], f"review {answer['review']}: {answer['summary']}")
        return answer

    async def _rebased(self, uri: str, number: int, token: object) -> Json | None:
        answer = await self._optimizing.rebase(uri, number, token)
        if answer is not None:
            lost = answer["lost"]
            given_up = (
                f", {len(lost)} given up ({', '.join(sorted({each['reason'] for each in lost}))})" if lost else ""
            )
            self._offer_to_show(uri, number, f"review {number} is rebased: {answer['summary']}{given_up}")
        return answer

    async def _shown(self, uri: str, number: int) -> Json | None:
        place = await self._optimizing.place(uri)
        return await self._show(review_uri(place.root, number))

    async def _told(self, work: Coroutine[Any, Any, Json | None]) -> Json | None:
        answer = await work
        if answer is not None and CLIENT_REVIEW not in self._session.client.commands:
            message = f"PromptBits: {answer['message']}"
            self._server.window_show_message(types.ShowMessageParams(types.MessageType.Info, message))
        return answer

    def _offer_to_show(self, uri: str, number: int, text: str) -> None:
        """Tell an author who may be elsewhere by now; the answer to the command does not wait for that."""
        client = self._session.client
        if CLIENT_REVIEW in client.commands:
            return
        message = f"PromptBits: {text}"
        if client.show_documents:
            self._spawn(self._ask(uri, number, message), "asking whether to show proposals")
        else:
            self._server.window_show_message(types.ShowMessageParams(types.MessageType.Info, message))

    async def _ask(self, uri: str, number: int, message: str) -> None:
        choices = [types.MessageActionItem(_SHOW)]
        asked = types.ShowMessageRequestParams(types.MessageType.Info, message, choices)
        try:
            answer = await self._server.window_show_message_request_async(asked)
        except JsonRpcException:
            return
        if answer is not None and answer.title == _SHOW:
            await self._shown(uri, number)
