"""Values that applications hand over, made fit for a fact. What does not fit is left out: measuring breaks nobody."""

from __future__ import annotations

import json
import operator
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from promptbits.runtime.notices import say_once

if TYPE_CHECKING:
    from promptbits.facts.store import Fact, Kind


def fact_of(kind: Kind, identity: tuple[str, str], values: Mapping[str, Any]) -> Fact:
    """A fact with an id and a time, of the values that fit. What is left out is said, once for each field."""
    from promptbits.facts.fields import FIELDS

    id_, time = identity
    fact: Fact = {"kind": kind, "id": id_, "timestamp": time, "metadata": {}}
    checks = FIELDS[kind]
    for name, value in values.items():
        if value is None:
            continue
        try:
            fact[name] = checks[name](_plain(value))
        except Exception as error:  # whatever the application's own types raise
            # Only our own words are sure to hold no value.
            reason = str(error) if type(error) is ValueError else "its value has the wrong type"
            say_once(f"field {kind} {name}", "%s facts go without %s: %s", kind, name, reason)
    return fact


def _plain(value: Any) -> Any:
    """A value as JSON has it: numbers of numpy and members of enumerations are as good as plain ones."""
    kind = cast("type[Any]", type(value))
    if kind in (str, int, float, bool):
        return value
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, Mapping):
        # A copy, so that nothing in it changes later.
        return json.loads(json.dumps(dict(cast("Mapping[str, Any]", value)), allow_nan=False))
    if hasattr(kind, "__index__"):
        return operator.index(value)
    return float(value) if hasattr(kind, "__float__") else value
