"""Findings as the protocol writes diagnostics: plain JSON, positions in the client's encoding."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final

from promptbits.checks.finding import Finding, Related
from promptbits.lsp.client import ClientFeatures
from promptbits.text.document import Document
from promptbits.text.lines import Encoding

SOURCE: Final = "promptbits"
_SEVERITIES: Final = {"error": 1, "warning": 2, "information": 3, "hint": 4}
_UNNECESSARY: Final = 1

# The address and range of a related place in another file, or None where it cannot be found any more.
Locate = Callable[[Related], tuple[str, dict[str, Any]] | None]


def range_of(document: Document, start: int, end: int, encoding: Encoding) -> dict[str, Any]:
    """A range of offsets as a protocol range."""
    first_line, first = document.lines.position(start, encoding)
    last_line, last = document.lines.position(end, encoding)
    return {"start": {"line": first_line, "character": first}, "end": {"line": last_line, "character": last}}


def diagnostics(
    uri: str,
    document: Document,
    findings: Iterable[Finding],
    encoding: Encoding,
    client: ClientFeatures,
    locate: Locate,
) -> list[dict[str, Any]]:
    """Findings as protocol diagnostics, with what this client shows of them."""
    items: list[dict[str, Any]] = []
    for finding in findings:
        item: dict[str, Any] = {
            "range": range_of(document, finding.start, finding.end, encoding),
            "severity": _SEVERITIES[finding.severity],
            "code": finding.code,
            "source": SOURCE,
            "message": finding.message,
        }
        if finding.unnecessary and client.diagnostic_tags:
            item["tags"] = [_UNNECESSARY]
        if finding.related and client.related_information:
            item["relatedInformation"] = _related(uri, document, finding, encoding, locate)
        items.append(item)
    return items


def _related(
    uri: str, document: Document, finding: Finding, encoding: Encoding, locate: Locate
) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = []
    for related in finding.related:
        if related.path is None:
            place = uri, range_of(document, related.start, related.end, encoding)
        else:
            place = locate(related)
        if place is not None:
            items.append({"location": {"uri": place[0], "range": place[1]}, "message": related.message})
    return items
