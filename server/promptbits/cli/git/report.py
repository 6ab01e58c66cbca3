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
    def title(self) -> str:
        """The name, or both where there are two."""
        return " → ".join(dict.fromkeys(name for name in (self.name_before, self.name) if name))

    @property
    def where(self) -> str:
        """The file, or both where there are two; without those that were named by their path."""
        paths = dict.fromkeys(path for path in (self.path_before, self.path) if path)
        return " → ".join(path for path in paths if path not in (self.name_before, self.name))

    @property
    def is_whole(self) -> bool:
        """Whether all of a prompt came or went, so that no field needs to say so."""
        return self.change in ("added", "removed")

    @property
    def remark(self) -> str:
        """What has to be said of the comparison as a whole."""
        if self.is_same:
            return "the same prompt, written differently"
        if not self.comparison.is_raw:
            return ""
        lines = "these are the lines of the file" if self.comparison.diff else "the file has no lines to show"
        return f"not a prompt in good order: {lines}"


def text_lines(differences: Sequence[Difference], style: Style) -> Iterator[str]:
    """Each prompt with its changed fields and the diff of its content."""
    for each in differences:
        sign = style(_SIGNS[each.change], "bold")
        told = f"{each.change}: {each.where}" if each.where else each.change
        yield f"{sign} {style(escape(each.title), 'bold')}  {style(escape(told), 'dim')}"
        if each.remark:
            yield style(f"  {each.remark}", *(["yellow"] if each.comparison.is_raw else []))
        for change in each.comparison.fields:
            yield f"  {summary(change, whole=each.is_whole)}"
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
