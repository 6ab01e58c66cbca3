"""The forms of `source`, which a validator can only call wrong as a whole."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final, cast

from promptbits.checks.finding import Edit, Finding, Fix
from promptbits.checks.shape_words import described, enum_error, finding
from promptbits.checks.snapshot import Snapshot
from promptbits.checks.words import near, shown
from promptbits.prompts import schema
from promptbits.text.json_tree import Node

TIMESTAMP_HELP: Final = "a timestamp is RFC 3339 in UTC, such as 2026-05-01T12:00:00Z"
_FORM = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}")


def check(snapshot: Snapshot) -> Iterator[Finding]:
    """What is wrong with a `source` that fits none of its forms."""
    node = snapshot.document.tree.find(("source",))
    if node is None:
        return
    where = snapshot.value_range(("source",))
    branches = cast("list[dict[str, Any]]", schema.describe(("source",))["anyOf"])
    plain = cast("list[str]", branches[0]["enum"])
    tagged = [
        next(iter(schema.load()["$defs"][each["$ref"].rpartition("/")[2]]["properties"])) for each in branches[1:]
    ]
    if node.kind == "string":
        yield enum_error(("source",), node, list[Any](plain), where)
        return
    if node.kind == "object" and not node.members and snapshot.document.tree.errors:
        return  # it is still being typed
    if node.kind != "object" or len(node.members) != 1:
        yield finding("wrong-type", f"source must be one of {', '.join(plain)}, or one of them with its details", where)
        return
    member = node.members[0]
    if member.name not in tagged:
        meant = near(member.name, tagged)
        hint = f': did you mean "{meant}"?' if meant else f": one of {', '.join(tagged)}"
        fix = Fix(f'Change to "{meant}"', (Edit(member.key.start, member.key.end, f'"{meant}"'),)) if meant else None
        text = f'source has no details for "{shown(member.name)}"{hint}'
        yield finding("invalid-value", text, (member.key.start, member.key.end), fix)
        return
    needed = cast("dict[str, Any]", schema.load()["$defs"][member.name]["properties"])
    details = member.value
    if details is None:
        return
    if details.kind != "object":
        text = f"the details of {member.name} are an object with {', '.join(needed)}"
        yield finding("wrong-type", text, snapshot.value_range(("source", member.name)))
        return
    yield from _source_details(snapshot, member.name, details, needed)


def _source_details(snapshot: Snapshot, kind: str, details: Node, needed: dict[str, Any]) -> Iterator[Finding]:
    path = ("source", kind)
    for name in needed:
        # As long as there are errors, the key may stand in what could not be read.
        if details.member(name) is None and not snapshot.document.tree.errors:
            yield finding("missing-key", f'the key "{name}" is missing in source.{kind}', snapshot.value_range(path))
    for member in details.members:
        where = snapshot.value_range((*path, member.name))
        value = member.value
        if value is None:
            continue
        if member.name not in needed:
            meant = near(member.name, [name for name in needed if details.member(name) is None])
            hint = f'did you mean "{meant}"?' if meant else f"one of {', '.join(needed)}"
            key = (member.key.start, member.key.end)
            fix = Fix(f'Change to "{meant}"', (Edit(*key, f'"{meant}"'),)) if meant else None
            yield finding("unknown-key", f'{kind} has no detail "{shown(member.name)}": {hint}', key, fix)
        elif member.name == "from_feedback":
            if value.kind != "array" or any(item.kind != "string" or not item.value for item in value.items):
                yield finding("wrong-type", "from_feedback is a list of fact ids", where)
        elif value.kind != "string":
            yield finding("wrong-type", f"{member.name} is {described(value)}: it must be a string", where)
        elif member.name == "timestamp" and not _is_timestamp(value.value, needed["timestamp"]["pattern"]):
            yield finding("invalid-value", TIMESTAMP_HELP, where)
        elif not value.value:
            yield finding("invalid-value", f"{member.name} must not be empty", where)


def check_date(snapshot: Snapshot) -> Iterator[Finding]:
    """A timestamp of the right form that no calendar knows: readers of the form alone take it."""
    node = snapshot.document.tree.find(("source", "LLMGenerated", "timestamp")) if _is_tagged(snapshot) else None
    if node is None or node.kind != "string" or not _FORM.match(node.value):
        return
    try:
        # A leap second is fine, and all that the parser has against it is its number.
        datetime.fromisoformat(re.sub(r":60$", ":59", node.value[:19]))
    except ValueError:
        text = "there is no such date or time"
        yield Finding("invalid-value", "warning", text, *snapshot.value_range(("source", "LLMGenerated", "timestamp")))


def _is_tagged(snapshot: Snapshot) -> bool:
    return isinstance(snapshot.prompt.get("source"), dict)


def _is_timestamp(text: str, pattern: str) -> bool:
    # In Python, `$` also matches before a line break at the end.
    return re.search(pattern, text) is not None and not text.endswith("\n")
