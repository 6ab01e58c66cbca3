"""What is stated beside what is measured: the confidence, the text, and the parent of a prompt."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from promptbits.checks.finding import Edit, Finding, Fix
from promptbits.checks.snapshot import Snapshot
from promptbits.checks.words import shown

if TYPE_CHECKING:
    from promptbits.facts.intervals import Interval

# Fewer conversations than these say too little to bring it up.
AT_LEAST: Final = 30


def check(snapshot: Snapshot) -> Iterator[Finding]:
    """What the facts say against the prompt. Nothing, where nothing is measured."""
    if snapshot.facts is None:
        return  # and nothing that counts and words facts is imported
    yield from _confidence(snapshot)
    yield from _text(snapshot)
    yield from _parent(snapshot)


def _confidence(snapshot: Snapshot) -> Iterator[Finding]:
    from promptbits.checks.measurements import measurements
    from promptbits.facts import wording

    stated, found = snapshot.prompt.get("confidence"), measurements(snapshot)
    if found is None or isinstance(stated, bool) or not isinstance(stated, int | float) or not 0 <= stated <= 1:
        return
    rate = found.own.rate
    if rate is None or found.own.conversations < AT_LEAST or _agrees(stated, rate):
        return
    measured = f"{rate.estimate:.2f}"
    message = (
        f"the confidence is {stated}, but {wording.rate(rate)} of {found.own.conversations:,} conversations "
        "with this text succeeded"
    )
    where = snapshot.value_range(("confidence",))
    yield Finding("confidence-drift", "information", message, *where, _fix(snapshot, measured))


def _agrees(stated: float, rate: Interval) -> bool:
    """Whether a confidence lies in the measured interval, as far as two decimals can tell.

    The fix writes two: the rate rounded lies between the bounds rounded, so what is fixed is found no more.
    """
    return min(rate.low, round(rate.low, 2)) <= stated <= max(rate.high, round(rate.high, 2))


def _fix(snapshot: Snapshot, measured: str) -> Fix | None:
    node = snapshot.document.tree.find(("confidence",))
    if node is None or node.kind != "number":
        return None
    return Fix(f"Set the confidence to {measured}", (Edit(node.start, node.end, measured),))


def _text(snapshot: Snapshot) -> Iterator[Finding]:
    from promptbits.checks.measurements import measurements
    from promptbits.facts import wording

    found = measurements(snapshot)
    if found is None or found.text is None or found.before is None:
        return
    before = found.measured.of(found.before)
    numbers = f"{wording.rate(before.rate)} of {before.conversations:,} conversations"
    if before.rate is None:
        numbers = f"{before.executions:,} runs"
    message = f"changed text: nothing is measured of it yet, {numbers} belong to the text before"
    yield Finding("stale-statistics", "hint", message, *snapshot.value_range(("id",)))


def _parent(snapshot: Snapshot) -> Iterator[Finding]:
    from promptbits.checks.measurements import comparison
    from promptbits.facts import wording

    if not isinstance(snapshot.prompt.get("parent"), str):
        return
    found = comparison(snapshot)
    if found is None or min(found.own.conversations, found.parent.conversations) < AT_LEAST:
        return
    if found.difference.high >= 0:
        return
    message = (
        f'less succeeded than with its parent "{shown(found.parent_id, 40)}": {wording.rate(found.own.rate)} of '
        f"{found.own.conversations:,} conversations against {wording.rate(found.parent.rate)} of "
        f"{found.parent.conversations:,}, {wording.points(found.difference)} (observed, not randomized)"
    )
    yield Finding("regression", "information", message, *snapshot.value_range(("parent",)))
