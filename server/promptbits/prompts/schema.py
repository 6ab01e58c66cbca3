"""The PromptBit schema at run time: the table of fields, and what a value breaks in it."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, cast

from promptbits.prompts.shipped import shipped_schemas

# What stands in for the content while a value is validated: errors copy the instance, and content is long.
_STAND_IN: Final = "content"
_SURROGATE = re.compile("[\ud800-\udfff]")

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class SchemaError:
    """One rule of the schema that a value breaks.

    `keyword` is the JSON Schema keyword, `path` leads to the value, `rule` is the keyword's argument as the
    validator reports it (the missing property, the unexpected names, the allowed values, the limit …).
    """

    keyword: str
    path: Path
    rule: Any


@cache
def load() -> dict[str, Any]:
    """The JSON Schema of a PromptBit."""
    return json.loads((shipped_schemas() / "promptbit.schema.json").read_text("utf-8"))


def describe(path: Sequence[str | int]) -> dict[str, Any]:
    """The part of the schema that a path of keys and indexes leads to; empty where the schema says nothing."""
    node = load()
    for step in path:
        node = _resolve(node)
        if isinstance(step, int):
            child = node.get("items")
        else:
            child = node.get("properties", {}).get(step, node.get("additionalProperties"))
        if not isinstance(child, dict):
            return {}
        node = cast("dict[str, Any]", child)
    return _resolve(node)


def is_valid(value: Any) -> bool:
    """Whether a JSON value is a PromptBit by the schema."""
    return _validator().is_valid(_prepared(value))


def errors(value: Any) -> list[SchemaError]:
    """Every rule that a JSON value breaks."""
    if _is_plainly_valid(value):
        return []
    prepared = _prepared(value)
    found: dict[object, SchemaError] = {}
    for index, error in enumerate(_validator().iter_errors(prepared)):
        keyword, path = error.kind.name, tuple(error.instance_path)
        if keyword == "propertyNames":  # one for every bad name, all at the same path: one is enough
            found.setdefault((keyword, path), SchemaError(keyword, path, None))
        else:
            found[index] = SchemaError(keyword, path, error.kind.value)
    return list(found.values())


@cache
def _validator() -> Any:
    import jsonschema_rs  # 24 ms: only once a value is validated

    return jsonschema_rs.validator_for(load())


def _resolve(node: dict[str, Any]) -> dict[str, Any]:
    reference = node.get("$ref")
    return load()["$defs"][reference.rpartition("/")[2]] if reference else node


def _is_plainly_valid(value: Any) -> bool:
    """Whether a value is valid as it is: the common case, in which it need not be walked through."""
    try:
        return _validator().is_valid(_short(value))
    except ValueError:  # what the validator cannot take, such as lone surrogates
        return False


def _short(value: Any) -> Any:
    """The value with its content cut short."""
    if not isinstance(value, dict):
        return [] if isinstance(value, list) else value
    table = cast("dict[str, Any]", value)
    return table | {"content": _STAND_IN} if isinstance(table.get("content"), str) else table


def _prepared(value: Any) -> Any:
    """The value as the validator can take it: content cut short, no lone surrogates, no infinite numbers."""
    return _clean(_short(value))


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return value if value.isascii() else _SURROGATE.sub("\ufffd", value)
    if isinstance(value, float):
        return value if math.isfinite(value) else math.copysign(1.7e308, value)
    if isinstance(value, dict):
        return {_clean(key): _clean(item) for key, item in cast("dict[str, Any]", value).items()}
    if isinstance(value, list):
        return [_clean(item) for item in cast("list[Any]", value)]
    return value
