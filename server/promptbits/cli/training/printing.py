"""What came of a training, for people and for programs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from promptbits.cli.console import escape, out, out_json, shown_path, stdout_style
from promptbits.cli.training.learning import Outcome
from promptbits.optimize.training.places import folder_of
from promptbits.optimize.training.registry import Versions

if TYPE_CHECKING:
    from promptbits.optimize.training.trainer import Training

_PAINT: Final = {"promoted": "green", "not_promoted": "yellow", "unchanged": "dim", "too_few": "dim"}


def named(lineage: str, model: str) -> str:
    """A lineage and a model, as they are printed."""
    return escape(f"{lineage} · {model or 'model unknown'}")


def print_text(root: Path, outcome: Outcome) -> None:
    """A line for each training, with where its card lies, and one for the operators."""
    style = stdout_style()
    if not outcome.is_there:
        out(f"nothing is measured yet: {escape(shown_path(outcome.facts))} is not there")
        return
    for each in outcome.trained:
        about = named(each.material.lineage, each.material.model)
        out(f"{style(about, 'bold')}: {style(_result(each), _PAINT[each.result])}{escape(each.reason)}")
        if each.card:
            out(f"  {each.card['why']}")
            out(f"  {escape(shown_path(_versions(root, each).readable(each.card['number'])))}")
    if not outcome.trained:
        out("no known outcome of any text of these prompts: nothing to learn from yet")
    if outcome.operators is not None and (outcome.changed or outcome.operators.evolutions):
        out(f"operators: {outcome.operators.words}{'' if outcome.changed else ', as before'}")


def print_json(root: Path, outcome: Outcome) -> None:
    """The same as one value."""
    operators = outcome.operators
    out_json(
        {
            "version": 1,
            "trained": [_value(root, each) for each in outcome.trained],
            "operators": None if operators is None else {"changed": outcome.changed, **operators.table()},
        }
    )


def _result(training: Training) -> str:
    if training.result == "promoted":
        return f"version {training.number} promoted: "
    return f"version {training.number} not promoted: " if training.result == "not_promoted" else ""


def _versions(root: Path, training: Training) -> Versions:
    return Versions(folder_of(root, training.material.lineage, training.material.model))


def _value(root: Path, training: Training) -> dict[str, Any]:
    versions = _versions(root, training)
    material, number = training.material, training.number
    return {
        "lineage": material.lineage,
        "model": material.model or None,
        "result": training.result,
        "reason": training.reason,
        "number": number,
        "current": versions.current(),
        "path": None if number is None else str(versions.scorer(number)),
        "texts": len(material.texts),
        "conversations": material.trials,
        "card": training.card or None,
    }
