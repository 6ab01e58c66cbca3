"""The confidence that the facts speak for, to choose while it is typed."""

from __future__ import annotations

from promptbits.checks.measurements import measurements
from promptbits.checks.snapshot import Snapshot
from promptbits.language.measured.words import is_telling, success


def measured_confidence(snapshot: Snapshot) -> tuple[str, str] | None:
    """The measured rate with two decimals, and in words what it is; None where that says little."""
    found = measurements(snapshot)
    if found is None or found.own.rate is None or not is_telling(found.own.rate):
        return None
    return f"{found.own.rate.estimate:.2f}", f"measured: {success(found.own)}"
