"""What a check says: plain values with code-point ranges, the same for the terminal and for an editor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning", "information", "hint"]


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace text[start:end] of the document."""

    start: int
    end: int
    new: str


@dataclass(frozen=True, slots=True)
class Fix:
    """A certain way to mend a finding: all edits together, none overlapping another."""

    title: str
    edits: tuple[Edit, ...]


@dataclass(frozen=True, slots=True)
class Related:
    """Another place that belongs to a finding. `path` is None for the same document.

    For another file the range is found only once somebody shows it: `key` names the member to point at.
    """

    message: str
    path: str | None = None
    start: int = 0
    end: int = 0
    key: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found at text[start:end]. `unnecessary` marks what an editor may grey out."""

    code: str
    severity: Severity
    message: str
    start: int
    end: int
    fix: Fix | None = None
    related: tuple[Related, ...] = ()
    unnecessary: bool = False
