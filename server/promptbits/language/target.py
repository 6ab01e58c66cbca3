"""What stands at an offset: a key or a value, and the path to it."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

from promptbits.text.json_tree import Node, Path


@dataclass(frozen=True, slots=True)
class Target:
    """A key, or a value that is neither object nor array. `path` leads to the value, of a key to the value of it."""

    path: Path
    node: Node
    on_key: bool = False


def find_target(root: Node | None, offset: int) -> Target | None:
    """The key or plain value whose source holds an offset."""
    node, path = root, list[str | int]()
    while node is not None:
        if node.kind == "object":
            at = bisect_right(node.members, offset, key=lambda member: member.start) - 1
            member = node.members[at] if at >= 0 else None
            if member is None or not isinstance(member.key.value, str):
                return None
            path.append(member.name)
            if _holds(member.key, offset):
                return Target(tuple(path), member.key, on_key=True)
            node = member.value
        elif node.kind == "array":
            at = bisect_right(node.items, offset, key=lambda item: item.start) - 1
            if at < 0:
                return None
            path.append(at)
            node = node.items[at]
        else:
            return Target(tuple(path), node) if path and _holds(node, offset) else None
    return None


def decoded_offset(node: Node, offset: int) -> int:
    """For a string: the offset in its text of an offset in the document."""
    quote = 1 if len(node.source) < node.end - node.start else 0  # a key may stand without quotes
    return node.string_map.decoded(offset - node.start - quote)


def source_of(text: str, node: Node | None, most: int = 200) -> str:
    """A value as it is written, on one line and no longer than it can be shown."""
    if node is None:
        return ""
    piece = text[node.start : min(node.end, node.start + most)]
    return piece if node.kind == "string" else " ".join(piece.split())


def _holds(node: Node, offset: int) -> bool:
    return node.start <= offset < node.end
