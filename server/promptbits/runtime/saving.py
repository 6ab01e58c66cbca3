"""Saving a prompt among the user's own."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from promptbits.prompts import schema, writing
from promptbits.prompts.formatting import canonical
from promptbits.runtime.errors import InvalidPromptError, PromptError, PromptExistsError
from promptbits.runtime.shelf import Shelf
from promptbits.text.document import Document


def save(shelf: Shelf, prompt: Mapping[str, Any], *, overwrite: bool) -> Path:
    """Write a prompt to `custom/` in canonical form, all or nothing.

    Raises:
        InvalidPromptError: it is no prompt by the schema.
        PromptExistsError: there is one of its id, and it is not to be overwritten.
        PromptError: it cannot be written.
    """
    table = _own(prompt)
    data = _bytes(table)
    before = shelf.custom_entry(table["id"])
    path = Path(before.path) if before else shelf.root().prompt_folders()[0] / "custom" / f"{table['id']}.json"
    try:
        if overwrite and path.exists():
            _replace(path, data)
        elif before:
            raise FileExistsError
        else:
            writing.create(path, data)
    except FileExistsError as error:
        message = f"{path}: there is one already, and nothing was overwritten: pass overwrite=True to replace it"
        raise PromptExistsError(message) from error
    except OSError as error:
        where = error.filename or str(path)
        raise PromptError(f"{where}: cannot be written: {error.strerror or 'input/output error'}") from error
    shelf.forget()
    return path


def _own(prompt: Mapping[str, Any]) -> dict[str, Any]:
    """A prompt as one of the user's own: one that shipped is theirs from now on, and its `$schema` leads nowhere."""
    table = dict(prompt)
    if table.setdefault("source", "Custom") == "Builtin":
        table["source"] = "Custom"
        table.pop("$schema", None)
    return table


def _bytes(table: dict[str, Any]) -> bytes:
    try:
        document = Document.from_text(json.dumps(table, allow_nan=False))
    except (TypeError, ValueError, RecursionError) as error:
        raise InvalidPromptError(f"the prompt is no JSON: {type(error).__name__}") from error
    errors = schema.errors(document.value)
    if errors:
        first = errors[0]
        where = ".".join(map(str, first.path)) or "the prompt"
        raise InvalidPromptError(f"{where}: breaks the schema ({first.keyword}: {first.rule})")
    return canonical(document).encode("utf-8")


def _replace(path: Path, data: bytes) -> None:
    target = path.resolve()
    temporary = writing.write_beside(target, data, 0o600)
    try:
        temporary.chmod(target.stat().st_mode & 0o7777)
        temporary.replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise
