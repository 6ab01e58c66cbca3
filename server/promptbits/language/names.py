"""The names in a prompt: variables, ids of prompts and tags, where they are declared and where they are used."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from promptbits.checks.snapshot import Snapshot
from promptbits.language.target import Target, decoded_offset, find_target
from promptbits.text.json_tree import Node
from promptbits.text.placeholders import Placeholder

NameKind = Literal["variable", "prompt", "tag"]


@dataclass(frozen=True, slots=True)
class Name:
    """One mention of a name: text[start:end] is the name alone, without quotes and delimiters.

    Declarations are the key in `variables` and the value of `id`; everything else is a use.
    """

    kind: NameKind
    name: str
    start: int
    end: int
    is_declaration: bool = False


def name_at(snapshot: Snapshot, offset: int) -> Name | None:
    """The name at an offset, its end included: that is where a cursor stands after typing it."""
    for at in (offset, offset - 1):
        target = find_target(snapshot.document.tree.root, at) if at >= 0 else None
        found = _of_target(snapshot, target, at) if target is not None else None
        if found is not None and (at == offset or found.end >= offset):
            return found
    return None


def mentions(snapshot: Snapshot, kind: NameKind, name: str) -> list[Name]:
    """Every mention of a name in this prompt, in the order of the text."""
    every = _variables(snapshot, name) if kind == "variable" else _members(snapshot, kind, name)
    return sorted(every, key=lambda each: each.start)


def _of_target(snapshot: Snapshot, target: Target, offset: int) -> Name | None:
    match target.path:
        case ("content",) if not target.on_key and target.node.kind == "string":
            decoded = decoded_offset(target.node, offset)
            use = next((each for each in snapshot.placeholders if each.start <= decoded < each.end), None)
            return _use(snapshot, use) if use else None
        case ("variables", str()) if target.on_key:
            return _inside("variable", target.node, is_declaration=True)
        case ("id",) if not target.on_key:
            return _inside("prompt", target.node, is_declaration=True)
        case ("parent",) | ("related", int()) if not target.on_key:
            return _inside("prompt", target.node)
        case ("tags", int()) if not target.on_key:
            return _inside("tag", target.node)
        case _:
            return None


def _variables(snapshot: Snapshot, name: str) -> Iterator[Name]:
    node = snapshot.document.tree.find(("variables",))
    for member in node.members if node else ():
        if member.name == name and (found := _inside("variable", member.key, is_declaration=True)):
            yield found
    yield from (_use(snapshot, each) for each in snapshot.placeholders if each.name == name)


def _members(snapshot: Snapshot, kind: NameKind, name: str) -> Iterator[Name]:
    tree = snapshot.document.tree
    single = (("id", True), ("parent", False)) if kind == "prompt" else ()
    nodes = [(tree.find((key,)), is_declaration) for key, is_declaration in single]
    holder = tree.find(("related" if kind == "prompt" else "tags",))
    nodes += [(item, False) for item in (holder.items if holder else ())]
    for node, is_declaration in nodes:
        found = _inside(kind, node, is_declaration=is_declaration) if node else None
        if found is not None and found.name == name:
            yield found


def _inside(kind: NameKind, node: Node, *, is_declaration: bool = False) -> Name | None:
    """The name that a string is, or a key."""
    if node.kind != "string" or not isinstance(node.value, str) or not node.value:
        return None
    start = node.source_offset(0)
    return Name(kind, node.value, start, start + len(node.source), is_declaration)


def _use(snapshot: Snapshot, use: Placeholder) -> Name:
    first = snapshot.content.index(use.name, use.start)
    return Name("variable", use.name, *snapshot.content_range(first, first + len(use.name)))
