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

# A name in angles or braces that is not a placeholder: one mark too few or too many, blanks, a hyphen, a filter.
# Every part has a bound, so that no text makes the scan slow.
_NEAR_MISS = re.compile(
    r"(?<![<\\$\w])(?P<open><{1,3})[ \t]{0,8}(?P<name>[A-Za-z_][\w. -]{0,63}?)[ \t]{0,8}(?P<close>>{1,3})(?!>)"
    r"|(?<![{\\$])(?P<left>\{{1,3})\s{0,8}(?P<inner>[A-Za-z_][\w. -]{0,63}?)\s{0,8}(?P<filter>\|[^{}\n]{0,80})?"
    r"(?P<right>\}{1,3})(?!\})"
)
# Marks that are likely meant as a pair of two. One on each side is an ordinary tag or an ordinary brace.
_MEANT: Final = frozenset({(2, 1), (1, 2), (2, 2), (3, 3), (2, 3), (3, 2)})


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
    missed = {name for name, *_ in misses}
    yield from _unused(snapshot, snapshot.variables, missed)


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


def _unused(snapshot: Snapshot, variables: dict[str, Any], missed: set[str]) -> Iterator[Finding]:
    used = {use.name for use in snapshot.placeholders} | missed
    for name in variables:
        if name not in used:
            where = snapshot.key_range(("variables", name))
            message = f'the content does not use "{name}"'
            fix = remove_member(snapshot, ("variables", name), f'Remove the variable "{name}"')
            yield Finding("unused-variable", "hint", message, *where, fix, unnecessary=True)


def _near_misses(snapshot: Snapshot, variables: dict[str, Any]) -> list[tuple[str, int, int, str]]:
    """Near misses of declared names outside of code: (name, start, end, what to write)."""
    if not variables or not _has_stray_marks(snapshot):
        return []
    names = {_plain(name): name for name in variables}
    good = {use.start for use in snapshot.placeholders}
    misses: list[tuple[str, int, int, str]] = []
    for match in _NEAR_MISS.finditer(snapshot.content):
        opened, closed = match["open"] or match["left"], match["close"] or match["right"]
        name = names.get(_plain(match["name"] or match["inner"]))
        if name is None or match.start() in good or (len(opened), len(closed)) not in _MEANT:
            continue
        if snapshot.markdown.in_fence(match.start()):
            continue
        misses.append((name, *match.span(), _written("<<" if match["open"] else "{{", name)))
    return misses


def _has_stray_marks(snapshot: Snapshot) -> bool:
    """Whether there is a mark that belongs to no placeholder: every near miss leaves one over."""
    count = snapshot.content.count
    angles = sum(use.style == "<<" for use in snapshot.placeholders)
    braces = len(snapshot.placeholders) - angles
    return not (count("<<") == count(">>") == angles and count("{{") == count("}}") == braces)


def _plain(name: str) -> str:
    return name.strip().replace("-", "_").replace(" ", "_")


def _written(style: str, name: str) -> str:
    return f"<<{name}>>" if style == "<<" else f"{{{{ {name} }}}}"


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
