"""What can arrive: requests, notifications and responses, told apart before anything is done with them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from promptbits.lsp.rpc.errors import ErrorCode, RequestError

if TYPE_CHECKING:
    import asyncio

MessageId = str | int | float
"""Ids are strings and numbers; some clients written in Lua send `1.0`, which is echoed as it came."""

_VERSION = "2.0"


@dataclass(slots=True, eq=False)
class Request:
    """A request of the client, from its arrival until it is answered.

    Attributes:
        answered: Set with the one response; whatever comes later is dropped.
        task: What still runs for it, if anything.
    """

    id: MessageId
    method: str
    params: Any
    answered: bool = False
    task: asyncio.Future[Any] | None = None


@dataclass(slots=True, frozen=True)
class Notification:
    """A notification of the client."""

    method: str
    params: Any


@dataclass(slots=True, frozen=True)
class Response:
    """The client's answer to a request of ours; exactly one of the two values means something."""

    id: Any
    result: Any
    error: dict[str, Any] | None


class InvalidMessageError(Exception):
    """The message is no JSON-RPC. It deserves a response if it has an id or claims to be a request.

    Attributes:
        id: The id to answer, None if there is none that could be used.
        error: What to answer, None if a log line is enough.
    """

    def __init__(self, why: str, message_id: MessageId | None = None, *, answer: bool = True) -> None:
        super().__init__(why)
        self.id = message_id
        self.error = RequestError(ErrorCode.INVALID_REQUEST, f"Invalid request: {why}") if answer else None


def classify(message: Any) -> Request | Notification | Response:
    """Tell what a JSON value is.

    Raises:
        InvalidMessageError: It is none of the three.
    """
    if not isinstance(message, dict):
        raise InvalidMessageError("batches are not supported" if isinstance(message, list) else "not an object")
    fields = cast("dict[str, Any]", message)
    message_id = fields.get("id")
    if "method" not in fields and ("result" in fields or "error" in fields):
        return _response(fields)
    if "id" not in fields:
        return _notification(fields)
    if isinstance(message_id, bool) or not isinstance(message_id, (str, int, float)):
        raise InvalidMessageError("the id is no string and no number")
    if fields.get("jsonrpc") != _VERSION:
        raise InvalidMessageError("jsonrpc is not 2.0", message_id)
    method = fields.get("method")
    if not isinstance(method, str):
        raise InvalidMessageError("the method is no string", message_id)
    return Request(message_id, method, fields.get("params"))


def _notification(fields: dict[str, Any]) -> Notification:
    method = fields.get("method")
    if not isinstance(method, str):
        raise InvalidMessageError("neither an id nor a method")
    if fields.get("jsonrpc") != _VERSION:
        raise InvalidMessageError("jsonrpc is not 2.0", answer=False)
    return Notification(method, fields.get("params"))


def _response(fields: dict[str, Any]) -> Response:
    error = fields.get("error")
    if error is not None and not isinstance(error, dict):
        error = {"code": 0, "message": ""}
    return Response(fields.get("id"), fields.get("result"), cast("dict[str, Any] | None", error))
