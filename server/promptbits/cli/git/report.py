"""Differences of prompts on a terminal, in a pipe, and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from promptbits.cli.console import Style, escape
from promptbits.cli.git.history import Change
from promptbits.cli.git.wording import as_json, summary
from promptbits.prompts.comparing import Comparison

_COLORS: Final = {"+": "green", "-": "red", "@": "cyan"}
_SIGNS: Final[dict[Change, str]] = {"added": "+", "removed": "-", "renamed": ">", "changed": "~"}


class Difference(NamedTuple):
    """Two versions of a prompt, and what differs. A name is that of the prompt, or how it was asked for."""

    change: Change
    name_before: str
    name: str
    path_before: str
    path: str
    comparison: Comparison

    @property
    def is_same(self) -> bool:
        """Whether the prompt is the same, though its file may be written differently."""
        return self.change == "changed" and self.comparison.is_same

    @property
    def where(self) -> str:
        """The file, or both where there are two."""
        paths = dict.fromkeys(path for path in (self.path_before, self.path) if path)
        return " → ".join(paths)


def text_lines(differences: Sequence[Difference], style: Style) -> Iterator[str]:
    """Each prompt with its changed fields and the diff of its content."""
    for each in differences:
        name = each.name or each.name_before
        if each.name and each.name_before and each.name != each.name_before:
            name = f"{each.name_before} → {each.name}"
        sign = style(_SIGNS[each.change], "bold")
        yield f"{sign} {style(escape(name), 'bold')}  {style(escape(f'{each.change}: {each.where}'), 'dim')}"
        if each.is_same:
            yield "  the same prompt, written differently"
        if each.comparison.is_raw:
            yield style("  not a prompt in good order: these are the lines of the file", "yellow")
        for change in each.comparison.fields:
            yield f"  {summary(change)}"
        for line in each.comparison.diff:
            yield style(line, _COLORS[line[0]]) if line[0] in _COLORS else line
        yield ""


def json_value(differences: Sequence[Difference], base: str | None) -> dict[str, Any]:
    """The differences for programs."""
    return {
        "version": 1,
        "base": base,
        "prompts": [
            {
                "change": each.change,
                "name_before": each.name_before or None,
                "name": each.name or None,
                "file_before": each.path_before or None,
                "file": each.path or None,
                "same": each.is_same,
                "fields": [
                    {
                        "path": change.path,
                        "change": change.kind,
                        "before": as_json(change.before),
                        "after": as_json(change.after),
                    }
                    for change in each.comparison.fields
                ],
                "diff": "".join(f"{line}\n" for line in each.comparison.diff),
            }
            for each in differences
        ],
    }
