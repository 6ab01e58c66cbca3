"""Accept a candidate: as a new revision of the prompt, or in place of its text. Pure: callers make the changes."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from promptbits.checks.finding import Edit
from promptbits.checks.insertion import literal
from promptbits.checks.snapshot import Snapshot
from promptbits.facts.ids import content_sha256
from promptbits.optimize.reviews.changes import CreatedFile, EditedFile, FileChange
from promptbits.optimize.reviews.lifecycle import require_open
from promptbits.optimize.reviews.model import Outcome, RefusedError, Review, StaleError
from promptbits.prompts import drafts
from promptbits.prompts.content import UnfitError, as_custom, content_edits, decoded, with_content
from promptbits.prompts.entry import Entry, entry_of_value
from promptbits.prompts.formatting import FormatError, canonical
from promptbits.prompts.lineage import ancestors, lineage
from promptbits.prompts.values import is_prompt
from promptbits.text.document import Document

# Gives the bytes of a file; raises OSError where there is none.
Read = Callable[[Path], bytes]

_LEARNED: Final = "learned"


@dataclass(frozen=True, slots=True)
class Acceptance:
    """What has to be done to accept a candidate, and what is then true. No changes where it is done already."""

    changes: tuple[FileChange, ...]
    outcome: Outcome


def as_revision(review: Review, number: int, snapshot: Snapshot, read: Read = Path.read_bytes) -> Acceptance:
    """A candidate as a new prompt `learned/<base>-v<n>.json`, which evolved from the one that was optimized.

    All but content, id, revision, parent and source is copied from the prompt as it stands, the confidence too: what
    the author believes of its parent is the best that can be said of it. A revision that has this very text already is
    taken for the one that is asked for, so that an acceptance that was cut short can be asked for again.

    Args:
        review: the review.
        number: the candidate.
        snapshot: the prompt as it is now, with its root and library.
        read: how other prompts of the lineage are read.

    Raises:
        StaleError: the text has changed since.
        RefusedError: it cannot be done; the text says why.
    """
    require_open(review)
    candidate = review.candidate(number)
    _require_current(review, snapshot)
    root, entry = snapshot.root, _entry(snapshot)
    if root is None or (snapshot.layer is None and entry.layer != "shipped"):
        raise RefusedError(f"{entry.id} lies outside of every prompt folder: accept it in place")
    sha = content_sha256(candidate.text)
    there = _with_text(snapshot, entry, candidate.text, read)
    if there is not None:
        return Acceptance((), Outcome(number, "revision", there.id, there.revision, sha))
    folders = root.prompt_folders()
    holding = [folder for folder in folders if snapshot.path and snapshot.path.is_relative_to(folder)]
    folder = (holding or folders)[0] / _LEARNED
    id_, revision = _next(snapshot, entry, folder)
    path = folder / f"{id_}.json"
    text = _revision_text(snapshot, candidate.text, id_, entry.id, revision, folder)
    return Acceptance((CreatedFile(path, text),), Outcome(number, "revision", id_, revision, sha))


def in_place(review: Review, number: int, snapshot: Snapshot) -> Acceptance:
    """A candidate in place of the text of its prompt, by the smallest edit; the revision stays.

    That is what an author does who edits the file: statistics belong to the text, and git keeps the one before. A
    prompt that ships with the package is copied to `custom/`, where it shadows the shipped one.

    Raises:
        StaleError: the text has changed since.
        RefusedError: it cannot be done; the text says why.
    """
    require_open(review)
    candidate = review.candidate(number)
    entry = _entry(snapshot)
    outcome = Outcome(number, "in-place", entry.id, entry.revision, content_sha256(candidate.text))
    if snapshot.content == candidate.text:
        return Acceptance((), outcome)
    _require_current(review, snapshot)
    return Acceptance((_with_text_in(snapshot, entry, candidate.text),), outcome)


def is_stale(review: Review, snapshot: Snapshot) -> bool:
    """Whether the text of a prompt is no longer the one that a review began with."""
    return snapshot.content != review.basis.content


def _with_text_in(snapshot: Snapshot, entry: Entry, text: str) -> FileChange:
    document = snapshot.document
    if entry.layer == "shipped":
        if snapshot.root is None:
            raise RefusedError(f"{entry.id} ships with promptbits, and there is no root to copy it into")
        path = drafts.custom_path(snapshot.root, entry.id)
        return CreatedFile(path, as_custom(with_content(document, text)).text)
    assert snapshot.path is not None, "a prompt that was optimized lies in a file"
    edits = tuple(Edit(each.start, each.end, each.new) for each in content_edits(document, text))
    return EditedFile(snapshot.path, document.text, edits)


def _require_current(review: Review, snapshot: Snapshot) -> None:
    try:
        decoded(snapshot.document)
    except UnfitError as error:
        raise RefusedError(f"{review.basis.prompt_id}: {error}") from error
    if is_stale(review, snapshot):
        raise StaleError(f"the text of {review.basis.prompt_id} has changed since: rebase review {review.number} first")


def _entry(snapshot: Snapshot) -> Entry:
    """The prompt as it stands: with its layer, which for one that ships is not that of a folder of the root."""
    path = str(snapshot.path or "")
    known = snapshot.library.by_path(path)
    layer = known.layer if known else snapshot.layer
    entry = entry_of_value(path, layer or "custom", snapshot.prompt)
    if not entry.id:
        raise RefusedError("the prompt has no id: run promptbits check on it")
    return entry


def _with_text(snapshot: Snapshot, entry: Entry, text: str, read: Read) -> Entry | None:
    """The revision that evolved from a prompt and has a text; None if there is none."""
    for each in snapshot.library.evolved_from(entry.id):
        try:
            value: Any = Document.from_bytes(read(Path(each.path))).value
        except OSError:
            continue  # it is gone since the library was read
        if is_prompt(value) and value["content"] == text and each.layer == _LEARNED:
            return each
    return None


def _next(snapshot: Snapshot, entry: Entry, folder: Path) -> tuple[str, int]:
    """The id and the revision of the next one in a lineage: the highest and one, or the first after it that is free."""
    library = snapshot.library
    base = [entry, *ancestors(library, entry)][-1]
    revision = max(each.revision for each in lineage(library, entry)) + 1
    while library.by_id(f"{base.id}-v{revision}") or os.path.lexists(folder / f"{base.id}-v{revision}.json"):
        revision += 1
    return f"{base.id}-v{revision}", revision


def _revision_text(snapshot: Snapshot, content: str, id_: str, parent: str, revision: int, folder: Path) -> str:
    """The text of a new revision, in canonical form. Values are copied as they are spelled."""
    document = snapshot.document
    try:
        canonical(document)  # of a key that is written twice, or of broken text, a part would be lost
    except FormatError as error:
        line, character = document.lines.position(error.start, "utf-32")
        name = snapshot.path.name if snapshot.path else parent
        raise RefusedError(f"{name}:{line + 1}:{character + 1}: {error.message}: mend that first") from error
    top = document.tree.root
    assert top is not None, "canonical has seen to it"
    fields = {
        member.name: document.text[member.value.start : member.value.end]
        for member in top.members
        if member.value is not None
    }
    fields |= {
        "id": literal(id_),
        "content": literal(content),
        "source": literal("Learned"),
        "revision": str(revision),
        "parent": literal(parent),
    }
    schema = _schema(snapshot, folder)
    if schema is None:
        fields.pop("$schema", None)
    else:
        fields["$schema"] = literal(schema)
    return canonical(
        Document.from_text("{" + ", ".join(f"{literal(key)}: {value}" for key, value in fields.items()) + "}")
    )


def _schema(snapshot: Snapshot, folder: Path) -> str | None:
    """The `$schema` of the new file: the same where it is an address, and else one that leads to the same file."""
    schema = snapshot.prompt.get("$schema")
    if not isinstance(schema, str) or snapshot.path is None or snapshot.layer is None:
        return None  # that of a shipped prompt leads nowhere from here
    if "://" in schema or schema.startswith(("/", "urn:")):
        return schema
    here, there = snapshot.path.parent.as_posix(), folder.as_posix()
    return posixpath.relpath(posixpath.normpath(posixpath.join(here, schema)), there)
