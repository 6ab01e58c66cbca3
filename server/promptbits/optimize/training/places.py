"""Where what was trained lies: under `.promptbits/models/`, readable for nobody else, written all or nothing."""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
from pathlib import Path
from typing import Any, Final, cast

from promptbits.prompts import writing
from promptbits.prompts.root import STATE_FOLDER

FOLDER: Final = "models"
LOCK: Final = ".lock"
OPERATORS: Final = "operators.json"
UNNAMED: Final = "_unnamed"
"""The folder of facts that name no model. No slug begins like this."""

_PRIVATE: Final = 0o600
_LONGEST: Final = 80
_SAFE: Final = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,78}[a-z0-9])?")
_UNSAFE: Final = re.compile(r"[^a-z0-9]+")
# Windows knows no files of these names, whatever their ending.
_RESERVED: Final = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?")


def models_folder(root: Path) -> Path:
    """The folder of everything that was trained in a root."""
    return root / STATE_FOLDER / FOLDER


def folder_of(root: Path, lineage: str, model: str) -> Path:
    """The folder of the scorers of a lineage and a model."""
    return models_folder(root) / slug(lineage) / (slug(model) if model else UNNAMED)


def slug(name: str) -> str:
    """A name as a folder on any system: itself where that will do; otherwise with a few digits that tell it apart."""
    if _SAFE.fullmatch(name) and not _RESERVED.fullmatch(name):
        return name
    digits = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    words = _UNSAFE.sub("-", name.lower()).strip("-")[:_LONGEST].strip("-")
    return f"{words}-{digits}" if words else digits


def make_folder(folder: Path) -> None:
    """Make a folder below the state of a root, which git passes over."""
    folder.mkdir(parents=True, exist_ok=True)
    for above in folder.parents:
        if above.name == STATE_FOLDER:
            with contextlib.suppress(FileExistsError), (above / ".gitignore").open("x", encoding="utf-8") as file:
                file.write("*\n")
            return


def write(path: Path, data: bytes) -> None:
    """Write a file for nobody else to read. It is there whole or not at all.

    Raises:
        OSError: it cannot be written; the error names the place.
    """
    make_folder(path.parent)
    temporary = writing.write_beside(path, data, _PRIVATE)
    try:
        temporary.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise


def write_json(path: Path, value: dict[str, Any]) -> None:
    """Write a table."""
    write(path, (json.dumps(value, indent=2, ensure_ascii=True) + "\n").encode("ascii"))


def read_json(path: Path) -> dict[str, Any] | None:
    """A table; None where there is none, or the file holds something else."""
    try:
        value: Any = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None
    return cast("dict[str, Any]", value) if isinstance(value, dict) else None
