"""Typed errors of the protocol, and what may be said about an exception nobody expected.

A request handler raises `RequestError` (or a subclass) for what the user should read. Everything else that leaves a
handler is a defect: the client gets a generic sentence, the log gets the exception's type and where it was raised.
The text of an exception is never shown nor logged, because it can quote the document (a `KeyError` is its key).
"""

from __future__ import annotations

import enum
import logging
import traceback
from pathlib import Path
from typing import Any

logger = logging.getLogger("promptbits.lsp")

_FRAMES_SHOWN = 3


class ErrorCode(enum.IntEnum):
    """Error codes of JSON-RPC and LSP that this server sends."""

    PARSE_ERROR = -32700
    INVALID_REQUEST = -32600
    METHOD_NOT_FOUND = -32601
    INVALID_PARAMS = -32602
    INTERNAL_ERROR = -32603
    SERVER_NOT_INITIALIZED = -32002
    REQUEST_FAILED = -32803
    SERVER_CANCELLED = -32802
    CONTENT_MODIFIED = -32801
    REQUEST_CANCELLED = -32800


class RequestError(Exception):
    """An error that the user may read: `message` reaches the client as it is, so it quotes no prompt text.

    Attributes:
        code: One of `ErrorCode`, or another number of the protocol.
        message: One sentence for the user.
        data: JSON-ready details, if the protocol asks for some.
    """

    def __init__(self, code: int, message: str, data: Any = None) -> None:
        super().__init__(message)
        self.code = int(code)
        self.message = message
        self.data = data

    def to_json(self) -> dict[str, Any]:
        """Return the JSON-RPC error object."""
        error: dict[str, Any] = {"code": self.code, "message": self.message}
        if self.data is not None:
            error["data"] = self.data
        return error


class InvalidParamsError(RequestError):
    """The parameters have the wrong shape. Raised in a notification handler, it calls the malformed hook."""

    def __init__(self, message: str = "Invalid parameters") -> None:
        super().__init__(ErrorCode.INVALID_PARAMS, message)


class ContentModifiedError(RequestError):
    """The document changed while the answer was computed; clients ask again and show nothing."""

    def __init__(self, message: str = "The document has changed") -> None:
        super().__init__(ErrorCode.CONTENT_MODIFIED, message)


class RequestFailedError(RequestError):
    """The request was well formed but cannot be fulfilled, for a reason the user should read."""

    def __init__(self, message: str) -> None:
        super().__init__(ErrorCode.REQUEST_FAILED, message)


class ServerCancelledError(RequestError):
    """The server gave up a diagnostics request; `retrigger` asks the client to send it again."""

    def __init__(self, message: str = "Cancelled by the server", *, retrigger: bool = True) -> None:
        super().__init__(ErrorCode.SERVER_CANCELLED, message, {"retriggerRequest": retrigger})


def cancelled() -> RequestError:
    """Return the answer to a request that was cancelled."""
    return RequestError(ErrorCode.REQUEST_CANCELLED, "Request cancelled")


def location(error: BaseException) -> str:
    """Return the type of an exception and the innermost frames it passed, with nothing of its text."""
    frames = traceback.extract_tb(error.__traceback__)[-_FRAMES_SHOWN:]
    where = " < ".join(f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in reversed(frames))
    return f"{type(error).__name__} at {where or 'an unknown place'}"


def log_failure(doing: str, error: BaseException) -> None:
    """Log that something failed: one line, and at debug level the whole stack. Never the exception's text."""
    logger.error("%s failed: %s", doing, location(error))
    if logger.isEnabledFor(logging.DEBUG):
        logger.debug("%s, stack:\n%s", doing, "".join(traceback.format_tb(error.__traceback__)))


def _short(filename: str) -> str:
    """Return the last two parts of a path: enough to find the file, and no home directory."""
    return "/".join(Path(filename).parts[-2:])
