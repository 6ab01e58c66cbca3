"""What the scorer costs, on texts of 2 KB made of the shipped prompts."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from benchmarks.figures import percentile
from promptbits.optimize.scorer import process
from promptbits.optimize.scorer.model import Observation, Scorer

_PROMPTS = Path(__file__).parent.parent / "prompts" / "builtin"
_SIZE = 2048


def table() -> str:
    """A Markdown table of times."""
    contents = [json.loads(path.read_text("utf-8"))["content"] for path in sorted(_PROMPTS.rglob("*.json"))]
    texts = [(each * (_SIZE // len(each) + 1))[:_SIZE] for each in contents[:60]]
    observations = [Observation(text, at % 31, 40) for at, text in enumerate(texts[:50])]
    scorer = Scorer.fit(observations)
    kernel = scorer.kernel
    measured, ten = kernel.features(texts[:50]), kernel.features(texts[-10:])
    successes, trials = np.arange(50.0) % 31, np.full(50, 40.0)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "scorer.onnx"
        scorer.export(path)
        loaded = Scorer.load(path)
        size = path.stat().st_size
        rows = [
            ("features, per KB", _times(lambda: kernel.features(texts[:1]), 200), _SIZE / 1024),
            ("fit, 50 texts, features computed", _times(lambda: process.fit(kernel, measured, successes, trials)), 1),
            ("fit, 50 texts, from the texts", _times(lambda: Scorer.fit(observations)), 1),
            ("load", _times(lambda: Scorer.load(path)), 1),
            ("model run, 10 candidates", _times(lambda: loaded.engine.rates(ten), 200), 1),
            ("score, 10 candidates, from the texts", _times(lambda: loaded.score(texts[-10:])), 1),
        ]
    lines = [f"| {name} | {_ms(times, 50, per)} | {_ms(times, 95, per)} |" for name, times, per in rows]
    head = f"| texts of 2 KB; the file is {size / 1024:.0f} KB | p50 ms | p95 ms |\n|---|---|---|\n"
    return head + "\n".join(lines)


def _ms(times: list[float], percent: float, per: float) -> str:
    return f"{1000 * percentile(times, percent) / per:.2f}"


def _times(call: Callable[[], object], rounds: int = 30) -> list[float]:
    call()
    found: list[float] = []
    for _ in range(rounds):
        start = time.perf_counter()
        call()
        found.append(time.perf_counter() - start)
    return found
