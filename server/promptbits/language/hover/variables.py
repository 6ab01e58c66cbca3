"""What is known of a variable: its declaration and its uses."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from typing import Any, Final

from promptbits.checks.snapshot import Snapshot
from promptbits.language.markup import bullets, code, counted, listed, prose
from promptbits.language.target import source_of
from promptbits.text.json_tree import Node

_MOST_VALUES: Final = 12
_MOST_EXAMPLES: Final = 5
_MOST_HEADINGS: Final = 8
_MOST_LINES: Final = 8


def describe_variable(snapshot: Snapshot, name: str) -> list[str]:
    """The paragraphs about a variable, declared or not."""
    variables = snapshot.variables
    title = f"Variable {code(name)}"
    if variables is None or name not in variables:
        why = "this prompt has no `variables`" if variables is None else "not declared in `variables`"
        return [f"{title} · {why}", _uses(snapshot, name)]
    spec = variables[name]
    node = snapshot.document.tree.find(("variables", name))
    kind = spec.get("type")
    blocks = [f"{title} · {_type(kind)}"]
    description = spec.get("description")
    if isinstance(description, str) and description.strip():
        blocks.append(prose(description))
    rows = list(_declaration(snapshot.document.text, spec, node))
    return [*blocks, f"{bullets(rows)}\n{_uses(snapshot, name)}"]


def _type(kind: Any) -> str:
    if isinstance(kind, str):
        return code(kind)
    return "`string`, the default type"


def _declaration(text: str, spec: dict[str, Any], node: Node | None) -> Iterator[str]:
    """What the declaration says of values."""
    if "default" in spec:
        yield f"Default: {_value(text, node, 'default')}"
    for key, label, most in (("enum", "Allowed", _MOST_VALUES), ("examples", "Examples", _MOST_EXAMPLES)):
        values = node.get(key) if node else None
        if values is not None and values.kind == "array" and values.items:
            shown = (code(source_of(text, item)) for item in values.items)
            yield f"{label}: {listed(shown, len(values.items), most)}"
    required = spec.get("required", True)
    if not isinstance(required, bool):
        yield f"Required: {_value(text, node, 'required')}"
    elif "default" in spec:
        yield f"Required: {'yes' if required else 'no'}; without a value, the default fills in"
    else:
        yield "Required: yes; without a value, rendering fails" if required else "Required: no; renders as empty"


def _value(text: str, node: Node | None, key: str) -> str:
    return code(source_of(text, node.get(key) if node else None))


def _uses(snapshot: Snapshot, name: str) -> str:
    """How often the content uses a variable, and where: lines under headings, as items of a list."""
    content = snapshot.content
    uses = [use.start for use in snapshot.placeholders if use.name == name]
    partly = "" if not content or snapshot.content_is_whole else ", as far as the content can be read"
    if not uses:
        return bullets([f"Not used in the content{partly}"])
    headings = snapshot.markdown.headings
    starts = [heading.start for heading in headings]
    places: dict[int, dict[int, None]] = {}
    line, at = 1, 0
    for start in uses:
        line += content.count("\n", at, start)
        at = start
        places.setdefault(bisect_right(starts, start) - 1, {})[line] = None
    times = counted(len(uses), "time")
    if not headings:
        return bullets([f"Used {times}{partly}: {_lines(places[-1])} of the content"])
    rows = [
        f"{_heading(headings[index].title) if index >= 0 else 'before the first heading'}: {_lines(lines)}"
        for index, lines in list(places.items())[:_MOST_HEADINGS]
    ]
    if len(places) > len(rows):
        rows.append(f"and under {counted(len(places) - len(rows), 'more heading')}")
    return f"{bullets([f'Used {times}{partly}, in these lines of the content'])}\n{bullets(rows, 1)}"


def _heading(title: str) -> str:
    return f"under {code(title)}" if title else "under a heading without text"


def _lines(lines: dict[int, None]) -> str:
    return f"line{'' if len(lines) == 1 else 's'} {listed(map(str, lines), len(lines), _MOST_LINES)}"
