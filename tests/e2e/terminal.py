"""A terminal for programs that draw: keys are typed into it, and its screen is read."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import selectors
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pyte

ROWS, COLUMNS = 30, 120
WAIT_SECONDS = 20.0
# A program that has said nothing for this long has answered what was typed.
QUIET_SECONDS = 0.05
# A new session has no terminal until it takes one.
_STARTER = "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); os.execvp(sys.argv[1], sys.argv[1:])"
ENTER, ESCAPE, TAB, DOWN, UP = "\r", "\x1b", "\t", "\x1b[B", "\x1b[A"


class Terminal:
    """A program in a terminal of its own. It ends with the `with` block."""

    def __init__(
        self,
        command: Sequence[str | Path],
        folder: Path,
        environment: Mapping[str, str],
        rows: int = ROWS,
        columns: int = COLUMNS,
    ) -> None:
        self._screen = pyte.Screen(columns, rows)
        # What programs ask of their terminal is answered on the same line that keys come by.
        self._screen.write_process_input = self._send  # type: ignore[method-assign]
        self._stream = pyte.ByteStream(self._screen)
        self._line, end = pty.openpty()
        fcntl.ioctl(end, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._line, selectors.EVENT_READ)
        self._process = subprocess.Popen(
            [sys.executable, "-c", _STARTER, *map(str, command)],
            cwd=folder,
            env={**environment, "TERM": "xterm-256color", "COLORTERM": "truecolor", "LC_ALL": "C.UTF-8"},
            stdin=end,
            stdout=end,
            stderr=end,
            start_new_session=True,
        )
        os.close(end)

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *_error: object) -> None:
        """End the program and all it started."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGHUP)
        try:
            self._process.wait(2)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        self._selector.close()
        os.close(self._line)

    @property
    def text(self) -> str:
        """What stands on the screen."""
        return "\n".join(line.rstrip() for line in self._screen.display).rstrip()

    @property
    def cursor(self) -> tuple[int, int]:
        """The row and the column of the cursor, from 0."""
        return self._screen.cursor.y, self._screen.cursor.x

    @property
    def running(self) -> bool:
        """Whether the program has not ended."""
        return self._process.poll() is None

    def color_of(self, piece: str) -> str:
        """The colour of a piece of text where it first stands on the screen: a name, or six digits."""
        for row, line in enumerate(self._screen.display):
            if (column := line.find(piece)) >= 0:
                return self._screen.buffer[row][column].fg
        raise AssertionError(f"{piece!r} does not stand on the screen:\n{self.text}")

    def type(self, *keys: str) -> None:
        """Type keys one after another; each is dealt with before the next, as escape and a letter would be one key."""
        for key in keys:
            self._send(key)
            self._read_until_quiet()

    def wait_for(self, *pieces: str, seconds: float = WAIT_SECONDS) -> str:
        """Wait until all pieces of text stand on the screen; the screen."""
        return self.wait_until(lambda text: all(piece in text for piece in pieces), " and ".join(pieces), seconds)

    def wait_without(self, piece: str, seconds: float = WAIT_SECONDS) -> str:
        """Wait until a piece of text is gone from the screen; the screen."""
        return self.wait_until(lambda text: piece not in text, f"no {piece}", seconds)

    def wait_until(self, fits: Callable[[str], bool], what: str, seconds: float = WAIT_SECONDS) -> str:
        """Wait until the screen is as it should be; the screen."""
        end = time.monotonic() + seconds
        while not fits(self.text):
            left = end - time.monotonic()
            assert left > 0, f"waited in vain for {what}\n{self.text}"
            self._read(min(left, 0.5))
            assert self.running or fits(self.text), f"ended before there was {what}\n{self.text}"
        return self.text

    def _send(self, data: str) -> None:
        os.write(self._line, data.encode())

    def _read_until_quiet(self) -> None:
        while self._read(QUIET_SECONDS):
            pass

    def _read(self, seconds: float) -> bool:
        """Draw what comes within some seconds; whether anything came."""
        if not self._selector.select(seconds):
            return False
        try:
            data = os.read(self._line, 65536)
        except OSError:  # the program has closed its end
            return False
        self._stream.feed(data)
        return bool(data)
