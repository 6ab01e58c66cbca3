"""What stands in the way of a rename whatever is renamed, said to the author."""

from __future__ import annotations

import re
from pathlib import Path

from promptbits.checks.snapshot import Snapshot
from promptbits.checks.words import kebab_case, shown
from promptbits.language.names import Name
from promptbits.language.places import RefusedError
from promptbits.language.renaming.value_edits import is_closed
from promptbits.prompts import schema
from promptbits.prompts.shipped import shipped_prompts


def is_read_only(snapshot: Snapshot) -> bool:
    """Whether the prompt ships with the package."""
    if snapshot.path is None or snapshot.layer is not None:
        return False
    entry = snapshot.library.by_path(str(snapshot.path))
    return entry.layer == "shipped" if entry else snapshot.path.is_relative_to(shipped_prompts())


def refuse_read_only(snapshot: Snapshot) -> None:
    """Refuse to change a prompt that ships with the package."""
    if is_read_only(snapshot):
        raise RefusedError("this prompt ships with PromptBits and is read-only: copy it to custom/ to change it")


def refuse_incomplete(snapshot: Snapshot) -> None:
    """Refuse while it is not known who names what."""
    if not snapshot.library.complete:
        raise RefusedError("the prompts are still being read: try again in a moment")


def refuse_broken(snapshot: Snapshot, name: Name) -> None:
    """Refuse while strings run into one another, so that what looks like a name may be none."""
    whole = snapshot.content_node is None or snapshot.content_is_whole
    if not whole or not is_closed(snapshot.document.text, name.start, name.end):
        raise RefusedError("the JSON is broken, so the names in it are not certain: mend it first")


def is_kebab(text: str, key: str = "id") -> bool:
    """Whether the schema allows a text as an id, or as a tag."""
    described = schema.describe((key,))
    pattern = str(described.get("items", described)["pattern"])
    return re.fullmatch(pattern.removesuffix("$"), text) is not None


def refuse_no_kebab(noun: str, new: str, key: str) -> None:
    """Refuse a name that the schema does not allow for a key."""
    if not is_kebab(new, key):
        meant = kebab_case(new)
        hint = f', such as "{shown(meant)}"' if meant else ""
        raise RefusedError(f"{noun} is kebab-case: lower-case letters and digits, words joined by hyphens{hint}")


def place(snapshot: Snapshot, path: str) -> str:
    """A file as an author knows it: relative to the root, or else by its name."""
    relative = snapshot.root.relative(Path(path)) if snapshot.root else None
    return relative.as_posix() if relative else Path(path).name
