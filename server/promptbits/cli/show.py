"""`promptbits show`: the text of a prompt, as written or rendered."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, cast

import click

from promptbits.cli.console import escape, escape_lines, is_terminal, out, out_json, shown_path, stdout_style
from promptbits.cli.errors import FINE, CommandError
from promptbits.cli.list_prompts import as_json_value
from promptbits.cli.prompts_at_hand import at_hand, complete_ids
from promptbits.prompts.entry import Entry
from promptbits.prompts.render import RenderError, render
from promptbits.text.document import Document


@click.command()
@click.argument("id_", metavar="ID", shell_complete=complete_ids)
@click.option("--render", "rendered", is_flag=True, help="Fill in the variables.")
@click.option("-v", "--var", "values", multiple=True, metavar="NAME=VALUE", help="A value to fill in.")
@click.option("--partial", is_flag=True, help="Leave placeholders without a value as they are.")
@click.option("--json", "as_json", is_flag=True, help="Print text and all that is known of the prompt as JSON.")
def show(id_: str, rendered: bool, values: tuple[str, ...], partial: bool, as_json: bool) -> int:
    """Show the text of the prompt with this ID.

    In a pipe nothing but the text is printed. A value is read as JSON where the variable is not a string:
    -v count=3 -v 'names=["a", "b"]'.
    """
    if (values or partial) and not rendered:
        raise click.UsageError("-v and --partial go with --render")
    here = at_hand()
    entries = here.find(id_)
    entry = entries[0]
    prompt = read_prompt(entry)
    text = prompt.get("content")
    if not isinstance(text, str):
        raise CommandError(f"{shown_path(entry.path)}: the prompt has no content: run `promptbits check` on it")
    if rendered:
        text = _render(entry, text, prompt.get("variables"), values, partial=partial)
    if as_json:
        out_json({**as_json_value(entry, here.library), "content": text, "rendered": rendered})
    elif is_terminal(sys.stdout):
        for line in _heading(entries):
            out(line)
        out(escape_lines(text), newline=not text.endswith("\n"))
    else:
        click.echo(text, nl=False, color=True)
    return FINE


def read_prompt(entry: Entry) -> dict[str, Any]:
    """The prompt in a file, as far as it can be read."""
    value = Document.from_bytes(Path(entry.path).read_bytes()).value
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def _heading(entries: list[Entry]) -> Iterator[str]:
    style = stdout_style()
    entry = entries[0]
    yield f"{style(escape(entry.id), 'bold')}  {escape(entry.description)}".rstrip()
    yield style(f"{entry.layer}: {escape(shown_path(entry.path))}", "dim")
    for other in entries[1:]:
        word = "duplicate of" if other.layer == entry.layer else "shadows"
        yield style(f"{word} {other.layer}: {escape(shown_path(other.path))}", "dim")
    yield ""


def _render(entry: Entry, text: str, declared: Any, values: tuple[str, ...], *, partial: bool) -> str:
    specs: dict[str, Mapping[str, Any]] = {}
    if isinstance(declared, dict):
        specs = {
            name: cast("dict[str, Any]", spec)
            for name, spec in cast("dict[str, Any]", declared).items()
            if isinstance(spec, dict)
        }
    try:
        return render(text, specs, dict(_value(each, specs) for each in values), partial=partial)
    except RenderError as error:
        raise CommandError(f"{shown_path(entry.path)}: {error}: give values with -v NAME=VALUE") from error


def _value(assignment: str, specs: Mapping[str, Mapping[str, Any]]) -> tuple[str, Any]:
    name, equals, text = assignment.partition("=")
    if not equals or not name:
        raise click.UsageError(f"-v {assignment}: expected NAME=VALUE")
    kind = specs.get(name, {}).get("type", "string")
    if kind == "string":
        return name, text
    try:
        return name, json.loads(text)
    except ValueError:
        raise click.UsageError(f"-v {assignment}: {name} is of type {kind}, and this is no such value") from None
