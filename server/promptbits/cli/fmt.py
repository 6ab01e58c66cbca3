"""`promptbits fmt`: prompts in canonical form."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import unified_diff
from typing import Any

import click

from promptbits.cli import files
from promptbits.cli.collect import select
from promptbits.cli.console import (
    Style,
    escape,
    escape_lines,
    is_terminal,
    out,
    out_json,
    plural,
    say,
    shown_path,
    stdout_style,
)
from promptbits.cli.errors import FAILED, FINDINGS, FINE, CommandError, os_error
from promptbits.cli.progress import Progress
from promptbits.cli.workspace import Source, read
from promptbits.prompts.formatting import FormatError, canonical
from promptbits.text.document import Document


@dataclass
class _Outcome:
    """What became of the files."""

    count: int = 0
    changed: list[tuple[Source, str]] = field(default_factory=list[tuple[Source, str]])
    broken: list[tuple[str, int, int, str]] = field(default_factory=list[tuple[str, int, int, str]])
    problems: list[str] = field(default_factory=list[str])


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(allow_dash=True))
@click.option("--check", is_flag=True, help="Write nothing; list what would change and exit with 1.")
@click.option("--diff", is_flag=True, help="Write nothing; show what would change and exit with 1.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def fmt(paths: tuple[str, ...], check: bool, diff: bool, as_json: bool) -> int:
    """Write prompts in canonical form: keys in order, two spaces, no escapes without need.

    PATHS are as for `promptbits check`, but JSON files in a folder are left alone unless they are prompts beyond
    doubt. `-` formats stdin to stdout. A file that is not JSON is left as it is, and the exit code is 1.
    """
    if diff and as_json:
        raise click.UsageError("--diff and --json exclude each other")
    if "-" in paths:
        if len(paths) > 1:
            raise click.UsageError("- stands alone: it reads stdin")
        return _format_stdin(check=check, diff=diff)
    selection = select(paths)
    for warning in selection.warnings:
        say(f"warning: {warning}")
    unreadable = list(selection.unreadable)
    outcome = _Outcome()
    with Progress("Formatting") as progress:
        for source in read(selection, unreadable, progress):
            _format(source, outcome, write=not (check or diff))
    outcome.problems += [f"{shown_path(each.path)}: {each.reason}" for each in unreadable]
    if not outcome.count and not outcome.problems:
        raise CommandError("no prompts found: run `promptbits init`, or name files or folders")
    _report(outcome, check=check, diff=diff, as_json=as_json)
    if outcome.problems:
        return FAILED
    return FINDINGS if outcome.broken or (outcome.changed and (check or diff)) else FINE


def _format(source: Source, outcome: _Outcome, *, write: bool) -> None:
    if not source.is_certain:
        return
    outcome.count += 1
    path = shown_path(source.target.path)
    try:
        text = canonical(source.document)
    except FormatError as error:
        line, column = source.document.lines.position(error.start, "utf-32")
        outcome.broken.append((path, line + 1, column + 1, error.message))
        return
    if text == source.document.text:
        return
    if write:
        try:
            files.replace(source.target.path, text.encode("utf-8"), expected=source.data)
        except CommandError as error:
            outcome.problems.append(str(error))
            return
        except OSError as error:
            outcome.problems.append(os_error(error))
            return
    outcome.changed.append((source, text))


def _report(outcome: _Outcome, *, check: bool, diff: bool, as_json: bool) -> None:
    for problem in outcome.problems:
        say(problem)
    if as_json:
        out_json(_as_json(outcome))
        return
    style = stdout_style()
    for path, line, column, message in outcome.broken:
        out(f"{style(f'{escape(path)}:{line}:{column}:', 'bold')} {style('error', 'red', 'bold')} {escape(message)}")
    for source, text in outcome.changed:
        path = shown_path(source.target.path)
        if diff:
            _print_diff(path, source.document.text, text, style)
        else:
            out(f"{'would format' if check else 'formatted'} {escape(path)}")
    _print_summary(outcome, would=check or diff, to_stderr=diff)


def _print_summary(outcome: _Outcome, *, would: bool, to_stderr: bool) -> None:
    same = outcome.count - len(outcome.changed) - len(outcome.broken)
    parts = [
        f"{plural(len(outcome.changed), 'file')} {'would be formatted' if would else 'formatted'}"
        if outcome.changed
        else "",
        f"{plural(same, 'file')} left unchanged" if same else "",
        f"{plural(len(outcome.broken), 'file')} cannot be formatted" if outcome.broken else "",
    ]
    click.echo(", ".join(part for part in parts if part), err=to_stderr)


def _as_json(outcome: _Outcome) -> dict[str, Any]:
    return {
        "version": 1,
        "files": outcome.count,
        "changed": [shown_path(source.target.path) for source, _ in outcome.changed],
        "failed": [
            {"file": path, "line": line, "column": column, "message": message}
            for path, line, column, message in outcome.broken
        ],
    }


def _print_diff(path: str, before: str, after: str, style: Style) -> None:
    safe = is_terminal(sys.stdout)
    colors = {"+": "green", "-": "red", "@": "cyan"}
    for line in diff_lines(escape(path), before, after):
        text = escape_lines(line) if safe else line
        out(style(text, colors[text[0]]) if text[:1] in colors else text)


def diff_lines(path: str, before: str, after: str) -> Iterator[str]:
    """A unified diff as `patch` reads it, line by line. Lines end at line feeds and nowhere else."""
    for line in unified_diff(_lines(before), _lines(after), f"a/{path}", f"b/{path}"):
        yield line.removesuffix("\n")
        if not line.endswith("\n"):
            yield "\\ No newline at end of file"


def _lines(text: str) -> list[str]:
    lines = text.split("\n")
    return [f"{line}\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])


def _format_stdin(*, check: bool, diff: bool) -> int:
    document = Document.from_bytes(sys.stdin.buffer.read())
    try:
        text = canonical(document)
    except FormatError as error:
        line, column = document.lines.position(error.start, "utf-32")
        click.echo(f"<stdin>:{line + 1}:{column + 1}: error {escape(error.message)}", err=True)
        return FINDINGS
    if diff:
        _print_diff("stdin", document.text, text, stdout_style())
    elif not check:
        sys.stdout.buffer.write(text.encode("utf-8"))
        sys.stdout.buffer.flush()
    return FINDINGS if (check or diff) and text != document.text else FINE
