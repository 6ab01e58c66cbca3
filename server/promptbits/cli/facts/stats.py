"""`promptbits stats`: what is measured about prompts."""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final, get_args

import click

from promptbits.cli.console import is_terminal, out, out_json, say, shown_path
from promptbits.cli.errors import FINE
from promptbits.cli.facts.grouping import By, Row, Sort, Text, ordered, rows
from promptbits.cli.facts.stats_report import columns, json_value, print_plain, print_table
from promptbits.cli.facts.times import as_moment
from promptbits.cli.prompts_at_hand import AtHand, at_hand, complete_ids
from promptbits.facts.store import Summary

_HELP: Final = """\
Show what is measured about prompts, or about those with these IDs.

\b
  conversations  those with a known outcome; runs are all executions
  success        of conversations, with its 95 % interval; sorted by its lower end
  p50, p95       how long runs took, good to 5 %
  tokens, cost   means over the runs that tell them
  30 days        the success rate of each day (UTC) in eighths of 100 %; a dot where nothing is known

Numbers belong to a text: with one ID there is a row for each text that it had, and the one that it has now is marked.
Without IDs, or with several, a row is about all texts of a prompt.
"""


@click.command(help=_HELP)
@click.argument("ids", metavar="[ID…]", nargs=-1, shell_complete=complete_ids)
@click.option("--by", type=click.Choice([*get_args(By)]), help="A row for each of these within a prompt.")
@click.option(
    "--since",
    metavar="WHEN",
    callback=as_moment,
    help="Only days from this one on: 2026-11-20, or 30d for 30 days ago.",
)
@click.option("--sort", type=click.Choice([*get_args(Sort)]), help="What comes first.")
@click.option("--reverse", is_flag=True, help="The other order of --sort.")
@click.option("--trend", is_flag=True, help="The success rates of 30 days, whatever the width of the terminal.")
@click.option("--plot", metavar="FILE", type=click.Path(), help="Draw the success rates per day: .svg or .png.")
@click.option("--calibration", is_flag=True, help="What was predicted of accepted proposals, beside what was measured.")
@click.option("--json", "as_json", is_flag=True, help="Print the numbers as JSON.")
def stats(
    ids: tuple[str, ...],
    by: By | None,
    since: datetime | None,
    sort: Sort | None,
    reverse: bool,
    trend: bool,
    plot: str | None,
    calibration: bool,
    as_json: bool,
) -> int:
    """Show what is measured; `_HELP` says it to users, with the line breaks that click would take out."""
    if reverse and sort is None:
        raise click.UsageError("--reverse goes with --sort")
    if calibration:
        if by or since or sort or trend:
            raise click.UsageError("--calibration goes with IDS, --plot and --json only")
        from promptbits.cli.facts.calibration import show

        return show(at_hand(), ids, Path(plot) if plot else None, as_json=as_json)
    today = datetime.now(UTC).date()
    first = since.date().isoformat() if since else None
    here = at_hand()
    by = by or ("revision" if len(ids) == 1 else "prompt")
    summaries = _summaries(here, ids, first)
    found = rows(summaries, by, _now(here, ids) if by == "revision" else {})
    if sort:
        found = ordered(found, sort, backwards=reverse)
    if plot:
        lines = rows(summaries, "prompt", {}) if by == "day" else found
        _plot(Path(plot), lines, ids, since.date() if since else None, today)
        (say if as_json else out)(f"Drew {shown_path(plot)}")
    if as_json:
        out_json(json_value(found, by, first, today))
    elif not plot:
        _print(found, by, today, trend=trend)
    return FINE


def _summaries(here: AtHand, ids: tuple[str, ...], first: str | None) -> list[Summary]:
    """The summaries of prompts from a day on. That nothing is measured yet is no error; an unknown id is one."""
    from promptbits.cli.facts.opening import opened, take_in_waiting
    from promptbits.facts.locating import facts_path

    path = facts_path(here.root.path)
    take_in_waiting(path)
    found: list[Summary] = []
    if path.exists():
        with opened(path, read_only=True) as store:
            found = store.summaries(ids or None)
    else:
        say(f"nothing is measured yet: {shown_path(path)} is not there")
    for id_ in ids:
        if not any(row.prompt_id == id_ for row in found):
            here.find(id_)
    return [row for row in found if first is None or row.day >= first]


def _now(here: AtHand, ids: tuple[str, ...]) -> dict[str, Text]:
    from promptbits.cli.facts.texts import Texts

    texts = Texts(here.library)
    known = {id_: texts.now(id_) for id_ in ids}
    return {id_: Text(text.content_sha256, text.revision) for id_, text in known.items() if text}


def _print(found: list[Row], by: By, today: date, *, trend: bool) -> None:
    shown = columns(found, by, today, trend=trend)
    if not is_terminal(sys.stdout):
        print_plain(found, shown)
    elif found:
        print_table(found, shown, "prompt" if by == "prompt" else "row")
    else:
        out("Nothing is measured yet of these prompts")


def _plot(path: Path, found: list[Row], ids: tuple[str, ...], first: date | None, today: date) -> None:
    from promptbits.cli.facts.plot import draw

    left_out = draw(path, found, ", ".join(ids) or "all prompts", first, today)
    for line in left_out:
        say(line)
