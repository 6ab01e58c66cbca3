"""`promptbits diff`: what has changed in prompts, as text."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from promptbits.cli.collect import current_root
from promptbits.cli.console import out, out_json, say, shown_path, stdout_style
from promptbits.cli.errors import FINDINGS, FINE
from promptbits.cli.git.history import Changed, apart, changed_since, id_of
from promptbits.cli.git.report import Difference, json_value, text_lines
from promptbits.cli.git.report_markdown import markdown
from promptbits.cli.git.runner import Repository
from promptbits.cli.git.sides import Finder, Side
from promptbits.cli.prompts_at_hand import at_hand, complete_ids
from promptbits.prompts.comparing import compare
from promptbits.prompts.root import stem

_HEAD: Final = "HEAD"
_HELP: Final = """\
Show what has changed from A to B: the content as a diff of its lines, and each other field.

\b
A and B are each one of
  ID           a prompt of the library
  ID@REVISION  the prompt of its lineage with this revision
  REF:ID       a prompt as it was in a commit of git: HEAD~3:weekly-report
  FILE         any file: drafts/new.json

A alone is compared with the last commit (HEAD), or with --parent with the prompt that it evolved from. Without A and B,
all prompts of the root that differ from HEAD are shown, or with --base those that differ from where this branch left
REF, as a pull request shows them (git merge-base).

Exit codes are those of diff: 0 no prompt differs, 1 some do, 2 wrong usage or something in the environment.
"""


@click.command(help=_HELP)
@click.argument("one", metavar="[A]", required=False, shell_complete=complete_ids)
@click.argument("other", metavar="[B]", required=False, shell_complete=complete_ids)
@click.option("--base", metavar="REF", help="All prompts that differ from where this branch left REF.")
@click.option("--parent", is_flag=True, help="Compare A with the prompt that it evolved from.")
@click.option(
    "--format", "form", type=click.Choice(["text", "markdown", "json"]), default="text", help="How to print it."
)
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
def diff(one: str | None, other: str | None, base: str | None, parent: bool, form: str, as_json: bool) -> int:
    """Compare prompts; `_HELP` says it to users, with the line breaks that click would take out of a docstring."""
    form = "json" if as_json else form
    if one is None or base is not None:
        if one is not None or parent:
            raise click.UsageError(
                "--base compares all prompts: leave out A, B and --parent" if base else "--parent needs A"
            )
        since, differences = _all(base)
    else:
        if parent and other is not None:
            raise click.UsageError("--parent stands in the place of B: leave one of them out")
        since, differences = None, _pair(one, other, parent=parent)
    if form == "json":
        out_json(json_value(differences, since))
    elif form == "markdown":
        out(markdown(differences, since), newline=False)
    else:
        for line in text_lines(differences, stdout_style()):
            out(line)
    return FINE if all(each.is_same for each in differences) else FINDINGS


def _all(base: str | None) -> tuple[str, list[Difference]]:
    """The prompts that differ from a commit, and that commit in words."""
    root = current_root()
    for warning in root.warnings:
        say(f"warning: {warning}")
    repository = Repository.around(root.path)
    for folder in apart(repository, root):
        say(f"warning: {shown_path(folder)} is no part of this repository and left out: name its prompts one by one")
    commit = repository.commit(_HEAD) if base is None else repository.merge_base(base)
    short = repository.ask("rev-parse", "--short", commit) or commit
    found = [_difference(changed) for changed in changed_since(repository, root, commit)]
    return f"{base or _HEAD} ({short})", found


def _difference(changed: Changed) -> Difference:
    before, after = (
        id_of(data) or (stem(Path(path)) if path else "")
        for data, path in ((changed.before, changed.path_before), (changed.after, changed.path))
    )
    comparison = compare(changed.before, changed.after)
    return Difference(changed.change, before, after, changed.path_before, changed.path, comparison)


def _pair(one: str, other: str | None, *, parent: bool) -> list[Difference]:
    """What differs between two versions that were named, or one and what it is compared with if nothing is said."""
    before, after = _sides(Finder(at_hand), one, other, parent=parent)
    if before is None:
        return [Difference("added", "", after.name, "", after.path, compare(None, after.data))]
    if before.data == after.data:
        return []
    comparison = compare(before.data, after.data)
    return [Difference("changed", before.name, after.name, before.path, after.path, comparison)]


def _sides(finder: Finder, one: str, other: str | None, *, parent: bool) -> tuple[Side | None, Side]:
    if other is not None:
        return finder.find(one), finder.find(other)
    after = finder.find(one)
    return finder.parent(one) if parent else finder.committed(after), after
