"""The form of a fact, checked without pydantic: this is on the path of every recorded execution.

`facts/model.py` says the same in models; a test holds the two together.
"""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final, cast

from promptbits.facts.store import Fact, InvalidFactError

Check = Callable[[Any], Any]

KINDS: Final = (
    "execution",
    "feedback",
    "context_signature",
    "code_index",
    "tech_stack",
    "code_pattern",
    "evolution",
    "ab_test_result",
)
# Sums of these stay exact in 64 bits.
MOST: Final = 10**12
MOST_DOLLARS: Final = 10_000
LONGEST_NAME: Final = 1_000
DEEPEST: Final = 100

UUID7: Final = r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
SHA256: Final = r"[0-9a-f]{64}"
RFC_3339: Final = r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})"

_UUID7: Final = re.compile(UUID7)
_SHA256: Final = re.compile(SHA256)
_RFC_3339: Final = re.compile(RFC_3339)
_LENGTH: Final = len("2026-11-20T16:00:00.123Z")
MILLISECONDS_A_DAY: Final = 86_400_000
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)


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
    for name, value in fact.items():
        if value is None:
            continue
        check = fields.get(name)
        if check is None:
            raise InvalidFactError(f"{kind}: {_shown(name)}: no such field; what is not listed belongs in metadata")
        try:
            result[name] = check(value)
        except ValueError as problem:
            raise InvalidFactError(f"{kind}: {name}: {problem}") from None
    for name in REQUIRED[cast("str", kind)]:
        if name not in result:
            raise InvalidFactError(f"{kind}: {name}: required")
    return result


def canonical_time(value: Any) -> str:
    """A time as facts write it: `2026-11-20T16:00:00.123Z`.

    Raises:
        ValueError: not an RFC 3339 time.
    """
    if not isinstance(value, str) or not _RFC_3339.fullmatch(value):
        raise ValueError("expected an RFC 3339 time, as 2026-11-20T16:00:00.123Z")
    try:
        moment = datetime.fromisoformat(value.upper())
        if len(value) == _LENGTH and value[10] == "T" and value[19] == "." and value[23] == "Z":
            return value
        moment = moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError("there is no such time") from None
    return f"{moment.replace(tzinfo=None).isoformat(timespec='milliseconds')}Z"


def milliseconds(canonical: str) -> int:
    """Milliseconds since 1970 of a time in canonical form."""
    return (datetime.fromisoformat(canonical) - _EPOCH) // _MILLISECOND


def time_of(since_1970: int) -> str:
    """The canonical form of milliseconds since 1970."""
    moment = _EPOCH + timedelta(milliseconds=since_1970)
    return f"{moment.replace(tzinfo=None).isoformat(timespec='milliseconds')}Z"


@functools.lru_cache(maxsize=512)
def day_of(number: int) -> str:
    """The date of a day by its number since 1970."""
    return str((_EPOCH + timedelta(days=number)).date())


def fact_id(value: Any) -> str:
    """A UUIDv7 in lower case."""
    if isinstance(value, str):
        lower = value.lower()
        if _UUID7.fullmatch(lower):
            return lower
    raise ValueError("expected a UUIDv7")


def sha256(value: Any) -> str:
    """A SHA-256 in lower case."""
    if isinstance(value, str):
        lower = value.lower()
        if _SHA256.fullmatch(lower):
            return lower
    raise ValueError("expected a SHA-256: 64 hexadecimal digits")


def name(value: Any) -> str:
    """A short text that is not empty."""
    text = prose(value)
    if not 0 < len(text) <= LONGEST_NAME:
        raise ValueError(f"expected 1 to {LONGEST_NAME:,} characters")
    return text


def prose(value: Any) -> str:
    """Any text that can be written as UTF-8."""
    if not isinstance(value, str):
        raise ValueError("expected a string")
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError:
            raise ValueError("holds half a character (a lone surrogate)") from None
    return value


def integer(least: int, most: int = MOST) -> Check:
    """A whole number within bounds."""

    def check(value: Any) -> int:
        if type(value) is not int or not least <= value <= most:
            raise ValueError(f"expected a whole number from {least:,} to {most:,}")
        return value

    return check


def number(least: float, most: float) -> Check:
    """A number within bounds."""

    def check(value: Any) -> float:
        # What is not a number, or not a finite one, compares false.
        if type(value) not in (int, float) or not least <= value <= most:
            raise ValueError(f"expected a number from {least:,} to {most:,}")
        return value

    return check


def choice(*words: str) -> Check:
    """One of some words."""
    known, listed = frozenset(words), ", ".join(words)

    def check(value: Any) -> str:
        if not isinstance(value, str) or value not in known:
            raise ValueError(f"expected one of {listed}")
        return value

    return check


def boolean(value: Any) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise ValueError("expected true or false")
    return value


def names(value: Any) -> list[str]:
    """A list of texts."""
    if not isinstance(value, list):
        raise ValueError("expected a list of strings")
    return [prose(each) for each in cast("list[Any]", value)]


def table(value: Any) -> dict[str, Any]:
    """A JSON object of any content."""
    if not isinstance(value, dict):
        raise ValueError("expected a table")
    if value:
        _be_json(cast("object", value), DEEPEST)
    return cast("dict[str, Any]", value)


def technologies(value: Any) -> list[dict[str, Any]]:
    """What a folder is built with."""
    if not isinstance(value, list):
        raise ValueError("expected a list")
    return [_technology(each) for each in cast("list[Any]", value)]


def _technology(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError("expected tables with name, version, kind and evidence")
    result: dict[str, Any] = {}
    for key, each in cast("dict[Any, Any]", value).items():
        if each is None:
            continue
        check = _TECHNOLOGY.get(key)
        if check is None:
            raise ValueError("expected only name, version, kind and evidence in a technology")
        result[key] = check(each)
    if "name" not in result:
        raise ValueError("a technology needs a name")
    return result


def _be_json(value: object, depth: int) -> None:
    """Raise ValueError if a value cannot be written as JSON and read back the same."""
    if depth == 0:
        raise ValueError(f"nested deeper than {DEEPEST} levels")
    if isinstance(value, dict):
        for key, each in cast("dict[object, object]", value).items():
            if not isinstance(key, str):
                raise ValueError("has a key that is not a string")
            prose(key)
            _be_json(each, depth - 1)
    elif isinstance(value, list):
        for each in cast("list[object]", value):
            _be_json(each, depth - 1)
    elif isinstance(value, str):
        prose(value)
    elif isinstance(value, float):
        if not math.isfinite(value):
            raise ValueError("has a number that is not finite")
    elif isinstance(value, int):
        if abs(value) > 2**63:
            raise ValueError("has a number of more than 64 bits")
    elif value is not None:
        raise ValueError("has a value that JSON does not know")


def _shown(key: object) -> str:
    """A field name for a message: names only, never what looks like content."""
    text = str(key)
    return text if re.fullmatch(r"[A-Za-z0-9_.-]{1,60}", text) else "a field"


_COUNT: Final = integer(0)
_REVISION: Final = integer(1)
_SHARE: Final = number(0, 1)
_AMOUNT: Final = number(0, MOST)
_TECHNOLOGY: Final[dict[Any, Check]] = {"name": name, "version": prose, "kind": prose, "evidence": prose}

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
}
