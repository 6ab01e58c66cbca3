"""`promptbits list`: the prompts of the root and those that ship."""

from __future__ import annotations

import sys
from typing import Any, Final

import click

from promptbits.cli.console import escape, is_terminal, out, out_json, plural, say, shown_path, use_color, width
from promptbits.cli.errors import FAILED, FINE
from promptbits.cli.prompts_at_hand import at_hand
from promptbits.prompts.entry import Entry
from promptbits.prompts.library import Library
from promptbits.prompts.root import LAYERS

# The columns on a terminal: title, style, and how wide the terminal must be to show it. The id is never cut.
_COLUMNS: Final = (
    ("id", "bold", 0),
    ("layer", "cyan", 72),
    ("category", None, 140),
    ("trigger", None, 140),
    ("description", "dim", 0),
)


@click.command("list")
@click.argument("text", nargs=-1)
@click.option("--tag", "tags", multiple=True, metavar="TAG", help="Only with this tag; repeat it to ask for several.")
@click.option("--layer", "layers", multiple=True, type=click.Choice(LAYERS), help="Only of this layer.")
@click.option("--all", "shadowed", is_flag=True, help="Also those that another layer shadows.")
@click.option("--json", "as_json", is_flag=True, help="Print the list as JSON.")
def list_prompts(
    text: tuple[str, ...], tags: tuple[str, ...], layers: tuple[str, ...], shadowed: bool, as_json: bool
) -> int:
    """List the prompts, by layer and id.

    With TEXT, only those that hold each word of it in id, description, trigger, category or tags. In a pipe the
    columns are separated by tabs: id, layer, category, trigger, description.
    """
    library = at_hand().library
    for each in library.unreadable:
        say(f"{shown_path(each.path)}: {each.reason}")
    words = [word.casefold() for word in " ".join(text).split()]
    entries = [
        entry
        for entry in library.entries()
        if entry.id
        and (not layers or entry.layer in layers)
        and set(tags) <= set(entry.tags)
        and _holds(entry, words)
        and (shadowed or library.by_id(entry.id)[0].path == entry.path)
    ]
    entries.sort(key=lambda entry: (entry.rank, entry.id, entry.path))
    if as_json:
        out_json({"version": 1, "prompts": [as_json_value(entry, library) for entry in entries]})
    elif is_terminal(sys.stdout):
        _print_table(entries)
    else:
        for entry in entries:
            out("\t".join(escape(cell) for cell in _cells(entry)))
    return FAILED if library.unreadable else FINE


def _holds(entry: Entry, words: list[str]) -> bool:
    text = " ".join((entry.id, entry.description, entry.trigger_name, entry.category, *entry.tags)).casefold()
    return all(word in text for word in words)


def _cells(entry: Entry) -> tuple[str, str, str, str, str]:
    trigger = f"{entry.trigger_kind}: {entry.trigger_name}" if entry.trigger_name else ""
    return entry.id, entry.layer, entry.category, trigger, entry.description


def as_json_value(entry: Entry, library: Library) -> dict[str, Any]:
    """What is known of a prompt but for its text."""
    same = library.by_id(entry.id)
    behind = same[same.index(entry) + 1 :]
    return {
        "id": entry.id,
        "layer": entry.layer,
        "file": shown_path(entry.path),
        "description": entry.description,
        "category": entry.category,
        "trigger": {entry.trigger_kind: entry.trigger_name} if entry.trigger_name else None,
        "source": entry.source,
        "confidence": entry.confidence,
        "tags": list(entry.tags),
        "variables": list(entry.variables),
        "version": entry.version or None,
        "revision": entry.revision,
        "parent": entry.parent or None,
        "related": list(entry.related),
        "shadows": [shown_path(other.path) for other in behind],
    }


def _print_table(entries: list[Entry]) -> None:
    if not entries:
        out("No prompts match")
        return
    from rich import box  # rich draws on terminals only
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    columns = width()
    shown = [index for index, (_, _, least) in enumerate(_COLUMNS) if columns >= least]
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for index in shown:
        title, style, _ = _COLUMNS[index]
        # Rich takes the room that is missing from the columns that may wrap: from the description alone.
        table.add_column(
            Text(title, no_wrap=True, overflow="ellipsis"), style=style, no_wrap=title != "description", overflow="fold"
        )
    for entry in entries:
        cells = _cells(entry)
        *others, last = shown
        table.add_row(
            *(escape(cells[index]) for index in others),
            Text(escape(cells[last]), no_wrap=True, overflow="ellipsis"),
        )
    colors = "auto" if use_color(sys.stdout) else None
    console = Console(highlight=False, markup=False, emoji=False, width=columns, color_system=colors)
    console.print(table)
    console.print(plural(len(entries), "prompt"))
