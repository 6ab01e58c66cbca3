"""Running operators: which of their edits are allowed, and what a text becomes by several of them."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from typing import Final

from promptbits.optimize.operators.edits import Edit, apart, apply, merged
from promptbits.optimize.operators.protected import contents
from promptbits.optimize.operators.registry import CONFLICTS, OPERATORS, Operator
from promptbits.optimize.operators.view import View

# Seeds whose first choice between two is the first one, the second one, the first one …: no variant comes twice.
_TRIED: Final = [(seed, random.Random(seed).randrange(2)) for seed in range(100)]  # noqa: S311 no secret
_SEEDS: Final = [
    seed for pair in zip(*([s for s, side in _TRIED if side == each] for each in (0, 1)), strict=False) for seed in pair
]
_ORDER: Final = {name: at for at, name in enumerate(OPERATORS)}


class Editor:
    """The edits of all operators on one prompt, each worked out once."""

    def __init__(self, view: View) -> None:
        self.view = view
        self._found: dict[tuple[str, int], list[Edit]] = {}

    def edits(self, name: str, variant: int = 0) -> list[Edit]:
        """The edits of an operator that are allowed; none where it does not apply."""
        key = (name, variant % OPERATORS[name].variants)
        if key not in self._found:
            self._found[key] = self._allowed(OPERATORS[name], key[1])
        return self._found[key]

    def _allowed(self, operator: Operator, variant: int) -> list[Edit]:
        view = self.view
        if operator.english and not view.english:
            return []
        found = operator.function(view, random.Random(_SEEDS[variant])) or []  # noqa: S311 no secret
        inside = [edit for edit in found if view.may_change(edit.start, edit.end) and not _cuts(view, edit)]
        if not inside or (operator.whole and len(inside) < len(found)) or not _keeps(view, inside):
            return []
        return inside if apply(view.text, inside) != view.text else []

    def applied(self, names: Sequence[str], variant: int = 0) -> tuple[str, tuple[str, ...]]:
        """The text after several operators, and those of them that left a trace in it."""
        edits: list[Edit] = []
        used: list[str] = []
        for name in sorted(names, key=_ORDER.__getitem__):
            if any((name, other) in CONFLICTS or (other, name) in CONFLICTS for other in used):
                continue
            found = self.edits(name, variant)
            together = merged(edits, found)
            if together is None and not OPERATORS[name].whole:
                found = apart(found, edits)
                together = merged(edits, found)
            if found and together is not None:
                edits = together
                used.append(name)
        return apply(self.view.text, edits), tuple(used)


def _cuts(view: View, edit: Edit) -> bool:
    """Whether an edit begins or ends within something that is protected."""
    return any(view.is_inside(at) for at in {edit.start, edit.end})


def _keeps(view: View, edits: Sequence[Edit]) -> bool:
    """Whether all that is protected in what the edits take away stands in what they put there, and nothing more."""
    taken: Counter[str] = Counter()
    given: Counter[str] = Counter()
    for edit in edits:
        if not view.is_free(edit.start, edit.end):
            taken += contents(view.text[edit.start : edit.end], view.basis.variables)
        if any(mark in edit.new for mark in _MARKS) or any(each.isdigit() for each in edit.new):
            given += contents(edit.new, view.basis.variables)
    return _without_tags(taken) == _without_tags(given)


_MARKS: Final = frozenset("\"'“”«»„`<>{}[]$_/\\@#~.")


def _without_tags(found: Counter[str]) -> Counter[str]:
    """Tags are put around variables, and `e.g.` counts for nothing."""
    return Counter({each: count for each, count in found.items() if _counts(each)})


def _counts(each: str) -> bool:
    return any(character.isdigit() for character in each) or each[0] in "\"'“«„`{[$" or "<<" in each or "://" in each
