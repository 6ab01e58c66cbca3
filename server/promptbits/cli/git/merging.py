"""Three versions of a prompt merged: its content line by line, everything else by value."""

from __future__ import annotations

from typing import Final, NamedTuple

from promptbits.cli.git.members import Path, meaning, take
from promptbits.prompts.content import with_content
from promptbits.text.document import Document
from promptbits.text.json_tree import Node
from promptbits.text.merge import merge

_CONTENT: Final = ("content",)
# Objects whose members stand for themselves. The members of others make one value together: a trigger has one key.
_OPEN: Final = ("variables", "model")


class Labels(NamedTuple):
    """What conflict markers call the versions."""

    ours: str = "ours"
    base: str = "base"
    theirs: str = "theirs"


DEFAULT_LABELS: Final = Labels()


class Outcome(NamedTuple):
    """Ours with all that could be merged; conflicts in the content are marked, `unmerged` members are still ours."""

    document: Document
    conflicts: int
    unmerged: tuple[Path, ...]


def merge_prompts(
    base: Document,
    ours: Document,
    theirs: Document,
    labels: Labels = DEFAULT_LABELS,
    *,
    marker_size: int = 7,
    show_base: bool = False,
) -> Outcome:
    """Merge what two sides made of a prompt.

    All three are objects without errors; ours and theirs have a text as their content. The result is an edit of ours.
    """
    changed, unmerged = _compared(base, ours, theirs, ())
    document = ours
    for path in changed:
        document = take(document, theirs, path)
    conflicts = 0
    if _CONTENT in unmerged:
        unmerged.remove(_CONTENT)
        texts = (_text(each.tree.find(_CONTENT)) for each in (base, ours, theirs))
        merged = merge(
            *texts, labels=(labels.ours, labels.base, labels.theirs), marker_size=marker_size, show_base=show_base
        )
        conflicts = merged.conflicts
        document = with_content(document, merged.text)
    return Outcome(document, conflicts, tuple(unmerged))


def _compared(base: Document, ours: Document, theirs: Document, path: Path) -> tuple[list[Path], list[Path]]:
    """The members that only they changed, and those that both sides changed, each to something else."""
    one, mine, its = (_members(each.tree.find(path)) for each in (base, ours, theirs))
    changed: list[Path] = []
    unmerged: list[Path] = []
    for name in {**its, **one}:
        here = (*path, name)
        before, our, their = one.get(name), mine.get(name), its.get(name)
        if meaning(their) in (meaning(before), meaning(our)):
            continue
        if meaning(our) == meaning(before) and here != _CONTENT:
            changed.append(here)
        elif here[0] in _OPEN and our and their and our.kind == their.kind == "object":
            inner_changed, inner_unmerged = _compared(base, ours, theirs, here)
            changed += inner_changed
            unmerged += inner_unmerged
        else:
            unmerged.append(here)
    return changed, unmerged


def _members(node: Node | None) -> dict[str, Node]:
    members = node.members if node else []
    return {member.name: member.value for member in members if member.value}


def _text(node: Node | None) -> str:
    return node.value if node and node.kind == "string" else ""
