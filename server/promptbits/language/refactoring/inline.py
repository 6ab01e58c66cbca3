"""A variable replaced by its default in all its places, and its declaration removed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, Final

from promptbits.checks.removal import remove_members
from promptbits.checks.snapshot import Snapshot
from promptbits.checks.words import shown
from promptbits.language.places import Change, RefusedError
from promptbits.language.refactoring.content_edits import ContentEdit, change_with, edited
from promptbits.language.refactoring.item import Refactoring
from promptbits.language.refactoring.meaning import meaning
from promptbits.language.refactoring.selection import Selection, use_at
from promptbits.language.target import find_target
from promptbits.prompts.render import as_text, misfit
from promptbits.text.placeholders import NAME, Escape, Placeholder, pieces

INLINE: Final = "inline-variable"

_MARK = re.compile(r"(\\*)(<<|\{\{)")
_WHOLE = re.compile(rf"<<{NAME}>>|\{{\{{[ \t]*+{NAME}[ \t]*+\}}\}}")
_MARK_FOLLOWS = re.compile(r"\\*(?:<<|\{\{)")

# Whether a mark without a backslash, at an offset of a text, is to be escaped.
_Escaped = Callable[[str, int], bool]

# From the fewest backslashes to the most: none, where the text itself has a placeholder, before every mark.
_WAYS: Final[tuple[_Escaped, ...]] = (
    lambda text, at: False,
    lambda text, at: _WHOLE.match(text, at) is not None,
    lambda text, at: True,
)


def offers(snapshot: Snapshot, selection: Selection) -> Iterator[Refactoring]:
    """On a variable that is used and has a default."""
    name = _variable(snapshot, selection)
    if name is None or _problem(snapshot, name) is not None:
        return
    count = sum(use.name == name for use in snapshot.placeholders)
    where = "" if count == 1 else f" in all {count} places"
    yield Refactoring(INLINE, f'Inline the default of "{shown(name, 40)}"{where}', "refactor.inline", name)


def change(snapshot: Snapshot, selection: Selection, chosen: Refactoring) -> Change:
    """The default in place of every use, and the declaration removed.

    Raises:
        RefusedError: there is no default, or the content would be read differently with it.
    """
    name = _variable(snapshot, selection)
    if name is None:
        raise RefusedError("there is no variable here")
    problem = _problem(snapshot, name)
    if problem is not None:
        raise RefusedError(problem)
    declared = snapshot.variables or {}
    default = as_text(declared[name]["default"])
    wanted = meaning(snapshot.content, declared, {name: default})
    remaining = declared.keys() - {name}
    for way in _WAYS:
        edits = _edits(snapshot, name, default, way)
        if meaning(edited(snapshot.content, edits), remaining) == wanted:
            holder = snapshot.document.tree.find(("variables",))
            removed = remove_members(holder, {name}) if holder else []
            return change_with(snapshot, edits, removed, chosen.title)
    raise RefusedError(f'the default of "{shown(name)}" makes a placeholder with the text around it')


def _variable(snapshot: Snapshot, selection: Selection) -> str | None:
    """The variable that a selection lies in: its use, or the key of its declaration."""
    use = use_at(snapshot, selection)
    if use is not None:
        return use.name
    for at in (selection.start, selection.start - 1):
        target = find_target(snapshot.document.tree.root, at) if at >= 0 else None
        if target and target.on_key and selection.end <= target.node.end:
            match target.path:
                case ("variables", str(name)):
                    return name
                case _:
                    continue
    return None


def _problem(snapshot: Snapshot, name: str) -> str | None:
    """Why a variable cannot be inlined."""
    spec: dict[str, Any] = (snapshot.variables or {}).get(name, {})
    if "default" not in spec:
        return f'"{shown(name)}" has no default that could stand in its place'
    if misfit(spec["default"], spec):
        return f'the default of "{shown(name)}" does not fit its declaration'
    if all(use.name != name for use in snapshot.placeholders):
        return f'the content does not use "{shown(name)}"'
    return None


def _edits(snapshot: Snapshot, name: str, default: str, way: _Escaped) -> list[ContentEdit]:
    content = snapshot.content
    node = snapshot.document.tree.find(("variables", name, "default"))
    edits: list[ContentEdit] = []
    before: Placeholder | Escape | None = None
    for piece in pieces(content, snapshot.markdown.fences, snapshot.variables or {}):
        if isinstance(piece, Placeholder) and piece.name == name:
            start, text = piece.start, default
            if isinstance(before, Escape) and before.end == start:
                # Backslashes that were doubled before the placeholder: without one, each stands for itself.
                start, text = before.start, before.shown + default
            new = _escaped(text, content, piece.end, way)
            is_spelled = node is not None and node.kind == "string" and new == default
            edits.append(ContentEdit(start, piece.end, new, node.source if node and is_spelled else None))
        before = piece
    return edits


def _escaped(text: str, content: str, end: int, way: _Escaped) -> str:
    """A text as a template writes it, before what stands at an offset of the content."""

    def marked(match: re.Match[str]) -> str:
        slashes, mark = match[1], match[2]
        return slashes * 2 + ("\\" if way(text, match.start(2)) else "") + mark

    written = _MARK.sub(marked, text)
    tail = len(text) - len(text.rstrip("\\"))
    return written + "\\" * tail if tail and _MARK_FOLLOWS.match(content, end) else written
