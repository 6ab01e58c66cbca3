"""Promote a revision: its content and its variables become those of the base, which takes its revision. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from promptbits.checks.finding import Edit
from promptbits.checks.insertion import add_field
from promptbits.checks.removal import remove_members
from promptbits.checks.snapshot import Snapshot
from promptbits.optimize.reviews.changes import CreatedFile, EditedFile, FileChange, edited
from promptbits.optimize.reviews.model import RefusedError
from promptbits.prompts import drafts
from promptbits.prompts.content import UnfitError, as_custom, content_edits, decoded
from promptbits.prompts.entry import Entry
from promptbits.prompts.formatting import FormatError, canonical
from promptbits.prompts.library import Library
from promptbits.prompts.lineage import ancestors
from promptbits.prompts.values import same
from promptbits.text.document import Document


@dataclass(frozen=True, slots=True)
class Promotion:
    """What has to be done to promote a revision. No changes where the base has its text, variables and revision."""

    changes: tuple[FileChange, ...]
    base_id: str
    learned_id: str
    revision: int
    before: str
    after: str


def base_of(library: Library, learned: Entry) -> Entry:
    """The prompt at the top of a revision's lineage.

    Raises:
        RefusedError: it has no parent, or one of its ancestors is not there.
    """
    if not learned.parent:
        raise RefusedError(f"{learned.id} evolved from no other prompt: there is nothing to promote it to")
    line = [learned, *ancestors(library, learned)]
    base = line[-1]
    if base.parent:
        if library.served(base.parent) is None:
            raise RefusedError(f"{base.id} names the parent {base.parent!r}, and there is no such prompt")
        raise RefusedError(f"{learned.id} descends from itself: run promptbits check")
    return base


def promote(learned: Snapshot, base: Snapshot) -> Promotion:
    """Let a base have the content, the variables and the revision of one that evolved from it; that one stays.

    A base that ships with the package is copied to `custom/`, where it shadows the shipped one.

    Args:
        learned: the revision.
        base: the prompt that `base_of` gives, with its root and library.

    Raises:
        RefusedError: one of them is not in order.
    """
    content = _content(learned)
    before = _content(base)
    ids = base.prompt["id"], learned.prompt["id"]
    revision = learned.prompt.get("revision", 1)
    edits = _edits(learned, base, content, revision)
    promotion = Promotion((), *ids, revision, before, content)
    if not edits:
        return promotion
    return Promotion((_change(base, edits),), *ids, revision, before, content)


def _change(base: Snapshot, edits: tuple[Edit, ...]) -> FileChange:
    assert base.path is not None, "what is in a library lies in a file"
    entry = base.library.by_path(str(base.path))
    if entry is None or entry.layer != "shipped":
        return EditedFile(base.path, base.document.text, edits)
    if base.root is None:
        raise RefusedError(f"{entry.id} ships with promptbits, and there is no root to copy it into")
    path: Path = drafts.custom_path(base.root, entry.id)
    return CreatedFile(path, as_custom(Document.from_text(edited(base.document.text, edits))).text)


def _content(snapshot: Snapshot) -> str:
    name = snapshot.path.name if snapshot.path else "the prompt"
    try:
        canonical(snapshot.document)
        return decoded(snapshot.document)
    except (FormatError, UnfitError) as error:
        raise RefusedError(f"{name}: {error}: mend that first") from error


def _edits(learned: Snapshot, base: Snapshot, content: str, revision: int) -> tuple[Edit, ...]:
    edits = [Edit(each.start, each.end, each.new) for each in content_edits(base.document, content)]
    for name in ("variables", "revision"):
        edits += _field(learned, base, name)
    return tuple(sorted(edits, key=lambda edit: (edit.start, edit.end)))


def _field(learned: Snapshot, base: Snapshot, name: str) -> list[Edit]:
    """The edits that give the base a field as the revision has it, spelled as it is there."""
    new, old = learned.prompt.get(name), base.prompt.get(name)
    root = base.document.tree.root
    assert root is not None, "canonical has seen to it"
    if same(new, old):
        return []
    node = learned.document.tree.find((name,))
    if node is None:
        return remove_members(root, [name])
    spelled = learned.document.text[node.start : node.end]
    there = base.document.tree.find((name,))
    return [add_field(base, name, spelled)] if there is None else [Edit(there.start, there.end, spelled)]
