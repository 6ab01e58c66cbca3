"""Members of JSON objects taken over from one document into another, with edits as small as can be."""

from __future__ import annotations

import re
from typing import Any

from promptbits.text.document import Document
from promptbits.text.json_tree import Member, Node

Path = tuple[str, ...]

_LINE_END = re.compile(r"\r\n|\r|\n")
_BLANKS = " \t\r\n"


def meaning(node: Node | None) -> Any:
    """What a value says, to be compared: the spelling of strings and the order of keys do not matter."""
    if node is None:
        return None
    match node.kind:
        case "string":
            return "string", node.value
        case "object":
            return "object", tuple(sorted((member.name, meaning(member.value)) for member in node.members))
        case "array":
            return "array", tuple(meaning(item) for item in node.items)
        case _:
            return node.kind, node.source


def take(document: Document, other: Document, path: Path) -> Document:
    """The document with the member at a path as another document has it: changed, added or removed.

    Both hold no key twice, and the object around the member is in the document.
    """
    theirs = other.tree.find_member(path)
    ours = document.tree.find_member(path)
    if theirs is None:
        return document if ours is None else _without(document, path, ours)
    if ours is None:
        return _with(document, other, path, theirs)
    assert ours.value is not None
    assert theirs.value is not None
    return document.replace(
        ours.value.start, ours.value.end, _source(document, other, theirs.value.start, theirs.value.end)
    )


def _with(document: Document, other: Document, path: Path, member: Member) -> Document:
    """The document with a new member, behind the one that it follows in the other document."""
    holder, theirs = document.tree.find(path[:-1]), other.tree.find(path[:-1])
    assert holder is not None
    assert theirs is not None
    source = _source(document, other, member.start, member.end)
    if not holder.members:
        first, last = theirs.members[0], theirs.members[-1]
        before = _source(document, other, theirs.start + 1, first.start)
        return document.replace(
            holder.start + 1, holder.end - 1, before + source + _source(document, other, last.end, theirs.end - 1)
        )
    for name in reversed([each.name for each in theirs.members[: theirs.members.index(member)]]):
        above = holder.member(name)
        if above is not None:
            return document.replace(above.end, above.end, f",{_blanks_before(document, holder, above)}{source}")
    gap = _blanks_before(document, holder, holder.members[0])
    return document.replace(holder.start + 1, holder.start + 1, f"{gap}{source},")


def _without(document: Document, path: Path, member: Member) -> Document:
    holder = document.tree.find(path[:-1])
    assert holder is not None
    members = holder.members
    at = members.index(member)
    if len(members) == 1:
        return document.replace(holder.start + 1, holder.end - 1, "")
    if at + 1 < len(members):
        return document.replace(member.start, members[at + 1].start, "")
    return document.replace(members[at - 1].end, member.end, "")


def _blanks_before(document: Document, holder: Node, member: Member) -> str:
    before = document.text[holder.start + 1 : member.start]
    return before[len(before.rstrip(_BLANKS)) :]


def _source(document: Document, other: Document, start: int, end: int) -> str:
    """A piece of the other document, with the line ends of this one."""
    line_end = _LINE_END.search(document.text)
    piece = other.text[start:end]
    return _LINE_END.sub(line_end[0], piece) if line_end else piece
