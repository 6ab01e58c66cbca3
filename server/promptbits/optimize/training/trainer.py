"""One training from end to end: from what is measured to a version that is promoted, or not and why."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
import onnxruntime  # noqa: F401  # pyright: ignore[reportMissingTypeStubs,reportUnusedImport]  (fail early without it)

from promptbits.facts.ids import new_id, timestamp
from promptbits.facts.store import Fact
from promptbits.optimize.observations import FactTexts
from promptbits.optimize.scorer import graph
from promptbits.optimize.scorer.evidence import LEAST
from promptbits.optimize.scorer.model import Observation, Scorer, ScorerFileError
from promptbits.optimize.scorer.wording import measured_texts
from promptbits.optimize.training import gate
from promptbits.optimize.training.card import card, readable
from promptbits.optimize.training.figures import shuffled
from promptbits.optimize.training.material import Material
from promptbits.optimize.training.registry import Versions

Result = Literal["promoted", "not_promoted", "unchanged", "too_few"]

_SAME: Final = 1e-5
OPSET: Final = graph.OPSET


class ParityError(Exception):
    """What was written does not predict what was learned: onnxruntime computes something else here."""


@dataclass(frozen=True, slots=True)
class Training:
    """What came of a training.

    Attributes:
        material: what it learned from.
        result: what became of it.
        reason: why, in words.
        number: the version; None where there is none.
        card: its card; empty where nothing was made.
    """

    material: Material
    result: Result
    reason: str
    number: int | None = None
    card: dict[str, Any] = field(default_factory=dict[str, Any])

    def fact(self) -> Fact | None:
        """The training as a fact; None where nothing was made."""
        if not self.card:
            return None
        figures = {name: self.card[name] for name in ("held_out", "shuffled", "compared_with", "ranks", "evidence")}
        counts = {name: value for name, value in self.card["facts"].items() if name != "each"}
        return {
            "kind": "training",
            "id": new_id(),
            "timestamp": timestamp(),
            "trained": "scorer",
            "prompt_id": self.material.lineage,
            "model": self.material.model or None,
            "version": self.number,
            "digest": self.card["digest"],
            "decision": self.result,
            "reason": self.reason,
            "figures": {**figures, "facts": counts},
        }


def train(material: Material, facts: FactTexts, versions: Versions, step: Callable[[], None]) -> Training:
    """Train a scorer, keep it as a version, and promote it if it is no worse than the current one.

    The same facts give the same bytes; where a version was made of them before, nothing is made.

    Args:
        material: what to learn from.
        facts: the store, for the texts that the current scorer learned from.
        versions: where it is kept; nobody else trains there meanwhile.
        step: is called three times on the way.

    Raises:
        ParityError: what was written does not predict what was learned.
        OSError: it cannot be written.
    """
    texts = sorted((each for _, each in material.texts), key=lambda each: each.text)
    problem = _too_few(material)
    if problem:
        return Training(material, "too_few", problem)
    scorer = Scorer.fit([Observation(*each) for each in texts])
    step()
    same = versions.of_digest(scorer.digest)
    if same is not None:
        used = "is in use" if same == versions.current() else "is not in use: it was not promoted, or rolled back"
        return Training(material, "unchanged", f"version {same} learned from these very facts and {used}", same)
    current, alone = _current(versions, facts)
    held = gate.held_out_pairs(scorer.kernel, texts, texts)
    verdict = gate.verdict(held, current, texts, alone)
    step()
    number = versions.next()
    control = shuffled(gate.fitted(scorer.kernel, texts), np.array([each.successes / each.trials for each in texts]))
    table = card(material, scorer, number, held, control, verdict)
    versions.add(number, _file(scorer, [each.text for each in texts]), table, readable(table), promote=verdict.promoted)
    step()
    return Training(material, "promoted" if verdict.promoted else "not_promoted", verdict.reason, number, table)


def _too_few(material: Material) -> str:
    count = len(material.texts)
    lost = f" (and {material.unknown} whose text was not kept)" if material.unknown else ""
    if count < LEAST:
        return f"{measured_texts(count)}{lost}: at least {LEAST} are needed to learn from"
    return "" if material.tells_apart else f"{measured_texts(count)}{lost}, all measured alike: nothing to learn"


def _current(versions: Versions, facts: FactTexts) -> tuple[gate.Current | None, str]:
    """The scorer in use with what it learned from; or why it cannot be held against another one."""
    number = versions.current()
    if number is None:
        return None, "no version was in use before"
    table = versions.card(number)
    try:
        scorer = Scorer.load(versions.scorer(number))
    except ScorerFileError:
        return None, f"version {number} is damaged, or of another PromptBits"
    try:
        hashes: list[str] = [row["content_sha256"] for row in table["facts"]["each"]]
        known = {sha: facts.text(sha) for sha in hashes}
    except (KeyError, TypeError, ValueError):
        return None, f"the card of version {number} is damaged"
    texts = gate.learned_from(table, {sha: text for sha, text in known.items() if text is not None}, scorer)
    if texts is None:
        return None, f"the facts of version {number} are no longer here"
    return gate.Current(number, scorer, texts), ""


def _file(scorer: Scorer, texts: list[str]) -> bytes:
    """The scorer as a file, of which it is known that onnxruntime computes the same from it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "scorer.onnx"
        scorer.export(path)
        loaded = Scorer.load(path)
        for one, other in zip(scorer.score(texts), loaded.score(texts), strict=True):
            if abs(one.mean - other.mean) > _SAME or abs(one.std - other.std) > _SAME:
                raise ParityError("onnxruntime computes something else than numpy here: nothing was kept")
        return path.read_bytes()
