"""Document addresses and paths."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import Final
from urllib.parse import unquote, unquote_to_bytes

CONTENT_SCHEME: Final = "promptbits-content"
_CONTENT_SUFFIX: Final = ".md"

_ADDRESS = re.compile(r"(?P<scheme>[A-Za-z-]+):(?://(?P<host>[^/?#]*)|(?!//))(?P<path>/[^?#]*)")
_DRIVE = re.compile(r"/[A-Za-z]:")


def path_of(uri: str) -> Path | None:
    """The absolute path of a `file:` address; None for any other scheme, or one that names no path here."""
    return _path(uri, "file")


def is_view(uri: str) -> bool:
    """Whether an address has the scheme of views, well formed or not."""
    return uri[: len(CONTENT_SCHEME) + 1].lower() == f"{CONTENT_SCHEME}:"


def content_path(uri: str) -> Path | None:
    """The path of the prompt whose content an address shows as Markdown; None for any other address."""
    path = _path(uri, CONTENT_SCHEME)
    if path is None or not path.name.endswith(_CONTENT_SUFFIX) or path.name == _CONTENT_SUFFIX:
        return None
    return path.with_name(path.name.removesuffix(_CONTENT_SUFFIX))


def content_uri(path: Path | str) -> str:
    """The address under which the content of a prompt is shown as Markdown."""
    return f"{CONTENT_SCHEME}{uri_of(path).removeprefix('file')}{_CONTENT_SUFFIX}"


def _path(uri: str, scheme: str) -> Path | None:
    match = _ADDRESS.match(uri)
    if match is None or match["scheme"].lower() != scheme:
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


def name_of(uri: str) -> str:
    """The last name in the path of an address: a tenth of the cost of the whole path."""
    name = uri.rstrip("/").rpartition("/")[2]
    return unquote(name, errors="surrogateescape") if "%" in name else name


def uri_of(path: Path | str) -> str:
    """The `file:` address of an absolute path."""
    return Path(path).as_uri()
