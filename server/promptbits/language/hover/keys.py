"""What the schema says of a key."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, cast

from promptbits.language.markup import bullets, code, prose
from promptbits.prompts import schema
from promptbits.text.json_tree import Path

Part = dict[str, Any]


def describe_key(path: Path) -> list[str]:
    """The paragraphs about the key that a path ends in; none for one that the schema does not know."""
    found = _part(path)
    if not path or found is None:
        return []
    part, required = found
    head = [code(str(path[-1])), _type(part)]
    if required:
        head.append("required")
    blocks = [" · ".join(head)]
    if "description" in part:
        blocks.append(prose(part["description"]))
    items = list(_rules(part))
    return [*blocks, bullets(items)] if items else blocks


def description_of(path: Path) -> str:
    """The sentence of the schema about a key, as Markdown; empty where there is none."""
    found = _part(path)
    return prose(found[0].get("description", "")) if found else ""


def _part(path: Path) -> tuple[Part, bool] | None:
    """The part of the schema that a path leads to, also through alternatives, and whether the key is required."""
    part, required = schema.load(), False
    for step in path:
        for option in _options(part):
            child = (
                option.get("items")
                if isinstance(step, int)
                else option.get("properties", {}).get(step, option.get("additionalProperties"))
            )
            if isinstance(child, dict):
                part, required = _resolved(cast("Part", child)), step in option.get("required", ())
                break
        else:
            return None
    return part, required


def _options(part: Part) -> Iterator[Part]:
    """The part itself and its alternatives."""
    yield part
    for option in part.get("anyOf", ()):
        yield _resolved(option)


def _resolved(part: Part) -> Part:
    """A part with what it refers to; its own words come before those of the other."""
    reference = part.get("$ref")
    return {**schema.load()["$defs"][reference.rpartition("/")[2]], **part} if reference else part


def _type(part: Part) -> str:
    kinds = dict.fromkeys(option["type"] for option in _options(part) if "type" in option)
    if list(kinds) == ["array"]:
        inner = _resolved(part.get("items", {})).get("type")
        return f"array of {inner}s" if inner else "array"
    return " or ".join(kinds) or "any value"


def _rules(part: Part) -> Iterator[str]:
    allowed = [code(json.dumps(value)) for option in _options(part) for value in option.get("enum", ())]
    if allowed:
        yield f"Allowed: {', '.join(allowed)}"
    keys = [code(key) for option in _options(part) for key in option.get("properties", ())]
    if keys:
        yield f"Keys{'' if part.get('type') == 'object' else ', with details'}: {', '.join(keys)}"
    each = part.get("additionalProperties")
    if isinstance(each, dict):
        yield f"Keys of each: {', '.join(map(code, _resolved(cast('Part', each)).get('properties', ())))}"
    if "minimum" in part:
        yield (
            f"Range: {part['minimum']} to {part['maximum']}" if "maximum" in part else f"Range: from {part['minimum']}"
        )
    if part.get("minLength") or part.get("minItems"):
        yield "Not empty"
    if "default" in part:
        yield f"Default: {code(json.dumps(part['default']))}"
