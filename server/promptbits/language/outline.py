"""The outline: fields, variables, and the Markdown headings inside the content."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal

from promptbits.checks.snapshot import Range, Snapshot
from promptbits.text.json_tree import Member, Node

# More than this is no outline.
_MOST = 1000

Kind = Literal["object", "array", "string", "number", "literal", "field", "variable", "heading"]

# What each kind of value makes of a field; one that has no value yet, or none that can be read, is a field.
_KINDS: Final[dict[str, Kind]] = {
    "object": "object",
    "array": "array",
    "string": "string",
    "number": "number",
    "literal": "literal",
}


@dataclass
class Symbol:
    """One entry: its name, what it is, the range of all of it and of its name, and the entries below it."""

    name: str
    kind: Kind
    detail: str
    range: Range
    selection: Range
    children: list[Symbol] = field(default_factory=list["Symbol"])


def outline(snapshot: Snapshot) -> list[Symbol]:
    """The outline of a prompt, in the order of the text."""
    root = snapshot.document.tree.root
    if root is None or root.kind != "object":
        return []
    symbols = [_field(member) for member in root.members[:_MOST]]
    for member, symbol in zip(root.members, symbols, strict=False):
        if member.name == "content" and member.value is not None and member.value is snapshot.content_node:
            symbol.children = _headings(snapshot)
        elif member.name == "variables" and member.value is not None:
            symbol.children = [_variable(each) for each in member.value.members[:_MOST]]
    return symbols


def _field(member: Member) -> Symbol:
    value = member.value
    return _symbol(member, _KINDS.get(value.kind, "field") if value else "field", _detail(value))


def _variable(member: Member) -> Symbol:
    kind = member.value.get("type") if member.value else None
    return _symbol(member, "variable", kind.value if kind and isinstance(kind.value, str) else "string")


def _symbol(member: Member, kind: Kind, detail: str) -> Symbol:
    key = (member.key.start, member.key.end)
    return Symbol(member.name or '""', kind, detail, (member.start, member.end), key)


def _detail(value: Node | None) -> str:
    """The value of a field where it is short."""
    if value is None or value.kind in ("object", "array"):
        return ""
    text = value.value if value.kind == "string" else value.source
    line = str(text).split("\n", 1)[0]
    return line if len(line) <= 60 else line[:59] + "…"


def _headings(snapshot: Snapshot) -> list[Symbol]:
    """Headings as a tree: each holds the deeper ones that follow it, and reaches to the next one of its level."""
    content, top = snapshot.content, list[Symbol]()
    headings = snapshot.markdown.headings[:_MOST]
    open_ones: list[tuple[int, Symbol]] = []
    for index, heading in enumerate(headings):
        following = (each.start for each in headings[index + 1 :] if each.level <= heading.level)
        end = next(following, len(content))
        name = snapshot.content_range(heading.start, heading.end)
        whole = (name[0], snapshot.content_range(end, end)[0])
        symbol = Symbol(heading.title or "#" * heading.level, "heading", "", whole, name)
        while open_ones and open_ones[-1][0] >= heading.level:
            open_ones.pop()
        (open_ones[-1][1].children if open_ones else top).append(symbol)
        open_ones.append((heading.level, symbol))
    return top
