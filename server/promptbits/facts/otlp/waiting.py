"""Evaluations whose execution is not known yet, found by what they are about."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final, cast

from promptbits.facts.otlp import names
from promptbits.facts.otlp.identity import execution_id
from promptbits.facts.otlp.records import Event, Log
from promptbits.facts.otlp.values import text

# Beyond this the oldest gives way: whoever evaluates spans that nobody sends must not fill the memory.
MOST: Final = 10_000


def references(log: Log) -> list[str]:
    """What an evaluation calls the execution that it is about: an id of an execution, or that of a response."""
    found = [execution_id(log.trace_id, log.span_id)] if log.trace_id and log.span_id else []
    response = response_of(log)
    return [*found, f"response {response}"] if response else found


def response_of(log: Log) -> str | None:
    """The response that an evaluation names."""
    return text(log.event.attributes, names.RESPONSE)


class Waiting:
    """A bounded table of evaluations. The same one twice is there once."""

    def __init__(self) -> None:
        self._logs: dict[str, Log] = {}
        self._about: dict[str, set[str]] = {}

    def __len__(self) -> int:
        return len(self._logs)

    def logs(self) -> list[Log]:
        """All of them, the oldest first."""
        return list(self._logs.values())

    def add(self, log: Log) -> list[Log]:
        """Let an evaluation wait; gives those that had to make room."""
        key = repr(as_table(log))
        self._logs[key] = log
        for reference in references(log):
            self._about.setdefault(reference, set()).add(key)
        return [self._remove(next(iter(self._logs)))] if len(self._logs) > MOST else []

    def restore(self, logs: Iterable[Log]) -> None:
        """Be as it was when these were all."""
        self._logs, self._about = {}, {}
        for log in logs:
            self.add(log)

    def take(self, fact_id: str, response: str | None) -> list[Log]:
        """Those that are about an execution. They wait no longer."""
        keys = set(self._about.get(fact_id, ()))
        if response:
            keys |= self._about.get(f"response {response}", set())
        return [self._remove(key) for key in sorted(keys)]

    def remove(self, logs: Iterable[Log]) -> None:
        """Forget some."""
        for log in logs:
            if (key := repr(as_table(log))) in self._logs:
                self._remove(key)

    def _remove(self, key: str) -> Log:
        log = self._logs.pop(key)
        for reference in references(log):
            keys = self._about.get(reference, set())
            keys.discard(key)
            if not keys:
                self._about.pop(reference, None)
        return log


def as_table(log: Log) -> dict[str, Any]:
    """An evaluation as plain JSON values."""
    event = log.event
    return {
        "trace_id": log.trace_id,
        "span_id": log.span_id,
        "time_ns": event.time_ns,
        "attributes": dict(event.attributes),
    }


def from_table(value: Any) -> Log | None:
    """What `as_table` made, or nothing if it is not that."""
    if not isinstance(value, dict):
        return None
    table = cast("dict[str, Any]", value)
    ids, time, attributes = (table.get("trace_id"), table.get("span_id")), table.get("time_ns"), table.get("attributes")
    if not all(isinstance(each, str) for each in ids) or not isinstance(time, int) or not isinstance(attributes, dict):
        return None
    return Log(str(ids[0]), str(ids[1]), Event(names.EVALUATION, time, cast("dict[str, Any]", attributes)))
