"""`promptbits otlp` as a process, and the OpenTelemetry SDK with its own exporters as the application."""

from __future__ import annotations

import json
import os
import pty
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from opentelemetry import trace
from opentelemetry._logs import LogRecord
from opentelemetry.exporter.otlp.proto.http import Compression
from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import SimpleLogRecordProcessor
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SimpleSpanProcessor, SpanExporter, SpanExportResult

from promptbits.facts.opening import open_store
from promptbits.facts.statistics import combine
from promptbits.facts.store import Fact

CONTENT = "Summarize <<text>>.\n"
PROMPT = {
    "id": "summarize",
    "trigger": {"Custom": "one"},
    "category": "BestPractices",
    "content": CONTENT,
    "variables": {"text": {}},
    "confidence": 0.5,
    "source": "Custom",
    "revision": 2,
}
_SECONDS = 60.0


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "work"
    (folder / "prompts").mkdir(parents=True)
    (folder / "prompts/summarize.json").write_text(json.dumps(PROMPT, indent=2) + "\n", "utf-8")
    (folder / "promptbits.toml").touch()
    return folder


def environment(root: Path) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("PROMPTBITS", "OTEL"))}
    return kept | {"PROMPTBITS_CACHE": str(root.parent / "cache"), "PROMPTBITS_STATE": str(root.parent / "state")}


class Receiver:
    """A receiver that runs, what it has said, and where it listens."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.said = ""
        assert process.stderr is not None
        while "Ctrl-C" not in self.said:
            line = process.stderr.readline()
            assert line, f"it ended: {self.said}"
            self.said += line
        found = re.search(r"OTEL_EXPORTER_OTLP_ENDPOINT=(http://127\.0\.0\.1:(\d+))", self.said)
        assert found, self.said
        self.endpoint, self.port = found[1], int(found[2])

    def end(self, number: int = signal.SIGINT) -> int:
        self.process.send_signal(number)
        _, rest = self.process.communicate(timeout=_SECONDS)
        self.said += rest
        return self.process.returncode


@contextmanager
def receiving(root: Path, *options: str) -> Iterator[Receiver]:
    command = [sys.executable, "-m", "promptbits", "otlp", "--port", "0", *options]
    process = subprocess.Popen(command, cwd=root, env=environment(root), stderr=subprocess.PIPE, text=True)
    try:
        yield Receiver(process)
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def facts(root: Path) -> list[Fact]:
    store = open_store(root / ".promptbits/facts.db", read_only=True)
    try:
        return list(store.facts())
    finally:
        store.close()


@contextmanager
def instrumented(endpoint: str, **options: Any) -> Iterator[tuple[trace.Tracer, Any]]:
    """A tracer and a logger of an application."""
    resource = Resource.create({"service.name": "shop"})
    spans = TracerProvider(resource=resource)
    spans.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(f"{endpoint}/v1/traces", **options)))
    logs = LoggerProvider(resource=resource)
    logs.add_log_record_processor(SimpleLogRecordProcessor(OTLPLogExporter(f"{endpoint}/v1/logs", **options)))
    try:
        yield spans.get_tracer("shop"), logs.get_logger("shop")
    finally:
        spans.shutdown()
        logs.shutdown()


def summarize(tracer: trace.Tracer, logger: Any, conversation: str, label: str | None, *, fails: bool = False) -> None:
    """What an application does: call a model in a span, and say what an evaluator thinks of the answer."""
    attributes = {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "openai",
        "gen_ai.request.model": "big",
        "gen_ai.prompt.name": "summarize",
        "gen_ai.prompt.version": "2",
        "gen_ai.conversation.id": conversation,
        "gen_ai.input.messages": "the canary sings",
    }
    with suppress(TimeoutError), tracer.start_as_current_span("chat big", attributes=attributes) as span:
        if fails:
            raise TimeoutError("the canary sleeps")
        span.set_attribute("gen_ai.usage.input_tokens", 120)
        span.set_attribute("gen_ai.usage.output_tokens", 8)
        if label:  # sent at once, before the span has ended
            result = {"gen_ai.evaluation.name": "correctness", "gen_ai.evaluation.score.label": label}
            moment = time.time_ns()
            logger.emit(LogRecord(timestamp=moment, event_name="gen_ai.evaluation.result", attributes=result))


@pytest.mark.parametrize("compression", [Compression.NoCompression, Compression.Gzip, Compression.Deflate])
def test_an_instrumented_application(root: Path, compression: Compression) -> None:
    with receiving(root) as receiver:
        with instrumented(receiver.endpoint, compression=compression) as (tracer, logger):
            for n in range(6):
                summarize(tracer, logger, f"c{n}", "pass")
            summarize(tracer, logger, "c6", "fail")
            summarize(tracer, logger, "c7", None)
            summarize(tracer, logger, "c8", None, fails=True)
            with tracer.start_as_current_span("GET /"):
                pass
        assert receiver.end() == 0
        assert "Traceback" not in receiver.said
    found = facts(root)
    executions = [fact for fact in found if fact["kind"] == "execution"]
    assert [len(executions), len(found)] == [9, 16]
    digest = sha256(CONTENT.encode()).hexdigest()
    assert {fact["content_sha256"] for fact in executions} == {digest}
    assert sum(fact["outcome"] == "failed" for fact in executions) == 1
    store = open_store(root / ".promptbits/facts.db")
    numbers = combine(store.summaries(["summarize"]))
    assert (numbers.executions, numbers.conversations, numbers.successes) == (9, 8, 6)
    assert store.text(digest) == CONTENT
    store.close()
    for path in root.rglob("*"):
        assert not path.is_file() or b"canary" not in path.read_bytes(), path
    assert not list(root.rglob("otlp-waiting*"))


class LosesAnswers:
    """A proxy on loopback that loses the first answers on their way back, after the request has arrived."""

    def __init__(self, port: int, lost: int) -> None:
        self._target = port
        self._lost = lost
        self.lost = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def close(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()

    def _run(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            with client, socket.create_connection(("127.0.0.1", self._target)) as server:
                client.settimeout(_SECONDS)
                while not (answer := self._exchanged(client, server)):
                    pass
                if self.lost < self._lost:
                    self.lost += 1
                else:
                    client.sendall(answer)

    @staticmethod
    def _exchanged(client: socket.socket, server: socket.socket) -> bytes:
        """Pass on what the client sends until the server answers."""
        client.settimeout(0.05)
        server.settimeout(0.05)
        with suppress(TimeoutError):
            server.sendall(client.recv(1 << 16))
        with suppress(TimeoutError):
            return server.recv(1 << 16)
        return b""


def test_an_exporter_that_tries_again_is_counted_once(root: Path) -> None:
    with receiving(root) as receiver:
        proxy = LosesAnswers(receiver.port, lost=1)
        try:
            with instrumented(f"http://127.0.0.1:{proxy.port}") as (tracer, logger):
                for n in range(3):
                    summarize(tracer, logger, f"c{n}", None)
        finally:
            proxy.close()
        assert receiver.end(signal.SIGTERM) == 0
        assert proxy.lost == 1
    assert len(facts(root)) == 3


def test_what_was_acknowledged_outlives_a_kill(root: Path) -> None:
    provider = TracerProvider()
    with receiving(root) as receiver, instrumented(receiver.endpoint) as (tracer, logger):
        summarize(tracer, logger, "sent", None)
        tracer.span_processor.force_flush()  # type: ignore[attr-defined]  # of the SDK's tracer
        context = summarize_later(provider, logger)
        receiver.process.kill()
        receiver.process.wait(_SECONDS)
    assert [fact["kind"] for fact in facts(root)] == ["execution"]
    with receiving(root) as receiver:
        exporter = OTLPSpanExporter(f"{receiver.endpoint}/v1/traces")
        assert exporter.export([context]).name == "SUCCESS"
        exporter.shutdown()
        assert receiver.end() == 0
    assert sorted(fact["kind"] for fact in facts(root)) == ["execution", "execution", "feedback"]


def summarize_later(provider: TracerProvider, logger: Any) -> Any:
    """A span whose evaluation has been sent, and which has not."""
    kept: list[Any] = []
    provider.add_span_processor(SimpleSpanProcessor(Keeps(kept)))
    summarize(provider.get_tracer("later"), logger, "later", "pass")
    return kept[0]


class Keeps(SpanExporter):
    """Sends nothing."""

    def __init__(self, kept: list[Any]) -> None:
        self._kept = kept

    def export(self, spans: Sequence[Any]) -> SpanExportResult:
        self._kept.extend(spans)
        return SpanExportResult.SUCCESS


def test_a_port_that_is_taken(root: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = subprocess.run(
            [sys.executable, "-m", "promptbits", "otlp", "--port", str(port)],
            cwd=root,
            env=environment(root),
            capture_output=True,
            text=True,
            timeout=_SECONDS,
        )
    assert done.returncode == 2
    assert str(port) in done.stderr
    assert "--port" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_without_the_extra_it_says_what_to_install_and_files_are_still_read(root: Path) -> None:
    program = (
        "import sys; sys.modules.update(dict.fromkeys(('h11', 'google.protobuf', 'opentelemetry')));"
        "from promptbits.facts.otlp.reading import facts_of_json; assert list(facts_of_json({})) == [];"
        "from promptbits.cli import main; sys.exit(main(['otlp', '--port', '0']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=root,
        env=environment(root),
        capture_output=True,
        text=True,
        timeout=_SECONDS,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "promptbits: receiving needs more packages: pip install 'promptbits[otlp]'\n"


def test_it_listens_on_loopback_alone_unless_told(root: Path) -> None:
    with receiving(root) as receiver:
        with socket.socket() as other:
            other.settimeout(5)
            assert other.connect_ex(("127.0.0.2", receiver.port)) != 0
        assert "warning" not in receiver.said
    command = [sys.executable, "-m", "promptbits", "otlp", "--port", "0", "--host", "0.0.0.0"]
    process = subprocess.Popen(command, cwd=root, env=environment(root), stderr=subprocess.PIPE, text=True)
    try:
        assert process.stderr is not None
        said = "".join(process.stderr.readline() for _ in range(4))
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=_SECONDS)
    assert "http://localhost:" in said
    assert "no password" in said
    assert process.returncode == 0


def test_a_terminal_sees_a_live_count(root: Path) -> None:
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "promptbits", "otlp", "--port", "0"]
    process = subprocess.Popen(command, cwd=root, env=environment(root), stderr=theirs)
    os.close(theirs)
    seen = b""
    try:
        while not (found := re.search(rb"OTEL_EXPORTER_OTLP_ENDPOINT=(\S+)", seen)) or b"ends it" not in seen:
            seen += os.read(ours, 4096)
        with instrumented(found[1].decode()) as (tracer, logger):
            summarize(tracer, logger, "c", "pass")
        while b"1 execution, 1 evaluation" not in seen:
            seen += os.read(ours, 4096)
        process.send_signal(signal.SIGINT)
        assert process.wait(_SECONDS) == 0
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
        os.close(ours)
