"""Evaluations that wait for their span outlive the receiver: one JSON line each, in a file beside the store.

A line is written before the evaluation is acknowledged. Lines of those that have found their span are dropped when the
file is written anew; until then they do no harm, because the same evaluation gives the same fact.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from promptbits.facts.otlp.records import Log
from promptbits.facts.otlp.waiting import as_table, from_table


class WaitingFile:
    """The file of one receiver."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lines = 0

    def read(self) -> Iterator[Log]:
        """What waits. A line that a killed process tore is passed over."""
        try:
            lines = self.path.read_bytes().splitlines()
        except OSError:
            return
        for line in lines:
            with contextlib.suppress(ValueError, RecursionError):
                log = from_table(json.loads(line))
                if log:
                    self._lines += 1
                    yield log

    def add(self, logs: Iterable[Log]) -> None:
        """Keep some more.

        Raises:
            OSError: they cannot be written.
        """
        data = _lines(logs)
        if data:
            self._lines += data.count(b"\n")
            self._write(self.path, os.O_APPEND, b"\n" + data)  # a line end closes a line that was torn

    def tidy(self, logs: list[Log], *, at_once: bool = False) -> None:
        """Write the file anew if most of its lines wait no longer.

        Raises:
            OSError: it cannot be written; what was there is there still.
        """
        if not self._lines or not (at_once or self._lines > 2 * len(logs) + 100):
            return
        if logs:
            beside = self.path.with_name(f"{self.path.name}.new")
            self._write(beside, os.O_TRUNC, _lines(logs))
            beside.replace(self.path)
        else:
            self.path.unlink(missing_ok=True)
        self._lines = len(logs)

    @staticmethod
    def _write(path: Path, flag: int, data: bytes) -> None:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | flag, 0o600)
        try:
            while data:
                data = data[os.write(handle, data) :]
        finally:
            os.close(handle)


def _lines(logs: Iterable[Log]) -> bytes:
    return b"".join(json.dumps(as_table(log)).encode() + b"\n" for log in logs)
