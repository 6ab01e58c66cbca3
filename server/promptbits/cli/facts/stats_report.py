"""How statistics are printed: a table for people, tabs for a pipe, JSON for programs."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from promptbits.cli.console import escape, out, plural, use_color, width
from promptbits.cli.facts.grouping import By, Row
from promptbits.facts import wording
from promptbits.facts.trend import DAYS, blocks, by_day, days_until

_DASH: Final = "–"
# Between two columns of a table.
_GAP: Final = 3


@dataclass(frozen=True, slots=True)
class _Column:
    """A column: its title, its place among those that a narrow terminal leaves out, its text, whether it is a number.

    Columns of place 0 are always there.
    """

    title: str
    place: int
    cell: Callable[[Row], str]
    is_number: bool = True


def columns(found: Sequence[Row], by: By, today: date, *, trend: bool) -> list[_Column]:
    """The columns of a report. What makes all rows differ comes first."""
    first: list[_Column] = []
    if by == "prompt" or len({row.prompt_id for row in found}) > 1:
        first.append(_Column("prompt", 0, lambda row: row.prompt_id, is_number=False))
    if by != "prompt":
        first.append(_Column(_TITLES[by], 0, lambda row: row.label, is_number=False))
    days = days_until(today)
    last = _Column(_TREND, 9, lambda row: blocks(by_day(row.summaries, days)), is_number=False)
    if by in ("prompt", "model", "variant"):
        first.append(_Column("texts", 8, lambda row: f"{row.texts:,}"))
    if trend:
        conversations, success = _NUMBERS[:2]
        return [*first, replace(conversations, place=2), replace(success, place=1), replace(last, place=0)]
    return [*first, *_NUMBERS, *([last] if by != "day" else [])]


def print_plain(found: Sequence[Row], shown: Sequence[_Column]) -> None:
    """Columns separated by tabs, their titles first."""
    out("\t".join(column.title for column in shown))
    for row in found:
        out("\t".join(escape(column.cell(row)) for column in shown))


def print_table(found: Sequence[Row], shown: Sequence[_Column], noun: str) -> None:
    """A table for a terminal. Columns that there is no room for are left out; no number is ever cut."""
    from rich import box  # rich draws on terminals only
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    room = width()
    kept = _fitting(found, shown, room)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for index, column in enumerate(kept):
        table.add_column(
            column.title,
            style="bold" if index == 0 else None,
            justify="right" if column.is_number else "left",
            no_wrap=column.is_number or column.title == _TREND,
            overflow="fold",
        )
    for row in found:
        cells = (escape(column.cell(row)) for column in kept)
        table.add_row(*(Text(_DASH, style="dim") if cell == wording.UNKNOWN else Text(cell) for cell in cells))
    console = Console(
        highlight=False, markup=False, emoji=False, width=room, color_system="auto" if use_color(sys.stdout) else None
    )
    console.print(table)
    console.print(f"{plural(len(found), noun)}; success is over conversations, with its 95 % interval; – cannot tell")


def _fitting(found: Sequence[Row], shown: Sequence[_Column], room: int) -> list[_Column]:
    """The columns that there is room for."""
    from rich.cells import cell_len

    widths = {
        column.title: _GAP
        + max(cell_len(text) for text in (column.title, *(escape(column.cell(row)) for row in found)))
        for column in shown
    }
    kept = list(shown)
    while sum(widths[column.title] for column in kept) > room:
        last = max(kept, key=lambda column: column.place)
        if not last.place:
            break
        kept.remove(last)
    return kept


def json_value(found: Sequence[Row], by: By, since: str | None, today: date) -> dict[str, Any]:
    """The report as one value. What is not known is null."""
    return {"version": 1, "by": by, "since": since, "rows": [_json_row(row, by, today) for row in found]}


def _json_row(row: Row, by: By, today: date) -> dict[str, Any]:
    numbers = row.statistics
    about: dict[str, Any] = {"prompt_id": row.prompt_id}
    if by == "revision":
        about |= {
            "content_sha256": row.content_sha256 or None,
            "revision": row.revision,
            "this_text": row.is_this_text,
        }
    elif by != "prompt":
        about[by] = (row.summaries[0].model if by == "model" else row.summaries[0].variant) or None
        if by == "day":
            about[by] = row.label
    days = days_until(today)
    return about | {
        "texts": row.texts,
        "executions": numbers.executions,
        "conversations": numbers.conversations,
        "successes": numbers.successes,
        "success": numbers.rate._asdict() if numbers.rate else None,
        "p50_ms": numbers.p50,
        "p95_ms": numbers.p95,
        "p99_ms": numbers.p99,
        "timed": numbers.timed,
        "input_tokens": numbers.input_tokens,
        "output_tokens": numbers.output_tokens,
        "cost_usd": numbers.cost,
        "total_cost_usd": numbers.total_cost,
        "rating": numbers.rating,
        "rated": numbers.rated,
        "last_seen_ms": numbers.last_seen or None,
        "trend": [
            {"day": day, "conversations": each.conversations, "successes": each.successes}
            for day, each in zip(days, by_day(row.summaries, days), strict=True)
            if each.conversations
        ],
    }


def _tokens(row: Row) -> str:
    read, written = row.statistics.input_tokens, row.statistics.output_tokens
    if read is None and written is None:
        return wording.UNKNOWN
    return " + ".join(_DASH if each is None else wording.number(each) for each in (read, written))


_TREND: Final = f"{DAYS} days"
_TITLES: Final[dict[By, str]] = {"revision": "text", "model": "model", "variant": "variant", "day": "day"}
_NUMBERS: Final = (
    _Column("conversations", 0, lambda row: f"{row.statistics.conversations:,}"),
    _Column("success", 0, lambda row: wording.rate(row.statistics.rate)),
    _Column("runs", 7, lambda row: f"{row.statistics.executions:,}"),
    _Column("p50", 1, lambda row: wording.duration(row.statistics.p50)),
    _Column("p95", 2, lambda row: wording.duration(row.statistics.p95)),
    _Column("tokens in + out", 5, _tokens),
    _Column("cost", 4, lambda row: wording.dollars(row.statistics.cost)),
    _Column("rating", 3, lambda row: wording.stars(row.statistics.rating)),
    _Column("last seen", 6, lambda row: wording.moment(row.statistics.last_seen)),
)
