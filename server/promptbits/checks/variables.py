"""Variables: what is declared against what the content uses."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any, Final, cast

from promptbits.checks import near_misses
from promptbits.checks.finding import Edit, Finding, Fix
from promptbits.checks.insertion import add_member
from promptbits.checks.removal import remove_member
from promptbits.checks.snapshot import Snapshot
from promptbits.checks.words import Words, shown
from promptbits.prompts.render import misfit
from promptbits.text.json_string import encode
from promptbits.text.placeholders import Placeholder, is_name

# More than this says nothing new.
_MOST: Final = 100


def check(snapshot: Snapshot) -> Iterator[Finding]:
    """Declarations and uses that do not fit together."""
    yield from islice(_defaults(snapshot), _MOST)
    if not snapshot.content_is_whole:
        return
    yield from _mixed(snapshot)
    if snapshot.variables is None or not all_read(snapshot):
        return
    guesses = _guesses(snapshot, snapshot.variables)
    yield from _undeclared(snapshot, guesses)
    misses = list(islice(near_misses.find(snapshot, snapshot.variables), _MOST))
    for miss in misses:
        where = snapshot.content_range(miss.start, miss.end)
        fix = Fix(f"Write {shown(miss.written, 80)}", (Edit(*where, miss.written),)) if miss.is_certain else None
        yield Finding("malformed-placeholder", "warning", miss.message, *where, fix)
    if snapshot.content.strip():
        # What was most likely meant is not unused: it only waits for its spelling.
        meant = {miss.name for miss in misses} | {guess for guess in guesses.values() if guess}
        yield from islice(_unused(snapshot, snapshot.variables, meant), _MOST)


def all_read(snapshot: Snapshot) -> bool:
    """Whether every declaration was read: not so while `variables` holds an error in its syntax."""
    if snapshot.document.is_strict:
        return True
    node = snapshot.document.tree.find(("variables",))
    return node is not None and not any(
        node.start <= error.start <= node.end for error in snapshot.document.tree.errors
    )


def _guesses(snapshot: Snapshot, variables: dict[str, Any]) -> dict[str, str | None]:
    """Each name that is used and not declared, with the declared one that was most likely meant."""
    declared = Words(name for name in variables if is_name(name))
    undeclared = dict.fromkeys(use.name for use in snapshot.placeholders if use.name not in variables)
    return {name: declared.near(name) for name in islice(undeclared, _MOST)}


def _undeclared(snapshot: Snapshot, guesses: dict[str, str | None]) -> Iterator[Finding]:
    for use in islice((use for use in snapshot.placeholders if use.name in guesses), _MOST):
        where = snapshot.content_range(use.start, use.end)
        meant = guesses[use.name]
        hint = f": did you mean {shown(near_misses.written(use.style, meant))}?" if meant else ""
        fix = _rename(snapshot, use, meant) if meant else _declare(snapshot, use.name)
        message = f'"{shown(use.name)}" is not declared in variables{hint}'
        yield Finding("undeclared-variable", "warning", message, *where, fix)


def _rename(snapshot: Snapshot, use: Placeholder, meant: str) -> Fix:
    text = snapshot.content[use.start : use.end].replace(use.name, meant)
    return Fix(f"Change to {shown(text)}", (Edit(*snapshot.content_range(use.start, use.end), encode(text)),))


def _declare(snapshot: Snapshot, name: str) -> Fix | None:
    """Put an empty declaration at the end of `variables`, indented as its neighbours are."""
    if not snapshot.is_json:
        return None
    node = snapshot.document.tree.find(("variables",))
    if node is None or node.kind != "object":
        return None
    return Fix(f'Declare the variable "{shown(name)}"', (add_member(snapshot, node, name, {}),))


def _unused(snapshot: Snapshot, variables: dict[str, Any], missed: set[str]) -> Iterator[Finding]:
    used = {*missed, *(use.name for use in snapshot.placeholders)}
    for name in variables:
        # A name that cannot be used has a finding of its own.
        if name not in used and is_name(name):
            where = snapshot.key_range(("variables", name))
            message = f'the content does not use "{shown(name)}"'
            fix = remove_member(snapshot, ("variables", name), f'Remove the variable "{shown(name)}"')
            yield Finding("unused-variable", "hint", message, *where, fix, unnecessary=True)


def _mixed(snapshot: Snapshot) -> Iterator[Finding]:
    if len({use.style for use in snapshot.placeholders}) < 2:
        return
    variables = snapshot.variables
    uses = [
        use
        for use in snapshot.placeholders
        if (variables is None or use.name in variables) and _has_a_choice(snapshot.content, use)
    ]
    angles = [use for use in uses if use.style == "<<"]
    if not angles or len(angles) == len(uses):
        return
    braces = [use for use in uses if use.style == "{{"]
    fewer, more = (angles, "{{ }}") if len(angles) < len(braces) else (braces, "<< >>")
    where = snapshot.content_range(fewer[0].start, fewer[0].end)
    advice = "write all of them in one way" if len(angles) == len(braces) else f"most of its placeholders are {more}"
    message = f"this prompt mixes << >> and {{{{ }}}}: {advice}"
    yield Finding("mixed-delimiters", "information", message, *where)


def _has_a_choice(content: str, use: Placeholder) -> bool:
    """Whether a placeholder could as well be written in the other way: not so beside a third mark of that way."""
    opening, closing = ("{", "}") if use.style == "<<" else ("<", ">")
    return content[max(use.start - 1, 0) : use.start] != opening and content[use.end : use.end + 1] != closing


def _defaults(snapshot: Snapshot) -> Iterator[Finding]:
    for name, spec in (snapshot.variables or {}).items():
        if "default" in spec:
            problem = misfit(spec["default"], spec)
            if problem:
                where = snapshot.value_range(("variables", name, "default"))
                yield Finding("default-type", "error", f'the default of "{shown(name)}" {shown(problem, 120)}', *where)
        allowed = spec.get("enum")
        for index, item in enumerate(cast("list[Any]", allowed) if isinstance(allowed, list) else []):
            problem = misfit(item, {"type": spec.get("type", "string")})
            if problem:
                where = snapshot.value_range(("variables", name, "enum", index))
                yield Finding("default-type", "error", f'a value that "{shown(name)}" allows {problem}', *where)
