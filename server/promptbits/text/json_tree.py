"""The JSON tree: nodes with source ranges, and the errors that were met while it was read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from promptbits.text.json_string import StringMap

NodeKind = Literal["object", "array", "string", "number", "literal"]
Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class JsonError:
    """One thing that is not JSON. `fix` is a list of (start, end, new text) that mends it, if one is certain."""

    kind: str
    message: str
    start: int
    end: int
    fix: tuple[tuple[int, int, str], ...] = ()
    related: tuple[int, int, str] | None = None


@dataclass(eq=False)
class Node:
    """A value in the source: text[start:end]. `value` is the Python value of a string, number or literal."""

    kind: NodeKind
    start: int
    end: int
    value: Any = None
    members: list[Member] = field(default_factory=list["Member"])
    items: list[Node] = field(default_factory=list["Node"])
    source: str = ""

    def get(self, name: str) -> Node | None:
        """The value of a member; of a name written twice, the last one, as JSON readers take it."""
        for member in reversed(self.members):
            if member.name == name:
                return member.value
        return None

    def member(self, name: str) -> Member | None:
        """The member of that name, the last one if written twice."""
        return next((member for member in reversed(self.members) if member.name == name), None)

    @cached_property
    def string_map(self) -> StringMap:
        """For a string: the way between decoded offsets and source offsets, relative to the inside."""
        return StringMap(self.source)

    def source_offset(self, decoded: int) -> int:
        """For a string: where a decoded offset stands in the document."""
        quote = 1 if len(self.source) < self.end - self.start else 0  # a key may stand without quotes
        return self.start + quote + self.string_map.source(decoded)


@dataclass(eq=False, slots=True)
class Member:
    """A key and its value; the value is None where it has not been typed yet."""

    key: Node
    value: Node | None

    @property
    def name(self) -> str:
        """The decoded key."""
        return self.key.value

    @property
    def start(self) -> int:
        """Where the key starts."""
        return self.key.start

    @property
    def end(self) -> int:
        """Where the value, or else the key, ends."""
        return self.value.end if self.value else self.key.end


@dataclass(frozen=True)
class JsonTree:
    """What a text says as JSON, however broken. `conflicts` are the ranges of merge-conflict marker lines."""

    root: Node | None
    errors: tuple[JsonError, ...]
    conflicts: tuple[tuple[int, int], ...] = ()

    def find(self, path: Path) -> Node | None:
        """The value at a path of keys and indexes."""
        node = self.root
        for step in path:
            if node is None:
                return None
            if isinstance(step, str):
                node = node.get(step)
            else:
                node = node.items[step] if 0 <= step < len(node.items) else None
        return node

    def find_member(self, path: Path) -> Member | None:
        """The member that the last key of a path names."""
        parent = self.find(path[:-1])
        return parent.member(path[-1]) if parent and path and isinstance(path[-1], str) else None

    def nearest(self, path: Path) -> Node | None:
        """The value at a path, or at the longest beginning of it that exists."""
        for length in range(len(path), -1, -1):
            node = self.find(path[:length])
            if node is not None:
                return node
        return None

    def to_python(self) -> Any:
        """The value as the json module would give it, without what is missing."""
        return _to_python(self.root) if self.root else None

    def strings(self) -> Iterator[Node]:
        """Every string, keys included, in no particular order."""
        stack = [self.root] if self.root else []
        while stack:
            node = stack.pop()
            if node.kind == "string":
                yield node
            stack += node.items
            stack += [member.key for member in node.members]
            stack += [member.value for member in node.members if member.value]

    def objects(self) -> Iterator[tuple[Path, Node]]:
        """Every object, outermost first."""
        stack: list[tuple[Path, Node]] = [((), self.root)] if self.root else []
        while stack:
            path, node = stack.pop()
            if node.kind == "object":
                yield path, node
                stack += [((*path, member.name), member.value) for member in node.members if member.value]
            else:
                stack += [((*path, index), item) for index, item in enumerate(node.items)]


def _to_python(node: Node) -> Any:
    if node.kind == "object":
        return {member.name: _to_python(member.value) for member in node.members if member.value}
    if node.kind == "array":
        return [_to_python(item) for item in node.items]
    return node.value
