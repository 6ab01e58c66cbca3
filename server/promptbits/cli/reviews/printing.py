"""Reviews on a terminal, in a pipe, and as JSON."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from typing import Any

from promptbits.cli.console import Style, escape, is_terminal, out, plural, use_color, width
from promptbits.cli.git.report import Difference, text_lines
from promptbits.optimize.reviews import wording
from promptbits.optimize.reviews.model import Candidate, Review
from promptbits.optimize.reviews.tables import as_table
from promptbits.prompts.comparing import Comparison, plain_ends, unified

_COLORS = {"open": "green", "accepted": "cyan", "rejected": "red", "superseded": "dim"}


def json_value(review: Review, *, stale: bool | None = None) -> dict[str, Any]:
    """A review for programs: all that is kept of it, and what is said of it."""
    value = as_table(review)
    for number, candidate in enumerate(review.candidates, 1):
        between = wording.gain(candidate, review.run)
        value["candidates"][number - 1] |= {
            "number": number,
            "gain": None if between is None else between._asdict(),
        }
    value |= {"summary": wording.headline(review), "evidence": wording.basis(review), "advice": wording.advice(review)}
    return value if stale is None else value | {"stale": stale}


def print_list(reviews: Sequence[Review]) -> None:
    """A line for each review; in a pipe with tabs between number, status, prompt and summary."""
    rows = [(str(each.number), each.status, each.basis.prompt_id, wording.headline(each)) for each in reviews]
    if not is_terminal(sys.stdout):
        for row in rows:
            out("\t".join(escape(cell) for cell in row))
        return
    _print_table(("#", "status", "prompt", "proposals"), rows)
    out(plural(len(rows), "review"))


def print_review(review: Review, chosen: int, style: Style) -> None:
    """A review: its candidates with what is predicted of them, and what one of them would change."""
    for line in _heading(review, style):
        out(line)
    if review.candidates:
        print_candidates(review)
        for line in difference(review, chosen, style):
            out(line)
    out(wording.advice(review) if review.status == "open" else "")


def print_candidates(review: Review) -> None:
    """The table of the candidates. Without measured texts it has no rates."""
    rated = wording.shows_rates(review)
    titles = ("#", "predicted", "against now", "P(better)", "edits") if rated else ("#", "edits")
    rows = [_cells(number, each, review, rated=rated) for number, each in enumerate(review.candidates, 1)]
    if rated and review.run.original is not None:
        rows.append(("now", wording.rate(review.run.original), "", "", "the text as it is"))
    if is_terminal(sys.stdout):
        _print_table(titles, rows)
    else:
        for row in (titles, *rows):
            out("\t".join(escape(cell) for cell in row))
    out("")


def difference(review: Review, number: int, style: Style) -> Iterator[str]:
    """What a candidate would change, as a diff of lines."""
    diff = tuple(unified(*plain_ends(review.basis.content, review.candidate(number).text)))
    title = f"{review.basis.prompt_id} → candidate {number}"
    return text_lines([Difference("changed", "", title, "", "", Comparison((), diff))], style)


def _heading(review: Review, style: Style) -> Iterator[str]:
    run = review.run
    status = style(review.status, _COLORS[review.status])
    yield f"{style(f'review {review.number}', 'bold')}  {escape(review.basis.prompt_id)}  {status}"
    by = f"{run.proposer}, seed {run.seed}, {run.breadth}×{run.depth}"
    refined = f", from candidate {review.origin.candidate} of review {review.origin.review}" if review.origin else ""
    yield style(escape(f"{by}{refined}"), "dim")
    yield style(escape(wording.basis(review)), "dim")
    refused = sum(each.count for each in review.rejected)
    if refused:
        counts: dict[str, int] = {}
        for each in review.rejected:
            counts[each.reason] = counts.get(each.reason, 0) + each.count
        reasons = ", ".join(f"{reason} {count}" for reason, count in sorted(counts.items()))
        yield style(escape(f"refused by filters: {refused:,} ({reasons})"), "dim")
    for event in review.history[1:]:
        note = f": {event.note}" if event.note else ""
        yield style(escape(f"{event.time[:16].replace('T', ' ')} {event.what} by {event.who}{note}"), "dim")
    yield ""


def _cells(number: int, candidate: Candidate, review: Review, *, rated: bool) -> tuple[str, ...]:
    edits = ", ".join(candidate.edits)
    if not rated:
        return str(number), edits
    between, likely = wording.gain(candidate, review.run), candidate.probability_better
    return (
        str(number),
        wording.rate(candidate.prediction),
        "" if between is None else wording.points(between),
        "" if likely is None else f"{likely:.2f}",
        edits,
    )


def _print_table(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    from rich import box  # rich draws on terminals only
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for title in titles:
        table.add_column(Text(title, no_wrap=True), no_wrap=title != titles[-1], overflow="fold")
    for row in rows:
        table.add_row(*(Text(escape(cell)) for cell in row))
    colors = "auto" if use_color(sys.stdout) else None
    Console(highlight=False, markup=False, emoji=False, width=width(), color_system=colors).print(table)
