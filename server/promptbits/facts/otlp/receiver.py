"""The routes of OTLP/HTTP: what is taken, what is refused, and in which words.

As its specification demands: answers are in the encoding of the request, failures carry a google.rpc.Status, and only
503 asks a client to send again.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Final

import orjson

from promptbits.facts.otlp import answers
from promptbits.facts.otlp.bodies import ENCODINGS, TooLargeError, unpacked
from promptbits.facts.otlp.http import Handler, Head, Response
from promptbits.facts.otlp.intake import Intake, UnwritableError
from promptbits.facts.otlp.json_body import batch_of_json
from promptbits.facts.otlp.protobuf_body import batch_of_logs, batch_of_traces
from promptbits.facts.otlp.records import Batch, MalformedBodyError

# What the specification recommends.
LIMIT: Final = 20 * 1024 * 1024
# Bodies of requests that are not answered yet, together.
_IN_FLIGHT: Final = 64 * 1024 * 1024
_RETRY_SECONDS: Final = "5"

_SIGNALS: Final = {"/v1/traces": "traces", "/v1/logs": "logs", "/v1/metrics": "metrics"}


class Receiver(Handler):
    """Answers requests of exporters by means of an intake."""

    def __init__(self, intake: Intake, *, limit: int = LIMIT) -> None:
        self.limit = limit
        self.in_flight = max(_IN_FLIGHT, 2 * limit)
        self._intake = intake

    def refuse(self, head: Head) -> Response | None:
        """What is wrong with a request before its body is read."""
        if "origin" in head.headers:
            # A web page must not write here. Browsers say where a page comes from, exporters of applications do not.
            return _failure(head, HTTPStatus.FORBIDDEN, "requests of web pages are not taken")
        if head.path.rstrip("/") not in _SIGNALS:
            return _failure(head, HTTPStatus.NOT_FOUND, f"there are {', '.join(_SIGNALS)}")
        if head.method != "POST":
            return _failure(head, HTTPStatus.METHOD_NOT_ALLOWED, "send it by POST", Allow="POST")
        if _content_type(head) not in answers.TYPES:
            text = f"Content-Type must be {' or '.join(answers.TYPES)}"
            return _failure(head, HTTPStatus.UNSUPPORTED_MEDIA_TYPE, text)
        if _encoding(head) not in ("", *ENCODINGS):
            text = f"Content-Encoding must be one of {', '.join(ENCODINGS)}"
            accepted = {"Accept-Encoding": "gzip, deflate"}
            return _failure(head, HTTPStatus.UNSUPPORTED_MEDIA_TYPE, text, **accepted)
        length = head.headers.get("content-length", "0")
        return self.too_large(head) if len(length) > 15 or int(length) > self.limit else None

    def too_large(self, head: Head) -> Response:
        """A body over the limit."""
        text = f"the body is larger than {self.limit:,} bytes: send smaller batches"
        return _failure(head, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, text)

    def busy(self, head: Head) -> Response:
        """Too much at once."""
        text = "too many requests at once"
        return _failure(head, HTTPStatus.SERVICE_UNAVAILABLE, text, **{"Retry-After": "1"})

    async def answer(self, head: Head, body: bytes) -> Response:
        """Take what a body says. It is answered when that is stored."""
        signal, content_type = _SIGNALS[head.path.rstrip("/")], _content_type(head)
        try:
            refused = await self._intake.take(
                lambda: _batch(signal, content_type, unpacked(body, _encoding(head), self.limit))
            )
        except TooLargeError:
            return self.too_large(head)
        except MalformedBodyError as error:
            return _failure(head, HTTPStatus.BAD_REQUEST, str(error))
        except UnwritableError as error:
            return _failure(head, HTTPStatus.SERVICE_UNAVAILABLE, str(error), **{"Retry-After": _RETRY_SECONDS})
        except Exception as error:  # whatever it is, exactly one answer: another try would meet it again
            text = f"internal error ({type(error).__name__})"
            return _failure(head, HTTPStatus.INTERNAL_SERVER_ERROR, text)
        message = "; ".join(dict.fromkeys(f"{each.where}: {each.why}" for each in refused[:3]))
        return Response(HTTPStatus.OK, content_type, answers.success(content_type, signal, len(refused), message))


def _batch(signal: str, content_type: str, body: bytes) -> Batch:
    if signal == "metrics":
        return Batch()  # taken and not needed: to reject them would put a warning into every application's log
    if content_type == answers.PROTOBUF:
        return batch_of_traces(body) if signal == "traces" else batch_of_logs(body)
    try:
        value: Any = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise MalformedBodyError(f"the body is not JSON, from line {error.lineno} column {error.colno} on") from None
    return batch_of_json(value)


def _failure(head: Head, status: HTTPStatus, message: str, **headers: str) -> Response:
    content_type = answers.PROTOBUF if _content_type(head) == answers.PROTOBUF else answers.JSON
    return Response(status, content_type, answers.failure(content_type, message), headers)


def _content_type(head: Head) -> str:
    return head.headers.get("content-type", "").partition(";")[0].strip().lower()


def _encoding(head: Head) -> str:
    return head.headers.get("content-encoding", "").strip().lower()
