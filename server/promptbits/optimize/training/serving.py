"""The scorer that was trained and promoted, for whoever optimizes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from promptbits.checks.snapshot import Snapshot
from promptbits.optimize.observations import Measured
from promptbits.optimize.training.material import first_of
from promptbits.optimize.training.places import folder_of
from promptbits.optimize.training.registry import Versions
from promptbits.prompts.entry import entry_of_value

if TYPE_CHECKING:
    from promptbits.optimize.scorer.model import Scorer


def promoted(snapshot: Snapshot, model: str) -> Scorer | None:
    """The scorer in use for the lineage of a prompt and a model; None where none was trained, or it cannot be run."""
    id_ = snapshot.prompt.get("id")
    if snapshot.root is None or not isinstance(id_, str) or not id_:
        return None
    entry = snapshot.library.served(id_) or entry_of_value(str(snapshot.path or ""), "custom", snapshot.prompt)
    versions = Versions(folder_of(snapshot.root.path, first_of(snapshot.library, entry), model))
    number = versions.current()
    if number is None:
        return None
    try:
        from promptbits.optimize.scorer.model import Scorer, ScorerFileError
    except ModuleNotFoundError:
        return None  # whoever asks will say what to install
    try:
        return Scorer.load(versions.scorer(number))
    except (ScorerFileError, ModuleNotFoundError):
        return None  # what is measured is at hand: a scorer can be made of it anew


def standing(scorer: Scorer, learned: Measured) -> str:
    """What the order of a scorer stands on, and how much was measured since it was trained."""
    newer = sum(each.trials for each in learned.texts) - scorer.trials
    if newer <= 0:
        return scorer.standing
    words = "1 newer conversation waits" if newer == 1 else f"{newer:,} newer conversations wait"
    return f"{scorer.standing}; {words} for `promptbits train`"
