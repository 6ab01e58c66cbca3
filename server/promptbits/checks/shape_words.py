"""Findings about the shape of a prompt in the words of the product."""

from __future__ import annotations

import json
from typing import Any

from promptbits.checks.catalogue import CHECKS
from promptbits.checks.finding import Edit, Finding, Fix
from promptbits.checks.snapshot import Range
from promptbits.checks.words import near, shown
from promptbits.prompts import schema
from promptbits.prompts.render import type_name
from promptbits.text.json_tree import Node

# What types are called elsewhere.
_ALIASES = {"str": "string", "text": "string", "int": "integer", "float": "number", "bool": "boolean", "list": "array"}


def enum_error(path: schema.Path, node: Node, allowed: list[Any], where: Range) -> Finding:
    """A value that is not one of those allowed."""
    words = [each for each in allowed if isinstance(each, str)]
    alias = _ALIASES.get(node.value) if node.kind == "string" else None
    meant = alias if alias in words else near(node.value, words) if node.kind == "string" else None
    if meant:
        fix = Fix(f'Change to "{meant}"', (Edit(*where, f'"{meant}"'),))
        return finding("invalid-value", f'{named(path)} is not one of its values: did you mean "{meant}"?', where, fix)
    values = ", ".join(json.dumps(each, ensure_ascii=False) for each in allowed)
    return finding("invalid-value", f"{named(path)} must be one of {values}", where)


def finding(code: str, message: str, where: Range, fix: Fix | None = None) -> Finding:
    """A finding of a check at the check's own severity."""
    return Finding(code, CHECKS[code].severity, message, *where, fix)


def named(path: schema.Path) -> str:
    """A path as people say it: `variables.topic.type`, `tags[2]`."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else str(step)
    return shown(text) or "the prompt"


def described(node: Node) -> str:
    """The type of a value, with its article."""
    if node.kind in ("object", "array"):
        return "an object" if node.kind == "object" else "an array"
    return type_name(node.value)
