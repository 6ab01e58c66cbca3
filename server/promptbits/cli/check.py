"""`promptbits check`: what is wrong with prompts, in the words that an editor shows."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from typing import Final, Literal, NamedTuple, cast

import click

from promptbits.checks.finding import Finding, Severity
from promptbits.cli.checking import SEVERITIES, Report, examine
from promptbits.cli.collect import Selection, select
from promptbits.cli.console import Style, escape, out, out_json, plural, say, shown_path, stdout_style, width
from promptbits.cli.errors import FAILED, FINDINGS, FINE, CommandError
from promptbits.cli.progress import Progress
from promptbits.cli.workspace import load

Format = Literal["text", "json", "sarif", "github"]
_FORMATS: Final = ("text", "json", "sarif", "github")


class Options(NamedTuple):
    """What was asked for."""

    paths: tuple[str, ...]
    format: Format
    least: Severity
    fix: bool

    def wants(self, finding: Finding) -> bool:
        """Whether a finding is severe enough to be shown."""
        return SEVERITIES.index(finding.severity) <= SEVERITIES.index(self.least)


@click.command()
@click.argument("paths", nargs=-1, type=click.Path())
@click.option("--fix", is_flag=True, help="Mend what can be mended with certainty, then show the rest.")
@click.option("--watch", is_flag=True, help="Check again whenever a file changes, until Ctrl-C.")
@click.option("--format", "form", type=click.Choice(_FORMATS), default="text", help="How to show what is found.")
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.option(
    "--severity",
    type=click.Choice(SEVERITIES),
    default="hint",
    help="Leave out what is milder than this. Only errors and warnings make the command fail.",
)
def check(paths: tuple[str, ...], fix: bool, watch: bool, form: str, as_json: bool, severity: str) -> int:
    """Say what is wrong with prompts.

    Without PATHS, the prompts of the current root. A file is checked wherever it lies. Of a folder that is or
    holds a root (promptbits.toml, .promptbits/ or prompts/), its prompts are checked and what says of itself that
    it is one; of any other folder, every JSON file.
    """
    if as_json and form not in ("text", "json"):
        raise click.UsageError(f"--json and --format {form} exclude each other")
    options = Options(paths, cast("Format", "json" if as_json else form), cast("Severity", severity), fix)
    if watch:
        from promptbits.cli.watching import watch as keep_watching

        return keep_watching(options)
    return run_once(options)


def run_once(options: Options) -> int:
    """Check once, show what was found, and return the exit code."""
    selection = select(options.paths)
    _require_something(selection, options.paths)
    for warning in selection.warnings:
        say(f"warning: {warning}")
    problems: list[str] = []
    if options.fix:
        problems += _fix(selection, options)
    with Progress("Checking") as progress:
        report = examine(load(selection, progress), options.least, progress)
    problems += [f"{shown_path(each.path)}: {each.reason}" for each in report.unreadable]
    for problem in problems:
        say(problem)
    show(report, options.format)
    if problems:
        return FAILED
    return FINDINGS if report.fails else FINE


def _require_something(selection: Selection, paths: Sequence[str]) -> None:
    if selection.targets or selection.unreadable:
        return
    if paths:
        where = ", ".join(shown_path(path) for path in paths)
        raise CommandError(f"no JSON files found under {where}: name the files, or a folder that holds them")
    root = next(iter(selection.roots.values()))
    folders = ", ".join(f"{name}/" for name in root.settings.roots)
    raise CommandError(
        f"no prompts found under {root.path} (looked in {folders}): run `promptbits init`, or name files or folders"
    )


def show(report: Report, form: Format) -> None:
    """Print a report."""
    match form:
        case "json":
            from promptbits.cli.report_machine import as_json

            out_json(as_json(report))
        case "sarif":
            from promptbits.cli.report_machine import as_sarif

            out_json(as_sarif(report))
        case "github":
            from promptbits.cli.report_machine import as_github

            _lines(as_github(report))
        case "text":
            from promptbits.cli.report_text import render

            _lines(render(report, stdout_style(), width()))


def _lines(lines: Iterable[str]) -> None:
    text = "\n".join(lines)
    if text:
        out(text)


def _fix(selection: Selection, options: Options) -> list[str]:
    """Mend the files, say what was mended, and return what could not be."""
    from promptbits.cli.fixing import fix_all

    fixed = fix_all(load(selection), options.wants)
    style = stdout_style() if options.format == "text" else Style(False)
    stream = sys.stdout if options.format == "text" else sys.stderr
    for path, codes in fixed.files.items():
        listed = ", ".join(f"{code} ×{count}" if count > 1 else code for code, count in sorted(codes.items()))
        click.echo(f"{style('fixed', 'green')} {escape(shown_path(path))}: {listed}", file=stream, color=True)
    if fixed.files:
        total = f"Fixed {plural(fixed.count, 'finding')} in {plural(len(fixed.files), 'file')}"
        click.echo(total + "\n", file=stream)
    if fixed.skipped:
        say(f"{plural(fixed.skipped, 'file')} left alone that may be no prompts: name them to have them fixed")
    return fixed.problems
