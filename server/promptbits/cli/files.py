"""Writing files: all or nothing, with their mode kept, and never over what somebody else wrote meanwhile."""

from __future__ import annotations

import contextlib
import os
import stat
from pathlib import Path

from promptbits.cli.console import shown_path
from promptbits.cli.errors import CommandError
from promptbits.prompts import writing

# Commands find all that writes files here.
create = writing.create


class ChangedError(CommandError):
    """The file is no longer what was read."""


def replace(path: str | Path, data: bytes, *, expected: bytes) -> None:
    """Write new bytes over a file whose bytes were `expected`. A symbolic link stays one.

    Raises:
        ChangedError: the file holds something else by now.
        CommandError: the file is read-only.
        OSError: it cannot be written.
    """
    target = Path(os.path.realpath(path))
    info = require_writable(path)
    if target.read_bytes() != expected:
        raise ChangedError(f"{shown_path(path)}: the file has changed meanwhile: nothing was written")
    temporary = writing.write_beside(target, data, 0o600)
    try:
        temporary.chmod(stat.S_IMODE(info.st_mode))
        temporary.replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise


def require_writable(path: str | Path) -> os.stat_result:
    """What the system says of a file, or of what a symbolic link leads to, that may be written.

    Raises:
        CommandError: it is read-only. Renaming over it would succeed, but its owner did not mean that.
        OSError: it cannot be looked at.
    """
    target = Path(os.path.realpath(path))
    info = target.stat()
    if not info.st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH) or not os.access(target, os.W_OK):
        raise CommandError(f"{shown_path(path)}: the file is read-only: make it writable first")
    return info
