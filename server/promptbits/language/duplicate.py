"""A prompt once more, under another id."""

from __future__ import annotations

from typing import Final

from promptbits.checks.insertion import literal
from promptbits.checks.snapshot import Snapshot
from promptbits.language.places import RefusedError
from promptbits.prompts.formatting import FormatError, canonical
from promptbits.prompts.root import Root
from promptbits.text.document import Document

# A duplicate begins a history of its own: it is no revision of what it was copied from. A `$schema` stays where it is
# of the same root: from another one it leads nowhere.
_LEFT: Final = ("parent", "revision")


def duplicate(snapshot: Snapshot, id_: str, root: Root) -> str:
    """The text of a prompt under a new id for a root, in canonical form. Values are copied as they are spelled.

    Its source is its author, and a custom trigger that was named after the old id is named after the new one.

    Raises:
        RefusedError: the prompt cannot be read, in words that name the place.
    """
    top, old = snapshot.document.tree.root, snapshot.prompt.get("id")
    name = snapshot.path.name if snapshot.path else "this document"
    if top is None or top.kind != "object":
        raise RefusedError(f"{name} holds no prompt to duplicate")
    try:
        canonical(snapshot.document)  # of a key that is written twice, or of broken text, a part would be lost
    except FormatError as error:
        line, character = snapshot.document.lines.position(error.start, "utf-32")
        raise RefusedError(
            f"{name}:{line + 1}:{character + 1}: {error.message}: mend that before you duplicate it"
        ) from error
    text = snapshot.document.text
    left = _LEFT if snapshot.root is not None and snapshot.root.path == root.path else (*_LEFT, "$schema")
    fields = {
        member.name: text[member.value.start : member.value.end]
        for member in top.members
        if member.value is not None and member.name not in left
    }
    fields |= {"id": literal(id_), "source": literal("Custom")}
    if old and snapshot.prompt.get("trigger") == {"Custom": old}:
        fields["trigger"] = f"{{{literal('Custom')}: {literal(id_)}}}"
    return canonical(
        Document.from_text("{" + ", ".join(f"{literal(key)}: {value}" for key, value in fields.items()) + "}")
    )
