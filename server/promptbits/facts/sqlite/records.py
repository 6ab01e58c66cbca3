"""Facts as rows, and rows as facts again, equal to what was given."""

from __future__ import annotations

import json
import re
import sqlite3
from typing import Any, Final

from promptbits.facts.fields import KINDS
from promptbits.facts.sqlite.names import Names, Subject
from promptbits.facts.sqlite.schema import EXECUTION
from promptbits.facts.store import Fact
from promptbits.facts.times import milliseconds, time_of

NUMBER_OF_KIND: Final = {kind: number for number, kind in enumerate(KINDS)}

_UUID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_HEX: Final = re.compile(r"[0-9a-f]{32}")

# Kept as they are, in columns of their own.
_PLAIN: Final = (
    "revision",
    "confidence_score",
    "execution_time_ms",
    "response_length",
    "input_tokens",
    "output_tokens",
    "cost_usd",
)
_IN_COLUMNS: Final = frozenset(
    (
        *_PLAIN,
        "kind",
        "id",
        "timestamp",
        "prompt_id",
        "requested_id",
        "content_sha256",
        "variant",
        "model",
        "conversation_id",
        "outcome",
        "provider",
        "experiment",
        "trace_id",
        "context_signature",
    )
)
_COMMON: Final = frozenset(("kind", "id", "timestamp", "prompt_id"))

COLUMNS: Final = (
    "id, kind, time, prompt, subject, model, conversation, outcome, "
    f"{', '.join(_PLAIN)}, requested, provider, experiment, trace, signature, rest"
)
INSERT: Final = (
    f"INSERT INTO fact ({COLUMNS}) VALUES ({', '.join('?' * len(COLUMNS.split(', ')))}) ON CONFLICT (id) DO NOTHING"  # noqa: S608 - names of columns
)
INSERT_OTHER: Final = (
    "INSERT INTO fact (id, kind, time, prompt, signature, rest) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING"
)
OUTCOMES: Final = {"succeeded": 1, "failed": 0}
_OUTCOME_NAMES: Final = {1: "succeeded", 0: "failed", None: "unknown"}


def execution_row(connection: sqlite3.Connection, names: Names, fact: Fact, subject: int, time: int) -> tuple[Any, ...]:
    """The values of COLUMNS for an execution."""
    get = fact.get
    model, conversation, requested = get("model"), get("conversation_id"), get("requested_id")
    provider, experiment, trace = get("provider"), get("experiment"), get("trace_id")
    # Nearly always nothing but the metadata, which are nearly always empty.
    rest = {name: fact[name] for name in fact.keys() - _IN_COLUMNS}
    if not rest["metadata"]:
        del rest["metadata"]
    return (
        packed_id(fact["id"]),
        EXECUTION,
        time,
        names.word(connection, fact["prompt_id"]),
        subject,
        None if model is None else names.word(connection, model),
        None if conversation is None else packed_word(conversation),
        OUTCOMES.get(fact["outcome"]),
        get("revision"),
        get("confidence_score"),
        get("execution_time_ms"),
        get("response_length"),
        get("input_tokens"),
        get("output_tokens"),
        get("cost_usd"),
        None if requested is None else names.word(connection, requested),
        None if provider is None else names.word(connection, provider),
        None if experiment is None else names.word(connection, experiment),
        None if trace is None else bytes.fromhex(trace) if _HEX.fullmatch(trace) else trace,
        get("context_signature"),
        json.dumps(rest, separators=(",", ":")) if rest else None,
    )


def other_row(connection: sqlite3.Connection, names: Names, fact: Fact, time: int) -> tuple[Any, ...]:
    """The values that INSERT_OTHER wants, for a fact of any other kind."""
    prompt = fact.get("prompt_id")
    rest = {name: fact[name] for name in fact if name not in _COMMON}
    return (
        packed_id(fact["id"]),
        NUMBER_OF_KIND[fact["kind"]],
        time,
        None if prompt is None else names.word(connection, prompt),
        None,
        json.dumps(rest, separators=(",", ":")),
    )


def fact_of(connection: sqlite3.Connection, names: Names, row: tuple[Any, ...]) -> Fact:
    """The fact in a row of COLUMNS."""
    identity, kind, time, prompt = row[:4]
    fact: Fact = {"kind": KINDS[kind], "id": unpacked_id(identity), "timestamp": time_of(time), "metadata": {}}
    if prompt is not None:
        fact["prompt_id"] = names.text(connection, prompt)
    if kind == EXECUTION:
        _add_execution(connection, names, row, fact)
    if row[-1] is not None:
        fact |= json.loads(row[-1])
    return fact


def _add_execution(connection: sqlite3.Connection, names: Names, row: tuple[Any, ...], fact: Fact) -> None:
    subject: Subject = names.subject_of(connection, row[4])
    requested, provider, experiment, trace, signature = row[15:20]
    spelled = {
        "requested_id": names.text(connection, requested),
        "content_sha256": subject.content_sha256 or None,
        "variant": subject.variant or None,
        "model": names.text(connection, row[5]),
        "conversation_id": unpacked_word(row[6]),
        "outcome": _OUTCOME_NAMES[row[7]],
        **dict(zip(_PLAIN, row[8:15], strict=True)),
        "provider": names.text(connection, provider),
        "experiment": names.text(connection, experiment),
        "trace_id": trace.hex() if isinstance(trace, bytes) else trace,
        "context_signature": signature,
    }
    fact |= {name: value for name, value in spelled.items() if value is not None}


def time_in(fact: Fact) -> int:
    """Milliseconds since 1970."""
    return milliseconds(fact["timestamp"])


def packed_id(identity: str) -> bytes:
    """An id in 16 bytes."""
    return bytes.fromhex(identity.replace("-", ""))


def unpacked_id(packed: bytes) -> str:
    """The id in 16 bytes."""
    text = packed.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def packed_word(word: str) -> bytes | str:
    """A conversation id: in 16 bytes if it looks like an id, which makes it comparable with one."""
    return packed_id(word) if len(word) == 36 and _UUID.fullmatch(word) else word


def unpacked_word(packed: bytes | str | None) -> str | None:
    """The conversation id."""
    return unpacked_id(packed) if isinstance(packed, bytes) else packed
