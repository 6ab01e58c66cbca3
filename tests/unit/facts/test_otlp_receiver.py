"""The receiver over real sockets: what is taken, what is refused, and that each fact is stored once."""

from __future__ import annotations

import asyncio
import gzip
import http.client
import json
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from otlp_samples import START, body, pairs, span

from promptbits.facts.opening import open_store
from promptbits.facts.otlp.http import HttpServer
from promptbits.facts.otlp.intake import Intake
from promptbits.facts.otlp.receiver import Receiver
from promptbits.facts.spool import is_waiting, spool_folders
from promptbits.facts.store import Appended, Fact, InvalidFactError, StoreError

JSON = {"Content-Type": "application/json"}
PROTOBUF = {"Content-Type": "application/x-protobuf"}
LIMIT = 200_000


class Running:
    """A receiver on a loop in a thread of its own."""

    def __init__(self, path: Path, opened: Callable[[], Any]) -> None:
        self.warnings: list[str] = []
        self.path = path
        self.intake = Intake(path, opened, waiting=path.with_name("waiting.jsonl"), warn=self.warnings.append)
        self.port = 0
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)

    def __enter__(self) -> Running:
        self.intake.__enter__()
        self._thread.start()
        self.receiver = Receiver(self.intake, limit=LIMIT)
        self._server = HttpServer(self.receiver)
        self.port = self._run(self._server.start("127.0.0.1", 0))
        return self

    def __exit__(self, *_: object) -> None:
        self._run(self._server.stop())
        self.intake.__exit__()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _run(self, coroutine: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(30)

    def connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)

    def send(
        self, path: str, data: bytes, headers: dict[str, str], method: str = "POST"
    ) -> tuple[http.client.HTTPResponse, bytes]:
        connection = self.connect()
        try:
            connection.request(method, path, data, headers)
            response = connection.getresponse()
            return response, response.read()
        finally:
            connection.close()

    def facts(self) -> list[Fact]:
        store = open_store(self.path)
        try:
            return list(store.facts())
        finally:
            store.close()


@pytest.fixture
def receiver(tmp_path: Path) -> Iterator[Running]:
    path = tmp_path / ".promptbits" / "facts.db"
    store = open_store(path)
    try:
        with Running(path, lambda: store) as running:
            yield running
    finally:
        store.close()


def encoded(*spans: dict[str, Any]) -> bytes:
    return json.dumps(body(*(spans or (span(),)))).encode()


def some(count: int, first: int = 1) -> bytes:
    return encoded(*(span(spanId=f"{n:016x}") for n in range(first, first + count)))


def test_json_and_protobuf_on_one_connection(receiver: Running) -> None:
    request = ExportTraceServiceRequest()
    message = (
        request.resource_spans.add()
        .scope_spans.add()
        .spans.add(trace_id=bytes(range(16)), span_id=bytes(range(1, 9)), start_time_unix_nano=START)
    )
    message.attributes.add(key="gen_ai.prompt.name").value.string_value = "greet"
    connection = receiver.connect()
    for data, headers, answer in (
        (encoded(), JSON, b"{}"),
        (request.SerializeToString(), PROTOBUF, b""),
        (gzip.compress(some(3)), JSON | {"Content-Encoding": "gzip"}, b"{}"),
        (b"", PROTOBUF, b""),
        (b"{}", {"Content-Type": "application/json; charset=utf-8"}, b"{}"),
    ):
        connection.request("POST", "/v1/traces", data, headers)
        response = connection.getresponse()
        assert (response.status, response.read()) == (200, answer)
        assert response.headers["Content-Type"] == headers["Content-Type"].partition(";")[0]
    socket_before = connection.sock
    connection.request("POST", "/v1/traces", iter([some(1, 50), b""]), JSON, encode_chunked=True)
    assert connection.getresponse().read() == b"{}"
    assert connection.sock is socket_before is not None
    connection.close()
    assert sorted(fact["prompt_id"] for fact in receiver.facts()) == ["greet", *["summarize"] * 5]


def test_what_is_sent_twice_is_there_once(receiver: Running) -> None:
    for _ in range(3):
        response, _ = receiver.send("/v1/traces", some(5), JSON)
        assert response.status == 200
    assert len(receiver.facts()) == 5
    assert receiver.intake.counts.repeated == 10


def test_metrics_are_taken_and_not_used(receiver: Running) -> None:
    response, answer = receiver.send("/v1/metrics", b'{"resourceMetrics": []}', JSON)
    assert (response.status, answer) == (200, b"{}")


@pytest.mark.parametrize("content_type", ["application/json", "application/x-protobuf"])
@pytest.mark.parametrize(
    ("path", "method", "headers", "status"),
    [
        ("/v1/traces", "GET", {}, 405),
        ("/v1/traces", "PUT", {}, 405),
        ("/v1/spans", "POST", {}, 404),
        ("/", "GET", {}, 404),
        ("/v1/traces", "POST", {"Content-Type": "text/plain"}, 415),
        ("/v1/traces", "POST", {"Content-Encoding": "br"}, 415),
        ("/v1/traces", "POST", {"Content-Encoding": "gzip"}, 400),
        ("/v1/traces", "POST", {"Origin": "http://evil.example"}, 403),
        ("/v1/traces", "POST", {}, 400),
        ("/v1/logs", "POST", {}, 400),
    ],
)
def test_refusals(
    receiver: Running, content_type: str, path: str, method: str, headers: dict[str, str], status: int
) -> None:
    sent = {"Content-Type": content_type} | headers
    response, answer = receiver.send(path, b"\xff nonsense", sent, method)
    assert response.status == status
    if sent["Content-Type"] == "application/x-protobuf":
        assert response.headers["Content-Type"] == "application/x-protobuf"
        assert answer[0] == 0x12
        assert len(answer) > 3
    else:
        assert response.headers["Content-Type"] == "application/json"
        assert json.loads(answer)["message"]
    if status == 405:
        assert response.headers["Allow"] == "POST"
    assert receiver.send("/v1/traces", encoded(), JSON)[0].status == 200


def test_a_refused_request_without_a_body_keeps_the_connection(receiver: Running) -> None:
    connection = receiver.connect()
    for _ in range(2):
        connection.request("GET", "/v1/traces")
        response = connection.getresponse()
        response.read()
        assert response.status == 405
        assert connection.sock is not None
    connection.close()


@pytest.mark.parametrize("announced", [True, False])
def test_too_large(receiver: Running, announced: bool) -> None:
    data = b"x" * (LIMIT * 20)
    connection = receiver.connect()
    if announced:
        connection.request("POST", "/v1/traces", data, JSON)
    else:
        connection.request("POST", "/v1/traces", iter([data]), JSON, encode_chunked=True)
    response = connection.getresponse()
    assert response.status == 413
    assert "smaller" in json.loads(response.read())["message"]
    connection.close()


def test_a_gzip_bomb_is_too_large(receiver: Running) -> None:
    response, _ = receiver.send("/v1/traces", gzip.compress(bytes(50_000_000)), JSON | {"Content-Encoding": "gzip"})
    assert response.status == 413


def test_more_bodies_at_once_than_memory_is_meant_for(receiver: Running) -> None:
    receiver.receiver.in_flight = 1000
    response, answer = receiver.send("/v1/traces", some(20), JSON)
    assert (response.status, response.headers["Retry-After"]) == (503, "1")
    assert json.loads(answer)["message"]
    assert receiver.send("/v1/traces", encoded(), JSON)[0].status == 200, "what was held is given back"


def test_what_was_spooled_before_is_taken_in_at_the_start(tmp_path: Path) -> None:
    path = tmp_path / "facts.db"
    unwell = Unwell(open_store(path))
    with Running(path, lambda: unwell) as running:
        assert running.send("/v1/traces", some(2), JSON)[0].status == 200
    unwell.failing = False
    with Running(path, lambda: unwell) as running:
        assert len(running.facts()) == 2
    unwell.store.close()


def test_expect_100_continue(receiver: Running) -> None:
    data = encoded()
    head = (
        f"POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {len(data)}\r\n"
        "Expect: 100-continue\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", receiver.port), 30) as connection:
        connection.sendall(head.encode())
        assert connection.recv(1000).startswith(b"HTTP/1.1 100 ")
        connection.sendall(data)
        assert connection.recv(1000).startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize(
    "data",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 TLS\r\n\r\n",
        b"POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Length: nope\r\n\r\n",
        b"POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\n",
        b"GET /" + b"a" * 200_000,
    ],
)
def test_what_is_not_http_ends_with_an_answer(receiver: Running, data: bytes) -> None:
    with socket.create_connection(("127.0.0.1", receiver.port), 30) as connection:
        connection.sendall(data)
        answer = b""
        while part := connection.recv(65536):
            answer += part
    assert answer.startswith(b"HTTP/1.1 4")
    assert receiver.send("/v1/traces", encoded(), JSON)[0].status == 200


def test_a_client_that_leaves_in_the_middle_harms_nobody(receiver: Running) -> None:
    for _ in range(5):
        with socket.create_connection(("127.0.0.1", receiver.port), 30) as connection:
            connection.sendall(b"POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n")
            connection.sendall(b"Content-Length: 1000\r\n\r\n{")
    assert receiver.send("/v1/traces", encoded(), JSON)[0].status == 200
    assert len(receiver.facts()) == 1


def test_spans_that_are_refused_are_a_partial_success(receiver: Running) -> None:
    data = encoded(span(), span(spanId="0" * 16), span(traceId="xx"), {**span(), "attributes": pairs({"a": 1})})
    response, answer = receiver.send("/v1/traces", data, JSON)
    assert response.status == 200
    partial = json.loads(answer)["partialSuccess"]
    assert partial["rejectedSpans"] == "2"
    assert "spans[1]" in partial["errorMessage"]
    assert len(receiver.facts()) == 1
    request = ExportTraceServiceRequest()
    bad = request.resource_spans.add().scope_spans.add().spans.add(trace_id=b"short")
    bad.attributes.add(key="gen_ai.prompt.name").value.string_value = "p"
    _, answer = receiver.send("/v1/traces", request.SerializeToString(), PROTOBUF)
    assert ExportTraceServiceResponse.FromString(answer).partial_success.rejected_spans == 1


def test_many_at_once(receiver: Running) -> None:
    def send(n: int) -> int:
        return receiver.send("/v1/traces", some(20, 1 + n * 10), JSON)[0].status  # half of each is sent by another too

    with ThreadPoolExecutor(16) as pool:
        assert set(pool.map(send, range(60))) == {200}
    assert len(receiver.facts()) == 20 + 59 * 10


def test_evaluations_wait_for_their_span_also_when_the_receiver_ends(tmp_path: Path) -> None:
    path = tmp_path / "facts.db"
    store = open_store(path)
    result = {"gen_ai.evaluation.name": "q", "gen_ai.evaluation.score.label": "fail"}
    record = {
        "eventName": "gen_ai.evaluation.result",
        "timeUnixNano": str(START),
        "traceId": span()["traceId"],
        "spanId": span()["spanId"],
        "attributes": pairs(result),
    }
    logs = json.dumps({"resourceLogs": [{"scopeLogs": [{"logRecords": [record]}]}]}).encode()
    with Running(path, lambda: store) as first:
        assert first.send("/v1/logs", logs, JSON)[0].status == 200
        assert first.intake.counts.waiting == 1
        assert first.facts() == []
        assert path.with_name("waiting.jsonl").stat().st_mode & 0o777 == 0o600
    with Running(path, lambda: store) as second:
        assert second.send("/v1/traces", encoded(), JSON)[0].status == 200
        kinds = [fact["kind"] for fact in second.facts()]
    assert sorted(kinds) == ["execution", "feedback"]
    assert not path.with_name("waiting.jsonl").exists()
    (summary,) = store.summaries()
    assert (summary.executions, summary.failures) == (1, 1)
    store.close()


class Unwell:
    """A store that fails as it is told to."""

    def __init__(self, store: Any) -> None:
        self.store = store
        self.failing = True

    def append(self, facts: Sequence[Fact]) -> Appended:
        if self.failing:
            raise StoreError("facts.db: the disk is full")
        if any(fact["prompt_id"] == "odd" for fact in facts):
            raise InvalidFactError("execution: prompt_id: odd")
        return self.store.append(facts)

    def get(self, fact_id: str) -> Fact | None:
        return None

    def keep_text(self, content_sha256: str, content: str) -> None:
        raise StoreError("facts.db: the disk is full")


def test_a_store_that_cannot_be_written_is_spooled_for(tmp_path: Path) -> None:
    path = tmp_path / "facts.db"
    unwell = Unwell(open_store(path))
    with Running(path, lambda: unwell) as running:
        for _ in range(3):
            assert running.send("/v1/traces", some(2), JSON)[0].status == 200
        assert running.warnings == ["facts.db: the disk is full; facts wait in a spool until it can be written"]
        assert is_waiting(spool_folders(path)[0])
        assert running.intake.counts.spooled == 6
        unwell.failing = False
        running.intake.look_again()
        assert len(running.facts()) == 2
    unwell.store.close()


def test_503_when_the_spool_cannot_be_written_either(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "facts.db"
    unwell = Unwell(open_store(path))
    blocked = tmp_path / "file"
    blocked.touch()
    monkeypatch.setattr("promptbits.facts.otlp.intake.spool_folders", lambda _: [blocked / "spool"])
    with Running(path, lambda: unwell) as running:
        response, answer = running.send("/v1/traces", some(2), JSON)
        assert response.status == 503
        assert int(response.headers["Retry-After"]) > 0
        assert "disk is full" in json.loads(answer)["message"]
        unwell.failing = False
        assert running.send("/v1/traces", some(2), JSON)[0].status == 200
        assert len(running.facts()) == 2
    unwell.store.close()


def test_a_fact_that_the_store_refuses_takes_no_other_with_it(tmp_path: Path) -> None:
    path = tmp_path / "facts.db"
    unwell = Unwell(open_store(path))
    unwell.failing = False
    odd = {**span(spanId="00000000000000aa"), "attributes": pairs({"gen_ai.prompt.name": "odd"})}
    with Running(path, lambda: unwell) as running:
        response, answer = running.send("/v1/traces", encoded(span(), odd), JSON)
        assert response.status == 200
        assert json.loads(answer)["partialSuccess"]["rejectedSpans"] == "1"
        assert len(running.facts()) == 1
    unwell.store.close()
