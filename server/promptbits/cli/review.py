"""`promptbits review`: look at what optimizations propose, and decide about it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from promptbits.cli.console import escape, out, out_json, say, shown_path, stdout_style
from promptbits.cli.errors import FINE, CommandError
from promptbits.cli.prompts_at_hand import complete_ids

if TYPE_CHECKING:
    from promptbits.optimize.reviews.model import Outcome, Review

_JSON = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
_NUMBER = click.argument("number", metavar="N", type=click.IntRange(1))
_STATES = ("open", "accepted", "rejected", "superseded")


@click.group("review")
def review() -> None:
    """Look at what optimizations propose, and decide about it."""


@review.command("list")
@click.argument("prompt_id", metavar="[ID]", required=False, shell_complete=complete_ids)
@click.option("--status", type=click.Choice(_STATES), help="Only those of this status; by itself the open ones.")
@click.option("--all", "whatever", is_flag=True, help="Those of every status.")
@_JSON
def list_reviews(prompt_id: str | None, status: str | None, whatever: bool, as_json: bool) -> int:
    """List the open reviews, of one prompt or of all.

    In a pipe the columns are separated by tabs: number, status, prompt, proposals.
    """
    from promptbits.cli.reviews.desk import Desk, told
    from promptbits.cli.reviews.printing import json_value, print_list

    wanted = _STATES if whatever else (status or "open",)
    with told():
        every = Desk().store.all()
    found = [each for each in every if each.status in wanted and prompt_id in (None, each.basis.prompt_id)]
    if as_json:
        out_json({"version": 1, "reviews": [json_value(each) for each in found]})
        return FINE
    print_list(found)
    if not found and not whatever:
        say("no open review: `promptbits optimize ID` makes one, and --all shows those that were decided about")
    return FINE


@review.command("show")
@_NUMBER
@click.option("--candidate", type=click.IntRange(1), default=1, help="The candidate to show as a diff; the best one.")
@_JSON
def show(number: int, candidate: int, as_json: bool) -> int:
    """Show a review: its candidates, what is predicted of them, and what one of them would change."""
    from promptbits.cli.reviews.desk import Desk, told
    from promptbits.cli.reviews.printing import json_value, print_review
    from promptbits.optimize.reviews.revisions import is_stale

    desk = Desk()
    with told():
        found = desk.store.get(number)
        if found.candidates:
            found.candidate(candidate)
    stale = None
    if found.status == "open":
        try:
            stale = is_stale(found, desk.snapshot(found))
        except CommandError as gone:
            say(str(gone))
    if as_json:
        out_json({"version": 1, **json_value(found, stale=stale)})
        return FINE
    print_review(found, candidate, stdout_style())
    if stale:
        say(f"the text has changed since: promptbits review rebase {number}")
    return FINE


@review.command("accept")
@_NUMBER
@click.option("--candidate", type=click.IntRange(1), default=1, help="The candidate to accept; the best one.")
@click.option("--in-place", is_flag=True, help="Put its text in place of the prompt's own.")
@_JSON
def accept(number: int, candidate: int, in_place: bool, as_json: bool) -> int:
    """Accept a candidate as a new revision, in learned/; the prompt itself stays as it is.

    A revision is served once it is promoted, or in an experiment. With --in-place the text of the prompt is replaced.
    """
    from promptbits.cli.reviews.desk import Desk, carry_out, told
    from promptbits.optimize.reviews import evolution, lifecycle, revisions

    desk = Desk()
    done: list[tuple[Outcome, list[Path]]] = []
    by = desk.by()

    def change(it: Review, others: list[Review]) -> list[Review]:
        # Under the lock, so that nobody else decides meanwhile; the library is read anew for the same reason.
        snapshot = desk.renewed().snapshot(it)
        accepted = (revisions.in_place if in_place else revisions.as_revision)(it, candidate, snapshot)
        carry_out(accepted.changes)
        # Before it is kept that this is accepted: whoever is killed in between is asked again, and facts count once.
        desk.record(
            [evolution.of_acceptance(it, accepted.outcome, by)], [it.basis.content, it.candidate(candidate).text]
        )
        done.append((accepted.outcome, [each.path for each in accepted.changes]))
        return lifecycle.accepted(it, others, accepted.outcome, by)

    with told():
        found = desk.store.update(number, change)
    outcome, paths = done[0]
    if as_json:
        _print_decision(found, outcome.prompt_id, outcome.revision, paths)
        return FINE
    for path in paths:
        out(f"{'changed' if in_place else 'created'} {escape(shown_path(path))}")
    if not paths:
        out(f"{escape(outcome.prompt_id)} has this text already")
    if outcome.how == "revision":
        out(f"it is served after `promptbits review promote {escape(outcome.prompt_id)}`, or in an experiment")
    return FINE


@review.command("reject")
@_NUMBER
@click.option("--reason", required=True, help="Why; it is kept with the review, and nowhere else.")
@_JSON
def reject(number: int, reason: str, as_json: bool) -> int:
    """Turn a review down. The text stays as it is."""
    from promptbits.cli.reviews.desk import Desk, told
    from promptbits.optimize.reviews import evolution, lifecycle

    desk = Desk()
    by = desk.by()
    with told():
        found = desk.store.update(number, lambda it, _: [lifecycle.rejected(it, reason, by)])
    fact = evolution.of_rejection(found, by)
    if fact is not None:
        desk.record([fact], [found.basis.content, found.candidate(1).text])
    if as_json:
        _print_decision(found, found.basis.prompt_id, found.basis.revision, [])
    else:
        out(f"review {number} of {escape(found.basis.prompt_id)} is rejected")
    return FINE


@review.command("rebase")
@_NUMBER
@_JSON
def rebase(number: int, as_json: bool) -> int:
    """Carry proposals over to the text as it is now. Those that conflict with it, or break a rule, are given up."""
    from promptbits.cli.reviews.desk import Desk, told
    from promptbits.cli.reviews.printing import json_value, print_review
    from promptbits.optimize.reviews.rebasing import Lost
    from promptbits.optimize.reviews.rebasing import rebase as rebased
    from promptbits.optimize.running import rescoring
    from promptbits.optimize.searching import refuses

    desk = Desk()
    by = desk.by()
    lost: list[Lost] = []

    def change(it: Review, _others: list[Review]) -> list[Review]:
        snapshot = desk.snapshot(it)
        with desk.facts() as facts:
            result = rebased(it, snapshot, refuses, by, rescoring(snapshot, facts, it.run.model))
        lost.extend(result.lost)
        return [result.review]

    with told():
        found = desk.store.update(number, change)
    if as_json:
        gone = [{"candidate": each.candidate, "reason": each.reason} for each in lost]
        out_json({"version": 1, **json_value(found, stale=False), "lost": gone})
        return FINE
    for each in lost:
        say(f"candidate {each.candidate} is given up: {each.reason}")
    print_review(found, 1, stdout_style())
    return FINE


@review.command("refine")
@_NUMBER
@click.option("--candidate", type=click.IntRange(1), default=1, help="The candidate to go on from; the best one.")
@click.option("--breadth", type=click.IntRange(2, 100), help="Proposals in a round; as before.")
@click.option("--depth", type=click.IntRange(1, 20), help="Rounds; as before.")
@click.option("--seed", type=int, help="What the choices hang on; the one after that of the review.")
@click.option("--max-seconds", type=click.FloatRange(0, min_open=True), help="Stop after this time.")
@_JSON
def refine(number: int, candidate: int, as_json: bool, **options: Any) -> int:
    """Optimize on from a candidate. That gives another review, which knows where it comes from."""
    from promptbits.cli.optimize import finish, run
    from promptbits.cli.reviews.desk import Desk, told
    from promptbits.optimize.options import Options
    from promptbits.optimize.reviews.rebasing import origin_of

    desk = Desk()
    with told():
        found = desk.store.get(number)
        snapshot = desk.snapshot(found)
        origin = origin_of(found, candidate, snapshot)
        given = {name: value for name, value in options.items() if value is not None}
        again = Options(
            **{"breadth": found.run.breadth, "depth": found.run.depth, "seed": found.run.seed + 1, **given},
            model=found.run.model or None,
            section=found.basis.section,
            token_budget=found.basis.token_budget,
        )
        new = run(desk, snapshot, again, origin)
    return finish(desk, new, as_json=as_json)


@review.command("promote")
@click.argument("id_", metavar="ID", shell_complete=complete_ids)
@_JSON
def promote(id_: str, as_json: bool) -> int:
    """Let the base of a revision have its content and its variables. The revision's own file stays."""
    from promptbits.cli.reviews.desk import Desk, carry_out, told
    from promptbits.optimize.reviews import evolution, lifecycle
    from promptbits.optimize.reviews.promoting import base_of
    from promptbits.optimize.reviews.promoting import promote as promotion_of

    desk = Desk()
    entry = desk.here.find(id_)[0]
    by = desk.by()
    with told():
        base = base_of(desk.here.library, entry)
        promotion = promotion_of(desk.read(Path(entry.path)), desk.read(Path(base.path)))
        carry_out(promotion.changes)
        origin = next((each for each in desk.store.all() if each.outcome and each.outcome.prompt_id == id_), None)
        if promotion.changes or origin is not None:
            desk.record([evolution.of_promotion(promotion, by, origin)], [promotion.before, promotion.after])
        if promotion.changes and origin is not None:
            desk.store.update(origin.number, lambda it, _: [lifecycle.promoted(it, base.id, by)])
    paths = [change.path for change in promotion.changes]
    if as_json:
        out_json(
            {
                "version": 1,
                "prompt": base.id,
                "promoted": id_,
                "revision": promotion.revision,
                "files": [shown_path(path) for path in paths],
            }
        )
        return FINE
    where = shown_path(paths[0]) if paths else ""
    text = f"{base.id} is revision {promotion.revision} now: {where}" if paths else f"{base.id} has this text already"
    out(escape(text))
    return FINE


def _print_decision(found: Review, prompt_id: str, revision: int, paths: list[Path]) -> None:
    out_json(
        {
            "version": 1,
            "review": found.number,
            "status": found.status,
            "prompt": prompt_id,
            "revision": revision,
            "files": [shown_path(path) for path in paths],
        }
    )
