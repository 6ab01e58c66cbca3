"""Everything that leaves for the client, and the client's answers to what we asked it."""

from __future__ import annotations

import asyncio
import enum
import logging
import threading
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any, cast
from uuid import uuid4

from lsprotocol.types import ResponseError
from pygls.exceptions import JsonRpcException, JsonRpcInternalError
from pygls.protocol import LanguageServerProtocol

from promptbits.lsp.rpc import messages
from promptbits.lsp.rpc.framing import frame

if TYPE_CHECKING:
    from cattrs import Converter
    from pygls.lsp.server import LanguageServer

    from promptbits.lsp.rpc.incoming import Response

logger = logging.getLogger("promptbits.lsp")


class SendingProtocol(LanguageServerProtocol):
    """The outgoing half of the protocol."""

    def __init__(self, server: LanguageServer, converter: Converter) -> None:
        # pygls logs the body of every message it sends at INFO, which would put prompts into log files.
        logging.getLogger("pygls").setLevel(logging.WARNING)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._loop_thread = 0
        super().__init__(server, converter)

    def notify(self, method: str, params: Any = None) -> None:
        """Send a notification. Plain dicts go out as they are; attrs objects inside are converted."""
        message: dict[str, Any] = {"jsonrpc": self.VERSION, "method": method}
        if params is not None:
            message["params"] = params
        self._send_data(message)

    def notify_raw(self, method: str, params: dict[str, Any]) -> None:
        """Send a notification whose parameters are JSON-ready."""
        self._send_data({"jsonrpc": self.VERSION, "method": method, "params": params})

    async def request_raw(self, method: str, params: dict[str, Any]) -> Any:
        """Ask the client something with JSON-ready parameters; its answer as JSON.

        Raises:
            JsonRpcException: The client refuses.
        """
        message_id, answer = str(uuid4()), Future[Any]()
        self._request_futures[message_id] = answer
        self._send_data({"jsonrpc": self.VERSION, "id": message_id, "method": method, "params": params})
        return await asyncio.wrap_future(answer)

    def _enter_loop(self) -> None:
        """Remember the loop on which messages are handled and written."""
        if self._loop is None:
            self._loop = asyncio.get_running_loop()
            self._loop_thread = threading.get_ident()

    def _send_data(self, data: Any) -> None:
        """Send a message, from whatever thread.

        Raises:
            TypeError: Something in it cannot be serialised.
            ValueError: A number in it is not finite, or it is nested too deep.
        """
        body = messages.encode(data, self._plain)
        if self._loop is None or threading.get_ident() == self._loop_thread:
            self._write(body)
        else:
            self._loop.call_soon_threadsafe(self._write, body)

    def _write(self, body: bytes) -> None:
        writer = cast("Any", self.writer)
        if writer is not None:
            writer.write(frame(body) if self._include_headers else body)

    def _plain(self, value: Any) -> Any:
        """Return the JSON-ready form of an attrs object or an enum."""
        if hasattr(value, "__attrs_attrs__"):
            return self._converter.unstructure(value)
        if isinstance(value, enum.Enum):
            return value.value
        raise TypeError(f"{type(value).__name__} cannot be sent")

    def _take_response(self, response: Response) -> None:
        """Hand the client's answer to whoever waits for it, if anyone still does."""
        if not isinstance(response.id, (str, int)):
            logger.debug("ignored a response without a usable id")
            return
        result_type = self._result_types.pop(response.id, None)
        future = self._request_futures.pop(response.id, None)
        if future is None or future.done():
            logger.debug("ignored a response that nobody waits for")
        elif response.error is not None:
            future.set_exception(_client_error(response.error))
        else:
            try:
                result = self._result(response.result, result_type)
            except Exception as error:  # cattrs raises whatever the value provoked
                logger.warning("the client answered in the wrong shape: %s", type(error).__name__)
                future.set_exception(JsonRpcInternalError("The client answered in the wrong shape"))
            else:
                future.set_result(result)

    def _result(self, value: Any, result_type: Any) -> Any:
        if result_type is None:
            return value
        message = {"id": 0, "jsonrpc": self.VERSION, "result": value}
        return self._converter.structure(message, result_type).result


def _client_error(error: dict[str, Any]) -> JsonRpcException:
    code, message = error.get("code"), error.get("message")
    return JsonRpcException.from_error(
        ResponseError(
            code=code if isinstance(code, int) else JsonRpcInternalError.CODE,
            message=message if isinstance(message, str) else "",
        )
    )
