"""A root with a prompt and a store of measured texts, for tests of what is trained on them."""

from __future__ import annotations

import random
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from review_workspace import Workspace, table

from promptbits.facts.ids import content_sha256, new_id
from promptbits.facts.sqlite.embedded import SqliteStore
from promptbits.optimize.training.material import Material, materials
from promptbits.optimize.training.places import folder_of
from promptbits.optimize.training.registry import Versions
from promptbits.optimize.training.trainer import Training, train
from promptbits.prompts.root import load_root

_WORDS = ("alpha", "beta", "gamma", "delta", "epsilon", "risks", "owner", "notes", "weekly", "plan")
_ORDERS = "# Report {0}\n\nWrite exactly one report. You must list:\n\n- risks\n- owners\n\n{1}\n\nUse <<notes>>.\n"
_HEDGES = "# Report {0}\n\nYou should maybe write something, perhaps, if you like. {1}\n\nUse <<notes>>.\n"


def text(number: int) -> str:
    """A text: odd ones give orders, even ones hedge."""
    draw = random.Random(number)
    words = " ".join(draw.choice(_WORDS) for _ in range(8))
    return (_ORDERS if number % 2 else _HEDGES).format(number, words)


def runs(
    prompt_id: str, content: str, successes: int, trials: int, day: str = "2026-11-10", **fields: Any
) -> list[Any]:
    """Conversations of a text."""
    return [
        {
            "kind": "execution",
            "id": new_id(),
            "timestamp": f"{day}T16:00:00.000Z",
            "prompt_id": prompt_id,
            "content_sha256": content_sha256(content),
            "outcome": "succeeded" if n < successes else "failed",
            **fields,
        }
        for n in range(trials)
    ]


def keep(store: SqliteStore, *facts: list[Any], texts: Iterable[str] = ()) -> None:
    """Put facts into a store."""
    for each in texts:
        store.keep_text(content_sha256(each), each)
    store.append([fact for some in facts for fact in some])


def skilled(store: SqliteStore, numbers: Iterable[int], trials: int = 40, model: str = "big", **fields: Any) -> None:
    """Facts from which something can be learned: texts that give orders succeed more often."""
    for n in numbers:
        rate = 0.75 if n % 2 else 0.3
        successes = round((rate + 0.02 * (n % 5)) * trials)
        keep(store, runs("report", text(n), successes, trials, model=model, **fields), texts=[text(n)])


def workspace(path: Path) -> Workspace:
    """A root with one prompt."""
    path.mkdir(parents=True, exist_ok=True)
    space = Workspace(path)
    space.write("custom", table("report"))
    return space


def material(space: Workspace, store: SqliteStore, model: str = "big", lineage: str = "report") -> Material:
    """What is measured of the prompt under a model."""
    root = load_root(space.path, ())
    (found,) = materials(root, space.library(), store, lineage, model)
    return found


def versions(space: Workspace, model: str = "big") -> Versions:
    return Versions(folder_of(space.path, "report", model))


def trained(space: Workspace, store: SqliteStore, model: str = "big") -> Training:
    """Train on what is measured now."""
    return train(material(space, store, model), store, versions(space, model), lambda: None)
