"""Facts for tests of files and commands."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cli_workspace import write
from hypothesis import strategies as st

from promptbits.facts.fields import checked, time_of
from promptbits.facts.ids import new_id
from promptbits.facts.opening import open_store
from promptbits.facts.store import Appended, Fact

START = datetime(2026, 11, 1, 12, tzinfo=UTC)


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def execution(number: int = 0, **fields: Any) -> Fact:
    """An execution, a minute later for each number."""
    when = START + timedelta(minutes=number)
    return {
        "kind": "execution",
        "id": new_id(int(when.timestamp()) * 10**9),
        "timestamp": when.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        "prompt_id": "one",
        "outcome": "succeeded",
    } | fields


def lines_of(*facts: Fact) -> bytes:
    return b"".join(json.dumps(fact).encode() + b"\n" for fact in facts)


def stored(root: Path) -> list[Fact]:
    """All facts in the store of a root, in order."""
    store = open_store(root / ".promptbits/facts.db", create=False)
    try:
        return list(store.facts())
    finally:
        store.close()


def fill(root: Path, *facts: Fact) -> None:
    write(root / "promptbits.toml", "")
    store = open_store(root / ".promptbits/facts.db")
    try:
        store.append(facts)
    finally:
        store.close()


class Memory:
    """A target that keeps what it is given."""

    def __init__(self) -> None:
        self.facts: dict[str, Fact] = {}
        self.texts: dict[str, str] = {}

    def append(self, facts: list[Fact]) -> Appended:
        sound = [checked(fact) for fact in facts]
        before = len(self.facts)
        for fact in sound:
            self.facts.setdefault(fact["id"], fact)
        added = len(self.facts) - before
        return Appended(added, len(facts) - added)

    def keep_text(self, content_sha256: str, content: str) -> None:
        self.texts[content_sha256] = content


# Any fact

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
    **dict.fromkeys(("label", "text"), _prose),
    **dict.fromkeys(("imports", "exports", "edits", "evidence"), st.lists(_prose, max_size=3)),
    **dict.fromkeys(("features", "prediction", "variants", "metadata"), _table),
    **dict.fromkeys(("content_sha256", "parent_sha256"), _hash),
    **dict.fromkeys(("response_length", "input_tokens", "output_tokens", "size"), _whole),
    **dict.fromkeys(("confidence_score", "confidence"), _share),
    "revision": st.integers(1, 10**12),
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
