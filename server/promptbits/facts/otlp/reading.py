"""From OTLP to facts. An evaluation may come before the span that it is about, and often does: logs are sent sooner."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator
from typing import Any, Final

from promptbits.facts.otlp.evaluations import TAKEN, feedback_about, feedback_alone
from promptbits.facts.otlp.executions import TextOf, execution_of
from promptbits.facts.otlp.identity import execution_id
from promptbits.facts.otlp.json_body import batch_of_json
from promptbits.facts.otlp.records import Batch, Log, Refused
from promptbits.facts.otlp.waiting import Waiting, response_of
from promptbits.facts.store import Fact

# How many executions are remembered, to find those that evaluations are about without asking the store.
_REMEMBERED: Final = 20_000

_KEPT: Final = ("id", "timestamp", *TAKEN)

Stored = Callable[[str], Fact | None]


def facts_of_json(value: Any, text_of: TextOf | None = None, stored: Stored | None = None) -> Iterator[Fact | Refused]:
    """The facts of one OTLP/JSON value. For a file of several, one `Reader` links what they say of each other.

    Args:
        value: a traces or logs request as parsed JSON.
        text_of: the hash of the text of a revision.
        stored: a fact by its id, to find the executions of evaluations.

    Raises:
        MalformedBodyError: it is not OTLP/JSON.
    """
    reader = Reader(text_of, stored)
    yield from reader.facts(batch_of_json(value))
    yield from reader.rest()


class Reader:
    """Reads one batch after the other. Evaluations whose execution is not known yet wait in `waiting`."""

    def __init__(self, text_of: TextOf | None = None, stored: Stored | None = None) -> None:
        self._text_of = text_of
        self._stored = stored
        self._recent: OrderedDict[str, Fact] = OrderedDict()
        self._by_response: OrderedDict[str, str] = OrderedDict()
        self.waiting = Waiting()

    def facts(self, batch: Batch) -> Iterator[Fact | Refused]:
        """What a batch says, and what became clear by it."""
        yield from batch.refused
        for span in batch.spans:
            fact = execution_of(span, self._text_of)
            yield fact
            if isinstance(fact, Refused):
                continue
            self._remember(fact)
            for event in span.events:
                yield feedback_about(fact, event, (span.trace_id, span.span_id))
            for log in self.waiting.take(fact["id"], fact["metadata"].get("response_id")):
                yield feedback_about(fact, log.event, (log.trace_id, log.span_id))
        for log in batch.logs:
            fact = self._feedback(log)
            if fact is not None:
                yield fact
            else:
                yield from map(_refused, self.waiting.add(log))

    def again(self) -> Iterator[Fact]:
        """Look once more in the store for the executions that evaluations wait for: others write there too."""
        for log in self.waiting.logs():
            fact = self._feedback(log)
            if fact is not None:
                self.waiting.remove([log])
                yield fact

    def rest(self) -> Iterator[Refused]:
        """The end: evaluations that are about nothing known are refused."""
        logs = self.waiting.logs()
        self.waiting = Waiting()
        return map(_refused, logs)

    def _feedback(self, log: Log) -> Fact | None:
        execution = self._execution(log)
        if execution:
            return feedback_about(execution, log.event, (log.trace_id, log.span_id))
        return feedback_alone(log, self._text_of)

    def _execution(self, log: Log) -> Fact | None:
        if log.trace_id and log.span_id:
            fact_id = execution_id(log.trace_id, log.span_id)
            known = self._recent.get(fact_id) or (self._stored(fact_id) if self._stored else None)
            if known:
                return known
        response = response_of(log)
        return self._recent.get(self._by_response.get(response, "")) if response else None

    def _remember(self, execution: Fact) -> None:
        fact_id: str = execution["id"]
        # Only what an evaluation needs of it: there are many.
        self._recent[fact_id] = {name: execution[name] for name in _KEPT if name in execution}
        response: str | None = execution["metadata"].get("response_id")
        if response:
            self._by_response[response] = fact_id
        if len(self._recent) > _REMEMBERED:
            self._recent.popitem(last=False)
        if len(self._by_response) > _REMEMBERED:
            self._by_response.popitem(last=False)


def _refused(log: Log) -> Refused:
    about = f"span {log.span_id} of trace {log.trace_id}" if log.span_id else "an unnamed span"
    return Refused(f"evaluation of {about}", "no span with a prompt came for it, and it names no prompt itself")
