"""The form of a fact, checked without pydantic: this is on the path of every recorded execution.

`facts/model.py` says the same in models; a test holds the two together.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final, cast, get_args

from promptbits.facts.store import Fact, InvalidFactError, Kind
from promptbits.facts.times import canonical_time
from promptbits.facts.values import (
    MOST,
    MOST_DOLLARS,
    Check,
    boolean,
    choice,
    fact_id,
    integer,
    name,
    names,
    number,
    prose,
    sha256,
    table,
    technologies,
)

KINDS: Final[tuple[Kind, ...]] = get_args(Kind)


def checked(fact: Mapping[str, Any]) -> Fact:
    """The fact in its canonical form: times in UTC with milliseconds, nothing that is null, metadata always there.

    Raises:
        InvalidFactError: it has another form than its kind wants. The text names kind, field and reason, never a value.
    """
    kind = fact.get("kind")
    fields = FIELDS.get(kind) if isinstance(kind, str) else None
    if fields is None:
        raise InvalidFactError(f"kind: expected one of {', '.join(KINDS)}")
    result: Fact = {"metadata": {}}
    for field, value in fact.items():
        if value is None:
            continue
        check = fields.get(field)
        if check is None:
            raise InvalidFactError(f"{kind}: {_shown(field)}: no such field; what is not listed belongs in metadata")
        try:
            result[field] = check(value)
        except ValueError as problem:
            raise InvalidFactError(f"{kind}: {field}: {problem}") from None
    for field in REQUIRED[cast("str", kind)]:
        if field not in result:
            raise InvalidFactError(f"{kind}: {field}: required")
    return result


def _shown(key: object) -> str:
    """A field name for a message: names only, never what looks like content."""
    text = str(key)
    return text if re.fullmatch(r"[A-Za-z0-9_.-]{1,60}", text) else "a field"


_COUNT: Final = integer(0)
_REVISION: Final = integer(1)
_SHARE: Final = number(0, 1)
_AMOUNT: Final = number(0, MOST)

_COMMON: Final[dict[str, Check]] = {
    "kind": lambda kind: kind,
    "id": fact_id,
    "timestamp": canonical_time,
    "metadata": table,
}
FIELDS: Final[dict[str, dict[str, Check]]] = {
    "execution": _COMMON
    | {
        "prompt_id": name,
        "requested_id": name,
        "content_sha256": sha256,
        "revision": _REVISION,
        "experiment": name,
        "variant": name,
        "conversation_id": name,
        "context_signature": name,
        "outcome": choice("succeeded", "failed", "unknown"),
        "confidence_score": _SHARE,
        "execution_time_ms": _AMOUNT,
        "response_length": _COUNT,
        "input_tokens": _COUNT,
        "output_tokens": _COUNT,
        "cost_usd": number(0, MOST_DOLLARS),
        "provider": name,
        "model": name,
        "trace_id": name,
        "error_type": name,
        "forced": boolean,
    },
    "feedback": _COMMON
    | {
        "prompt_id": name,
        "content_sha256": sha256,
        "revision": _REVISION,
        "variant": name,
        "model": name,
        "execution_id": fact_id,
        "conversation_id": name,
        "rating": number(1, 5),
        "outcome": choice("succeeded", "failed"),
        "name": name,
        "score": number(-MOST, MOST),
        "label": prose,
        "text": prose,
        "user": name,
    },
    "context_signature": _COMMON | {"signature": name, "features": table},
    "code_index": _COMMON
    | {
        "path": name,
        "language": name,
        "imports": names,
        "exports": names,
        "size": _COUNT,
        "content_sha256": sha256,
    },
    "tech_stack": _COMMON | {"folder": name, "technologies": technologies},
    "code_pattern": _COMMON | {"name": name, "confidence": _SHARE, "evidence": names},
    "evolution": _COMMON
    | {
        "prompt_id": name,
        "parent_id": name,
        "revision": _REVISION,
        "parent_sha256": sha256,
        "content_sha256": sha256,
        "proposer": name,
        "edits": names,
        "prediction": table,
        "status": choice("proposed", "accepted", "rejected", "promoted"),
    },
    "ab_test_result": _COMMON
    | {
        "experiment": name,
        "prompt_id": name,
        "verdict": choice("winner", "inconclusive", "stopped", "invalid"),
        "winner": name,
        "metric": name,
        "variants": table,
    },
    "training": _COMMON
    | {
        "trained": choice("scorer", "operators"),
        "prompt_id": name,
        "model": name,
        "version": _REVISION,
        "digest": sha256,
        "decision": choice("promoted", "not_promoted", "rolled_back"),
        "reason": prose,
        "figures": table,
    },
}
_ALWAYS: Final = ("id", "timestamp")
REQUIRED: Final[dict[str, tuple[str, ...]]] = {
    "execution": (*_ALWAYS, "prompt_id", "outcome"),
    "feedback": (*_ALWAYS, "prompt_id"),
    "context_signature": (*_ALWAYS, "signature"),
    "code_index": (*_ALWAYS, "path"),
    "tech_stack": (*_ALWAYS, "folder", "technologies"),
    "code_pattern": (*_ALWAYS, "name"),
    "evolution": (*_ALWAYS, "prompt_id", "parent_id"),
    "ab_test_result": (*_ALWAYS, "experiment", "prompt_id", "verdict"),
    "training": (*_ALWAYS, "trained", "decision"),
}
