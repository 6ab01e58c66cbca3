"""The parts of docs/optimization.md that are made of the code: the table of operators, and what they do to prompts."""

from __future__ import annotations

import difflib
import random
from dataclasses import replace

from shipped_bases import basis_of

from promptbits.optimize.offline import OfflineProposer
from promptbits.optimize.operators.registry import OPERATORS


def table() -> str:
    """Every operator, with its reason."""
    rows = [f"| `{operator.name}` | {operator.rationale} | {operator.weight:g} |" for operator in OPERATORS.values()]
    return "\n".join(["| operator | why | weight |", "|---|---|---|", *rows])


def pair(prompt_id: str, seed: int, number: int, budget: int | None = None) -> str:
    """What one proposal of ten for a shipped prompt changes, with its operators."""
    basis = replace(basis_of(prompt_id), token_budget=budget)
    proposal = OfflineProposer().propose(basis, [], 10, random.Random(seed))[number - 1]
    before, after = basis.content.splitlines(), proposal.text.splitlines()
    changes = list(difflib.unified_diff(before, after, lineterm="", n=1))[2:]
    lines = "\n".join("@@" if line.startswith("@@") else line.rstrip() for line in changes)
    names = ", ".join(f"`{name}`" for name in proposal.edits)
    shorter = f", at most {budget} tokens" if budget else ""
    return (
        f"### `{prompt_id}`, seed {seed}, proposal {number} of 10{shorter}\n\nEdits: {names}\n\n```diff\n{lines}\n```\n"
    )
