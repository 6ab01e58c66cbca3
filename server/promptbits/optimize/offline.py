"""The proposer that needs nothing but the prompt: a seeded grammar of edits."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from promptbits.optimize.operators.editing import Editor
from promptbits.optimize.operators.registry import OPERATORS
from promptbits.optimize.operators.view import View
from promptbits.optimize.terms import Attempt, Basis, Proposal

_MOST_TRIES: Final = 24  # for each text that is asked for
_SMALLEST_WEIGHT: Final = 0.01
_VARIANTS: Final = 8
_MOST_KEPT: Final = 4  # edits of attempts: what a reviewer can take in
_MOST_GROWTH: Final = 1.5
_SHORTEN: Final = "shorten"


class OfflineProposer:
    """Proposes edits of the grammar, one or two at first, and then what worked together with something new.

    Args:
        weights: how often each operator is tried, by name, where that was learned; the registry's weights otherwise.
    """

    def __init__(self, weights: Mapping[str, float] | None = None) -> None:
        given = weights or {}
        self._weights = {
            name: max(given.get(name, operator.weight), _SMALLEST_WEIGHT) for name, operator in OPERATORS.items()
        }
        self._last: Editor | None = None  # that of the last prompt: one run asks for the same prompt at each depth

    @property
    def name(self) -> str:
        """Its name, as shown beside each proposal."""
        return "offline"

    def propose(self, basis: Basis, attempts: Sequence[Attempt], n: int, rng: random.Random) -> list[Proposal]:
        """Up to n texts, all different from each other, from the prompt and from the attempts."""
        editor = self._editor(basis)
        # Blanks alone make no other text: nobody would review that.
        seen = {_folded(text) for text in (basis.content, *(attempt.proposal.text for attempt in attempts))}
        # A budget is asked for by somebody who wants less: nothing longer is proposed then.
        longest = len(basis.content) * _MOST_GROWTH if basis.token_budget is None else len(basis.content) - 1
        found: list[Proposal] = []
        traces = self._recombined(editor, attempts, rng) if attempts else self._fresh(editor, n, rng)
        for _, (names, variant) in zip(range(max(n, 0) * _MOST_TRIES), traces, strict=False):
            text, used = editor.applied(names, variant)
            if used and len(text) <= longest and (words := _folded(text)) not in seen:
                seen.add(words)
                found.append(Proposal(text, used))
            if len(found) >= n:
                break
        return found[: max(n, 0)]

    def _editor(self, basis: Basis) -> Editor:
        if self._last is None or self._last.view.basis != basis:
            self._last = Editor(View(replace(basis, variables=dict(basis.variables))))
        return self._last

    def _applicable(self, editor: Editor) -> list[str]:
        """The operators that change something here. With a budget, shortening is part of every proposal."""
        names = [name for name in OPERATORS if name != _SHORTEN and editor.edits(name)]
        if editor.view.basis.token_budget is None:
            return names
        return [name for name in names if name not in _LONGER]

    def _order(self, names: Sequence[str], rng: random.Random) -> list[str]:
        """Names in a random order, the heavy ones rather first."""
        keys = {name: rng.random() ** (1 / self._weights[name]) for name in names}
        return sorted(names, key=lambda name: (-keys[name], name))

    def _fresh(self, editor: Editor, n: int, rng: random.Random) -> Iterator[tuple[list[str], int]]:
        """Single operators and pairs in turn, then more of them together."""
        names = self._applicable(editor)
        singles = self._order(names, rng)[: max(2 * n // 3, 1)]
        base = [_SHORTEN] if editor.edits(_SHORTEN) else []
        for name in ([], *([name] for name in singles)) if base else ([name] for name in singles):
            yield base + name, rng.randrange(_VARIANTS)
        size = 2
        while names:
            for _ in range(max(3 * n, 4)):
                yield base + self._order(names, rng)[:size], rng.randrange(_VARIANTS)
            size = min(size + 1, len(names)) if size < 4 else rng.randint(1, len(names))
        while base:
            yield base, rng.randrange(_VARIANTS)

    def _recombined(
        self, editor: Editor, attempts: Sequence[Attempt], rng: random.Random
    ) -> Iterator[tuple[list[str], int]]:
        """What two of the best attempts did, and one operator that neither has tried."""
        names = self._applicable(editor)
        traces = [[name for name in attempt.proposal.edits if name in OPERATORS] for attempt in attempts]
        chances = list(range(1, len(traces) + 1))  # the best stand last
        base = [_SHORTEN] if editor.edits(_SHORTEN) else []
        while names or base:
            first, second = rng.choices(traces, chances, k=2)
            both = [*first, *(name for name in second if name not in first and rng.random() < 0.5)][:_MOST_KEPT]
            new = [name for name in self._order(names, rng) if name not in both][: rng.choice((1, 1, 2))]
            yield list(dict.fromkeys([*base, *both, *new])), rng.randrange(_VARIANTS)


def _folded(text: str) -> str:
    return " ".join(text.split())


# Operators that only add: they have no place where a prompt is to become shorter.
_LONGER: Final = frozenset(name for name, operator in OPERATORS.items() if operator.adds)
