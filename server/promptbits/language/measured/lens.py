"""The lens about what is measured of a prompt: on the line of its id."""

from __future__ import annotations

from collections.abc import Iterator

from promptbits.checks.measurements import comparison, measurements
from promptbits.checks.snapshot import Snapshot
from promptbits.language.measured.words import compared, summary


def titles(snapshot: Snapshot) -> Iterator[tuple[int, int, str]]:
    """Where the lens stands, and its title; nothing where nothing is measured.

    While a text is changed, the lens stays where it is and tells whose numbers they are.
    """
    found = measurements(snapshot)
    member = snapshot.document.tree.find_member(("id",)) if found is not None else None
    if found is None or member is None:
        return
    if not found.own.is_empty:
        title = " · ".join(part for part in (summary(found.own), compared(comparison(snapshot))) if part)
    elif found.before is not None:
        title = f"changed text: not measured yet · the text before: {summary(found.measured.of(found.before))}"
    else:
        return
    if title:
        yield member.key.start, member.key.end, title
