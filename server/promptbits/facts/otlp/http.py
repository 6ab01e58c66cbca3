"""HTTP/1.1 on asyncio. What a request means is h11's to say; here are the sockets, the limits and the time-outs.

The server of the standard library takes a thread for each connection and leaves chunked bodies, `Expect` and limits to
its user. A web framework brings a dozen packages for three routes. h11 is one small package without dependencies.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import formatdate
from http import HTTPStatus
from typing import Final, cast

import h11

_READ: Final = 64 * 1024
_CONNECTIONS: Final = 256
# Seconds without a byte: between requests, and in the middle of one.
_IDLE: Final = 120.0
_STALLED: Final = 30.0
# How long a refused client may go on sending, so that it gets to read why: closing at once would reset its connection.
_LINGER: Final = 5.0


@dataclass(frozen=True, slots=True)
class Head:
    """A request before its body. Names of headers are in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Response:
    """An answer."""

    status: HTTPStatus
    content_type: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


class Handler:
    """What answers. `refuse` sees the head alone, and what it answers saves reading the body."""

    limit: int
    in_flight: int

    def refuse(self, head: Head) -> Response | None:
        """An answer that needs no body."""
        raise NotImplementedError

    def too_large(self, head: Head) -> Response:
        """The answer to a body over `limit`."""
        raise NotImplementedError

    def busy(self, head: Head) -> Response:
        """The answer when more than `in_flight` bytes of bodies are held already."""
        raise NotImplementedError

    async def answer(self, head: Head, body: bytes) -> Response:
        """The answer to a whole request."""
        raise NotImplementedError


class HttpServer:
    """Serves a handler on every address of a host."""

    def __init__(self, handler: Handler) -> None:
        self._handler = handler
        self._held = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._busy: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None

    async def start(self, host: str, port: int) -> int:
        """Listen; the port, also if it was to be any.

        Raises:
            OSError: it cannot.
        """
        self._server = await asyncio.start_server(self._serve, host, port, backlog=_CONNECTIONS)
        return cast("int", self._server.sockets[0].getsockname()[1])

    async def stop(self, grace: float = 5.0) -> None:
        """Take no more, let what is being answered end, and close the rest."""
        if self._server:
            self._server.close()
        if self._busy:
            await asyncio.wait(set(self._busy), timeout=grace)
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = cast("asyncio.Task[None]", asyncio.current_task())
        self._tasks.add(task)
        try:
            with contextlib.suppress(OSError, TimeoutError, asyncio.CancelledError, h11.LocalProtocolError):
                if len(self._tasks) <= _CONNECTIONS:
                    await _Connection(reader, writer, self._handler, self).run(task)
        finally:
            self._tasks.discard(task)
            self._busy.discard(task)
            writer.close()

    def hold(self, size: int) -> bool:
        """Account for bytes of a body, if there is room for them."""
        if self._held + size > self._handler.in_flight:
            return False
        self._held += size
        return True

    def release(self, size: int) -> None:
        """Bytes of a body that are gone."""
        self._held -= size

    def is_busy(self, task: asyncio.Task[None], busy: bool) -> None:
        """Whether a connection is in the middle of a request."""
        (self._busy.add if busy else self._busy.discard)(task)


class _Connection:
    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, handler: Handler, server: HttpServer
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._handler = handler
        self._server = server
        self._http = h11.Connection(h11.SERVER)

    async def run(self, task: asyncio.Task[None]) -> None:
        """Answer one request after the other until either side ends it."""
        while True:
            try:
                event = await self._event(_IDLE)
                if not isinstance(event, h11.Request):
                    return
                self._server.is_busy(task, True)
                await self._respond(*await self._exchange(_head(event)))
            except h11.RemoteProtocolError as error:
                if self._http.our_state in (h11.IDLE, h11.SEND_RESPONSE):
                    status = HTTPStatus(error.error_status_hint or 400)
                    await self._respond(Response(status, "text/plain", b"not HTTP/1.1\n"), True)
                return
            finally:
                self._server.is_busy(task, False)
            if self._http.our_state is not h11.DONE or self._http.their_state is not h11.DONE:
                return
            self._http.start_next_cycle()

    async def _exchange(self, head: Head) -> tuple[Response, bool]:
        """The answer to a request, and whether its body was left unread."""
        refusal = self._handler.refuse(head)
        if refusal:
            return refusal, True
        body = bytearray()
        held = 0
        try:
            while True:
                if self._http.they_are_waiting_for_100_continue:
                    await self._send(h11.InformationalResponse(status_code=100, headers=[]))
                event = await self._event(_STALLED)
                if not isinstance(event, h11.Data):
                    break
                size = len(event.data)
                if held + size > self._handler.limit:
                    return self._handler.too_large(head), True
                if not self._server.hold(size):
                    return self._handler.busy(head), True
                held += size
                body += event.data
            if not isinstance(event, h11.EndOfMessage):
                raise ConnectionResetError
            return await self._handler.answer(head, bytes(body)), False
        finally:
            self._server.release(held)

    async def _respond(self, response: Response, unread: bool) -> None:
        headers = [
            ("Date", formatdate(usegmt=True)),
            ("Content-Type", response.content_type),
            ("Content-Length", str(len(response.body))),
            *response.headers.items(),
        ]
        # A refused request without a body leaves nothing unread, and the connection can be used again.
        if unread:
            with contextlib.suppress(h11.RemoteProtocolError):
                unread = not isinstance(self._http.next_event(), h11.EndOfMessage)
        if unread:
            headers.append(("Connection", "close"))
        await self._send(
            h11.Response(status_code=response.status, headers=headers, reason=response.status.phrase.encode())
        )
        await self._send(h11.Data(data=response.body))
        await self._send(h11.EndOfMessage())
        if unread:
            await self._linger()

    async def _linger(self) -> None:
        if self._writer.can_write_eof():
            self._writer.write_eof()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_LINGER):
                while await self._reader.read(_READ):
                    pass

    async def _event(self, seconds: float) -> object:
        while (event := self._http.next_event()) is h11.NEED_DATA:
            async with asyncio.timeout(seconds):
                self._http.receive_data(await self._reader.read(_READ))
        return event

    async def _send(self, event: h11.Event) -> None:
        data = self._http.send(event)
        if data:
            self._writer.write(data)
            async with asyncio.timeout(_STALLED):
                await self._writer.drain()


def _head(request: h11.Request) -> Head:
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in request.headers}
    path = request.target.decode("latin-1").partition("?")[0]
    return Head(request.method.decode("latin-1"), path, headers)
