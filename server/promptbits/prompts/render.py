"""Strict rendering: a template and values to text."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, cast

from promptbits.text import markdown
from promptbits.text.placeholders import Placeholder, substitute


class RenderError(ValueError):
    """A template cannot be rendered with these values; the message names the variable."""


def render(
    content: str,
    variables: Mapping[str, Mapping[str, Any]] | None = None,
    values: Mapping[str, Any] | None = None,
    *,
    partial: bool = False,
) -> str:
    """Render a template.

    Args:
        content: the decoded template.
        variables: the declarations, name to table with `type`, `default`, `enum`, `required`.
        values: the values by name; a nested mapping is flattened to dotted names first.
        partial: leave a placeholder without a value as it stands, and ignore a value without a variable.

    Raises:
        RenderError: a required variable has no value, a value has no variable, or does not fit.
    """
    declared = variables or {}
    given = dict(flatten(values or {}))
    fences = markdown.scan(content).fences
    used: set[str] = set()

    def value(placeholder: Placeholder) -> str:
        name = placeholder.name
        used.add(name)
        spec = declared.get(name, {})
        if name in given:
            return as_text(given[name])
        if "default" in spec:
            return as_text(spec["default"])
        if partial:
            return content[placeholder.start : placeholder.end]
        if spec.get("required", True):
            raise RenderError(f"variable {name!r} has no value and no default")
        return ""

    for name, spec in declared.items():
        for word, candidate in (("value", given.get(name, _ABSENT)), ("default", spec.get("default", _ABSENT))):
            problem = None if candidate is _ABSENT else misfit(candidate, spec)
            if problem and (word == "value" or name not in given):
                raise RenderError(f"variable {name!r}: the {word} {problem}")
    text = substitute(content, fences, declared, value)
    unknown = sorted(given.keys() - used - declared.keys())
    if unknown and not partial:
        names = ", ".join(repr(name) for name in unknown)
        raise RenderError(f"no variable of this prompt is called {names}")
    return text


_ABSENT = object()


def flatten(values: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Nested mappings as dotted names."""
    for name, value in values.items():
        if isinstance(value, Mapping):
            yield from flatten(cast("Mapping[str, Any]", value), f"{prefix}{name}.")
        else:
            yield prefix + name, value


def as_text(value: Any) -> str:
    """A value as it is rendered: a string as it is, every other type as JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def misfit(value: Any, spec: Mapping[str, Any]) -> str | None:
    """Why a value does not fit a variable's type or enum, or None if it does."""
    kind = spec.get("type", "string")
    if not fits_type(value, kind):
        return f"is {type_name(value)}, not {'an' if kind[:1] in 'aeiou' else 'a'} {kind}"
    allowed = spec.get("enum")
    if isinstance(allowed, list) and not any(same(value, each) for each in cast("list[Any]", allowed)):
        shown = ", ".join(json.dumps(each, ensure_ascii=False) for each in cast("list[Any]", allowed)[:8])
        return f"is not one of {shown}"
    return None


def fits_type(value: Any, kind: Any) -> bool:
    """Whether a JSON value is of one of the types that a variable can have."""
    match kind:
        case "string":
            return isinstance(value, str)
        case "boolean":
            return isinstance(value, bool)
        case "integer":
            whole = isinstance(value, int) or (isinstance(value, float) and value.is_integer())
            return whole and not isinstance(value, bool)
        case "number":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case "array":
            return isinstance(value, list | tuple)
        case _:
            return True  # an unknown type is the schema's to report


def same(one: Any, other: Any) -> bool:
    """Equality as JSON has it: true is not 1."""
    return one == other and isinstance(one, bool) == isinstance(other, bool)


def type_name(value: Any) -> str:
    """The JSON type of a value, with its article."""
    match value:
        case None:
            return "null"
        case bool():
            return "a boolean"
        case str():
            return "a string"
        case int() | float():
            return "a number"
        case list() | tuple():
            return "an array"
        case _:
            return "an object"
