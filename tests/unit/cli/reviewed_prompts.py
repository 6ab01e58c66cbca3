"""Reviews kept in a root, for tests of the commands about them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from cli_workspace import prompt, write

from promptbits.facts.ids import content_sha256, new_id
from promptbits.optimize.reviews.lifecycle import By
from promptbits.optimize.reviews.model import Candidate, Rejected, Review, ReviewBasis, Run
from promptbits.optimize.reviews.opening import open_reviews
from promptbits.optimize.terms import Prediction

BEFORE = "# Report\n\nYou should maybe write a report.\n\nUse <<notes>>.\n"
AFTER = "# Report\n\nWrite a report.\n\nUse <<notes>>.\n"
LONGER = "# Report\n\nYou should maybe write a report.\n\nUse <<notes>>.\n\nSay so.\n"


def quiet(line: str) -> None:
    raise AssertionError(line)


def report(content: str = BEFORE, **fields: object) -> dict[str, object]:
    return prompt("report", content=content, variables={"notes": {"description": "What it is about"}}, **fields)


def a_root(root: Path) -> Path:
    """A root with one prompt; its file."""
    write(root / "promptbits.toml", "")
    return write(root / "prompts/custom/report.json", report())


def kept(root: Path, prompt_id: str = "report", before: str = BEFORE, *, measured: bool = True) -> Review:
    """A review of two candidates in the store of a root."""

    def predicted(mean: float, std: float) -> Prediction:
        return Prediction(mean, std, "moderate" if measured else "none")

    basis = ReviewBasis(prompt_id, f"prompts/custom/{prompt_id}.json", before, content_sha256(before))
    run = Run("offline", 7, original=predicted(0.55, 0.03), measured_texts=23 if measured else 0, model="big")
    run = replace(
        run, standing="moderate (about 2:1 per pair), 23 measured texts" if measured else "No measurements yet"
    )
    candidates = (
        Candidate(AFTER, ("hedges-out",), predicted(0.59, 0.02), 0.86),
        Candidate(LONGER, ("verification-step", "role-line"), predicted(0.56, 0.02), 0.6),
    )
    made = Review(
        0,
        new_id(),
        basis,
        candidates,
        run,
        (Rejected("growth", ("role-line",), 3), Rejected("placeholders", ("x",))),
        1 if measured else None,
        history=(By("me", "2026-11-20T16:00:00.000Z").did("created"),),
    )
    return open_reviews(root, quiet).add(made)
