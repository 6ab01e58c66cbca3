"""`promptbits git-textconv FILE`: what git shows of a prompt in place of its JSON.

It never fails: a file that is no prompt, or is broken, is shown as it is, for `git diff` must go on.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import Final

from promptbits.prompts.readable import FORMAT, readable
from promptbits.prompts.values import read

USAGE: Final = "usage: promptbits git-textconv [--format N] FILE"
_FAILED: Final = 2
_BROKEN_PIPE: Final = 141
_STDOUT: Final = 1


def main(arguments: Sequence[str]) -> int:
    """Write the readable form of a file to stdout."""
    if arguments[:1] == ["--format"]:
        if arguments[1:2] != [str(FORMAT)]:
            # Git keeps what it was given under the command that gave it, and would mix two forms.
            _say("the form of diffs has changed: run `promptbits git-setup` again")
        arguments = arguments[2:]
    if len(arguments) != 1:
        _say(USAGE)
        return _FAILED
    try:
        with open(arguments[0], "rb") as file:  # noqa: PTH123  (pathlib costs as much as all of the rest)
            data = file.read()
    except OSError as error:
        _say(f"{arguments[0]}: {error.strerror}")
        return _FAILED
    try:
        _write(converted(data))
    except BrokenPipeError:
        return _BROKEN_PIPE
    return 0


def converted(data: bytes) -> bytes:
    """The readable form of the bytes of a file, or those bytes if it is no prompt in good order."""
    prompt = read(data)
    return data if prompt is None else readable(prompt).encode("utf-8", "surrogatepass")


def _write(data: bytes) -> None:
    """Write to stdout past its buffer, which Python would try to empty again after the reader has gone."""
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(_STDOUT, rest) :]


def _say(message: str) -> None:
    print(f"promptbits: {message}", file=sys.stderr)  # noqa: T201  (click is not imported for this)
