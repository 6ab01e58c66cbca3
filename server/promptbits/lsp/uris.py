"""Document addresses and paths."""

from __future__ import annotations

from pathlib import Path

from pygls.uris import from_fs_path, to_fs_path


def path_of(uri: str) -> Path | None:
    """The absolute path of a `file:` address; None for any other scheme, or one that names no path."""
    if not uri.startswith("file:"):
        return None
    try:
        name = to_fs_path(uri)
    except (ValueError, UnicodeError):
        return None
    if not name or "\0" in name:
        return None
    path = Path(name)
    return path if path.is_absolute() else None


def uri_of(path: Path | str) -> str:
    """The `file:` address of a path."""
    return from_fs_path(str(path)) or Path(path).as_uri()
