"""An event `gen_ai.evaluation.result`, as feedback.

What it says of the outcome: `promptbits.outcome` if it is there, else the label, if it is one of the words below. A
score alone says nothing of it, because each evaluator has its own scale: 1 is the best on one and the worst on another.
An evaluation that failed itself (`error.type`) says nothing. A `rating` or `user_rating` from 1 to 5 is a rating.
"""

from __future__ import annotations

from typing import Final

from promptbits.facts.ids import timestamp
from promptbits.facts.otlp import names
from promptbits.facts.otlp.executions import TextOf, prompt_id_of, revision_of, text_hash
from promptbits.facts.otlp.identity import execution_id, feedback_id
from promptbits.facts.otlp.records import Event, Log
from promptbits.facts.otlp.values import number, text, without_none
from promptbits.facts.store import Fact

GOOD: Final = frozenset(("pass", "passed", "success", "succeeded", "correct"))
BAD: Final = frozenset(("fail", "failed", "failure", "incorrect"))
_RATINGS: Final = ("rating", "user_rating")
# What an evaluation takes from the execution that it is about.
TAKEN: Final = ("prompt_id", "content_sha256", "revision", "variant", "model", "conversation_id")


def feedback_about(execution: Fact, event: Event, source: tuple[str, str]) -> Fact:
    """An evaluation of an execution.

    Args:
        execution: what it is about.
        event: what it says.
        source: trace id and span id that it came with, by which it is known again.
    """
    about = {name: execution[name] for name in TAKEN if execution.get(name) is not None}
    time = event.time_ns
    stamp = timestamp(time) if time else str(execution["timestamp"])
    return _feedback(event, stamp, about, str(execution["id"]), source)


def feedback_alone(log: Log, text_of: TextOf | None = None) -> Fact | None:
    """An evaluation that names its prompt itself, whether or not its execution is known."""
    attributes = log.event.attributes
    prompt_id = prompt_id_of(attributes)
    if prompt_id is None:
        return None
    revision = revision_of(attributes)
    about = {
        "prompt_id": prompt_id,
        "content_sha256": text_hash(attributes, prompt_id, revision, text_of),
        "revision": revision,
        "variant": text(attributes, names.VARIANT),
        "model": text(attributes, *names.MODEL),
        "conversation_id": text(attributes, *names.CONVERSATION),
    }
    execution = execution_id(log.trace_id, log.span_id) if log.trace_id and log.span_id else None
    return _feedback(log.event, timestamp(log.event.time_ns), about, execution, (log.trace_id, log.span_id))


def _feedback(event: Event, stamp: str, about: Fact, execution: str | None, source: tuple[str, str]) -> Fact:
    attributes = event.attributes
    name, label = text(attributes, names.EVALUATED), text(attributes, names.LABEL)
    score = number(attributes.get(names.SCORE))
    response = text(attributes, names.RESPONSE)
    error = text(attributes, names.ERROR)
    rated = score is not None and name in _RATINGS and 1 <= score <= 5
    return without_none(
        {
            "kind": "feedback",
            "id": feedback_id(*source, response, event.time_ns, name, label, score),
            "timestamp": stamp,
            **about,
            "execution_id": execution,
            "name": name,
            "score": score,
            "label": label,
            "rating": score if rated else None,
            "outcome": None if error else _outcome(attributes.get(names.OUTCOME), label),
            "metadata": {"error_type": error} if error else {},
        }
    )


def _outcome(said: object, label: str | None) -> str | None:
    if said in ("succeeded", "failed"):
        return str(said)
    word = (label or "").casefold()
    return "succeeded" if word in GOOD else "failed" if word in BAD else None
