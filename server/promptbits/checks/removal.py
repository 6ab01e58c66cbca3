"""Members and items taken out of the JSON of a prompt, with their commas and lines."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from promptbits.checks.finding import Edit, Fix
from promptbits.checks.snapshot import Snapshot
from promptbits.text.json_tree import Member, Node, Path


def remove_member(snapshot: Snapshot, path: Path, title: str) -> Fix | None:
    """A fix that removes a member; None while the document is broken."""
    if not snapshot.is_json:
        return None
    tree = snapshot.document.tree
    holder = tree.find(path[:-1])
    member = tree.find_member(path)
    if holder is None or member is None:
        return None
    return Fix(title, tuple(removals(holder, holder.members, [each is member for each in holder.members])))


def remove_members(holder: Node, names: Collection[str]) -> list[Edit]:
    """Take the members of some names out of an object."""
    return removals(holder, holder.members, [member.name in names for member in holder.members])


def removals(holder: Node, parts: Sequence[Member] | Sequence[Node], gone: Sequence[bool]) -> list[Edit]:
    """Take those of the parts of a holder out that are `gone`, neighbours in one edit."""
    edits: list[Edit] = []
    at = 0
    while at < len(parts):
        first = at
        while at < len(parts) and gone[at]:
            at += 1
        if at > first:
            edits.append(_removal(holder, parts, first, at))
        at += 1
    return edits


def _removal(holder: Node, parts: Sequence[Member] | Sequence[Node], first: int, last: int) -> Edit:
    """Take out the parts from first up to, and without, last: what follows moves up; at the end a comma goes along."""
    if last < len(parts):
        return Edit(parts[first].start, parts[last].start, "")
    if first == 0:
        return Edit(holder.start + 1, holder.end - 1, "")
    return Edit(parts[first - 1].end, parts[-1].end, "")
