"""Document addresses and paths."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from urllib.parse import unquote_to_bytes

_FILE = re.compile(r"file:(?://(?P<host>[^/?#]*)|(?!//))(?P<path>/[^?#]*)", re.IGNORECASE)
_DRIVE = re.compile(r"/[A-Za-z]:")


def path_of(uri: str) -> Path | None:
    """The absolute path of a `file:` address; None for any other scheme, or one that names no path here."""
    match = _FILE.match(uri)
    if match is None:
        return None
    try:
        name = os.fsdecode(unquote_to_bytes(match["path"]))
    except UnicodeError:  # lone surrogates, or bytes that the file system of Windows cannot name
        return None
    host = match["host"] or ""
    if "\0" in name:
        return None
    if sys.platform == "win32":
        if _DRIVE.match(name):
            name = f"{name[1].lower()}{name[2:]}"
        elif host:
            name = f"//{host}{name}"
    elif host not in ("", "localhost"):
        return None
    path = Path(name)
    return path if path.is_absolute() else None


def uri_of(path: Path | str) -> str:
    """The `file:` address of an absolute path."""
    return Path(path).as_uri()
