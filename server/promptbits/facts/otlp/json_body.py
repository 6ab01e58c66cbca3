"""OTLP/JSON: the JSON mapping of Protobuf, but for ids, which are hex.

Producers differ: enums come as numbers or names and 64-bit numbers as strings or numbers. Both are taken. Unknown
fields are skipped, as the specification demands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, cast

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

_TRACE_ID = re.compile("[0-9a-fA-F]{32}")
_SPAN_ID = re.compile("[0-9a-fA-F]{16}")
_WHOLE = re.compile("-?[0-9]{1,20}")
_FAILED: Final = (2, "2", "STATUS_CODE_ERROR")
_MOST: Final = 2**64


def batch_of_json(value: Any) -> Batch:
    """What a JSON body holds: that of a traces or logs request, or a line of a file that a collector wrote.

    Raises:
        MalformedBodyError: it is not OTLP/JSON.
    """
    if not isinstance(value, dict):
        raise MalformedBodyError("the body must be a JSON object")
    body = cast("dict[str, Any]", value)
    batch = Batch()
    for where, resource, span in _entries(body, "resourceSpans", "scopeSpans", "spans"):
        _add_span(batch, where, resource, span)
    for where, _, record in _entries(body, "resourceLogs", "scopeLogs", "logRecords"):
        _add_log(batch, where, record)
    return batch


def _entries(
    body: Mapping[str, Any], resources: str, scopes: str, entries: str
) -> Iterator[tuple[str, Mapping[str, Any], Mapping[str, Any]]]:
    for i, resource in enumerate(_tables(body, resources)):
        for j, scope in enumerate(_tables(resource, scopes)):
            for k, entry in enumerate(_tables(scope, entries)):
                yield f"{resources}[{i}].{scopes}[{j}].{entries}[{k}]", resource, entry


def _tables(table: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    value: Any = table.get(name)
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in cast("list[Any]", value)):
        raise MalformedBodyError(f"{name} must be a list of objects")
    return cast("list[dict[str, Any]]", value)


def _add_span(batch: Batch, where: str, resource: Mapping[str, Any], span: Mapping[str, Any]) -> None:
    attributes = _attributes(span, names.SPAN)
    if not is_call(attributes):
        batch.ignored += 1
        return
    trace_id, span_id = _id(span.get("traceId"), _TRACE_ID), _id(span.get("spanId"), _SPAN_ID)
    if not trace_id or not span_id:
        batch.refused.append(Refused(where, "traceId must be 32 and spanId 16 hexadecimal digits, not all 0"))
        return
    status: Any = span.get("status")
    events = tuple(
        Event(names.EVALUATION, _nanoseconds(each.get("timeUnixNano")), _attributes(each, names.EVENT))
        for each in _tables(span, "events")
        if each.get("name") == names.EVALUATION
    )
    batch.spans.append(
        Span(
            trace_id,
            span_id,
            _nanoseconds(span.get("startTimeUnixNano")),
            _nanoseconds(span.get("endTimeUnixNano")),
            isinstance(status, dict) and cast("dict[str, Any]", status).get("code") in _FAILED,
            _service(resource),
            attributes,
            events,
        )
    )


def _add_log(batch: Batch, where: str, record: Mapping[str, Any]) -> None:
    attributes = _attributes(record, names.EVENT)
    if names.EVALUATION not in (record.get("eventName"), attributes.get(names.EVENT_NAME)):
        batch.ignored += 1
        return
    time = _nanoseconds(record.get("timeUnixNano")) or _nanoseconds(record.get("observedTimeUnixNano"))
    if not time:
        batch.refused.append(Refused(where, "the evaluation has no timeUnixNano and no observedTimeUnixNano"))
        return
    trace_id, span_id = _id(record.get("traceId"), _TRACE_ID), _id(record.get("spanId"), _SPAN_ID)
    batch.logs.append(Log(trace_id, span_id, Event(names.EVALUATION, time, attributes)))


def _service(resource: Mapping[str, Any]) -> str:
    about: Any = resource.get("resource")
    if not isinstance(about, dict):
        return ""
    return str(_attributes(cast("dict[str, Any]", about), (names.SERVICE,)).get(names.SERVICE, ""))


def _attributes(table: Mapping[str, Any], wanted: frozenset[str] | tuple[str, ...]) -> Attributes:
    found: dict[str, Scalar] = {}
    for each in _tables(table, "attributes"):
        key: Any = each.get("key")
        if isinstance(key, str) and key in wanted and (value := _scalar(each.get("value"))) is not None:
            found[key] = value
    return found


def _scalar(value: Any) -> Scalar | None:
    """The value of an attribute, if it is a text, a number or a truth value: nothing else is ever wanted."""
    if not isinstance(value, dict):
        return None
    table = cast("dict[str, Any]", value)
    for name, kinds in (("stringValue", str), ("boolValue", bool), ("doubleValue", (int, float))):
        found: Any = table.get(name)
        if isinstance(found, kinds) and (name == "boolValue" or not isinstance(found, bool)):
            return found
    whole: Any = table.get("intValue")
    if isinstance(whole, str) and _WHOLE.fullmatch(whole):
        return int(whole)
    return whole if isinstance(whole, int) and not isinstance(whole, bool) else None


def _id(value: Any, form: re.Pattern[str]) -> str:
    """An id as lower-case hex, or nothing: all zeros means that there is none."""
    if isinstance(value, str) and form.fullmatch(value) and value.strip("0"):
        return value.lower()
    return ""


def _nanoseconds(value: Any) -> int:
    if isinstance(value, str) and _WHOLE.fullmatch(value):
        value = int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value < _MOST else 0
