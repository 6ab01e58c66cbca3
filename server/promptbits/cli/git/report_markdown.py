"""Differences of prompts as Markdown, for a comment on a pull request or the summary of a job."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from promptbits.cli.console import plural
from promptbits.cli.git.report import Difference
from promptbits.cli.git.wording import items, values
from promptbits.prompts.comparing import FieldChange
from promptbits.prompts.readable import visible

# A comment on GitHub has at most 65,536 characters. They are counted in UTF-16 here, and some are left for the end.
LIMIT: Final = 65_000
_RESERVE: Final = 400
_BACKTICKS: Final = re.compile(r"`+")
_LONGEST_DIFF: Final = 20_000


def markdown(differences: Sequence[Difference], base: str | None) -> str:
    """One heading for each prompt, a table of fields, and the diff of its content; cut where it is too long."""
    if not differences:
        return "### Prompts\n\nNo prompt has changed.\n"
    counts = {
        change: sum(each.change == change for each in differences)
        for change in ("changed", "added", "renamed", "removed")
    }
    told = ", ".join(f"{count} {change}" for change, count in counts.items() if count)
    parts = [f"### Prompts: {told}\n" + (f"\nCompared with {_code(base)}.\n" if base else "")]
    room = LIMIT - _RESERVE - _size(parts[0])
    for index, each in enumerate(differences):
        section = _section(each, room)
        if section is None:
            parts.append(
                f"\n{plural(len(differences) - index, 'more prompt')} left out: this is as long as a comment may be.\n"
            )
            break
        parts.append(section)
        room -= _size(section)
    return "".join(parts)


def _section(each: Difference, room: int) -> str | None:
    """A prompt as Markdown in at most so many characters; without its diff, or not at all, where that is too long."""
    head = f"\n#### {_code(each.title)} {each.change}\n"
    if each.where:
        head += f"\n{_code(each.where)}\n"
    if each.remark:
        head += f"\n{each.remark[0].upper()}{each.remark[1:]}.\n"
    table = _table(each.comparison.fields, whole=each.is_whole)
    diff = _fenced(each.comparison.diff, min(_LONGEST_DIFF, room - _size(head + table)))
    for section in (head + table + diff, head + table + _left_out(each), head + _left_out(each)):
        if _size(section) <= room:
            return section
    return None


def _left_out(each: Difference) -> str:
    lines = len(each.comparison.diff)
    return f"\n{plural(lines, 'line')} of differences left out.\n" if lines else ""


def _table(fields: Sequence[FieldChange], *, whole: bool) -> str:
    if not fields:
        return ""
    if whole:
        cells = ((change.path, values(change)[change.kind == "added"]) for change in fields)
        return "\n| field | value |\n|---|---|\n" + "".join(
            f"| {_cell(path)} | {_cell(value)} |\n" for path, value in cells
        )
    rows = [f"| {_cell(change.path)} | {' | '.join(_cells(change))} |\n" for change in fields]
    return "\n| field | before | after |\n|---|---|---|\n" + "".join(rows)


def _cells(change: FieldChange) -> tuple[str, str]:
    listed = items(change)
    if listed:  # only what differs: lists of tags are long
        new, gone = listed
        return ", ".join(f"− {_cell(item)}" for item in gone), ", ".join(f"+ {_cell(item)}" for item in new)
    before, after = values(change)
    return ("" if change.kind == "added" else _cell(before)), ("" if change.kind == "removed" else _cell(after))


def _cell(text: str) -> str:
    return _code(text).replace("|", "\\|")


def _code(text: str) -> str:
    """Text as code: nothing in it is Markdown, HTML or a mention of somebody."""
    text = visible(text).replace("\r", "").replace("\n", " ")
    fence = "`" * (_longest_run(text) + 1)
    gap = " " if not text or text[0] in "` " or text[-1] in "` " else ""
    return f"{fence}{gap}{text}{gap}{fence}"


def _fenced(lines: Sequence[str], room: int) -> str:
    """A diff in a fence that is longer than any in it, cut where it is too long."""
    if not lines:
        return ""
    fence = "`" * max(_longest_run("\n".join(lines)) + 1, 3)
    text = f"\n{fence}diff\n"
    end = f"{fence}\n"
    room -= _size(text + end) + 100  # and what is said of the cut
    kept: list[str] = []
    for line in lines:
        room -= _size(line) + 1
        if room < 0:
            break
        kept.append(line)
    if len(kept) == len(lines):
        return text + "".join(f"{line}\n" for line in kept) + end
    rest = f"\n{plural(len(lines) - len(kept), 'more line')} of differences left out.\n"
    return text + "".join(f"{line}\n" for line in kept) + end + rest if kept else rest


def _longest_run(text: str) -> int:
    return max((len(run) for run in _BACKTICKS.findall(text)), default=0)


def _size(text: str) -> int:
    """Characters as GitHub may count them: those beyond the first plane twice."""
    return len(text) + sum(character > "\uffff" for character in text)
