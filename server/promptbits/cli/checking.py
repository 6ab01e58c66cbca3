"""Runs the engine over a workspace and keeps what it found, file by file, with lines and columns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Final, NamedTuple

from promptbits.checks import engine
from promptbits.checks.finding import Finding, Related, Severity
from promptbits.cli.console import shown_path
from promptbits.cli.workspace import Loaded, Progress, Workspace
from promptbits.prompts.discovery import Unreadable
from promptbits.text.document import Document

SEVERITIES: Final[tuple[Severity, ...]] = ("error", "warning", "information", "hint")
_FAILING: Final = ("error", "warning")


class FileReport(NamedTuple):
    """What was found in one file."""

    file: Loaded
    findings: tuple[Finding, ...]

    @property
    def path(self) -> str:
        """The path as it is shown."""
        return shown_path(self.file.path)

    @property
    def document(self) -> Document:
        """The text that the findings point into."""
        return self.file.snapshot.document


@dataclass
class Report:
    """What was found in all files. `files` holds those with findings, in the order of their paths."""

    workspace: Workspace
    files: list[FileReport] = field(default_factory=list[FileReport])

    @property
    def count(self) -> int:
        """How many files were checked."""
        return len(self.workspace.files)

    @property
    def unreadable(self) -> list[Unreadable]:
        """What could not be checked."""
        return self.workspace.unreadable

    def each(self) -> Iterator[tuple[FileReport, Finding]]:
        """Every finding with its file."""
        for file in self.files:
            for finding in file.findings:
                yield file, finding

    @cached_property
    def by_severity(self) -> dict[Severity, int]:
        """How many findings of each severity there are."""
        counts: dict[Severity, int] = dict.fromkeys(SEVERITIES, 0)
        for _, finding in self.each():
            counts[finding.severity] += 1
        return counts

    @property
    def fails(self) -> bool:
        """Whether there is an error or a warning."""
        return any(self.by_severity[severity] for severity in _FAILING)

    @cached_property
    def _documents(self) -> dict[str, Document]:
        return {file.path: file.snapshot.document for file in self.workspace.files}

    def document(self, path: str) -> Document | None:
        """The document of a file, read now if it is none of those checked; None if that fails."""
        if path not in self._documents:
            try:
                self._documents[path] = Document.from_bytes(Path(path).read_bytes())
            except OSError:
                return None
        return self._documents[path]


def examine(workspace: Workspace, least: Severity = "hint", progress: Progress | None = None) -> Report:
    """Check every file of a workspace; findings milder than `least` are left out."""
    shown = SEVERITIES[: SEVERITIES.index(least) + 1]
    report = Report(workspace)
    total = len(workspace.files)
    for index, file in enumerate(workspace.files):
        if progress and index % 50 == 0:
            progress(total + index, 2 * total)
        findings = engine.check(file.snapshot)
        if findings:
            kept = tuple(finding for finding in findings if finding.severity in shown)
            if kept:
                report.files.append(FileReport(file, kept))
    report.files.sort(key=lambda each: each.file.path)
    return report


class Place(NamedTuple):
    """Where something stands: a path as it is shown, and a range; lines and columns from 1."""

    path: str
    line: int
    column: int
    end_line: int
    end_column: int


def place(path: str, document: Document, start: int, end: int, *, utf16: bool = False) -> Place:
    """The place of a range of a document; columns in code points, or else in UTF-16 code units."""
    encoding = "utf-16" if utf16 else "utf-32"
    line, column = document.lines.position(start, encoding)
    end_line, end_column = document.lines.position(max(end, start), encoding)
    return Place(path, line + 1, column + 1, end_line + 1, end_column + 1)


def related_place(report: Report, file: FileReport, related: Related, *, utf16: bool = False) -> Place:
    """The place that belongs to a finding; in another file, the line of the member that is meant."""
    if related.path is None:
        return place(file.path, file.document, related.start, related.end, utf16=utf16)
    path, document = shown_path(related.path), report.document(related.path)
    if document is None:
        return Place(path, 1, 1, 1, 1)
    start, end = related.start, related.end
    node = document.tree.find((related.key,)) if related.key else None
    if node is not None:
        start, end = node.start, node.end if node.kind == "string" else node.start + 1
    return place(path, document, start, end, utf16=utf16)
