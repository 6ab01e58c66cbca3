"""How often each operator is tried, learned from texts that were measured beside the texts they were made from.

An evolution won if the rate of the new text is higher than that of its parent under the same model, by the 95 %
interval of the difference, and lost if it is lower; otherwise it says nothing. What several edits did together is
shared among them, and what several models say of one evolution among these. So with w wins and l losses:

    weight = ordinary weight · 4^(p − ½),  p = (w + 2) / (w + l + 4)

which is the ordinary weight where nothing is known, and always between half and double of it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, cast

from promptbits.facts.ids import new_id, timestamp
from promptbits.facts.intervals import Interval, newcombe
from promptbits.facts.store import Fact, Summary
from promptbits.optimize.operators.registry import OPERATORS
from promptbits.optimize.training.places import OPERATORS as FILE
from promptbits.optimize.training.places import models_folder, read_json, write_json

LEAST, MOST = 0.5, 2.0
_SMOOTHING: Final = 2.0
_FORMAT: Final = 1


@dataclass(frozen=True, slots=True)
class Learned:
    """What was learned of operators.

    Attributes:
        won: for each operator its share of evolutions that won.
        lost: its share of those that lost.
        evolutions: how many of them won or lost, all together.
        undecided: how many were measured and say nothing.
    """

    won: Mapping[str, float] = field(default_factory=dict[str, float])
    lost: Mapping[str, float] = field(default_factory=dict[str, float])
    evolutions: int = 0
    undecided: int = 0

    @property
    def weights(self) -> dict[str, float]:
        """The weights of the operators of which something is known."""
        return {name: weight(name, self.won.get(name, 0.0), self.lost.get(name, 0.0)) for name in self._names}

    @property
    def _names(self) -> list[str]:
        return [name for name in OPERATORS if self.won.get(name) or self.lost.get(name)]

    def table(self) -> dict[str, Any]:
        """The file of weights."""
        weights = self.weights
        return {
            "version": _FORMAT,
            "evolutions": self.evolutions,
            "undecided": self.undecided,
            "operators": {
                name: {
                    "weight": weights[name],
                    "ordinary": OPERATORS[name].weight,
                    "won": round(self.won.get(name, 0.0), 6),
                    "lost": round(self.lost.get(name, 0.0), 6),
                }
                for name in self._names
            },
        }

    def fact(self) -> Fact:
        """The training as a fact."""
        table = self.table()
        return {
            "kind": "training",
            "id": new_id(),
            "timestamp": timestamp(),
            "trained": "operators",
            "decision": "promoted",
            "digest": hashlib.sha256(json.dumps(table).encode()).hexdigest(),
            "reason": self.words,
            "figures": table,
        }

    @property
    def words(self) -> str:
        """What was learned, in one line."""
        if not self.evolutions:
            open_ = f" ({self.undecided} measured, and undecided)" if self.undecided else ""
            return f"no evolution has won or lost yet{open_}: every operator has its ordinary weight"
        decided = f"{self.evolutions} evolution{'' if self.evolutions == 1 else 's'} that won or lost"
        return f"learned from {decided}, {self.undecided} undecided"


def weight(name: str, won: float, lost: float) -> float:
    """The weight of an operator, between half and double of its ordinary one."""
    share = (won + _SMOOTHING) / (won + lost + 2 * _SMOOTHING)
    return round(OPERATORS[name].weight * 4.0 ** (share - 0.5), 6)


def learn(evolutions: Iterable[Fact], summaries: Sequence[Summary]) -> Learned:
    """Learn from the evolutions whose texts were both measured under one model. The order of facts does not matter."""
    counts = counted(summaries)
    won: dict[str, float] = {}
    lost: dict[str, float] = {}
    decided = undecided = 0
    for before, after, edits in sorted(_distinct(evolutions)):
        verdicts = [_verdict(between) for between in effects(counts, before, after).values()]
        if not verdicts:
            continue
        clear = [each for each in verdicts if each]
        if not clear:
            undecided += 1
            continue
        decided += 1
        share = 1.0 / (len(edits) * len(clear))
        for each in clear:
            side = won if each > 0 else lost
            for name in edits:
                side[name] = side.get(name, 0.0) + share
    return Learned(won, lost, decided, undecided)


def counted(summaries: Iterable[Summary]) -> dict[str, dict[str, tuple[int, int]]]:
    """Successes and conversations with an outcome, of each text under each model."""
    counts: dict[str, dict[str, tuple[int, int]]] = {}
    for row in summaries:
        if row.successes or row.failures:
            of_text = counts.setdefault(row.content_sha256, {})
            successes, trials = of_text.get(row.model, (0, 0))
            of_text[row.model] = successes + row.successes, trials + row.successes + row.failures
    return counts


def effects(counts: Mapping[str, Mapping[str, tuple[int, int]]], before: str, after: str) -> dict[str, Interval]:
    """How much higher the rate of a text is than that of another, for each model that both were measured under."""
    old, new = counts.get(before, {}), counts.get(after, {})
    between = {model: newcombe(*new[model], *old[model]) for model in sorted(old.keys() & new.keys())}
    return {model: each for model, each in between.items() if each is not None}


def kept_weights(root: Path | None) -> dict[str, float]:
    """The weights that were learned in a root; empty where nothing was learned, or the file is damaged."""
    if root is None:
        return {}
    table: Any = (read_json(models_folder(root) / FILE) or {}).get("operators")
    if not isinstance(table, dict):
        return {}
    found: dict[str, float] = {}
    for name, row in cast("dict[str, Any]", table).items():
        value: Any = cast("dict[str, Any]", row).get("weight") if isinstance(row, dict) else None
        if name in OPERATORS and type(value) in (int, float):
            ordinary = OPERATORS[name].weight
            # A number that is none compares false, and becomes the least.
            found[name] = min(value, ordinary * MOST) if value >= ordinary * LEAST else ordinary * LEAST
    return found


def keep(root: Path, learned: Learned) -> bool:
    """Keep what was learned; false where the same is kept already, or there is nothing to keep.

    Raises:
        OSError: it cannot be written.
    """
    path = models_folder(root) / FILE
    table = learned.table()
    before = read_json(path)
    if before == table or (before is None and not learned.evolutions):
        return False
    write_json(path, table)
    return True


def _distinct(evolutions: Iterable[Fact]) -> set[tuple[str, str, tuple[str, ...]]]:
    """Each change of a text once, however often it was decided about, with the operators that made it."""
    found: set[tuple[str, str, tuple[str, ...]]] = set()
    for fact in evolutions:
        before, after = fact.get("parent_sha256"), fact.get("content_sha256")
        edits = tuple(sorted({each for each in fact.get("edits", ()) if each in OPERATORS}))
        if before and after and before != after and edits:
            found.add((before, after, edits))
    return found


def _verdict(between: Interval) -> int:
    return 1 if between.low > 0 else -1 if between.high < 0 else 0
