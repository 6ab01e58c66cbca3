"""Variables: what is declared against what the content uses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final, cast

from promptbits.checks.finding import Edit, Finding, Fix
from promptbits.checks.removal import remove_member
from promptbits.checks.snapshot import Snapshot
from promptbits.checks.words import near
from promptbits.prompts.render import misfit
from promptbits.text.placeholders import Placeholder

# More than this says nothing new.
_MOST: Final = 100


def check(snapshot: Snapshot) -> Iterator[Finding]:
    """Declarations and uses that do not fit together."""
    yield from _defaults(snapshot)
    if not snapshot.content_is_whole:
        return
    yield from _mixed(snapshot)
    if snapshot.variables is None:
        return
    yield from _undeclared(snapshot, snapshot.variables)
    misses = _near_misses(snapshot, snapshot.variables)
    for _, start, end, written in misses[:_MOST]:
        where = snapshot.content_range(start, end)
        message = f"this is not a placeholder: write {written}"
        yield Finding(
            "malformed-placeholder", "warning", message, *where, Fix(f"Write {written}", (Edit(*where, written),))
        )
    # What was most likely meant is not unused: it only waits for its spelling.
    meant = {near(use.name, snapshot.variables) for use in snapshot.placeholders if use.name not in snapshot.variables}
    yield from _unused(snapshot, snapshot.variables, {name for name, *_ in misses} | meant)


def _undeclared(snapshot: Snapshot, variables: dict[str, Any]) -> Iterator[Finding]:
    for use in [use for use in snapshot.placeholders if use.name not in variables][:_MOST]:
        where = snapshot.content_range(use.start, use.end)
        meant = near(use.name, variables)
        hint = f": did you mean {_written(use.style, meant)}?" if meant else ""
        fix = _rename(snapshot, use, meant) if meant else _declare(snapshot, use.name)
        yield Finding("undeclared-variable", "warning", f'"{use.name}" is not declared in variables{hint}', *where, fix)


def _rename(snapshot: Snapshot, use: Placeholder, meant: str) -> Fix:
    text = snapshot.content[use.start : use.end].replace(use.name, meant)
    return Fix(f"Change to {text}", (Edit(*snapshot.content_range(use.start, use.end), text),))


def _declare(snapshot: Snapshot, name: str) -> Fix | None:
    """Put an empty declaration at the end of `variables`, indented as its neighbours are."""
    if not snapshot.document.is_strict:
        return None
    node = snapshot.document.tree.find(("variables",))
    if node is None or node.kind != "object":
        return None
    text = snapshot.document.text
    title = f'Declare the variable "{name}"'
    if not node.members:
        return Fix(title, (Edit(node.start, node.end, f'{{\n    "{name}": {{}}\n  }}'),))
    last = node.members[-1]
    line_start = text.rfind("\n", 0, last.start) + 1
    indent = text[line_start : last.start]
    gap = "\n" + indent if not indent.strip() else " "
    return Fix(title, (Edit(last.end, last.end, f',{gap}"{name}": {{}}'),))


def _unused(snapshot: Snapshot, variables: dict[str, Any], missed: set[str | None]) -> Iterator[Finding]:
    used = {*missed, *(use.name for use in snapshot.placeholders)}
    for name in variables:
        if name not in used:
            where = snapshot.key_range(("variables", name))
            message = f'the content does not use "{name}"'
            fix = remove_member(snapshot, ("variables", name), f'Remove the variable "{name}"')
            yield Finding("unused-variable", "hint", message, *where, fix, unnecessary=True)


def _mixed(snapshot: Snapshot) -> Iterator[Finding]:
    variables = snapshot.variables
    uses = [use for use in snapshot.placeholders if variables is None or use.name in variables]
    angles = [use for use in uses if use.style == "<<"]
    if not angles or len(angles) == len(uses):
        return
    braces = [use for use in uses if use.style == "{{"]
    fewer, more = (angles, "{{ }}") if len(angles) < len(braces) else (braces, "<< >>")
    where = snapshot.content_range(fewer[0].start, fewer[0].end)
    message = f"this prompt mixes << >> and {{{{ }}}}: most of its placeholders are written {more}"
    yield Finding("mixed-delimiters", "information", message, *where)


def _defaults(snapshot: Snapshot) -> Iterator[Finding]:
    for name, spec in (snapshot.variables or {}).items():
        if "default" in spec:
            problem = misfit(spec["default"], spec)
            if problem:
                where = snapshot.value_range(("variables", name, "default"))
                yield Finding("default-type", "error", f'the default of "{name}" {problem}', *where)
        allowed = spec.get("enum")
        for index, item in enumerate(cast("list[Any]", allowed) if isinstance(allowed, list) else []):
            problem = misfit(item, {"type": spec.get("type", "string")})
            if problem:
                where = snapshot.value_range(("variables", name, "enum", index))
                yield Finding("default-type", "error", f'a value that "{name}" allows {problem}', *where)
