"""A span that names a prompt, as an execution."""

from __future__ import annotations

import re
from collections.abc import Callable

from promptbits.facts.fields import MOST
from promptbits.facts.ids import timestamp
from promptbits.facts.otlp import names
from promptbits.facts.otlp.identity import execution_id
from promptbits.facts.otlp.records import Attributes, Refused, Span
from promptbits.facts.otlp.values import count, details, dollars, sha256, text, whole, without_none
from promptbits.facts.store import Fact

# The SHA-256 of the text that a revision of a prompt had, if it is known.
TextOf = Callable[[str, int], str | None]

_UNPRINTABLE = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")
_LONGEST_ID = 200
_OUTCOMES = ("succeeded", "failed", "unknown")


def execution_of(span: Span, text_of: TextOf | None = None) -> Fact | Refused:
    """The execution that a span is. Its outcome stays unknown until somebody says more than that it ended."""
    attributes = span.attributes
    where = f"span {span.span_id} of trace {span.trace_id}"
    prompt_id = prompt_id_of(attributes)
    if prompt_id is None:
        return Refused(where, "the name of the prompt is empty, too long or not printable")
    moment = span.start_ns or span.end_ns
    if not moment:
        return Refused(where, "the span has no time")
    usage, cost = details(attributes.get(names.USAGE_DETAILS)), details(attributes.get(names.COST_DETAILS))
    revision = revision_of(attributes)
    error = text(attributes, names.ERROR)
    return without_none(
        {
            "kind": "execution",
            "id": execution_id(span.trace_id, span.span_id),
            "timestamp": timestamp(moment),
            "prompt_id": prompt_id,
            "content_sha256": text_hash(attributes, prompt_id, revision, text_of),
            "revision": revision,
            "experiment": text(attributes, names.EXPERIMENT),
            "variant": text(attributes, names.VARIANT),
            "conversation_id": _conversation(attributes),
            "context_signature": text(attributes, names.CONTEXT),
            "outcome": _outcome(span, error),
            "execution_time_ms": _milliseconds(span),
            "input_tokens": _first(count(attributes, *names.INPUT_TOKENS), whole(usage.get("input"))),
            "output_tokens": _first(count(attributes, *names.OUTPUT_TOKENS), whole(usage.get("output"))),
            "cost_usd": next(
                (found for name in names.COST if (found := dollars(attributes.get(name))) is not None),
                dollars(cost.get("total")),
            ),
            "provider": text(attributes, *names.PROVIDER),
            "model": text(attributes, *names.MODEL),
            "trace_id": span.trace_id,
            "error_type": error,
            "metadata": _metadata(span, revision),
        }
    )


def prompt_id_of(attributes: Attributes) -> str | None:
    """The prompt that is named, if its name can be one."""
    for name in names.PROMPT_NAME:
        value = attributes.get(name)
        if isinstance(value, str) and value.strip():
            return None if len(value) > _LONGEST_ID or _UNPRINTABLE.search(value) else value.strip()
    return None


def revision_of(attributes: Attributes) -> int | None:
    """The revision that is named: versions that are whole numbers from 1."""
    return count(attributes, *names.PROMPT_VERSION) or None


def text_hash(attributes: Attributes, prompt_id: str, revision: int | None, text_of: TextOf | None) -> str | None:
    """The hash of the text that ran: as the application says, else that of the revision."""
    given = sha256(attributes.get(names.CONTENT))
    if given or revision is None or text_of is None:
        return given
    return text_of(prompt_id, revision)


def _conversation(attributes: Attributes) -> str | None:
    by_langfuse = names.PROMPT_NAME[1] in attributes
    return text(attributes, *names.CONVERSATION, *((names.SESSION,) if by_langfuse else ()))


def _outcome(span: Span, error: str | None) -> str:
    if error or span.failed:
        return "failed"
    said = span.attributes.get(names.OUTCOME)
    return said if isinstance(said, str) and said in _OUTCOMES else "unknown"


def _milliseconds(span: Span) -> float | None:
    took = round((span.end_ns - span.start_ns) / 1e6, 3)
    return took if 0 < span.start_ns <= span.end_ns and took <= MOST else None


def _first(*values: int | None) -> int | None:
    return next((value for value in values if value is not None), None)


def _metadata(span: Span, revision: int | None) -> dict[str, str]:
    attributes = span.attributes
    found = {
        "span_id": span.span_id,
        "service": text({names.SERVICE: span.service}, names.SERVICE),
        "operation": text(attributes, names.OPERATION),
        "response_id": text(attributes, names.RESPONSE),
        "prompt_version": None if revision else text(attributes, *names.PROMPT_VERSION),
    }
    return {name: value for name, value in found.items() if value is not None}
