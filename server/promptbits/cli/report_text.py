"""Findings as a person reads them: the place and the message, the source line with a caret, notes and the fix."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from promptbits.checks.finding import Finding
from promptbits.cli.checking import SEVERITIES, FileReport, Report, place, related_place
from promptbits.cli.console import Style, escape, plural

_COLORS = {"error": "red", "warning": "yellow", "information": "blue", "hint": "cyan"}
_MOST_NOTES = 3


def render(report: Report, style: Style, columns: int) -> Iterator[str]:
    """Blocks of text, one per finding, and a last line that sums up."""
    for file, finding in report.each():
        yield "\n".join(_block(report, file, finding, style, columns)) + "\n"
    yield summary(report, style)


def summary(report: Report, style: Style) -> str:
    """One line that says how much was found in how many files."""
    if not report.count:
        return style("No files were checked", "bold")
    if not report.files:
        return style(f"{plural(report.count, 'file')} {'is' if report.count == 1 else 'are'} fine", "green")
    nouns = {"error": "error", "warning": "warning", "information": "remark", "hint": "hint"}
    parts = [
        style(plural(count, nouns[severity]), _COLORS[severity], "bold")
        for severity in SEVERITIES
        if (count := report.by_severity[severity])
    ]
    listed = parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
    fixable = sum(finding.fix is not None and file.file.source.is_certain for file, finding in report.each())
    fixes = f" ({fixable:,} fixable with --fix)" if fixable else ""
    return f"Found {listed} in {len(report.files):,} of {plural(report.count, 'file')}{fixes}"


def _block(report: Report, file: FileReport, finding: Finding, style: Style, columns: int) -> Iterator[str]:
    document = file.document
    at = place(file.path, document, finding.start, finding.end)
    severity = style(f"{finding.severity}[{finding.code}]", _COLORS[finding.severity], "bold")
    head = style(f"{escape(at.path)}:{at.line}:{at.column}:", "bold")
    yield f"{head} {severity} {escape(finding.message)}"
    start, end = document.lines.span(at.line - 1)
    gutter = len(str(at.line))
    source, caret = excerpt(document.text[start:end], finding.start - start, finding.end - start, columns - gutter - 5)
    bar = style("|", "blue")
    yield f"  {style(str(at.line), 'blue')} {bar} {source}"
    yield f"  {' ' * gutter} {bar} {style(caret, _COLORS[finding.severity])}"
    margin = f"  {' ' * gutter} {style('=', 'blue')}"
    for related in finding.related[:_MOST_NOTES]:
        where = related_place(report, file, related)
        yield f"{margin} note: {escape(related.message)}: {escape(where.path)}:{where.line}:{where.column}"
    if len(finding.related) > _MOST_NOTES:
        yield f"{margin} note: and more places"  # how many, the message says: not all of them are kept as related
    if finding.fix:
        yield f"{margin} help: {escape(finding.fix.title)}"


def excerpt(line: str, start: int, end: int, columns: int) -> tuple[str, str]:
    """A part of a line around a range that fits into some columns, and carets under the range.

    A prompt is one very long line. Tabs become spaces; what is not plainly visible is shown as an escape.
    """
    start = min(max(start, 0), len(line))
    end = min(max(end, start), len(line))
    columns = max(columns, 20)
    # A third of the room goes to what stands before; whatever the end of the line leaves over, too.
    ahead = _taken(line[start : start + columns], columns)
    room = max(columns // 3, columns - ahead[1] - 2) if ahead[1] < columns else columns // 3
    behind = _taken(line[max(start - columns, 0) : start][::-1], room)
    first = start - behind[0]
    shown = _taken(line[start : start + columns], columns - behind[1] - (first > 0))
    last = start + shown[0]
    if last < len(line):  # make room for the mark of the cut
        shown = _taken(line[start:last], max(columns - behind[1] - (first > 0) - 1, 1))
        last = start + shown[0]
    prefix, suffix = "…" if first > 0 else "", "…" if last < len(line) else ""
    text = prefix + _cells(line[first:last]) + suffix
    marked = max(_width(_cells(line[start : min(end, last)])), 1)
    return text.rstrip(), " " * (len(prefix) + _width(_cells(line[first:start]))) + "^" * marked


def _cells(text: str) -> str:
    return escape(text.replace("\t", " "))


def _taken(text: str, columns: int) -> tuple[int, int]:
    """How many characters of a text fit into some columns, and how many columns they take."""
    used = 0
    for index, char in enumerate(text):
        wide = _width(_cells(char))
        if used + wide > columns:
            return index, used
        used += wide
    return len(text), used


def _width(text: str) -> int:
    """Columns that a terminal gives to a text without controls."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text
    )
