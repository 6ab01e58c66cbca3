"""Members and items put into the JSON of a prompt as their neighbours stand."""

from __future__ import annotations

from collections.abc import Mapping

from promptbits.checks.finding import Edit
from promptbits.checks.snapshot import Snapshot
from promptbits.prompts.order import FIELDS
from promptbits.text.json_string import encode
from promptbits.text.json_tree import Member, Node

# A value to write: the JSON of a plain one, or a table or list of such.
Value = str | Mapping[str, "Value"] | list[str]

_ORDER = {name: index for index, name in enumerate(FIELDS)}


def literal(text: str) -> str:
    """A text as a JSON string."""
    return f'"{encode(text)}"'


def add_field(snapshot: Snapshot, name: str, value: Value) -> Edit:
    """Put a top-level key where the canonical order has it: after the last one of those that go before it."""
    root = snapshot.document.tree.root
    assert root is not None, "a snapshot with content has a root"
    before = [at for at, each in enumerate(root.members) if _ORDER.get(each.name, len(_ORDER)) < _ORDER[name]]
    after = max(before, key=lambda at: _ORDER[root.members[at].name])
    return _insert(snapshot, root, root.members, after, name, value)


def add_member(snapshot: Snapshot, holder: Node, name: str, value: Value) -> Edit:
    """Put a member at the end of a top-level object."""
    return _insert(snapshot, holder, holder.members, len(holder.members) - 1, name, value)


def add_item(snapshot: Snapshot, holder: Node, value: Value) -> Edit:
    """Put an item at the end of a top-level array."""
    return _insert(snapshot, holder, holder.items, len(holder.items) - 1, None, value)


def _insert(
    snapshot: Snapshot, holder: Node, neighbours: list[Member] | list[Node], after: int, name: str | None, value: Value
) -> Edit:
    """Put a member, or an item without a name, after one of its neighbours or into an empty holder."""
    text = snapshot.document.text
    key = "" if name is None else f"{literal(name)}{_colon(snapshot)}"
    if neighbours:
        neighbour = neighbours[after]
        indent = _indent(text, neighbour.start)
        if indent is None:
            # Several on one line: the value goes on it as well.
            gap = " " if _colon(snapshot) == ": " else ""
            return Edit(neighbour.end, neighbour.end, f",{gap}{key}{_written(snapshot, value, None)}")
        own = None if isinstance(neighbour, Member) and _is_flat(text, neighbour) else indent
        break_ = _line_break(text) + indent
        return Edit(neighbour.end, neighbour.end, f",{break_}{key}{_written(snapshot, value, own)}")
    opener, closer = "{}" if holder.kind == "object" else "[]"
    outer = _holder_indent(snapshot, holder)
    if outer is None:
        return Edit(holder.start, holder.end, f"{opener}{key}{_written(snapshot, value, None)}{closer}")
    inner = outer + _unit(snapshot)
    break_ = _line_break(text)
    item = f"{break_}{inner}{key}{_written(snapshot, value, inner)}{break_}{outer}"
    return Edit(holder.start, holder.end, f"{opener}{item}{closer}")


def _written(snapshot: Snapshot, value: Value, indent: str | None) -> str:
    """A value, on lines of its own where there is an indentation and else on one line."""
    if isinstance(value, str):
        return value
    opener, closer = "[]" if isinstance(value, list) else "{}"
    if not value:
        return opener + closer
    inner = None if indent is None else indent + _unit(snapshot)
    colon = _colon(snapshot)
    if isinstance(value, list):
        items = value
    else:
        items = [f"{literal(name)}{colon}{_written(snapshot, each, inner)}" for name, each in value.items()]
    if inner is None:
        return opener + (", " if colon == ": " else ",").join(items) + closer
    break_ = _line_break(snapshot.document.text)
    return f"{opener}{break_}{inner}" + f",{break_}{inner}".join(items) + f"{break_}{indent}{closer}"


def _indent(text: str, at: int) -> str | None:
    """What a line starts with up to an offset, if that is nothing but blanks; None also on the first line."""
    start = max(text.rfind("\n", 0, at), text.rfind("\r", 0, at)) + 1
    blanks = text[start:at]
    return blanks if start and not blanks.strip(" \t") else None


def _is_flat(text: str, neighbour: Member) -> bool:
    """Whether a table stands on one line; an empty one says nothing."""
    value = neighbour.value
    return (
        value is not None
        and value.kind == "object"
        and bool(value.members)
        and not {"\n", "\r"} & set(text[value.start : value.end])
    )


def _holder_indent(snapshot: Snapshot, holder: Node) -> str | None:
    """How far the line of a top-level holder is indented; None where the whole file is one line."""
    root = snapshot.document.tree.root
    member = next((each for each in root.members if each.value is holder), None) if root else None
    return _indent(snapshot.document.text, member.start) if member else None


def _unit(snapshot: Snapshot) -> str:
    """One step of indentation: that of the first key of the file."""
    root = snapshot.document.tree.root
    first = root.members[0] if root and root.members else None
    return (_indent(snapshot.document.text, first.start) if first else None) or "  "


def _colon(snapshot: Snapshot) -> str:
    """What stands between a key and its value, as the first key of the file has it."""
    root = snapshot.document.tree.root
    first = root.members[0] if root and root.members else None
    is_tight = first is not None and first.value is not None and first.key.end + 1 == first.value.start
    return ":" if is_tight else ": "


def _line_break(text: str) -> str:
    """The line end of a text."""
    if "\r\n" in text:
        return "\r\n"
    return "\r" if "\r" in text and "\n" not in text else "\n"
