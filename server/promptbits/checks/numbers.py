"""Numbers: those that no computer holds, and those that were put in quotes."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from itertools import islice
from typing import Any, Final

from promptbits.checks.finding import Edit, Finding, Fix
from promptbits.checks.shape_words import finding, named
from promptbits.checks.snapshot import Snapshot
from promptbits.checks.words import shown
from promptbits.prompts import schema
from promptbits.text.json_tree import JsonTree, Node
from promptbits.text.json_tree import Path as JsonPath

_MOST: Final = 100
# Up to here every reader of JSON gives the same whole number.
_LARGEST_REVISION: Final = 2**53 - 1
# The largest float has as many; a whole number beyond it is one to Python only.
_FLOAT_BITS: Final = 1024
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,15})(?:\.[0-9]{1,20})?")


def check(snapshot: Snapshot) -> Iterator[Finding]:
    """Numbers that become infinite when they are read as floats. Those that have a limit are reported for that."""
    if _holds_infinity(snapshot.document.value):
        found = (each for each in _infinite(snapshot.document.tree) if _limit(each[1]) not in schema.describe(each[0]))
        for path, node in islice(found, _MOST):
            text = f"{named(path)} is {shown(node.source, 20)}, which is beyond the largest number there is (1.8e308)"
            yield finding("out-of-range", text, (node.start, node.end))
    revision = snapshot.prompt.get("revision")
    if isinstance(revision, int) and revision > _LARGEST_REVISION and not _is_beyond(revision):
        text = f"revision is above the maximum of {_LARGEST_REVISION}"
        yield finding("out-of-range", text, snapshot.value_range(("revision",)))


def unquoted(path: schema.Path, node: Node, wanted: str) -> Fix | None:
    """`"0.9"` where a number is wanted: take off the quotes, if what is inside would do."""
    if node.kind != "string" or wanted not in ("number", "integer"):
        return None
    text = node.value.strip()
    if not _NUMBER.fullmatch(text) or (wanted == "integer" and "." in text):
        return None
    rules = schema.describe(path)
    if not rules.get("minimum", -math.inf) <= float(text) <= rules.get("maximum", math.inf):
        return None
    return Fix("Remove the quotes", (Edit(node.start, node.end, text),))


def _limit(node: Node) -> str:
    return "maximum" if node.value > 0 else "minimum"


def _is_beyond(value: Any) -> bool:
    if isinstance(value, float):
        return math.isinf(value)
    return isinstance(value, int) and value.bit_length() > _FLOAT_BITS


def _holds_infinity(value: Any) -> bool:
    stack = [value]
    while stack:
        item = stack.pop()
        if isinstance(item, dict):
            stack += item.values()  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType]  (JSON)
        elif isinstance(item, list):
            stack += item  # pyright: ignore[reportUnknownArgumentType]  (JSON)
        elif _is_beyond(item):
            return True
    return False


def _infinite(tree: JsonTree) -> Iterator[tuple[JsonPath, Node]]:
    stack: list[tuple[JsonPath, Node]] = [((), tree.root)] if tree.root else []
    while stack:
        path, node = stack.pop()
        if _is_beyond(node.value):
            yield path, node
        stack += [((*path, index), item) for index, item in enumerate(node.items)]
        stack += [((*path, member.name), member.value) for member in node.members if member.value]
