"""Facts of every kind with awkward texts in them, for property tests."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from promptbits.facts.fields import checked
from promptbits.facts.ids import new_id
from promptbits.facts.store import Fact
from promptbits.facts.times import time_of

_prose = st.text(max_size=30) | st.sampled_from(
    ["", "'", "''", "'=1", "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "a\r\nb", "\r", "\n", 'a "b", c', "＝1", "é😀", "\0"]
)
_name = _prose.filter(bool)
_whole = st.integers(0, 10**12)
_amount = st.floats(0, 10**12) | _whole
_share = st.floats(0, 1)
_hash = st.binary(min_size=32, max_size=32).map(bytes.hex)
_table = st.dictionaries(
    _prose,
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers(-(2**63), 2**63)
        | st.floats(allow_nan=False, allow_infinity=False)
        | _prose,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_prose, inner, max_size=3),
        max_leaves=6,
    ),
    max_size=3,
)
_id = st.integers(0, 2**62).map(new_id)
_time = st.integers(-(10**12), 4 * 10**12).map(time_of)
_technology = st.fixed_dictionaries({"name": _name}, optional={"version": _prose, "kind": _prose, "evidence": _prose})

VALUES: dict[str, st.SearchStrategy[Any]] = {
    **dict.fromkeys(
        ("prompt_id", "requested_id", "experiment", "variant", "conversation_id", "context_signature"), _name
    ),
    **dict.fromkeys(("provider", "model", "trace_id", "error_type", "user", "name", "signature", "path"), _name),
    **dict.fromkeys(("language", "folder", "parent_id", "proposer", "winner", "metric"), _name),
    **dict.fromkeys(("label", "text", "reason"), _prose),
    **dict.fromkeys(("imports", "exports", "edits", "evidence"), st.lists(_prose, max_size=3)),
    **dict.fromkeys(("features", "prediction", "variants", "metadata", "figures"), _table),
    **dict.fromkeys(("content_sha256", "parent_sha256", "digest"), _hash),
    **dict.fromkeys(("response_length", "input_tokens", "output_tokens", "size"), _whole),
    **dict.fromkeys(("confidence_score", "confidence"), _share),
    **dict.fromkeys(("revision", "version"), st.integers(1, 10**12)),
    "trained": st.sampled_from(["scorer", "operators"]),
    "decision": st.sampled_from(["promoted", "not_promoted", "rolled_back"]),
    "execution_time_ms": _amount,
    "cost_usd": st.floats(0, 10_000),
    "forced": st.booleans(),
    "execution_id": _id,
    "rating": st.floats(1, 5) | st.integers(1, 5),
    "score": st.floats(-(10**12), 10**12),
    "technologies": st.lists(_technology, max_size=3),
    "status": st.sampled_from(["proposed", "accepted", "rejected", "promoted"]),
    "verdict": st.sampled_from(["winner", "inconclusive", "stopped", "invalid"]),
    "id": _id,
    "timestamp": _time,
}


def facts_of_kind(kind: str, fields: list[str], required: tuple[str, ...]) -> st.SearchStrategy[Fact]:
    outcomes = ["succeeded", "failed", "unknown"] if kind == "execution" else ["succeeded", "failed"]
    values = VALUES | {"outcome": st.sampled_from(outcomes), "kind": st.just(kind)}
    always = {name: values[name] for name in ("kind", *required)}
    return st.fixed_dictionaries(always, optional={name: values[name] for name in fields if name not in always}).map(
        checked
    )
