"""Findings as the protocol writes diagnostics: plain JSON, for one client."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final

from promptbits.checks.finding import Finding
from promptbits.lsp.state.client import ClientFeatures
from promptbits.lsp.state.surface import Surface

SOURCE: Final = "promptbits"
_SEVERITIES: Final = {"error": 1, "warning": 2, "information": 3, "hint": 4}
_UNNECESSARY: Final = 1

# The location of a member of another file, by path and key; None where it cannot be found any more.
Locate = Callable[[str, str], dict[str, Any] | None]


def diagnostics(
    surface: Surface, findings: Iterable[Finding], client: ClientFeatures, locate: Locate
) -> list[dict[str, Any] | None]:
    """Findings as protocol diagnostics, with what this client shows of them; None for one that is not shown here."""
    items: list[dict[str, Any] | None] = []
    for finding in findings:
        span = surface.range(finding.start, finding.end)
        if span is None:
            items.append(None)
            continue
        item: dict[str, Any] = {
            "range": span,
            "severity": _SEVERITIES[finding.severity],
            "code": finding.code,
            "source": SOURCE,
            "message": finding.message,
        }
        if finding.unnecessary and client.diagnostic_tags:
            item["tags"] = [_UNNECESSARY]
        if finding.related and client.related_information:
            item["relatedInformation"] = _related(surface, finding, locate)
        items.append(item)
    return items


def _related(surface: Surface, finding: Finding, locate: Locate) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = []
    for related in finding.related:
        if related.path is None:
            place: dict[str, Any] | None = surface.location(related.start, related.end)
        else:
            place = locate(related.path, related.key)
        if place is not None:
            items.append({"location": place, "message": related.message})
    return items
