"""The versions of a scorer in a folder: which one is current, and which one was before.

    1.onnx 1.json 1.md   a version: the scorer, and its card for programs and for people
    current.json         the one that is used, and those that were before it, the last of them last

A version is never changed. The pointer is written last, so that it never points to what is not there.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Generator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast

from promptbits.optimize.reviews.locking import HeldError, held
from promptbits.optimize.training.places import LOCK, make_folder, models_folder, read_json, write, write_json

KEPT: Final = 10
_FORMAT: Final = 1
_FILE: Final = re.compile(r"([1-9][0-9]{0,8})\.(onnx|json|md)")
_SECONDS: Final = 10.0


class BusyError(Exception):
    """Another process trains here; the text says so."""


class NothingBeforeError(Exception):
    """There is no version to go back to; the text says why."""


@contextlib.contextmanager
def alone(root: Path, seconds: float = _SECONDS) -> Generator[None]:
    """Keep every other process from training in a root meanwhile.

    Raises:
        BusyError: one has been training for too long.
        OSError: the folder cannot be written.
    """
    folder = models_folder(root)
    make_folder(folder)
    try:
        with held(folder / LOCK, seconds):
            yield
    except HeldError:
        raise BusyError(f"{folder}: another process has been training for more than {seconds:g} s") from None


@dataclass(frozen=True, slots=True)
class Versions:
    """The versions in a folder, as they are whenever one asks."""

    folder: Path

    def numbers(self) -> list[int]:
        """The versions that are there whole, in order."""
        return sorted(number for number, files in self._files().items() if {"onnx", "json"} <= files)

    def scorer(self, number: int) -> Path:
        """The file of a scorer."""
        return self.folder / f"{number}.onnx"

    def readable(self, number: int) -> Path:
        """The card for people."""
        return self.folder / f"{number}.md"

    def card(self, number: int) -> dict[str, Any]:
        """The card of a version; empty where it cannot be read."""
        return read_json(self.folder / f"{number}.json") or {}

    def current(self) -> int | None:
        """The version that is used; None where none is."""
        line = self._line()
        return line[-1] if line else None

    def before(self) -> int | None:
        """The version that was used before; None where there is none to go back to."""
        line = self._line()
        return line[-2] if len(line) > 1 else None

    def of_digest(self, digest: str) -> int | None:
        """The version that has learned from the same facts."""
        return next((each for each in reversed(self.numbers()) if self.card(each).get("digest") == digest), None)

    def next(self) -> int:
        """The number of the next version, which nothing in the folder has."""
        return max(self._files(), default=0) + 1

    def add(self, number: int, scorer: bytes, card: Mapping[str, Any], readable: str, *, promote: bool) -> None:
        """Keep a version, and use it from now on if it is promoted. Old ones that nothing leads back to go.

        Raises:
            OSError: it cannot be written. What was current still is.
        """
        for left in self.folder.glob(".*.tmp"):
            left.unlink(missing_ok=True)  # of a training that was killed: none is at work but this one
        write(self.scorer(number), scorer)
        write(self.readable(number), readable.encode("utf-8"))
        write_json(self.folder / f"{number}.json", dict(card))
        line = self._line()
        if promote:
            self._point([*line, number])
            line = [*line, number]
        kept = {*self.numbers()[-KEPT:], *line[-KEPT:]}
        for old, endings in self._files().items():
            if old not in kept:
                for ending in endings:
                    with contextlib.suppress(OSError):  # it takes room, and does no harm
                        (self.folder / f"{old}.{ending}").unlink()

    def roll_back(self) -> tuple[int, int]:
        """Use the version before the current one again; the two numbers, the current one first.

        Raises:
            NothingBeforeError: there is none.
            OSError: the pointer cannot be written.
        """
        line = self._line()
        if not line:
            raise NothingBeforeError("no version is in use")
        if len(line) == 1:
            raise NothingBeforeError(f"version {line[0]} is in use, and none was before it")
        self._point(line[:-1])
        return line[-1], line[-2]

    def _point(self, line: list[int]) -> None:
        value = {"version": _FORMAT, "current": line[-1], "before": line[:-1][-KEPT:]}
        write_json(self.folder / "current.json", value)

    def _line(self) -> list[int]:
        """The versions that were in use, the current one last; none that is not there any more."""
        value = read_json(self.folder / "current.json") or {}
        before: Any = value.get("before")
        numbers = [*cast("list[Any]", before if isinstance(before, list) else []), value.get("current")]
        there = set(self.numbers())
        return [each for each in numbers if type(each) is int and each in there]

    def _files(self) -> dict[int, set[str]]:
        found: dict[int, set[str]] = {}
        with contextlib.suppress(OSError):
            for path in self.folder.iterdir():
                match = _FILE.fullmatch(path.name)
                if match:
                    found.setdefault(int(match[1]), set()).add(match[2])
        return found
