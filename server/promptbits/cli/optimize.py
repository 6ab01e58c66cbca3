"""`promptbits optimize`: propose better versions of a prompt, and keep them as a review."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from promptbits.cli.console import out, out_json, shown_path, stdout_style
from promptbits.cli.errors import FINE, CommandError
from promptbits.cli.prompts_at_hand import complete_ids

if TYPE_CHECKING:
    from promptbits.checks.snapshot import Snapshot
    from promptbits.cli.reviews.desk import Desk
    from promptbits.optimize.options import Options
    from promptbits.optimize.reviews.model import Origin, Review


@click.command()
@click.argument("prompt", metavar="ID|FILE", shell_complete=complete_ids)
@click.option("--breadth", type=click.IntRange(2, 100), default=10, show_default=True, help="Proposals in a round.")
@click.option("--depth", type=click.IntRange(1, 20), default=3, show_default=True, help="Rounds.")
@click.option("--seed", type=int, default=0, show_default=True, help="What the choices hang on.")
@click.option("--max-seconds", type=click.FloatRange(0, min_open=True), help="Stop after this time.")
@click.option("--section", metavar="HEADING", help="Change nothing but the section under this heading.")
@click.option("--tokens", type=click.IntRange(1), help="Get below this number of tokens, as far as that can be told.")
@click.option("--model", help="The model whose facts count; the one with the most if left out.")
@click.option("--json", "as_json", is_flag=True, help="Print the review as JSON.")
def optimize(
    prompt: str,
    breadth: int,
    depth: int,
    seed: int,
    max_seconds: float | None,
    section: str | None,
    tokens: int | None,
    model: str | None,
    as_json: bool,
) -> int:
    """Propose better versions of a prompt, without any model or network, and keep them as a review.

    Nothing is changed: `promptbits review accept` does that. What is predicted of a proposal is a prediction from the
    facts about this prompt and those it evolved from; without measured texts there is an order and no rate.
    """
    from promptbits.cli.reviews.desk import told
    from promptbits.optimize.options import Options

    desk, snapshot = _find(prompt)
    options = Options(breadth, depth, seed, max_seconds, model, _section(snapshot, section), tokens)
    with told():
        review = run(desk, snapshot, options)
    return finish(desk, review, as_json=as_json)


def run(desk: Desk, snapshot: Snapshot, options: Options, origin: Origin | None = None) -> Review:
    """Optimize a prompt as it is now, or go on from a candidate; give the review, kept under its number.

    Raises:
        CommandError: the text cannot be edited, or what scores is not installed.
    """
    from promptbits.cli.progress import Progress
    from promptbits.optimize.running import MissingExtraError
    from promptbits.optimize.running import optimize as optimized
    from promptbits.optimize.searching import remembering
    from promptbits.prompts.content import UnfitError, decoded

    try:
        decoded(snapshot.document)
    except UnfitError as error:
        line, column = snapshot.document.lines.position(error.start, "utf-32")
        where = shown_path(snapshot.path or "")
        raise CommandError(f"{where}:{line + 1}:{column + 1}: {error}") from error
    search = remembering(snapshot.root.path if snapshot.root else None)
    try:
        with desk.facts() as facts, Progress("Optimizing") as progress:
            found = optimized(snapshot, facts, options, by=desk.by(), search=search, origin=origin, progress=progress)
    except MissingExtraError as error:
        raise CommandError(str(error)) from error
    return desk.store.add(found)


def finish(desk: Desk, review: Review, *, as_json: bool) -> int:
    """Print a review that has just been made."""
    from promptbits.cli.reviews.printing import json_value, print_review

    if as_json:
        out_json({"version": 1, **json_value(review)})
        return FINE
    print_review(review, 1, stdout_style())
    out(f"kept as review {review.number}: promptbits review show {review.number}")
    return FINE


def _find(prompt: str) -> tuple[Desk, Snapshot]:
    """A prompt by its id, or by the path of its file, and the reviews of its root."""
    from promptbits.cli.reviews.desk import Desk

    if not (os.sep in prompt or "/" in prompt or prompt.lower().endswith(".json")):
        desk = Desk()
        return desk, desk.read(Path(desk.here.find(prompt)[0].path))
    path = Path(os.path.abspath(prompt))  # noqa: PTH100  (`..` is taken out as well)
    desk = Desk.around(path)
    return desk, desk.read(path)


def _section(snapshot: Snapshot, title: str | None) -> tuple[int, int] | None:
    from promptbits.optimize.options import headings_of, section_of

    if title is None:
        return None
    found = section_of(snapshot.content, title)
    if found is None:
        titles = headings_of(snapshot.content)
        there = f"its headings are {', '.join(map(repr, titles[:10]))}" if titles else "it has no headings"
        raise CommandError(f"the content has no heading {title!r}: {there}")
    return found
