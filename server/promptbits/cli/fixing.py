"""Mends files by the fixes of their findings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from promptbits.checks import engine
from promptbits.checks.finding import Finding
from promptbits.checks.mending import mend
from promptbits.cli import files
from promptbits.cli.errors import CommandError, os_error
from promptbits.cli.workspace import Loaded, Workspace
from promptbits.text.document import Document


@dataclass
class Fixed:
    """What was mended in which file, and what could not be written."""

    files: dict[str, Counter[str]] = field(default_factory=dict[str, Counter[str]])
    problems: list[str] = field(default_factory=list[str])
    skipped: int = 0

    @property
    def count(self) -> int:
        """How many findings were mended."""
        return sum(sum(codes.values()) for codes in self.files.values())


def fix_all(workspace: Workspace, wanted: Callable[[Finding], bool]) -> Fixed:
    """Mend every file of a workspace that is certainly a prompt."""
    fixed = Fixed()
    for file in workspace.files:
        if not any(wanted(finding) and finding.fix for finding in engine.check(file.snapshot)):
            continue
        if not file.source.is_certain:
            fixed.skipped += 1
            continue
        document, codes = mend(file.snapshot, wanted)
        if not codes:
            continue
        try:
            _write(file, document)
        except CommandError as error:
            fixed.problems.append(str(error))
        except OSError as error:
            fixed.problems.append(os_error(error))
        else:
            fixed.files[file.path] = codes
    return fixed


def _write(file: Loaded, document: Document) -> None:
    try:
        data = document.text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise CommandError(f"{file.path}: the mended text cannot be saved as UTF-8") from error
    files.replace(file.path, data, expected=file.source.data)
