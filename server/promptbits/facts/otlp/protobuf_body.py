"""OTLP as binary Protobuf, read with the messages of the official package, which is an extra: import this late."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from google.protobuf.message import DecodeError, Message
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import KeyValue
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord
from opentelemetry.proto.trace.v1.trace_pb2 import Span as SpanMessage
from opentelemetry.proto.trace.v1.trace_pb2 import Status

from promptbits.facts.otlp import names
from promptbits.facts.otlp.records import (
    Attributes,
    Batch,
    Event,
    Log,
    MalformedBodyError,
    Refused,
    Scalar,
    Span,
    is_call,
)

_SIMPLE: Final = ("string_value", "bool_value", "int_value", "double_value")
_NOT_PROTOBUF: Final = "the body is not a Protobuf message of this signal"


def batch_of_traces(body: bytes) -> Batch:
    """What the body of a traces request holds.

    Raises:
        MalformedBodyError: it is none.
    """
    request = ExportTraceServiceRequest()
    _parse(body, request)
    batch = Batch()
    for i, resource in enumerate(request.resource_spans):
        service = str(_attributes(resource.resource.attributes, (names.SERVICE,)).get(names.SERVICE, ""))
        for j, scope in enumerate(resource.scope_spans):
            for k, span in enumerate(scope.spans):
                _add_span(batch, f"resourceSpans[{i}].scopeSpans[{j}].spans[{k}]", service, span)
    return batch


def batch_of_logs(body: bytes) -> Batch:
    """What the body of a logs request holds.

    Raises:
        MalformedBodyError: it is none.
    """
    request = ExportLogsServiceRequest()
    _parse(body, request)
    batch = Batch()
    for i, resource in enumerate(request.resource_logs):
        for j, scope in enumerate(resource.scope_logs):
            for k, record in enumerate(scope.log_records):
                _add_log(batch, f"resourceLogs[{i}].scopeLogs[{j}].logRecords[{k}]", record)
    return batch


def _parse(body: bytes, request: Message) -> None:
    try:
        request.ParseFromString(body)
    except DecodeError as error:
        raise MalformedBodyError(_NOT_PROTOBUF) from error


def _add_span(batch: Batch, where: str, service: str, span: SpanMessage) -> None:
    attributes = _attributes(span.attributes, names.SPAN)
    if not is_call(attributes):
        batch.ignored += 1
        return
    trace_id, span_id = _id(span.trace_id, 16), _id(span.span_id, 8)
    if not trace_id or not span_id:
        batch.refused.append(Refused(where, "the trace id must have 16 bytes and the span id 8, not all 0"))
        return
    events = tuple(
        Event(names.EVALUATION, each.time_unix_nano, _attributes(each.attributes, names.EVENT))
        for each in span.events
        if each.name == names.EVALUATION
    )
    failed = span.status.code == Status.STATUS_CODE_ERROR
    start, end = span.start_time_unix_nano, span.end_time_unix_nano
    batch.spans.append(Span(trace_id, span_id, start, end, failed, service, attributes, events))


def _add_log(batch: Batch, where: str, record: LogRecord) -> None:
    attributes = _attributes(record.attributes, names.EVENT)
    if names.EVALUATION not in (record.event_name, attributes.get(names.EVENT_NAME)):
        batch.ignored += 1
        return
    time = record.time_unix_nano or record.observed_time_unix_nano
    if not time:
        batch.refused.append(Refused(where, "the evaluation has no time and no observed time"))
        return
    event = Event(names.EVALUATION, time, attributes)
    batch.logs.append(Log(_id(record.trace_id, 16), _id(record.span_id, 8), event))


def _attributes(pairs: Iterable[KeyValue], wanted: frozenset[str] | tuple[str, ...]) -> Attributes:
    found: dict[str, Scalar] = {}
    for each in pairs:
        if each.key in wanted and (kind := each.value.WhichOneof("value")) in _SIMPLE:
            found[each.key] = getattr(each.value, kind)
    return found


def _id(value: bytes, length: int) -> str:
    return value.hex() if len(value) == length and any(value) else ""
