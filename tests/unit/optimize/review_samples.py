"""Reviews for tests, and processes that write them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from promptbits.facts.ids import content_sha256, new_id
from promptbits.optimize.reviews.lifecycle import By
from promptbits.optimize.reviews.model import Candidate, Review, ReviewBasis, Run
from promptbits.optimize.terms import Prediction

ME = By("me", "2026-11-20T16:00:00.000Z")
BEFORE = "# Report\n\nYou should maybe write a report.\n\nUse <<notes>>.\n"
AFTER = "# Report\n\nWrite a report.\n\nUse <<notes>>.\n"
OTHER = "# Report\n\nYou should maybe write a report.\n\nTake <<notes>> as they are.\n"


def review(
    before: str = BEFORE, *texts: str, prompt_id: str = "report", path: str | None = None, fingerprint: str = ""
) -> Review:
    """A review with a candidate for each text."""
    prediction = Prediction(0.61, 0.05, "weak")
    candidates = tuple(Candidate(text, (f"edit-{n}",), prediction, 0.7) for n, text in enumerate(texts or (AFTER,), 1))
    basis = ReviewBasis(prompt_id, path or f"prompts/custom/{prompt_id}.json", before, content_sha256(before))
    run = Run("offline", 7, original=Prediction(0.55, 0.04, "weak"), measured_texts=6, model="m")
    return Review(0, new_id(), basis, candidates, run, history=(ME.did("created"),), fingerprint=fingerprint)


# Adds reviews and rejects every second one of its own; says what was acknowledged, a line each.
WRITER = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from review_samples import ME, review
from promptbits.optimize.reviews import lifecycle
from promptbits.optimize.reviews.opening import open_reviews
root, name, count = Path(sys.argv[2]), sys.argv[3], int(sys.argv[4])
def say(line):
    raise SystemExit(line)
store = open_reviews(root, say)
print("ready", flush=True)
sys.stdin.readline()
for n in range(count):
    kept = store.add(review(prompt_id=f"{name}-{n}"))
    print("added", kept.number, kept.basis.prompt_id, flush=True)
    if n % 2:
        store.update(kept.number, lambda it, others: [lifecycle.rejected(it, "no", ME)])
        print("rejected", kept.number, kept.basis.prompt_id, flush=True)
"""


def start(root: Path, name: str, count: int) -> subprocess.Popen[str]:
    """A writer, which waits for a line."""
    here = os.fspath(Path(__file__).parent)
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, here, os.fspath(root), name, str(count)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n", process.stderr and process.stderr.read()
    return process


def go(*processes: subprocess.Popen[str]) -> None:
    """Let them write, all at once."""
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()


def acknowledged(output: str) -> list[tuple[str, int, str]]:
    """What, number and prompt of the whole lines that a writer printed."""
    lines = [line.split() for line in output.splitlines(keepends=True) if line.endswith("\n")]
    return [(what, int(number), prompt_id) for what, number, prompt_id in lines]
