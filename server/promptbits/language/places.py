"""Answers that reach beyond one document: places in other files, and changes to several files at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from promptbits.checks.finding import Edit
from promptbits.text.document import Document

# Gives the document of a path: as the editor holds it, or else as it is on disk; None where it cannot be read.
Reader = Callable[[str], Document | None]


class RefusedError(ValueError):
    """What was asked for cannot be done; the text says why, to the author."""


@dataclass(frozen=True, slots=True)
class Place:
    """A range in a file. `path` is None for the document that was asked about."""

    path: str | None
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class FileEdits:
    """Edits of one file, in order and without overlap. `path` is None for the document that was asked about.

    `label` says to an author who confirms the change what these edits are; `confirm` asks the editor to let them be
    confirmed one by one.
    """

    path: str | None
    edits: tuple[Edit, ...]
    label: str = ""
    confirm: bool = False


@dataclass(frozen=True, slots=True)
class CreatedFile:
    """A new file with its text."""

    path: str
    text: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class RenamedFile:
    """A file that gets another name."""

    old: str
    new: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """A change of several files. Edits come first (by the old names), then new files, then new names.

    A client that cannot create or rename files leaves those out.
    """

    edits: tuple[FileEdits, ...] = ()
    created: tuple[CreatedFile, ...] = ()
    renamed: tuple[RenamedFile, ...] = ()
