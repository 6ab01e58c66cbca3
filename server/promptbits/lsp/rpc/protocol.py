"""The protocol: decides what happens with each message. Every request gets exactly one response.

pygls supplies the feature registry, its built-in lifecycle handlers and the requests to the client; how messages are
taken in, run, cancelled and answered is decided here. Messages are handled in the order in which they came, one per
turn of the event loop, so that a cancellation that is already waiting in the pipe is seen before its request starts.
"""

from __future__ import annotations

import asyncio
import contextvars
import inspect
import logging
from typing import TYPE_CHECKING, Any, cast

from lsprotocol import types
from pygls.exceptions import JsonRpcInvalidParams

from promptbits.lsp.rpc import messages
from promptbits.lsp.rpc.errors import ErrorCode, InvalidParamsError, RequestError, cancelled, log_failure
from promptbits.lsp.rpc.handlers import start
from promptbits.lsp.rpc.inbox import Inbox
from promptbits.lsp.rpc.incoming import InvalidMessageError, MessageId, Notification, Request, Response, classify
from promptbits.lsp.rpc.lifecycle import METHODS as LIFECYCLE_METHODS
from promptbits.lsp.rpc.lifecycle import LifecycleProtocol, State

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine

    from cattrs import Converter
    from pygls.lsp.server import LanguageServer

    from promptbits.lsp.rpc.registry import Handler

logger = logging.getLogger("promptbits.lsp")

_HANDLER_ERRORS = (Exception, asyncio.CancelledError, SystemExit)
_NAME_SHOWN = 80


class Protocol(LifecycleProtocol):
    """A `protocol_cls` for a pygls `LanguageServer`.

    Attributes:
        on_malformed_notification: Called with the method and the JSON parameters of a notification that was ignored
            because its parameters have the wrong shape. A lost `didChange` must not go unnoticed by the documents.
    """

    def __init__(self, server: LanguageServer, converter: Converter) -> None:
        self.on_malformed_notification: Callable[[str, Any], None] | None = None
        self._inbox = Inbox(self._take_turn)
        self._unanswered: dict[MessageId, Request] = {}
        self._tasks: set[asyncio.Future[Any]] = set()
        self._closed = False
        super().__init__(server, converter)

    # What features use.

    def raw(self, method: str, options: Any = None) -> Callable[[Handler], Handler]:
        """Return a decorator that registers a handler getting its parameters as plain JSON.

        Such a handler replaces what pygls has built in for the method, checks the shape itself (raising
        `InvalidParamsError`), and costs nothing for the conversion. Only positions are brought into range for it.
        """
        if method in LIFECYCLE_METHODS:
            raise ValueError(f"{method} cannot have a raw handler")

        def register(handler: Handler) -> Handler:
            self._registry.add_raw(method, options, handler)
            return handler

        return register

    def spawn(self, work: Coroutine[Any, Any, Any], doing: str) -> asyncio.Task[Any]:
        """Run background work that ends with the session; a failure is one log line."""
        task = asyncio.get_running_loop().create_task(work)
        self._follow(task, lambda done: _log_outcome(done, doing))
        if self._closed:  # a timer that was set before the end: nobody would answer what it asks
            task.cancel()
        return task

    # What the transport calls.

    def receive(self, body: bytes) -> None:
        """Take in the body of a message."""
        try:
            message = messages.decode(body)
        except ValueError:
            logger.warning("ignored a message of %d bytes: not JSON", len(body))
            self._refuse(None, RequestError(ErrorCode.PARSE_ERROR, "Parse error: the message is not JSON"))
        else:
            self.handle_message(message)

    def receive_end(self) -> None:
        """Take in the end of the input: what is waiting still gets its turn, then the session ends."""
        self.on_ending()
        self._inbox.put(None)

    def close(self) -> None:
        """End the session: nothing more is started, what runs is cancelled."""
        self._closed = True
        self._inbox.clear()
        for hook in self.on_close:
            try:
                hook()
            except Exception as error:  # the other hooks must still run
                log_failure("closing", error)
        for task in list(self._tasks):
            task.cancel()

    def handle_message(self, message: Any) -> None:
        """Take in a message as JSON. What cannot wait is done now, the rest in turn."""
        self._enter_loop()
        try:
            item = classify(message)
        except InvalidMessageError as invalid:
            logger.warning("ignored an invalid message: %s", invalid)
            if invalid.error is not None:
                self._refuse(invalid.id, invalid.error)
            return
        if isinstance(item, Response):
            self._take_response(item)
        elif isinstance(item, Request):
            if item.id in self._unanswered:
                self._refuse(item.id, RequestError(ErrorCode.INVALID_REQUEST, "Invalid request: id in use"))
            else:
                self._unanswered[item.id] = item
                self._inbox.put(item)
        elif item.method == types.CANCEL_REQUEST:
            self._cancel(item.params)
        else:
            if item.method == types.EXIT:
                self.on_ending()
            self._inbox.put(item)

    # One turn: a request, a notification, or the end of the input.

    def _take_turn(self, item: Request | Notification | None) -> None:
        if item is None:
            self.on_ended()
        elif isinstance(item, Notification):
            self._take_notification(item)
        elif not item.answered:  # else cancelled while it waited
            self._take_request(item)

    def _take_request(self, request: Request) -> None:
        try:
            self._admit(request)
            outcome, context = self._start(request.method, request.params, request.id)
        except _HANDLER_ERRORS as error:
            self._fail(request, error)
            return
        if inspect.isawaitable(outcome):
            request.task = self._run(outcome, context, lambda task: self._settle(request, task))
        else:
            self._answer(request, outcome)

    def _take_notification(self, notification: Notification) -> None:
        method = notification.method
        if self._state is not State.RUNNING and method != types.EXIT:
            logger.debug("ignored a notification outside the session")
            return
        if self._registry.find(method) is None:
            return
        try:
            outcome, context = self._start(method, notification.params, None)
        except _HANDLER_ERRORS as error:
            self._report(notification, error)
            return
        if inspect.isawaitable(outcome):
            self._run(outcome, context, lambda task: self._report(notification, _error_of(task)))

    def _admit(self, request: Request) -> None:
        """Raise if the session does not take this request now."""
        if request.method == types.INITIALIZE:
            if self._state is not State.STARTING:
                raise RequestError(ErrorCode.INVALID_REQUEST, "The server is initialized already")
            self._inbox.hold()  # nothing may be handled before the capabilities are agreed
        elif self._state is State.STARTING:
            raise RequestError(ErrorCode.SERVER_NOT_INITIALIZED, "The server is not initialized")
        elif self._state is State.STOPPING:
            raise RequestError(ErrorCode.INVALID_REQUEST, "The server is shutting down")
        elif request.method == types.SHUTDOWN:
            self._state = State.STOPPING
            for other in list(self._unanswered.values()):
                if other is not request and other.task is not None:
                    self._abort(other)
        if self._registry.find(request.method) is None:
            name = request.method[:_NAME_SHOWN]
            raise RequestError(ErrorCode.METHOD_NOT_FOUND, f"Unknown method: {name}")

    def _start(self, method: str, params: Any, message_id: MessageId | None) -> tuple[Any, contextvars.Context]:
        """Run the first part of a handler; return what it returned, maybe an awaitable, and its context."""
        handler = self._registry.find(method)
        if handler is None:
            raise LookupError
        context = contextvars.copy_context()
        context.run(cast("contextvars.ContextVar[Any]", self._ctx_msg_id).set, message_id)
        value = self._registry.params(method, params)
        return context.run(start, handler, value, lambda: self._server.thread_pool), context

    def _run(
        self, work: Awaitable[Any], context: contextvars.Context, done: Callable[[asyncio.Future[Any]], None]
    ) -> asyncio.Future[Any]:
        """Let the rest of a handler run; `done` gets its task when it ends."""
        task: asyncio.Future[Any] = (
            asyncio.get_running_loop().create_task(work, context=context)
            if inspect.iscoroutine(work)
            else asyncio.ensure_future(work)
        )
        self._follow(task, done)
        return task

    def _follow(self, task: asyncio.Future[Any], done: Callable[[asyncio.Future[Any]], None]) -> None:
        self._tasks.add(task)  # the loop itself keeps no task alive
        task.add_done_callback(self._tasks.discard)
        task.add_done_callback(done)

    # The end of a message: exactly one response, or at most one log line.

    def _settle(self, request: Request, task: asyncio.Future[Any]) -> None:
        error = _error_of(task)
        if error is None:
            self._answer(request, task.result())
        else:
            self._fail(request, error)

    def _fail(self, request: Request, error: BaseException) -> None:
        self._answer(request, error=self._explain(request, error))

    def _explain(self, request: Request, error: BaseException) -> RequestError:
        if isinstance(error, RequestError):
            return error
        if isinstance(error, asyncio.CancelledError):
            return cancelled()
        name = request.method[:_NAME_SHOWN]
        if isinstance(error, JsonRpcInvalidParams):  # pygls, about the arguments of a command
            return RequestError(ErrorCode.INVALID_PARAMS, f"Invalid parameters for {name}")
        log_failure(f"handling {name}", error)
        return RequestError(ErrorCode.INTERNAL_ERROR, f"Internal error while handling {name}")

    def _answer(self, request: Request, result: Any = None, error: RequestError | None = None) -> None:
        """Send the response, unless the request has had one. The only place where a request is answered."""
        if request.answered:
            return
        request.answered = True
        del self._unanswered[request.id]
        try:
            if error is not None:
                self._refuse(request.id, error)
            else:
                self._send_data({"jsonrpc": self.VERSION, "id": request.id, "result": result})
        except (TypeError, ValueError) as unsendable:
            self._refuse(request.id, self._explain(request, unsendable))
        if request.method == types.INITIALIZE:
            self._inbox.release()

    def _refuse(self, message_id: MessageId | None, error: RequestError) -> None:
        self._send_data({"jsonrpc": self.VERSION, "id": message_id, "error": error.to_json()})

    def _cancel(self, params: Any) -> None:
        message_id = cast("dict[str, Any]", params).get("id") if isinstance(params, dict) else None
        request = self._unanswered.get(message_id) if isinstance(message_id, (str, int, float)) else None
        if request is not None and request.method not in LIFECYCLE_METHODS:
            self._abort(request)

    def _abort(self, request: Request) -> None:
        """Answer now; what the handler still says is dropped."""
        self._answer(request, error=cancelled())
        if request.task is not None:
            request.task.cancel()

    def _report(self, notification: Notification, error: BaseException | None) -> None:
        """Log what became of a notification, if it went wrong: the client must not be bothered with a pop-up."""
        name = notification.method[:_NAME_SHOWN]
        if isinstance(error, InvalidParamsError):
            logger.warning("ignored %s: its parameters have the wrong shape", name)
            if self.on_malformed_notification is not None:
                try:
                    self.on_malformed_notification(notification.method, notification.params)
                except Exception as second:  # the next message must still be handled
                    log_failure(f"recovering from a malformed {name}", second)
        elif error is not None and not isinstance(error, asyncio.CancelledError):
            log_failure(f"handling {name}", error)


def _error_of(task: asyncio.Future[Any]) -> BaseException | None:
    return asyncio.CancelledError() if task.cancelled() else task.exception()


def _log_outcome(task: asyncio.Future[Any], doing: str) -> None:
    error = _error_of(task)
    if error is not None and not isinstance(error, asyncio.CancelledError):
        log_failure(doing, error)
