"""Findings for programs: our own JSON, SARIF 2.1.0 and the annotations of GitHub Actions."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePath
from typing import Any, Final
from urllib.parse import quote

from promptbits import __version__
from promptbits.checks.catalogue import CHECKS
from promptbits.checks.finding import Finding, Fix, Severity
from promptbits.cli.checking import FileReport, Place, Report, place, related_place
from promptbits.cli.console import escape, shown_path

_SARIF_LEVELS: Final[dict[Severity, str]] = {
    "error": "error",
    "warning": "warning",
    "information": "note",
    "hint": "note",
}
_GITHUB_LEVELS: Final[dict[Severity, str]] = {
    "error": "error",
    "warning": "warning",
    "information": "notice",
    "hint": "notice",
}
_SARIF_SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"


def as_json(report: Report) -> dict[str, Any]:
    """The document of `check --json`; lines and code-point columns from 1."""
    return {
        "version": 1,
        "files": report.count,
        "diagnostics": [_diagnostic(file, finding) for file, finding in report.each()],
    }


def _diagnostic(file: FileReport, finding: Finding) -> dict[str, Any]:
    at = place(file.path, file.document, finding.start, finding.end)
    return {
        "file": at.path,
        "code": finding.code,
        "severity": finding.severity,
        "message": finding.message,
        "line": at.line,
        "column": at.column,
        "end_line": at.end_line,
        "end_column": at.end_column,
        "fixable": finding.fix is not None,
    }


def as_github(report: Report) -> Iterator[str]:
    """Workflow commands that GitHub shows beside the lines of a pull request."""
    for file, finding in report.each():
        at = place(file.path, file.document, finding.start, finding.end)
        properties = {
            "file": at.path,
            "line": at.line,
            "endLine": at.end_line,
            "col": at.column,
            "endColumn": at.end_column,
            "title": f"promptbits: {finding.code}",
        }
        listed = ",".join(f"{key}={_github_property(str(value))}" for key, value in properties.items())
        yield f"::{_GITHUB_LEVELS[finding.severity]} {listed}::{_github_data(finding.message)}"


def _github_data(text: str) -> str:
    # The log of a workflow is shown on terminals, too.
    return escape(text).replace("%", "%25")


def _github_property(text: str) -> str:
    return _github_data(text).replace(":", "%3A").replace(",", "%2C")


def as_sarif(report: Report) -> dict[str, Any]:
    """A SARIF 2.1.0 log with one run. Columns count UTF-16 code units, as most readers of SARIF do."""
    codes = sorted({finding.code for _, finding in report.each()})
    return {
        "$schema": _SARIF_SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "promptbits",
                        "semanticVersion": __version__,
                        "rules": [_rule(code) for code in codes],
                    }
                },
                "columnKind": "utf16CodeUnits",
                "invocations": [_invocation(report)],
                "results": [_result(report, file, finding, codes) for file, finding in report.each()],
            }
        ],
    }


def _rule(code: str) -> dict[str, Any]:
    check = CHECKS[code]
    return {
        "id": code,
        "shortDescription": {"text": check.summary},
        # helpUri must be absolute, and the page has no address of its own yet.
        "help": {"text": f"docs/checks.md#{code}"},
        "defaultConfiguration": {"level": _SARIF_LEVELS[check.severity]},
    }


def _invocation(report: Report) -> dict[str, Any]:
    if not report.unreadable:
        return {"executionSuccessful": True}
    return {
        "executionSuccessful": False,
        "toolExecutionNotifications": [
            {
                "level": "error",
                "message": {"text": f"cannot be read: {each.reason}"},
                "locations": [{"physicalLocation": {"artifactLocation": {"uri": _uri(shown_path(each.path))}}}],
            }
            for each in report.unreadable
        ],
    }


def _result(report: Report, file: FileReport, finding: Finding, codes: list[str]) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "ruleIndex": codes.index(finding.code),
        "level": _SARIF_LEVELS[finding.severity],
        "message": {"text": finding.message},
        "locations": [
            {"physicalLocation": _location(place(file.path, file.document, finding.start, finding.end, utf16=True))}
        ],
    }
    if finding.related:
        result["relatedLocations"] = [
            {
                "physicalLocation": _location(related_place(report, file, related, utf16=True)),
                "message": {"text": related.message},
            }
            for related in finding.related
        ]
    if finding.fix:
        result["fixes"] = [_fix(file, finding.fix)]
    return result


def _fix(file: FileReport, fix: Fix) -> dict[str, Any]:
    replacements = [
        {
            "deletedRegion": _region(place(file.path, file.document, edit.start, edit.end, utf16=True)),
            **({"insertedContent": {"text": edit.new}} if edit.new else {}),
        }
        for edit in fix.edits
    ]
    return {
        "description": {"text": fix.title},
        "artifactChanges": [{"artifactLocation": {"uri": _uri(file.path)}, "replacements": replacements}],
    }


def _location(at: Place) -> dict[str, Any]:
    return {"artifactLocation": {"uri": _uri(at.path)}, "region": _region(at)}


def _region(at: Place) -> dict[str, int]:
    return {
        "startLine": at.line,
        "startColumn": at.column,
        "endLine": at.end_line,
        "endColumn": at.end_column,
    }


def _uri(path: str) -> str:
    if PurePath(path).is_absolute():
        return Path(path).as_uri()
    return quote(path.encode("utf-8", "surrogateescape"))
