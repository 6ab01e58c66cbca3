"""Taking a member out of an object, comma and line included."""

from __future__ import annotations

from promptbits.checks.finding import Edit, Fix
from promptbits.checks.snapshot import Snapshot
from promptbits.text.json_tree import Path


def remove_member(snapshot: Snapshot, path: Path, title: str) -> Fix | None:
    """A fix that removes a member; None while the document is broken."""
    if not snapshot.is_json:
        return None
    tree = snapshot.document.tree
    holder = tree.find(path[:-1])
    member = tree.find_member(path)
    if holder is None or member is None:
        return None
    at = holder.members.index(member)
    if len(holder.members) == 1:
        edit = Edit(holder.start + 1, holder.end - 1, "")
    elif at + 1 < len(holder.members):
        edit = Edit(member.start, holder.members[at + 1].start, "")
    else:
        edit = Edit(holder.members[at - 1].end, member.end, "")
    return Fix(title, (edit,))
