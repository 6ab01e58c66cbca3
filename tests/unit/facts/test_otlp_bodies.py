"""Compressed bodies and the bodies of answers, against the official messages."""

from __future__ import annotations

import gzip
import json
import tracemalloc
import zlib

import pytest
from google.protobuf import json_format
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceResponse
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceResponse
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceResponse

from promptbits.facts.otlp import answers
from promptbits.facts.otlp.bodies import TooLargeError, unpacked
from promptbits.facts.otlp.records import MalformedBodyError

RESPONSES = {
    "traces": (ExportTraceServiceResponse, "rejected_spans"),
    "logs": (ExportLogsServiceResponse, "rejected_log_records"),
    "metrics": (ExportMetricsServiceResponse, "rejected_data_points"),
}


@given(st.binary(max_size=300), st.integers(0, 300))
def test_bodies_come_back_within_the_limit(data: bytes, limit: int) -> None:
    half = len(data) // 2
    for encoding, packed in (
        ("gzip", gzip.compress(data)),
        ("gzip", gzip.compress(data[:half]) + gzip.compress(data[half:])),
        ("deflate", zlib.compress(data)),
    ):
        if len(data) > limit:
            with pytest.raises(TooLargeError):
                unpacked(packed, encoding, limit)
        else:
            assert unpacked(packed, encoding, limit) == data


def test_a_bomb_is_not_unpacked() -> None:
    bomb = gzip.compress(bytes(100_000_000))
    assert len(bomb) < 100_000
    tracemalloc.start()
    try:
        with pytest.raises(TooLargeError):
            unpacked(bomb, "gzip", 1_000_000)
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    "data", [b"", b"x", gzip.compress(b"a" * 99, mtime=0)[:-9], gzip.compress(b"a", mtime=0) + b"rest"]
)
def test_what_is_not_compressed_as_said_is_malformed(data: bytes) -> None:
    with pytest.raises(MalformedBodyError):
        unpacked(data, "gzip", 1000)


@pytest.mark.parametrize("signal", RESPONSES)
@given(st.integers(1, 2**40), st.text(st.characters(codec="utf-8"), max_size=300))
def test_partial_successes(signal: str, rejected: int, message: str) -> None:
    kind, count = RESPONSES[signal]
    parsed = kind.FromString(answers.success(answers.PROTOBUF, signal, rejected, message))
    assert getattr(parsed.partial_success, count) == rejected
    assert parsed.partial_success.error_message == message
    assert json_format.Parse(answers.success(answers.JSON, signal, rejected, message), kind()) == parsed


@pytest.mark.parametrize("signal", RESPONSES)
def test_full_successes_leave_the_field_unset(signal: str) -> None:
    kind, _ = RESPONSES[signal]
    assert not kind.FromString(answers.success(answers.PROTOBUF, signal)).HasField("partial_success")
    assert json.loads(answers.success(answers.JSON, signal)) == {}


def test_failures_are_a_status() -> None:
    status_pb2 = pytest.importorskip("google.rpc.status_pb2")
    message = "wrong: «é»" * 40
    assert status_pb2.Status.FromString(answers.failure(answers.PROTOBUF, message)).message == message
    assert json_format.Parse(answers.failure(answers.JSON, message), status_pb2.Status()).message == message
