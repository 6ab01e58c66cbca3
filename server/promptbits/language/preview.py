"""What people read instead of JSON: a prompt as it renders, and two prompts beside each other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from promptbits.checks.snapshot import Snapshot
from promptbits.prompts.comparing import plain_ends, unified
from promptbits.prompts.readable import readable
from promptbits.prompts.render import RenderError, render
from promptbits.prompts.values import read
from promptbits.text.document import Document


def rendered(snapshot: Snapshot, values: Mapping[str, Any] | None = None) -> str:
    """The content with values and every default filled in; placeholders without either stand as they are."""
    try:
        return render(snapshot.content, snapshot.variables, values, partial=True)
    except RenderError as error:
        return f"This prompt cannot be rendered: {error}\n"


def compared(before: Document, after: Document, names: tuple[str, str]) -> str:
    """Two prompts as a unified diff of what they say; empty where they say the same."""
    lines = list(unified(*_texts(before, after)))
    return "".join(f"{line}\n" for line in (f"--- {names[0]}", f"+++ {names[1]}", *lines)) if lines else ""


def _texts(before: Document, after: Document) -> tuple[str, str]:
    """What two prompts say; the texts themselves where one of them is no prompt, as `promptbits diff` has it."""
    old, new = (read(document.text.encode("utf-8", "surrogatepass")) for document in (before, after))
    if old is None or new is None:
        return plain_ends(before.text, after.text)
    contents = plain_ends(old["content"], new["content"])
    return readable({**old, "content": contents[0]}), readable({**new, "content": contents[1]})
