"""Which of the numbers in a store belong to a prompt as it stands.

Numbers belong to a text, not to a name: while a text is edited, those of the text before are told apart from its own.
"""

from __future__ import annotations

from typing import NamedTuple

from promptbits.checks.snapshot import Snapshot
from promptbits.facts.intervals import Interval
from promptbits.facts.statistics import Statistics, difference
from promptbits.facts.view import FactsView, Measured


class Measurements(NamedTuple):
    """What is measured of a prompt.

    `facts` knows more of it under its `id`. `text` is the hash of its content, None while that is not to be told, and
    `own` is measured of that very text. `before` is the text that was seen last, where nothing is measured of this one.
    """

    facts: FactsView
    id: str
    measured: Measured
    text: str | None
    own: Statistics
    before: str | None


class Comparison(NamedTuple):
    """A text beside its parent's: what is measured of the parent, and how much higher the rate is than there."""

    revision: int
    parent_id: str
    parent_text: str
    parent_revision: int | None
    own: Statistics
    parent: Statistics
    difference: Interval


def measurements(snapshot: Snapshot) -> Measurements | None:
    """What is measured of a prompt; None where that is nothing, or there is no store."""
    id_ = snapshot.prompt.get("id")
    if snapshot.facts is None or not isinstance(id_, str) or not id_:
        return None
    measured = snapshot.facts.measured(id_)
    if not measured.texts:
        return None
    text = snapshot.content_sha256
    own = measured.of(text) if text is not None else Statistics()
    before = measured.latest(text or "") if own.is_empty and _stands_for(snapshot, id_) else None
    return Measurements(snapshot.facts, id_, measured, text, own, before)


def comparison(snapshot: Snapshot) -> Comparison | None:
    """A text beside the text of its parent that was seen last; None where one of them has no known outcome."""
    parent_id, found = snapshot.prompt.get("parent"), measurements(snapshot)
    if found is None or found.text is None or snapshot.facts is None:
        return None
    if not isinstance(parent_id, str) or not parent_id or parent_id == snapshot.prompt.get("id"):
        return None
    measured = snapshot.facts.measured(parent_id)
    # A parent that took over the text of this prompt has been promoted: it is compared with what it was before.
    text = measured.latest(found.text)
    parent = measured.of(text) if text is not None else Statistics()
    between = difference(found.own, parent)
    if text is None or between is None:
        return None
    revision = measured.revisions.get(text)
    return Comparison(_revision(snapshot), parent_id, text, revision, found.own, parent, between)


def _stands_for(snapshot: Snapshot, id_: str) -> bool:
    """Whether the facts of an id are about this file, and not about one that shadows it."""
    served = snapshot.library.served(id_)
    return served is None or served.path == str(snapshot.path)


def _revision(snapshot: Snapshot) -> int:
    revision = snapshot.prompt.get("revision", 1)
    return revision if isinstance(revision, int) and not isinstance(revision, bool) else 1
