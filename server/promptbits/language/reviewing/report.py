"""A review as a document to read: what is proposed, what is predicted of it and from what, and what was refused."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from promptbits.language.markup import printable
from promptbits.optimize.reviews import wording
from promptbits.optimize.reviews.model import Candidate, Review
from promptbits.prompts.comparing import plain_ends, unified

# Of so many candidates the difference is shown at once; of the others there is the table.
MOST_SHOWN: Final = 3

_MARKS: Final = re.compile(r"[\\`*_\[\]<>|]")
_FENCES: Final = re.compile(r"`{3,}")


def report(review: Review, *, stale: bool = False) -> str:
    """A review in Markdown."""
    lines = [
        f"# Review {review.number}: {_plain(review.basis.prompt_id)}",
        "",
        f"**{review.status}** · {_plain(wording.headline(review))}",
        "",
        f"{_plain(wording.basis(review))}.",
        f"{_plain(advice(review))}." if review.status == "open" else "",
    ]
    if stale and review.status == "open":
        lines += ["", "**The text has changed since.** Rebase the proposals before accepting one."]
    lines += ["", *_table(review)]
    for number, candidate in enumerate(review.candidates[:MOST_SHOWN], 1):
        lines += ["", *_candidate(review, number, candidate)]
    if len(review.candidates) > MOST_SHOWN:
        lines += ["", f"Candidates {MOST_SHOWN + 1} to {len(review.candidates)} are in the table above."]
    lines += [*_rejected(review), *_run(review), *_history(review)]
    return "\n".join(lines) + "\n"


def advice(review: Review) -> str:
    """What to do about an open review, for somebody in an editor."""
    if review.recommended is None or not review.candidates:
        return _sentence(wording.advice(review))
    likely = review.candidate(review.recommended).probability_better
    words = f" (P(better) {likely:.2f}, predicted)" if likely is not None else ""
    return f"Candidate {review.recommended} is recommended{words}"


def _table(review: Review) -> Iterator[str]:
    if not review.candidates:
        return
    rated = wording.shows_rates(review)
    titles = ("#", "predicted", "against now", "P(better)", "edits") if rated else ("#", "edits")
    yield f"| {' | '.join(titles)} |"
    yield f"|{'|'.join('---' for _ in titles)}|"
    for number, each in enumerate(review.candidates, 1):
        name = f"{number} (recommended)" if number == review.recommended else str(number)
        edits = _plain(", ".join(each.edits))
        yield f"| {' | '.join((name, *(_predicted(review, each) if rated else ()), edits))} |"
    if rated and review.run.original is not None:
        yield f"| now | {wording.rate(review.run.original)} | | | the text as it is |"


def _predicted(review: Review, candidate: Candidate) -> tuple[str, str, str]:
    between, likely = wording.gain(candidate, review.run), candidate.probability_better
    return (
        wording.rate(candidate.prediction),
        "" if between is None else wording.points(between),
        "" if likely is None else f"{likely:.2f}",
    )


def _candidate(review: Review, number: int, candidate: Candidate) -> Iterator[str]:
    yield f"## Candidate {number}"
    yield ""
    for name, reason in rationales(candidate.edits):
        yield f"- **{_plain(name)}**{f': {_plain(reason)}' if reason else ''}"
    yield ""
    lines = list(unified(*plain_ends(review.basis.content, candidate.text)))
    fence = "`" * max([3, *(len(each) + 1 for line in lines for each in _FENCES.findall(line))])
    yield f"{fence}diff"
    yield from lines
    yield fence


def rationales(edits: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Each kind of edit, once, with why it is done; without a reason what another proposer called its own."""
    from promptbits.optimize.operators.registry import OPERATORS  # late: 70 ms, and only who reads this needs them

    for name in dict.fromkeys(edits):
        operator = OPERATORS.get(name)
        yield name, operator.rationale if operator else ""


def _rejected(review: Review) -> Iterator[str]:
    if not review.rejected:
        return
    counts: dict[str, int] = {}
    edits: dict[str, dict[str, None]] = {}
    for each in review.rejected:
        counts[each.reason] = counts.get(each.reason, 0) + each.count
        edits.setdefault(each.reason, {}).update(dict.fromkeys(each.edits))
    total = sum(counts.values())
    yield from ("", "## Refused before anything was scored", "")
    yield f"{total:,} {'text' if total == 1 else 'texts'}, by reason:"
    yield ""
    for reason, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        by = f" (by {_plain(', '.join(edits[reason]))})" if edits[reason] else ""
        yield f"- {_plain(reason)}: {count:,}{by}"


def _run(review: Review) -> Iterator[str]:
    run = review.run
    yield from ("", "## How this was found", "")
    yield f"- proposer: {_plain(run.proposer)}, seed {run.seed}, {run.breadth} texts in each of {run.depth} rounds"
    if run.measured_texts:
        model = f" with {_plain(run.model)}" if run.model else ""
        yield f"- scorer: learned from {wording.texts(run.measured_texts)}{model}"
    if run.why:
        yield f"- {_plain(run.why)}"
    if review.origin is not None:
        yield f"- goes on from candidate {review.origin.candidate} of review {review.origin.review}"
    if review.basis.token_budget is not None:
        yield f"- to get below {review.basis.token_budget:,} tokens (an estimate)"
    if review.basis.section is not None:
        yield "- changes one section only"


def _history(review: Review) -> Iterator[str]:
    yield from ("", "## What happened to it", "")
    for event in review.history:
        candidate = f" candidate {event.candidate}" if event.candidate is not None else ""
        prompt = f" → {_plain(event.prompt_id)}" if event.prompt_id else ""
        note = f": {_plain(event.note)}" if event.note else ""
        when = _plain(event.time[:16].replace("T", " "))
        yield f"- {when} UTC, {_plain(event.who)}: {event.what}{candidate}{prompt}{note}"


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _plain(text: str) -> str:
    """A text on one line that is no Markdown."""
    return _MARKS.sub(lambda found: f"\\{found[0]}", printable(" ".join(text.split())))
