"""The error that a command raises when it cannot go on, and the words for those of the operating system."""

from __future__ import annotations

import errno
import os

FINE = 0
FINDINGS = 1
FAILED = 2


class CommandError(Exception):
    """A command cannot do what it was asked; the message names the path and says what to do."""


def os_error(error: OSError) -> str:
    """The path and the reason of an error of the operating system, in one line."""
    from promptbits.prompts.discovery import reason

    name: object = error.filename
    text = "no space left on the device" if error.errno == errno.ENOSPC else reason(error)
    if name is None:  # the working directory is the one thing that is looked up without a name
        gone = error.errno == errno.ENOENT
        return "the working directory is no longer there: change to another one" if gone else text
    from promptbits.cli.console import shown_path

    return f"{shown_path(os.fsdecode(name)) if isinstance(name, str | bytes) else name}: {text}"
