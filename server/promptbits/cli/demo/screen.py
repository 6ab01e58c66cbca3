"""What an editor would draw: a source line, a mark under it, and the message."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from promptbits.cli.console import Style, escape
from promptbits.cli.report_text import excerpt
from promptbits.text.lines import LineIndex

_SEVERITIES = {1: ("error", "red"), 2: ("warning", "yellow"), 3: ("information", "blue"), 4: ("hint", "cyan")}


def draw(text: str, diagnostics: list[dict[str, Any]], style: Style, columns: int) -> Iterator[str]:
    """Every diagnostic with its source line and a caret."""
    lines = LineIndex(text)
    for diagnostic in diagnostics:
        name, color = _SEVERITIES[diagnostic["severity"]]
        start, end = (lines.offset(at["line"], at["character"], "utf-16") for at in diagnostic["range"].values())
        number = lines.line_of(start)
        line_start, line_end = lines.span(number)
        source, caret = excerpt(text[line_start:line_end], start - line_start, end - line_start, columns - 9)
        yield f"  {style(f'{number + 1:>3}', 'dim')} {style('│', 'dim')} {source}"
        yield f"      {style('│', 'dim')} {style(caret, color)}"
        label = style(f"{name}[{diagnostic['code']}]", color, "bold")
        yield f"      {style('╰', 'dim')} {label} {escape(diagnostic['message'])}"


def change(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> tuple[list[str], list[str]]:
    """The messages that came and that went between two lists of diagnostics."""
    old, new = ([each["message"] for each in items] for items in (before, after))
    return [each for each in new if each not in old], [each for each in old if each not in new]
