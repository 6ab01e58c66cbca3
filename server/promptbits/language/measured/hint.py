"""The hint behind the confidence: what is measured."""

from __future__ import annotations

from typing import NamedTuple

from promptbits.checks.measurements import measurements
from promptbits.checks.snapshot import Snapshot
from promptbits.facts import wording
from promptbits.language.measured.words import is_telling


class MeasuredHint(NamedTuple):
    """A label at an offset, and what it means."""

    offset: int
    label: str
    tooltip: str


def measured_hint(snapshot: Snapshot) -> MeasuredHint | None:
    """What is measured of this very text, behind its confidence; None where that says little."""
    found = measurements(snapshot)
    if found is None or found.own.rate is None or not is_telling(found.own.rate):
        return None
    node = snapshot.document.tree.find(("confidence",))
    if node is None or node.kind != "number":
        return None
    tooltip = (
        f"Measured: {found.own.successes:,} of {found.own.conversations:,} conversations with this text succeeded, "
        f"{wording.rate(found.own.rate)} with its 95 % interval. The confidence is what its author believes."
    )
    return MeasuredHint(node.end, f" measured {wording.share(found.own.rate)}", tooltip)
