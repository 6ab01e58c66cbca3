"""The outline: fields, variables, and the Markdown headings inside the content."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple

from promptbits.checks.snapshot import Range, Snapshot
from promptbits.text.json_tree import Member, Node

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


class Outline(NamedTuple):
    """The entries, and whether there are more than were asked for."""

    symbols: list[Symbol]
    is_cut: bool


def outline(snapshot: Snapshot, most: int) -> Outline:
    """The outline of a prompt, in the order of the text, with at most so many entries on each level."""
    root = snapshot.document.tree.root
    if root is None or root.kind != "object":
        return Outline([], is_cut=False)
    is_cut = len(root.members) > most
    symbols = [_field(member) for member in root.members[:most]]
    for member, symbol in zip(root.members, symbols, strict=False):
        if member.name == "content" and member.value is not None and member.value is snapshot.content_node:
            symbol.children = _headings(snapshot, most)
            is_cut = is_cut or len(snapshot.markdown.headings) > most
        elif member.name == "variables" and member.value is not None:
            symbol.children = [_variable(each) for each in member.value.members[:most]]
            is_cut = is_cut or len(member.value.members) > most
    return Outline(symbols, is_cut)


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


def _headings(snapshot: Snapshot, most: int) -> list[Symbol]:
    """Headings as a tree: each holds the deeper ones that follow it, and reaches to the next one of its level."""
    top = list[Symbol]()
    open_ones: list[tuple[int, Symbol]] = []

    def close(level: int, end: int) -> None:
        while open_ones and open_ones[-1][0] >= level:
            symbol = open_ones.pop()[1]
            symbol.range = (symbol.range[0], snapshot.content_range(end, end)[0])

    headings = snapshot.markdown.headings
    for heading in headings[:most]:
        close(heading.level, heading.start)
        where = snapshot.content_range(heading.start, heading.end)
        symbol = Symbol(heading.title or "#" * heading.level, "heading", "", where, where)
        (open_ones[-1][1].children if open_ones else top).append(symbol)
        open_ones.append((heading.level, symbol))
    close(0, headings[most].start if len(headings) > most else len(snapshot.content))
    return top
