"""What is taken out of an OTLP body, whatever its encoding: plain values, and only the attributes of `names`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from promptbits.facts.otlp import names

Scalar = str | int | float | bool
Attributes = Mapping[str, Scalar]


class MalformedBodyError(ValueError):
    """A body is not OTLP; the text says what is wrong and quotes nothing of it."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened at a time: an event of a span, or what a log record says."""

    name: str
    time_ns: int
    attributes: Attributes


@dataclass(frozen=True, slots=True)
class Span:
    """A span that names a prompt. Ids are lower-case hex, times are nanoseconds since 1970 or 0."""

    trace_id: str
    span_id: str
    start_ns: int
    end_ns: int
    failed: bool
    service: str
    attributes: Attributes
    events: tuple[Event, ...] = ()


@dataclass(frozen=True, slots=True)
class Log:
    """A log record that holds an evaluation. Its ids are those of the span that is evaluated, or empty."""

    trace_id: str
    span_id: str
    event: Event


@dataclass(frozen=True, slots=True)
class Refused:
    """Something that is about a prompt and cannot become a fact; `where` leads to it."""

    where: str
    why: str


@dataclass(slots=True)
class Batch:
    """What one body holds: spans and evaluations in their order, what was refused, and how much is about no prompt."""

    spans: list[Span] = field(default_factory=list[Span])
    logs: list[Log] = field(default_factory=list[Log])
    refused: list[Refused] = field(default_factory=list[Refused])
    ignored: int = 0


def is_call(attributes: Attributes) -> bool:
    """Whether a span with these attributes is one call of a model with a named prompt."""
    named = any(name in attributes for name in names.PROMPT_NAME)
    # MCP names the prompt that a client fetches, which is not yet a run of it.
    return named and names.MCP_METHOD not in attributes and attributes.get(names.OPERATION) not in names.NOT_CALLS
