"""The prompts that ship, as what is to become better."""

from __future__ import annotations

import json
from pathlib import Path

from promptbits.optimize.terms import Basis

FOLDER = Path(__file__).resolve().parents[3] / "prompts" / "builtin"


def basis_of(prompt_id: str) -> Basis:
    """One shipped prompt."""
    data = json.loads((FOLDER / f"{prompt_id}.json").read_text("utf-8"))
    variables = {name: value.get("description", "") for name, value in data.get("variables", {}).items()}
    return Basis(data["content"], variables, next(iter(data["trigger"].items())), data["category"])


def shipped() -> list[Basis]:
    """All of them, in the order of their ids."""
    return [basis_of(path.stem) for path in sorted(FOLDER.glob("*.json"))]
