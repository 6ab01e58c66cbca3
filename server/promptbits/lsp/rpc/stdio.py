"""Takes stdin and stdout away from everything but the protocol."""

from __future__ import annotations

import os
import sys


def take_stdio() -> tuple[int, int]:
    """Return private descriptors of stdin and stdout, and put harmless ones in their place.

    From here on a `print`, a chatty library or a child process writes to stderr, and nobody else reads the input.

    Raises:
        OSError: The process was started without stdin or stdout.
    """
    # Python leaves these None if the descriptor was closed at the start; the number may mean something else by now.
    if sys.__stdin__ is None or sys.__stdout__ is None:
        raise OSError("stdin or stdout is closed")
    nothing = os.open(os.devnull, os.O_RDWR)  # first, so that it takes the place of a stderr that is missing
    stdin, stdout = os.dup(0), os.dup(1)
    os.dup2(nothing, 0)
    os.dup2(nothing if sys.__stderr__ is None else 2, 1)
    sys.stdout = sys.stderr
    if sys.platform == "win32":
        import msvcrt

        msvcrt.setmode(stdin, os.O_BINARY)
        msvcrt.setmode(stdout, os.O_BINARY)
    return stdin, stdout
